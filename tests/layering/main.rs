//! The house rules that the compiler does not know: which room may use which, where `unsafe` and
//! I/O may be, how long a file may get.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

mod source;

/// Who may use whom. Exceptions for single files are in `may_use`.
const ROOMS: [(&str, &[&str]); 11] = [
    ("abi", &["lsa", "spi", "sspi"]),
    ("sspi", &["lsa", "spi"]),
    ("lsa", &["spi"]),
    ("negotiate", &["spi", "wire"]),
    ("directory", &["spi", "wire"]),
    ("kerberos", &["crypto", "spi", "wire"]),
    ("ntlm", &["crypto", "spi", "wire"]),
    ("wire", &["spi::error", "spi::kerberos", "spi::secret", "spi::sid", "spi::time"]),
    ("crypto", &["spi::error", "spi::secret"]),
    ("platform", &["spi", "wire"]),
    ("spi", &[]),
];

/// Words that mean I/O, clock or randomness; only `platform` may say them.
const OUTSIDE_WORLD: [&str; 8] = [
    "std::env",
    "std::fs",
    "std::io",
    "std::net",
    "std::os::unix::net",
    "SystemTime",
    "Instant",
    "getrandom",
];

const MAX_LINES: usize = 600;

#[test]
fn rooms_use_only_what_they_may() {
    let found: Vec<String> =
        sources().iter().flat_map(|file| wrong_uses(&file.path, &file.code)).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn unsafe_is_only_in_the_boundary_and_the_system_calls() {
    for file in sources() {
        if file.path.starts_with("abi/") || file.path.starts_with("platform/sys/") {
            continue;
        }
        let line = file.code.lines().position(|line| source::words(line).any(|w| w == "unsafe"));
        assert_eq!(line.map(|line| line + 1), None, "unsafe in src/{}", file.path);
    }
}

#[test]
fn every_other_tree_forbids_unsafe() {
    let files = sources();
    let forbids = |path: &str| {
        files.iter().any(|f| f.path == path && f.code.contains("#![forbid(unsafe_code)]"))
    };
    for file in &files {
        let exempt = ["lib.rs", "abi/", "platform/sys/", "platform/sys.rs", "platform/mod.rs"];
        if exempt.iter().any(|prefix| file.path.starts_with(prefix)) {
            continue;
        }
        let covered = Path::new(&file.path).ancestors().any(|dir| {
            forbids(&dir.to_string_lossy()) || forbids(&format!("{}/mod.rs", dir.display()))
        });
        assert!(covered, "src/{} is under no #![forbid(unsafe_code)]", file.path);
    }
}

#[test]
fn only_the_platform_sees_the_world() {
    for file in sources().iter().filter(|file| !file.path.starts_with("platform/")) {
        let code = source::without_tests(&file.code);
        for word in OUTSIDE_WORLD {
            assert!(!code.contains(word), "src/{} says {word}", file.path);
        }
    }
}

#[test]
fn files_stay_short() {
    for file in sources() {
        let lines = file.text.lines().count();
        assert!(lines <= MAX_LINES, "src/{} has {lines} lines, more than {MAX_LINES}", file.path);
    }
}

#[test]
fn every_room_says_what_it_holds() {
    let files = sources();
    let rooms: BTreeSet<&str> = files.iter().filter_map(|f| room_of(&f.path)).collect();
    assert!(rooms.len() >= 5, "{rooms:?}");
    for room in rooms {
        assert!(ROOMS.iter().any(|(name, _)| *name == room), "{room} is not in the table");
        let module = files.iter().find(|f| f.path == format!("{room}/mod.rs"));
        let text = &module.unwrap_or_else(|| panic!("{room} has no mod.rs")).text;
        for word in ["Holds:", "May use:", "Must not touch:"] {
            assert!(text.contains(word), "src/{room}/mod.rs does not say {word}");
        }
    }
}

/// The checks above would be worth nothing if they could not see a breach.
#[test]
fn breaches_are_seen() {
    let breach = |path: &str, text: &str| !wrong_uses(path, &source::code(text)).is_empty();
    assert!(breach("ntlm/mod.rs", "use crate::platform::Host;"));
    assert!(breach("ntlm/mod.rs", "use crate::{spi::error::Error, lsa};"));
    assert!(breach("ntlm/keys.rs", "fn f() { crate::kerberos::x() }"));
    assert!(breach("ntlm/deep/keys.rs", "use super::super::super::platform::sys;"));
    assert!(breach("wire/reader.rs", "use crate::spi::environment::Clock;"));
    assert!(breach("wire/reader.rs", "use crate::spi::{error::Error, flags::ContextFlags};"));
    assert!(!breach("platform/ccache/file.rs", "use crate::wire::kerberos::ccache;"));
    assert!(breach("platform/kdc.rs", "use crate::kerberos::names;"));
    assert!(breach("spi/mod.rs", "use crate::wire::Reader;"));
    assert!(breach("lsa/credentials.rs", "use crate::ntlm;"));
    assert!(breach("abi/mod.rs", "pub use crate::wire as x;"));
    assert!(!breach("lsa/registry.rs", "use crate::ntlm;"));
    assert!(!breach("sspi/established.rs", "use crate::ntlm::seal::Session;"));
    assert!(breach("sspi/established.rs", "use crate::ntlm::accept::Server;"));
    assert!(!breach("wire/reader.rs", "use crate::spi::error::{Error, Result};"));
    assert!(!breach("ntlm/mod.rs", "// use crate::platform\nlet s = \"crate::lsa\";"));
}

struct Source {
    /// Below `src/`.
    path: String,
    text: String,
    /// The text without comments and without what is in strings.
    code: String,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&root, &mut files);
    files
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path).unwrap();
            let path = path.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
            Source { path, code: source::code(&text), text }
        })
        .collect()
}

fn collect(directory: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

fn room_of(path: &str) -> Option<&str> {
    path.split_once('/').map(|(room, _)| room)
}

fn wrong_uses(path: &str, code: &str) -> Vec<String> {
    let Some(room) = room_of(path) else { return Vec::new() };
    let depth = path.matches('/').count() + usize::from(!path.ends_with("/mod.rs"));
    source::crate_paths(code, depth)
        .into_iter()
        .filter(|used| !may_use(path, room, used))
        .map(|used| format!("src/{path} uses {used}"))
        .collect()
}

fn may_use(path: &str, room: &str, used: &str) -> bool {
    let within = |allowed: &str| {
        used.strip_prefix(allowed).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
    };
    let known = ROOMS.iter().any(|(name, _)| within(name));
    let allowed = ROOMS.iter().find(|(name, _)| *name == room).map_or(&[][..], |(_, list)| *list);
    let exceptions: &[&str] = match path {
        "lsa/registry.rs" => &["kerberos", "negotiate", "ntlm"],
        "lsa/mod.rs" => &["platform"],
        "lsa/names.rs" => &["directory"],
        "sspi/established.rs" => &["kerberos::seal", "ntlm::seal"],
        _ => &[],
    };
    !known || within(room) || allowed.iter().chain(exceptions).any(|allowed| within(allowed))
}
