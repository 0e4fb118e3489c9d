//! `cargo haproxy-lint`.

fn main() -> std::process::ExitCode {
    cargo_haproxy_lint::main(std::env::args_os().collect())
}
