//! Names as containers get them: HAProxy is started with the words of a manifest's arguments, once as they stand, once by a
//! shell in a namespace of the pod's host name.

use std::{
    ffi::OsString,
    thread,
    time::{Duration, Instant},
};

use haproxy_lint::{
    check::Options,
    source::SourceFile,
    topology::{self, matrix::Verdict},
};

use super::{PATIENCE, netns};
use netns::World;

const PODS: usize = 2;

/// Pods whose container has this `command`.
fn manifests(command: &str) -> String {
    let config: String = config().lines().map(|l| format!("    {l}\n")).collect();
    let mut text = format!("kind: ConfigMap\napiVersion: v1\nmetadata: {{name: c, namespace: lb}}\ndata:\n  haproxy.cfg: |\n{config}---\n");
    for n in 0..PODS {
        text += &format!(
            "kind: Pod\napiVersion: v1\nmetadata: {{name: edge-{n}, namespace: lb}}\nspec:\n  containers:\n  - name: haproxy\n    image: haproxy:2.8\n    \
             command: {command}\n    volumeMounts: [{{name: c, mountPath: /usr/local/etc/haproxy}}]\n  volumes: [{{name: c, configMap: {{name: c}}}}]\n\
             status: {{podIPs: [{{ip: 10.77.1.{}}}]}}\n---\n",
            n + 1
        );
    }
    text
}

fn config() -> String {
    let lines: String = (0..PODS).map(|n| format!("    peer edge-{n} 10.77.1.{}:1024\n", n + 1)).collect();
    format!("peers mesh\n{lines}\nbackend t\n    stick-table type ip size 1k expire 1m store gpc0 peers mesh\n")
}

/// Whether the two pods are said to synchronise.
fn predicted(command: &str) -> bool {
    let (topology, problems) = topology::read(vec![SourceFile::new("pods.yaml", manifests(command).into_bytes())]);
    assert!(problems.is_empty(), "{problems:?}");
    let checked = haproxy_lint::check::nodes::check(&topology, &Options::default());
    let fine = |from, to| checked.mesh.matrix.get(from, to).is_some_and(|l| l.verdict == Verdict::Fine);
    let missing = checked.report.findings.iter().any(|f| f.rule.name == "peers/local-name-missing");
    assert_ne!(missing, fine(0, 1) && fine(1, 0), "the links and the findings agree");
    !missing
}

/// What becomes of two HAProxy that are started so.
fn really(program: &OsString, prefix: String, shell: bool) -> bool {
    let addresses: Vec<Vec<String>> = (0..PODS).map(|n| vec![format!("10.77.1.{}/24", n + 1)]).collect();
    let mut world = World::new(prefix, &addresses);
    for at in 0..PODS {
        let name = format!("edge-{at}");
        let local = if shell { own_name(&world, at, &name) } else { "$(hostname)".to_owned() };
        world.start(program, at, &local, &config(), &[]);
    }
    let start = Instant::now();
    while start.elapsed() < if shell { PATIENCE } else { Duration::from_secs(8) } {
        if world.session(0, "edge-1").is_some() && world.session(1, "edge-0").is_some() {
            return true;
        }
        thread::sleep(Duration::from_millis(500));
    }
    false
}

/// What a shell makes of `$(hostname)` in a container of that name.
fn own_name(world: &World, at: usize, name: &str) -> String {
    let script = format!("hostname {name} && printf %s \"$(hostname)\"");
    let output = world.inside(at, &["unshare", "--uts", "sh", "-c", &script]).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_command_is_run_by_a_shell_alone() {
    let Some(programs) = netns::programs() else { return };
    let plain = "[haproxy, -f, /usr/local/etc/haproxy/haproxy.cfg, -L, $(hostname)]";
    let shell = r#"[sh, -c, 'exec haproxy -f /usr/local/etc/haproxy/haproxy.cfg -L "$(hostname)"']"#;
    assert!(!predicted(plain) && predicted(shell));
    for (number, program) in programs.iter().enumerate() {
        let prefix = |kind| format!("hn{}-{number}-{kind}-", std::process::id());
        let (as_it_is, by_shell) = thread::scope(|scope| {
            let other = scope.spawn(|| really(program, prefix("s"), true));
            (really(program, prefix("p"), false), other.join().unwrap())
        });
        assert_eq!((as_it_is, by_shell), (false, true), "{}", program.to_string_lossy());
    }
}
