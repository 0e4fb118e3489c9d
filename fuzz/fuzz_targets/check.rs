//! Any bytes can be checked and reported in every format.
#![no_main]

use haproxy_lint::{
    check::{Options, check},
    source::Sources,
    syntax::Environment,
};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let sources = Sources::single("fuzz.cfg", bytes);
    for environment in [Environment::default(), Environment::default().closed()] {
        let options = Options { environment, local_name: Some("haproxy-0".into()), ..Options::default() };
        for finding in check(&sources, &options).findings {
            if let Some(at) = finding.location {
                assert!(at.span.end as usize <= bytes.len());
            }
        }
    }
});
