//! What the programs are made of keeps to `deny.toml`, also where cargo-deny is not installed.

use std::{fs, path::Path, process::Command};

use serde_json::Value;

/// The packages that `cargo metadata` knows, all targets and features.
fn packages() -> Vec<Value> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--offline", "--all-features"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut metadata: Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    match metadata["packages"].take() {
        Value::Array(packages) => packages,
        other => panic!("{other}"),
    }
}

fn policy() -> toml::Table {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("deny.toml")).expect("there is a deny.toml").parse().expect("it is TOML")
}

/// Whether a licence expression can be met with what is allowed: `OR` binds less than `AND`, and old crates write `/`.
fn is_allowed(expression: &str, allowed: &[&str]) -> bool {
    let expression = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = expression.split_whitespace().collect();
    let mut rest = words.as_slice();
    either(&mut rest, allowed) && rest.is_empty()
}

fn either(rest: &mut &[&str], allowed: &[&str]) -> bool {
    let mut met = both(rest, allowed);
    while let Some(("OR", more)) = rest.split_first().map(|(word, more)| (*word, more)) {
        *rest = more;
        met |= both(rest, allowed);
    }
    met
}

fn both(rest: &mut &[&str], allowed: &[&str]) -> bool {
    let mut met = one(rest, allowed);
    while let Some(("AND", more)) = rest.split_first().map(|(word, more)| (*word, more)) {
        *rest = more;
        met &= one(rest, allowed);
    }
    met
}

fn one(rest: &mut &[&str], allowed: &[&str]) -> bool {
    match **rest {
        ["(", ref more @ ..] => {
            *rest = more;
            let met = either(rest, allowed);
            *rest = rest.strip_prefix(&[")"]).unwrap_or(rest);
            met
        }
        [licence, "WITH", exception, ref more @ ..] => {
            *rest = more;
            allowed.contains(&format!("{licence} WITH {exception}").as_str())
        }
        [licence, ref more @ ..] => {
            *rest = more;
            allowed.contains(&licence)
        }
        [] => false,
    }
}

#[test]
fn expressions_are_read_as_spdx_means_them() {
    let allowed = ["MIT", "Unicode-3.0", "Apache-2.0 WITH LLVM-exception"];
    for good in
        ["MIT", "GPL-3.0/MIT", "(MIT OR GPL-3.0) AND Unicode-3.0", "GPL-3.0 OR MIT AND Unicode-3.0", "Apache-2.0 WITH LLVM-exception"]
    {
        assert!(is_allowed(good, &allowed), "{good}");
    }
    for bad in ["GPL-3.0", "MIT AND GPL-3.0", "Apache-2.0", "(MIT OR GPL-3.0) AND GPL-2.0", "", "MIT)"] {
        assert!(!is_allowed(bad, &allowed), "{bad}");
    }
}

#[test]
fn every_licence_is_allowed() {
    let policy = policy();
    let allowed: Vec<&str> = policy["licenses"]["allow"].as_array().expect("a list").iter().filter_map(|v| v.as_str()).collect();
    let packages = packages();
    assert!(packages.len() > 50, "{}", packages.len());
    for package in packages {
        let licence = package["license"].as_str().unwrap_or_default();
        assert!(is_allowed(licence, &allowed), "{} is under `{licence}`, which deny.toml does not allow", package["name"]);
    }
}

#[test]
fn no_package_is_banned_or_from_elsewhere() {
    let policy = policy();
    let banned: Vec<&str> = policy["bans"]["deny"].as_array().expect("a list").iter().filter_map(|v| v["crate"].as_str()).collect();
    assert!(!banned.is_empty());
    for package in packages() {
        let name = package["name"].as_str().expect("a name");
        assert!(!banned.contains(&name), "{name} is banned in deny.toml");
        let source = package["source"].as_str();
        let known = source.is_none_or(|s| s.starts_with("registry+https://github.com/rust-lang/crates.io-index"));
        assert!(known, "{name} is from {source:?}");
    }
}

/// The advisories too, where cargo-deny and its database are there.
#[test]
fn cargo_deny_agrees_where_it_is_installed() {
    if Command::new("cargo-deny").arg("--version").output().is_err() {
        println!("skipped: cargo-deny is not installed");
        return;
    }
    let checks: &[&str] =
        if std::env::var_os("CI").is_some() { &["licenses", "bans", "sources", "advisories"] } else { &["licenses", "bans", "sources"] };
    let output = Command::new("cargo-deny").arg("check").args(checks).current_dir(env!("CARGO_MANIFEST_DIR")).output().expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
