//! Large meshes. How long they take, `cargo bench --bench doctor` says.

use haproxy_lint::check::doctor::Health;

use super::dump::{diagnose, dump};

#[test]
fn two_hundred_peers_of_one_node_are_healthy() {
    assert_eq!(diagnose(&[(None, &dump(0, 200))]).expect("there is a dump").health, Health::Healthy);
}

#[test]
fn fifty_nodes_of_fifty_peers_are_healthy() {
    let texts: Vec<(String, String)> = (0..50).map(|own| (format!("n{own}"), dump(own, 50))).collect();
    let texts: Vec<(Option<&str>, &str)> = texts.iter().map(|(name, text)| (Some(name.as_str()), text.as_str())).collect();
    assert_eq!(diagnose(&texts).expect("there are dumps").health, Health::Healthy);
}
