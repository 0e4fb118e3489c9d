//! `cargo haproxy-lint`. What it was started as says who it is, so that one file does for both names.

fn main() -> std::process::ExitCode {
    cargo_haproxy_lint::main(std::env::args_os().collect())
}
