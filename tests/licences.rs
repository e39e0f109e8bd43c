//! What the library is made of at run time: licences that a program may link with, and no
//! crate twice. deny.toml carries the same lists for those who have cargo-deny.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// Permissive licences; nothing else may ever stand in deny.toml.
const PERMISSIVE: [&str; 7] =
    ["Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "Unicode-3.0", "Zlib"];

#[test]
fn licences_are_permissive() {
    let allowed = allowed_licences();
    let crates = run_time_crates();
    assert!(crates.len() > 10, "cargo tree lists only {}", crates.len());
    for (name, version, licence) in crates {
        assert!(fits(&licence, &allowed), "{name} {version} is under {licence:?}");
    }
}

#[test]
fn no_crate_is_there_twice() {
    let exceptions = duplicates_with_reason();
    let mut versions: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, version, _) in run_time_crates() {
        versions.entry(name).or_default().push(version);
    }
    for (name, versions) in &versions {
        let excused = exceptions.contains(name);
        assert_eq!(versions.len() > 1, excused, "{name} is there as {}", versions.join(" and "));
    }
    for name in exceptions {
        assert!(versions.contains_key(&name), "deny.toml skips {name}, which is not there");
    }
}

#[test]
fn expressions_are_read_as_spdx_means_them() {
    let allowed = ["MIT".to_owned(), "ISC".to_owned()];
    for good in ["MIT", "MIT OR GPL-2.0", "GPL-2.0 OR MIT", "GPL-3.0/MIT", "(MIT OR X) AND ISC"] {
        assert!(fits(good, &allowed), "{good}");
    }
    for bad in ["", "GPL-2.0", "MIT AND X", "(MIT OR X) AND Y", "MIT WITH X", "Y AND MIT OR X"] {
        assert!(!fits(bad, &allowed), "{bad}");
    }
}

/// Name, version and licence of everything that is linked, this crate included.
fn run_time_crates() -> Vec<(String, String, String)> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--offline", "--edges", "normal", "--prefix", "none"])
        .args(["--target", "x86_64-unknown-linux-gnu", "--format", "{p}|{l}"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let mut crates: Vec<_> = text.lines().map(parse_line).collect();
    crates.sort();
    crates.dedup();
    crates
}

/// `name v1.2.3 (where from)|licence`, with `(*)` when it was listed before.
fn parse_line(line: &str) -> (String, String, String) {
    let (package, licence) = line.split_once('|').unwrap_or_else(|| panic!("{line}"));
    let mut words = package.split_whitespace();
    let (name, version) = (words.next().unwrap(), words.next().unwrap());
    (name.to_owned(), version.to_owned(), licence.trim_end_matches("(*)").trim().to_owned())
}

/// Whether an SPDX expression leaves a choice that is wholly allowed. `/` is an old `OR`.
fn fits(expression: &str, allowed: &[String]) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = words.as_slice();
    either(&mut rest, allowed) && rest.is_empty()
}

fn either(rest: &mut &[&str], allowed: &[String]) -> bool {
    let mut good = both(rest, allowed);
    while let Some((&"OR", tail)) = rest.split_first() {
        *rest = tail;
        good |= both(rest, allowed);
    }
    good
}

fn both(rest: &mut &[&str], allowed: &[String]) -> bool {
    let mut good = single(rest, allowed);
    while let Some((&"AND", tail)) = rest.split_first() {
        *rest = tail;
        good &= single(rest, allowed);
    }
    good
}

fn single(rest: &mut &[&str], allowed: &[String]) -> bool {
    let Some((first, tail)) = rest.split_first() else { return false };
    *rest = tail;
    if *first != "(" {
        return allowed.iter().any(|licence| licence == first);
    }
    let good = either(rest, allowed);
    match rest.split_first() {
        Some((&")", tail)) => {
            *rest = tail;
            good
        }
        _ => false,
    }
}

fn deny() -> toml::Table {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("deny.toml");
    toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn allowed_licences() -> Vec<String> {
    let deny = deny();
    let list = deny["licenses"]["allow"].as_array().unwrap();
    let allowed: Vec<String> = list.iter().map(|l| l.as_str().unwrap().to_owned()).collect();
    for licence in &allowed {
        assert!(PERMISSIVE.contains(&licence.as_str()), "deny.toml allows {licence}");
    }
    allowed
}

fn duplicates_with_reason() -> Vec<String> {
    let deny = deny();
    let Some(list) = deny["bans"].get("skip").and_then(toml::Value::as_array) else {
        return Vec::new();
    };
    list.iter()
        .map(|entry| {
            let reason = entry.get("reason").and_then(toml::Value::as_str).unwrap_or_default();
            assert!(!reason.is_empty(), "deny.toml skips {entry:?} without a reason");
            let name = entry["crate"].as_str().unwrap();
            name.split('@').next().unwrap().to_owned()
        })
        .collect()
}
