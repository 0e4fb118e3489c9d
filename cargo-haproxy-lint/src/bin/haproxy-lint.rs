//! `haproxy-lint`, the same program for people without cargo.

fn main() -> std::process::ExitCode {
    cargo_haproxy_lint::main(std::env::args_os().collect())
}
