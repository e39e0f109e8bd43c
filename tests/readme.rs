//! What the README says is so: its program, its two commands, its settings.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn the_program_is_the_sample() {
    let readme = read("README.md");
    let (_, rest) = readme.split_once("```c\n").expect("README.md has a C program");
    let (program, _) = rest.split_once("```\n").unwrap();
    assert_eq!(program, read("examples/readme.c"));
    assert_eq!(program.lines().count(), 25);
}

#[test]
fn the_commands_exist() {
    let makefile = read("Makefile");
    let targets: BTreeSet<&str> = makefile
        .lines()
        .filter(|line| !line.starts_with(['\t', '#', '.']))
        .filter_map(|line| line.split_once(':'))
        .map(|(target, _)| target)
        .collect();
    for document in ["README.md", "CONTRIBUTING.md"] {
        let text = read(document);
        let said: BTreeSet<String> = text
            .match_indices("make ")
            .filter(|(at, _)| text[..*at].ends_with(['`', '\n']))
            .map(|(at, word)| text[at + word.len()..].chars().take_while(|c| c.is_alphabetic()))
            .map(Iterator::collect)
            .collect();
        assert!(said.contains("test"), "{document} does not tell of make test");
        for target in said {
            assert!(targets.contains(target.as_str()), "{document}: there is no make {target}");
        }
    }
    assert!(read("README.md").contains("make demo    #"));
}

#[test]
fn parts_come_in_their_order() {
    let readme = read("README.md");
    let headings: Vec<&str> =
        readme.lines().filter(|l| l.starts_with("# ") || l.starts_with("## ")).collect();
    let order = [
        "# libsecur32",
        "## Two commands",
        "## A program",
        "## What works today",
        "## In a domain",
        "## Configuration",
        "## The rooms, and one call through them",
        "## Testing and contributing",
    ];
    assert_eq!(headings, order);
}

#[test]
fn every_variable_is_told_and_real() {
    let told: BTreeSet<String> = table_rows("| variable |")
        .iter()
        .flat_map(|row| quoted(row.split('|').nth(1).unwrap()))
        .collect();
    assert_eq!(told, variables_in_sources());
}

#[test]
fn every_setting_is_told_and_real() {
    let told: BTreeSet<String> = table_rows("| key |")
        .iter()
        .map(|row| quoted(row.split('|').nth(1).unwrap()).join(" "))
        .collect();
    let mut real = settings_of("machine", "MachineSection");
    real.extend(settings_of("directory", "DirectorySection"));
    real.extend(settings_of("kerberos", "KerberosSection"));
    real.extend(settings_of("mapping", "MappingSection"));
    real.extend(settings_of("ntlm", "NtlmSection"));
    real.extend(settings_of("winbind", "WinbindSection"));
    assert_eq!(told, real);
}

/// The readers of relations name them in string literals; nothing else in there looks like one.
#[test]
fn every_relation_of_krb5_conf_is_told_and_real() {
    let told: BTreeSet<String> = table_rows("| krb5.conf |")
        .iter()
        .flat_map(|row| quoted(row.split('|').nth(1).unwrap()))
        .collect();
    let source = read("src/platform/krb5_conf/conf.rs");
    let calls = ["flag(\"", "time(\"", "count(\"", "text(\"", "name(\"", "typed(defaults, \""];
    let real = calls.iter().flat_map(|call| source.split(call).skip(1));
    let real: BTreeSet<String> =
        real.map(|rest| rest.split('"').next().unwrap().to_owned()).collect();
    assert_eq!(told, real);
}

#[test]
fn links_lead_somewhere() {
    for document in ["README.md", "CONTRIBUTING.md", "SECURITY.md", "docs/porting.md"] {
        for link in read(document).split("](").skip(1) {
            let target = link.split(')').next().unwrap();
            let there = target.starts_with("https://") || root().join(target).exists();
            assert!(there, "{document} links to {target}");
        }
    }
}

/// The rows of the README's table that begins with this heading.
fn table_rows(heading: &str) -> Vec<String> {
    let readme = read("README.md");
    let (_, rest) = readme.split_once(heading).unwrap_or_else(|| panic!("no table {heading}"));
    rest.lines().skip(2).take_while(|line| line.starts_with('|')).map(str::to_owned).collect()
}

/// What stands in backquotes.
fn quoted(text: &str) -> Vec<String> {
    text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The names that the platform asks the environment for: string literals of two or more
/// capitalised words.
fn variables_in_sources() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for path in files_below(&root().join("src/platform")) {
        let text = fs::read_to_string(&path).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap();
        for call in ["variable(\"", "configured(\""] {
            for rest in code.split(call).skip(1) {
                found.insert(rest.split('"').next().unwrap().to_owned());
            }
        }
    }
    found
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}

/// The fields of a section of the configuration, as they are written in the file.
fn settings_of(section: &str, type_name: &str) -> BTreeSet<String> {
    let source = read("src/platform/config.rs");
    let (_, rest) = source.split_once(&format!("pub struct {type_name} {{")).unwrap();
    let (fields, _) = rest.split_once("\n}").unwrap();
    let mut settings = BTreeSet::new();
    let mut renamed = None;
    for line in fields.lines().map(str::trim) {
        if let Some(rest) = line.strip_prefix("#[serde(rename = \"") {
            renamed = rest.split('"').next().map(str::to_owned);
        }
        if let Some((field, _)) = line.strip_prefix("pub ").and_then(|rest| rest.split_once(':')) {
            let name = renamed.take().unwrap_or_else(|| pascal(field));
            settings.insert(format!("[{section}] {name}"));
        }
    }
    settings
}

fn pascal(field: &str) -> String {
    field.split('_').map(|word| word[..1].to_uppercase() + &word[1..]).collect()
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
