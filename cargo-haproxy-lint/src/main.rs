//! `cargo haproxy-lint`.

fn main() -> std::process::ExitCode {
    cargo_haproxy_lint::cargo_main(std::env::args_os().collect())
}
