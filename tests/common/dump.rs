//! What nodes print, and what the doctor says of it.

use haproxy_lint::{
    check::{
        Options,
        doctor::{Diagnosis, diagnose as judge},
    },
    runtime::{self, Answers, Cluster},
    source::{SourceFile, Sources},
};

/// What node `own` of a healthy mesh of `count` prints.
pub(crate) fn dump(own: usize, count: usize) -> String {
    let mut text = "0x5581: [22/Nov/2026:14:15:36] id=mypeers disabled=0 flags=0x6833 resync_timeout=<PAST> task_calls=812\n".to_owned();
    for peer in (0..count).rev() {
        let (role, status) = if peer == own { ("local,inactive", "NONE") } else { ("remote,active", "ESTA") };
        text += &format!(
            "  0x5582: id=n{peer}({role}) addr=10.0.{}.{}:1024 last_status={status} last_hdshk=7s\n        \
             reconnect=3s heartbeat=1s confirm=0 tx_hbt=2 rx_hbt=2 no_hbt=0 new_conn=1 proto_err=0 coll=0\n",
            peer / 250,
            peer % 250
        );
        text +=
            if peer == own { "        flags=0x0\n" } else { "        flags=0x20000200 appctx:0x5583 st0=7 st1=0 task_calls=7 state=EST\n" };
        let (id, data) = if peer == own { (0, 0) } else { (1, 0x14) };
        text += &format!(
            "        shared tables:\n          0x5584 local_id=1 remote_id={id} flags=0x0 remote_data=0x{data:x}\n              \
             last_acked=1 last_pushed=9 last_get=1 teaching_origin=0 update=9\n              \
             table:0x5585 id=st update=9 localupdate=9 commitupdate=9 refcnt=1\n        \
             Dictionary cache not dumped (use \"show peers dict\")\n"
        );
    }
    text
}

/// What the doctor says of some texts, each with the name of its node; `None` where there is no dump.
pub(crate) fn diagnose(texts: &[(Option<&str>, &str)]) -> Option<Diagnosis> {
    let (mut sources, mut answers) = (Sources::default(), Vec::new());
    for (name, text) in texts {
        let dumps = runtime::parse(text)?;
        let file = sources.add(SourceFile::new("dump.txt", text.as_bytes().to_vec()));
        answers.push(Answers { name: name.map(str::to_owned), source: "dump.txt".to_owned(), file, dumps, seconds: None });
    }
    let cluster = Cluster::new(runtime::nodes(answers), None, Vec::new());
    Some(judge(&cluster, &Options::default(), &sources))
}
