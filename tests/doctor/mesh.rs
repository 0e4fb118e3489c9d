//! Several nodes together: one working direction suffices, and a pair without one is told once.

use haproxy_lint::{
    check::doctor::Health,
    runtime::{self, Answers, Cluster},
    source::FileId,
};

use super::{diagnose, lines};

fn dump(own: &str, peers: &[(&str, &str)]) -> String {
    let mut text = "0x1: [22/Nov/2026:14:15:36] id=p disabled=0 flags=0x6833 resync_timeout=<PAST> task_calls=8\n".to_owned();
    for (peer, status) in peers {
        let up = *status == "ESTA";
        let activity = if up { "active" } else { "inactive" };
        text += &format!(
            " 0x2: id={peer}(remote,{activity}) addr=10.0.0.9:1024 last_status={status} last_hdshk=9s reconnect=3s heartbeat=1s confirm=0 \
             tx_hbt=2 rx_hbt=2 no_hbt=0 new_conn=4 proto_err=0 coll=0 flags=0x0"
        );
        let table = " shared tables:\n 0x7 local_id=1 remote_id=1 flags=0x0 remote_data=0x4\n last_acked=0 last_pushed=1 last_get=0 \
                     teaching_origin=0 update=1\n table:0x5 id=st update=1 localupdate=1 commitupdate=1 refcnt=1\n";
        text += &if up { format!(" appctx:0x3 st0=7 st1=0 task_calls=7 state=EST\n{table}") } else { "\n".to_owned() };
    }
    text + &format!(" 0x4: id={own}(local,inactive) addr=10.0.0.1:1024 last_status=NONE last_hdshk=<NEVER> reconnect=<NEVER> flags=0x0\n")
}

#[test]
fn a_pair_without_a_session_on_either_side_is_broken() {
    let (a, b) = (dump("a", &[("b", "CONN")]), dump("b", &[("a", "UNKN")]));
    let found = diagnose(&[(Some("a"), &a), (Some("b"), &b)]).unwrap();
    assert_eq!(found.health, Health::Broken);
    let told = lines(&found.findings);
    assert!(told.contains("error pair-not-established a+b"), "{told:?}");
    assert!(told.contains("error remote-unreachable a") && told.contains("error not-listed-by-remote b"), "{told:?}");
}

#[test]
fn tls_on_one_side_shows_in_both_directions() {
    let (a, b) = (dump("a", &[("b", "HSHK")]), dump("b", &[("a", "CONN")]));
    let found = diagnose(&[(Some("a"), &a), (Some("b"), &b)]).unwrap();
    let of = |rule: &str| found.findings.iter().find(|f| f.rule.name == rule).unwrap();
    let closed = "`a` has no session with `b`: 10.0.0.9:1024 accepts the connection and closes it at once (`last_status=HSHK new_conn=4`)";
    assert_eq!(of("runtime/hello-unanswered").message, closed);
    let help = format!("{:?}", of("runtime/remote-unreachable").help);
    assert!(help.contains("write `ssl` on both sides or on neither"), "{help}");
    // Alone it says nothing of TLS.
    let alone = diagnose(&[(Some("b"), &b)]).unwrap();
    assert!(!format!("{:?}", alone.findings).contains("ssl"), "{:?}", alone.findings);
}

#[test]
fn a_peer_that_is_called_by_another_name_is_no_further_pair() {
    let a = dump("a", &[("b", "UNKN")]);
    let b = dump("b", &[("other", "NAME")]).replace("10.0.0.1:", "OWN:").replace("10.0.0.9:", "10.0.0.1:").replace("OWN:", "10.0.0.9:");
    let answers = [("a", a), ("b", b)];
    let answers = answers.iter().enumerate().map(|(at, (name, text))| Answers {
        name: Some((*name).to_owned()),
        source: "dump.txt".to_owned(),
        file: FileId(at as u32),
        dumps: runtime::parse(text).unwrap(),
        seconds: None,
    });
    let cluster = Cluster::new(runtime::nodes(answers.collect()), None, Vec::new());
    let pairs: Vec<_> = cluster.pairs.iter().map(|pair| (pair.names.join(" "), pair.sides.iter().flatten().count())).collect();
    assert_eq!(pairs, [("a b".to_owned(), 2)]);
}

#[test]
fn one_session_is_enough() {
    let (a, b) = (dump("a", &[("b", "ESTA")]), dump("b", &[("a", "CONN")]));
    let found = diagnose(&[(Some("a"), &a), (Some("b"), &b)]).unwrap();
    assert_eq!(found.health, Health::Degraded);
    assert_eq!(lines(&found.findings).into_iter().collect::<Vec<_>>(), ["warning remote-unreachable b"]);
}

#[test]
fn two_nodes_of_one_name_are_told_apart_by_the_names_that_are_given() {
    let one = dump("a", &[("c", "ESTA")]);
    let found = diagnose(&[(Some("first"), &one), (Some("second"), &one)]).unwrap();
    assert!(lines(&found.findings).contains("error duplicate-peer first+second"), "{:?}", lines(&found.findings));
}

#[test]
fn a_loop_of_connections_shows_between_two_answers() {
    let text = |new_conn, seconds: u64| {
        format!("{}Uptime_sec: {seconds}\n", dump("a", &[("b", "CONN")]).replace("new_conn=4", &format!("new_conn={new_conn}")))
    };
    let (slow, fast) = (text(6, 110), text(4_000, 110));
    let first = text(4, 100);
    let rules = |later: &str| lines(&diagnose(&[(Some("a"), &first), (Some("a"), later)]).unwrap().findings);
    assert!(rules(&slow).contains("error remote-unreachable a"), "{:?}", rules(&slow));
    assert!(rules(&fast).contains("error connection-storm a"), "{:?}", rules(&fast));
}

#[test]
fn a_peer_down_for_months_is_no_storm() {
    let text = format!(
        "{}Uptime_sec: 9000000\n",
        dump("a", &[("b", "CONN")]).replace("new_conn=4", "new_conn=1800000").replace("last_hdshk=9s", "last_hdshk=0s")
    );
    assert!(lines(&diagnose(&[(None, &text)]).unwrap().findings).contains("error remote-unreachable a"));
}

#[test]
fn a_table_that_nobody_pushed_to_us_yet_is_no_fault() {
    let mut text = dump("a", &[("b", "ESTA")]);
    let table = "\n shared tables: 0x5 local_id=1 remote_id=0 flags=0x0 remote_data=0x0 last_acked=0 last_pushed=0 last_get=0 teaching_origin=0 update=0 \
                 table:0x6 id=st update=0 localupdate=0 commitupdate=0 refcnt=1";
    text = text.replace("state=EST\n", &format!("state=EST{table}\n")).replace("flags=0x6833", "flags=0x33");
    assert_eq!(diagnose(&[(None, &text)]).unwrap().health, Health::Healthy);
}

#[test]
fn two_nodes_that_call_a_third_by_each_others_name_are_a_pair() {
    let at = |text: String, own: &str, peers: &[(&str, &str)]| {
        let text = text.replace("10.0.0.1:1024", own);
        peers.iter().fold(text, |text, (peer, address)| {
            text.replace(&format!("id={peer}(remote,inactive) addr=10.0.0.9:1024"), &format!("id={peer}(remote,inactive) addr={address}"))
        })
    };
    let a = at(dump("a", &[("b", "NAME"), ("c", "ESTA")]), "10.0.0.11:1024", &[("b", "10.0.0.13:1024")]);
    let b = at(dump("b", &[("a", "NAME"), ("c", "ESTA")]), "10.0.0.12:1024", &[("a", "10.0.0.13:1024")]);
    let c = at(dump("c", &[("a", "ESTA"), ("b", "ESTA")]), "10.0.0.13:1024", &[]);
    let found = diagnose(&[(Some("a"), &a), (Some("b"), &b), (Some("c"), &c)]).unwrap();
    assert_eq!(found.health, Health::Broken, "{:?}", lines(&found.findings));
    assert!(lines(&found.findings).contains("error pair-not-established a+b"), "{:?}", lines(&found.findings));
}
