//! Large meshes in bounded time.

use std::time::{Duration, Instant};

use haproxy_lint::check::doctor::{Diagnosis, Health};

use super::diagnose;

/// What node `own` of a healthy mesh of `count` prints.
fn dump(own: usize, count: usize) -> String {
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

/// Unoptimised code, on a machine with other work, may take so many times as long.
const SLOWER: u32 = if cfg!(debug_assertions) { 100 } else { 1 };

/// The best of some runs: others work on the machine too.
fn best(run: impl Fn() -> Option<Diagnosis>) -> (Duration, Diagnosis) {
    let once = || {
        let begun = Instant::now();
        let found = run().expect("there is a dump");
        (begun.elapsed(), found)
    };
    (0..5).map(|_| once()).min_by_key(|(took, _)| *took).expect("there were some")
}

#[test]
fn two_hundred_peers_take_twenty_milliseconds() {
    let text = dump(0, 200);
    let (took, found) = best(|| diagnose(&[(None, &text)]));
    println!("200 peers, {} bytes: {took:?}", text.len());
    assert_eq!(found.health, Health::Healthy);
    assert!(took < Duration::from_millis(20) * SLOWER, "{took:?}");
}

#[test]
fn fifty_nodes_take_a_second() {
    let texts: Vec<(String, String)> = (0..50).map(|own| (format!("n{own}"), dump(own, 50))).collect();
    let texts: Vec<(Option<&str>, &str)> = texts.iter().map(|(name, text)| (Some(name.as_str()), text.as_str())).collect();
    let (took, found) = best(|| diagnose(&texts));
    println!("50 nodes of 50 peers: {took:?}");
    assert_eq!(found.health, Health::Healthy);
    assert!(took < Duration::from_secs(1) * SLOWER, "{took:?}");
}
