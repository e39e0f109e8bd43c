//! `docs/attacks.md` names the tests that there are, and all that carry the id of an attack.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const TABLE: &str = include_str!("../docs/attacks.md");

#[test]
fn every_test_that_the_table_names_exists() {
    let there = tests_with_an_id();
    let missing: Vec<_> = named().difference(&there).cloned().collect();
    assert!(missing.is_empty(), "named in docs/attacks.md, but not there: {missing:?}");
}

#[test]
fn every_test_with_an_id_is_in_the_table() {
    let named = named();
    let forgotten: Vec<_> = tests_with_an_id().difference(&named).cloned().collect();
    assert!(forgotten.is_empty(), "not named in docs/attacks.md: {forgotten:?}");
}

#[test]
fn every_row_has_a_test_or_a_reason() {
    let rows: Vec<_> = TABLE.lines().filter(|line| is_row(line)).collect();
    assert!(rows.len() > 60, "{} rows", rows.len());
    for row in rows {
        assert!(row.contains('`') || row.contains("does not apply"), "{row}");
    }
}

fn is_row(line: &str) -> bool {
    line.strip_prefix("| ").is_some_and(|rest| is_id(rest.split(' ').next().unwrap_or("")))
}

/// A letter of a series, and a number.
fn is_id(word: &str) -> bool {
    let mut chars = word.chars();
    chars.next().is_some_and(|c| "NCXBLKGPQSTDncxblkgpqstd".contains(c))
        && chars.next().is_some_and(|c| c.is_ascii_digit())
        && chars.all(|c| c.is_ascii_digit() || "bc".contains(c))
}

fn named() -> BTreeSet<String> {
    let words = TABLE.split('`').skip(1).step_by(2);
    words.filter(|word| is_id(word.split('_').next().unwrap_or(""))).map(str::to_owned).collect()
}

fn tests_with_an_id() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for folder in ["src", "tests"] {
        collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut found);
    }
    found
}

/// The functions after `#[test]` in a folder's sources.
fn collect(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            found.extend(
                functions(&text).filter(|name| is_id(name.split('_').next().unwrap_or(""))),
            );
        }
    }
}

fn functions(text: &str) -> impl Iterator<Item = String> + '_ {
    text.lines().filter_map(|line| {
        let (name, _) = line.trim_start().strip_prefix("fn ")?.split_once('(')?;
        Some(name.to_owned())
    })
}
