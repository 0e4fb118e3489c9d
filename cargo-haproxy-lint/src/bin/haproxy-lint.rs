//! `haproxy-lint`: the same program, built a second time for `cargo install`, which knows no links.

fn main() -> std::process::ExitCode {
    cargo_haproxy_lint::main(std::env::args_os().collect())
}
