//! What is mended in the failures of clusters that people reported: each case of `tests/topology/cases`, as a patch, with the
//! links between the nodes before and after.

#[path = "../common/cores.rs"]
mod cores;
mod live;
#[path = "../common/netns.rs"]
mod netns;

use std::{fmt::Write, fs, path::Path, sync::LazyLock};

use cores::on_all_cores;
use haproxy_lint::{
    check::{Options, Report},
    finding::{Applicability, Finding, Severity},
    fix::{Fixed, fix},
    source::{SourceFile, Sources},
    topology::{self, matrix::Verdict},
};
use similar::TextDiff;

fn check(sources: &Sources) -> Report {
    let files = sources.files().iter().map(|f| SourceFile::new(f.name(), f.bytes().to_vec())).collect();
    haproxy_lint::check::nodes::check(&topology::read(files).0, &Options::default()).report
}

fn mended(name: &str, text: &str, level: Applicability) -> Fixed {
    let sources = Sources::single(name, text);
    let report = check(&sources);
    fix(sources, report, level, check)
}

/// How many links are fine, unknown and broken.
fn links(name: &str, text: &str) -> [usize; 3] {
    let (topology, _) = topology::read(vec![SourceFile::new(name, text.as_bytes().to_vec())]);
    let checked = haproxy_lint::check::nodes::check(&topology, &Options::default());
    let count = |verdict| checked.mesh.matrix.links.iter().filter(|l| l.verdict == verdict).count();
    [Verdict::Fine, Verdict::Unknown, Verdict::Broken].map(count)
}

fn cases() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/topology/cases");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    files.sort();
    let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    files.iter().map(|path| (name(path), fs::read_to_string(path).unwrap())).collect()
}

/// All cases, with what becomes of them when every fix is made.
static MENDED: LazyLock<Vec<(String, String, Fixed)>> =
    LazyLock::new(|| on_all_cores(&cases(), |(name, text)| (name.clone(), text.clone(), mended(name, text, Applicability::Unsafe))));

/// Failures that are told, and not mended, and why.
const TOLD: &[(&str, &str)] = &[
    ("nothing-listens.yaml", "which port is free is not known"),
    ("proxy-protocol-not-sent.yaml", "whether the one side is to send it or the other not to wait for it is a choice"),
    ("shards-differ.yaml", "which of the two numbers of shards is right is a choice"),
    ("table-called-otherwise.yaml", "which of the two names is right is a choice, and other lines name the table, too"),
    ("table-in-the-section-of-one.yaml", "where the table is to be is a choice"),
    ("table-of-section.yaml", "where the table is to be is a choice"),
    ("tls-with-certificates.yaml", "all is well between these nodes: what their own lines lack is told of each configuration"),
    ("tls-without-certificate.yaml", "the file of the certificate is not known"),
    ("file-that-a-configmap-lacks.yaml", "what the file is to hold is for whoever names it to say"),
    ("file-that-is-mounted-elsewhere.yaml", "whether the mount or the configuration is to name another place is a choice"),
    ("mounted-where-the-official-image-does-not-look.yaml", "another `mountPath`, or `-f` behind the image: somebody has to choose"),
    ("variables-unset.yaml", "what the variables are to be is said nowhere"),
    ("compose-published-address.yaml", "the other machine may read the same file, and is not known here"),
    ("names-compose-numbers-in-shell.yaml", "what the containers are to be called is a choice"),
    ("compose-profiles-together.yaml", "which of the two is to be called otherwise is a choice"),
    ("compose-port-of-several.yaml", "which port of the machine is free is not known"),
    ("compose-port-twice-with-another.yaml", "which port of the machine is free is not known"),
    ("compose-server-of-no-service.yaml", "which service was meant is not known"),
    ("compose-server-on-another-network.yaml", "which network both are to be on is not known"),
    ("cloud-init-of-another-name.yaml", "whether the host or the peers are to be called otherwise is a choice"),
    ("heredoc-that-names-no-pod.yaml", "whether the pods or the peers are to be called otherwise is a choice"),
    ("init-sed-of-another-word.yaml", "the placeholder or the command is the one that was meant"),
    ("init-takes-a-variable-of-haproxy.yaml", "a list of names behind `envsubst`, or another name: somebody has to choose"),
    ("init-template-mounted.yaml", "which volume has the file is for whoever writes the pod to say"),
    ("init-unset.yaml", "the port is said nowhere"),
    ("init-writes-another-file.yaml", "the command or `-f` is to change"),
    ("compose-beside-the-network-of-the-machine.yaml", "which network both are to be on is not known"),
    ("compose-extra-hosts-to-itself.yaml", "the address of the other container is not known"),
    ("host-aliases-to-itself.yaml", "the addresses of the other pods are not known"),
    ("daemonset-with-another-host-port.yaml", "which of the two ports is right is a choice"),
    ("daemonset-without-host-port.yaml", "`hostPort` or `hostNetwork`: somebody has to choose"),
    ("init-adds-a-section-of-others.yaml", "whether the pod or the peers are to be called otherwise is a choice"),
    ("init-adds-a-text.yaml", "a shell reads the text before HAProxy does"),
    ("init-adds-nothing.yaml", "who the peers are is said nowhere"),
    ("local-name-of-pod-ip.yaml", "another variable, or no `-L`: somebody has to choose"),
    ("local-name-of-uid.yaml", "another variable, or no `-L`: somebody has to choose"),
    ("random-names-behind-if.yaml", "a StatefulSet, or `hostname` in each Deployment: somebody has to choose"),
    ("address-twice.yaml", "whether the line or its address is wrong is a choice"),
    ("autoscaler.yaml", "a line for a pod that does not exist yet keeps HAProxy from starting: its name does not resolve"),
    ("copied-with-bind-of-another-namespace.yaml", "a list of another namespace is to be written anew, not to be started"),
    ("copied-with-services-of-another-namespace.yaml", "a list of another namespace is to be written anew, not to be started"),
    ("cure-name-twice-for-two.yaml", "which of the two lines of one name is right is a choice"),
    ("autoscaler-minimum-one.yaml", "a line for a pod that does not exist yet keeps HAProxy from starting: its name does not resolve"),
    ("mount-no-sub-path.yaml", "with `subPath` the kubelet never brings changes, which is told of as soon as the key is right"),
    ("mount-no-volume.yaml", "which of the volumes is meant is a choice"),
    ("mount-other-namespace.yaml", "which of the two namespaces is meant is a choice"),
    ("mount-wrong-key.yaml", "a key may be used by others as well, so its name is not changed"),
    ("shell-unset-host-name.yaml", "`$(hostname)`, `$HOSTNAME` and a variable of the pod's name are all right: which one is a choice"),
    ("dns-service-in-other-namespace.yaml", "which of the two is in the wrong namespace is a choice"),
    ("argo-rollout.yaml", "the kind of an object cannot be changed in place: the StatefulSet is another object"),
    ("port-compose-host.yaml", "which ports and names the two are to have is a choice"),
    ("port-exporter.yaml", "which of the two is to have the port is a choice"),
    ("port-twin.yaml", "what the second HAProxy is to do is in another configuration, which is not there"),
    ("start-order-circle.yaml", "which of the two is to wait is a choice"),
    ("start-order-healthy.yaml", "whether the condition or all of it is to go is a choice"),
    ("deployment-of-one-name.yaml", "the kind of an object cannot be changed in place: the StatefulSet is another object"),
    ("socket-read-only.yaml", "where the socket is to be is known to others as well"),
    ("f01-deployment.yaml", "the kind of an object cannot be changed in place: the StatefulSet is another object"),
    ("f02-old-pod-address.yaml", "the Service of the other pod is in no manifest, so its name cannot be known"),
    ("f04-same-name.yaml", "what the two are to be called is a choice: both lists say `web-gateway` and `other`"),
    ("f06-ordered-ready.yaml", "`podManagementPolicy` cannot be changed in place"),
    ("f08-known-bad-version.yaml", "which version to go to is a choice, and an image a matter of who deploys it"),
    ("f09-tls-default-bind-alone.yaml", "which certificates the peers are to trust is a choice"),
    ("f09-tls-on-peer-lines.yaml", "the certificate that the nodes are to show is a file that nobody has named"),
    ("f09-tls-on-one-side.yaml", "the certificate of the other node is a file that nobody has named"),
    ("f11-conn-cur.yaml", "it works as designed: the counter is simply not shared"),
    ("f13-only-itself.yaml", "the pods have no names that resolve: a headless Service has to be made first"),
    ("f14-daemonset.yaml", "the kind of an object cannot be changed in place: the StatefulSet is another object"),
    ("f18-address-from-script.yaml", "what the script puts into the variable is not known"),
    ("f19-dash.yaml", "the Services that the variables stand for are in no manifest"),
    ("facts.yaml", "a sysctl is a file of the machine, not of the files that were named"),
    ("host-bind-sysctl-unknown.yaml", "which address was meant is a choice, and a sysctl is a file of the machine"),
    ("host-copied-address.yaml", "which address of the host was meant is a choice"),
    ("host-hidden-gets-no-advice.yaml", "which address of the host was meant is a choice"),
    ("host-port-elsewhere.yaml", "no table is to be shared, and which one should be is a choice"),
    ("host-port-taken.yaml", "which of the two is to listen elsewhere is a choice"),
    ("host-source.yaml", "which address of the host was meant is a choice"),
    ("host-stats-socket.yaml", "which address of the host was meant is a choice"),
    ("kubectl-list.yaml", "none of the pods is in the list, and their addresses are not known"),
    ("low-port-opened.yaml", "no table is to be shared, and which one should be is a choice"),
    ("low-port-without-capabilities.yaml", "a port below 1024 needs another port, a capability or a sysctl: a choice"),
    ("names-compose-line-without-shell.yaml", "what the two are to be called is a choice: a shell, two `-L`, or no `-L` at all"),
    ("names-compose-without-shell.yaml", "what the two are to be called is a choice: a shell, two `-L`, or no `-L` at all"),
    ("names-host-name-cut.yaml", "the node would have to be dialled under another name too"),
    ("names-script-with-a-fixed-name.yaml", "what the script says is in no line of the manifest that could be changed alone"),
    ("names-single-quotes-in-shell.yaml", "what the script says is in no line of the manifest that could be changed alone"),
    ("names-swarm-other-numbers.yaml", "whether the numbers of the slots or those of the list are right is a choice"),
    ("names-swarm-variable.yaml", "whether the numbers of the slots or those of the list are right is a choice"),
    ("namespace-of-container.yaml", "where HAProxy runs is not said in the files that were named"),
    ("service-link-as-port.yaml", "whether the port or the variable is to be said is a choice"),
    ("shared-service.yaml", "there is no Service for each pod, nor a headless one"),
];

/// Whether a run of links or findings is as it should be: of each pair one direction is enough.
fn is_healthy(name: &str, fixed: &Fixed) -> bool {
    let text = String::from_utf8_lossy(fixed.sources.files()[0].bytes()).into_owned();
    let said = |f: &&Finding| f.severity == Severity::Error || (f.severity == Severity::Warning && is_about_nodes(f));
    fixed.report.findings.iter().find(said).is_none() && links(name, &text)[2] == 0
}

fn is_about_nodes(finding: &Finding) -> bool {
    matches!(finding.rule.group(), "peers" | "table" | "topology" | "host")
}

/// The patch of a case, and what is left.
fn story(name: &str, text: &str, fixed: &Fixed) -> String {
    let after = String::from_utf8_lossy(fixed.sources.files()[0].bytes()).into_owned();
    let mut story = format!("## {name}\n");
    let shown = |text: &str| {
        let [fine, unknown, broken] = links(name, text);
        format!("{fine} fine, {unknown} unknown, {broken} broken")
    };
    let _ = writeln!(story, "links: {} -> {}", shown(text), shown(&after));
    let safe = mended(name, text, Applicability::Safe).applied;
    let _ = writeln!(story, "fixes: {safe} safe, {} in all", fixed.applied);
    for dropped in &fixed.dropped {
        let _ = writeln!(story, "dropped: {} ({}): {}", dropped.rule, dropped.applicability.as_str(), dropped.reason);
    }
    story += &TextDiff::from_lines(text, after.as_str()).unified_diff().context_radius(1).to_string();
    for left in fixed.report.findings.iter().filter(|f| f.severity >= Severity::Warning && is_about_nodes(f)) {
        let _ = writeln!(story, "left: {} {}: {}", left.severity, left.rule.name, left.message);
    }
    if let Some((_, why)) = TOLD.iter().find(|(told, _)| *told == name) {
        let _ = writeln!(story, "told, not made: {why}");
    }
    story + "\n"
}

#[test]
fn failures_are_mended_as_reviewed() {
    let reviewed = on_all_cores(&MENDED, |(name, text, fixed)| {
        let mut wrong = Vec::new();
        let told = TOLD.iter().any(|(told, _)| told == name);
        if is_healthy(name, fixed) == told && name != "f11-conn-cur.yaml" {
            wrong.push(format!("{name} is {}", if told { "healthy" } else { "not healthy" }));
        }
        if fixed.dropped.iter().any(|d| d.applicability == Applicability::Safe) {
            wrong.push(format!("{name}: {:?}", fixed.dropped));
        }
        (if fixed.applied > 0 || told { story(name, text, fixed) } else { String::new() }, wrong)
    });
    let (stories, wrong): (Vec<String>, Vec<Vec<String>>) = reviewed.into_iter().unzip();
    let (stories, wrong) = (stories.concat(), wrong.concat());
    insta::with_settings!({ snapshot_path => "../../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("cures", stories);
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// HAProxy that would start after a fix would join the cluster of another namespace: that is no fix to be made unasked.
#[test]
fn no_safe_fix_joins_two_clusters() {
    let copies: Vec<_> = cases().into_iter().filter(|(name, _)| name.starts_with("copied-") && !name.ends_with("-mended.yaml")).collect();
    assert!(copies.len() >= 3);
    for (name, text) in copies {
        let fixed = mended(&name, &text, Applicability::Safe);
        assert_eq!(String::from_utf8_lossy(fixed.sources.files()[0].bytes()), text, "{name}");
        assert!(
            check(&Sources::single(&name, text.as_str()))
                .findings
                .iter()
                .any(|f| f.help.as_ref().is_some_and(|h| format!("{h:?}").contains("of namespace `dev`")))
        );
    }
}

/// What `kubectl get -o json` prints stays JSON.
#[test]
fn json_stays_json() {
    let text = include_str!("list.json");
    let fixed = mended("list.json", text, Applicability::Unsafe);
    assert_eq!(fixed.dropped, []);
    let after = String::from_utf8_lossy(fixed.sources.files()[0].bytes()).into_owned();
    let value: serde_json::Value = serde_json::from_str(&after).expect("it is JSON");
    let spec = &value["items"][0]["spec"];
    assert_eq!(spec["minReadySeconds"], 15);
    let container = &spec["template"]["spec"]["containers"][0];
    assert_eq!(container["args"].as_array().and_then(|a| a.last()).and_then(|w| w.as_str()), Some("$(POD_NAME)"));
    assert_eq!(container["env"][0]["valueFrom"]["fieldRef"]["fieldPath"], "metadata.name");
    assert_eq!(value["items"][1]["spec"]["publishNotReadyAddresses"], true);
    assert!(value["items"][2]["data"]["haproxy.cfg"].as_str().is_some_and(|c| c.contains("\tpeer haproxy-1 haproxy-1.haproxy:10000\n")));
    assert_eq!(links("list.json", &after), [2, 0, 0]);
    // Key for key nothing else has changed.
    assert_eq!(after.lines().count(), text.lines().count());
}
