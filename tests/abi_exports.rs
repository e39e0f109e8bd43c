//! One list of exports, and everything held to it: `exports.txt` against the library's dynamic
//! symbols, the headers, the function tables and the README.
//!
//! `UPDATE_EXPORTS=1 cargo test --test abi_exports` writes the README's part anew.
#![allow(unsafe_code)]

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{CString, c_void};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const BEGIN: &str = "<!-- exports:begin -->\n";
const END: &str = "<!-- exports:end -->\n";

struct Export {
    name: String,
    header: String,
    state: String,
    note: String,
}

#[test]
fn the_library_exports_exactly_the_list() {
    let symbols = run(Command::new("nm").args(["-D", "--defined-only"]).arg(library()));
    let symbols: Vec<&str> = symbols.lines().filter_map(|line| line.split(' ').nth(2)).collect();
    let names: Vec<String> = exports().into_iter().map(|export| export.name).collect();
    assert_eq!(sorted(&symbols), sorted(&names));
}

#[test]
fn the_list_is_sorted_and_well_formed() {
    let exports = exports();
    assert!(exports.is_sorted_by(|one, other| one.name < other.name));
    for export in &exports {
        assert!(
            ["real", "open", "unsupported"].contains(&export.state.as_str()),
            "{}",
            export.name
        );
        let explained = export.state == "real" || !export.note.is_empty();
        assert!(explained, "{} does not say why", export.name);
    }
}

#[test]
fn the_headers_declare_exactly_the_list() {
    let headers = ["secur32.h", "ntsecapi.h", "secur32_status.h", "secur32_token.h"];
    let declared: Vec<String> = headers
        .iter()
        .flat_map(|header| declarations(&read(&format!("include/{header}"))))
        .collect();
    let names: Vec<String> = exports().into_iter().map(|export| export.name).collect();
    assert_eq!(sorted(&declared), sorted(&names));
}

/// A program that includes the header that Windows' documentation names finds the function.
#[test]
fn each_function_is_in_its_header() {
    let mut by_header = BTreeMap::<String, String>::new();
    for export in exports() {
        let uses = by_header.entry(export.header).or_default();
        writeln!(uses, "    use((void (*)(void)){});", export.name).unwrap();
    }
    for (header, uses) in by_header {
        let source = scratch().join(format!("declares_{header}.c"));
        let text = format!(
            "#include <{header}>\nvoid use(void (*)(void));\nvoid all(void);\nvoid all(void)\n{{\n{uses}}}\n"
        );
        fs::write(&source, text).unwrap();
        run(our_compiler("gcc").args(["-std=c11", "-fsyntax-only", "-Werror"]).arg(source));
    }
}

/// `c-tests/prototypes.h` holds the facts; mingw-w64 shows that they are Windows'.
#[test]
fn the_prototypes_are_windows() {
    let source = root().join("c-tests/prototypes.c");
    for (compiler, standard) in [("gcc", "-std=c11"), ("clang", "-std=c11")] {
        run(our_compiler(compiler).args([standard, "-fsyntax-only", "-Werror"]).arg(&source));
    }
    run(our_compiler("g++").args(["-xc++", "-std=c++11", "-fsyntax-only"]).arg(&source));
    let mut mingw = Command::new("x86_64-w64-mingw32-gcc");
    run(mingw.args(["-fsyntax-only", "-Wall", "-Werror"]).arg(&source));

    let facts = read("c-tests/prototypes.h");
    for export in exports() {
        let fact = facts.contains(&format!(", {},", export.name));
        assert!(fact || export.name.starts_with("Secur32"), "{} has no prototype", export.name);
    }
}

/// Every slot holds the export of its name, in the order of Windows' structure.
#[test]
fn the_tables_hold_the_exports() {
    let library = Loaded::open();
    for kind in ["W", "A"] {
        // SAFETY: the function takes nothing and gives a pointer to a static table.
        let table = unsafe {
            let init: unsafe extern "C" fn() -> *const *const c_void =
                std::mem::transmute(library.symbol(&format!("InitSecurityInterface{kind}")));
            init()
        };
        let slots = slots(&format!("SecurityFunctionTable{kind}"));
        assert_eq!(slots.len(), 32);
        for (offset, name) in slots.into_iter().skip(1) {
            // SAFETY: the table has this many slots of a pointer each.
            let slot = unsafe { *table.add(offset / 8) };
            match name.as_str() {
                "Reserved2" | "Reserved8" => assert!(slot.is_null(), "{name}"),
                "Reserved3" => assert_eq!(slot, library.symbol("EncryptMessage"), "{name}"),
                "Reserved4" => assert_eq!(slot, library.symbol("DecryptMessage"), "{name}"),
                name => assert_eq!(slot, library.symbol(name), "{name}"),
            }
        }
    }
}

#[test]
fn the_readme_says_the_same() {
    let Ok(readme) = fs::read_to_string(root().join("README.md")) else { return };
    let table = readme_table(&exports());
    let parts = readme.split_once(BEGIN).and_then(|(before, rest)| {
        let (_, after) = rest.split_once(END)?;
        Some((before, after))
    });
    let (before, after) = parts.expect("README.md has the two marks of the exports' table");
    let fresh = format!("{before}{BEGIN}{table}{END}{after}");
    if std::env::var_os("UPDATE_EXPORTS").is_some() {
        fs::write(root().join("README.md"), &fresh).unwrap();
        return;
    }
    assert!(readme == fresh, "stale: run `UPDATE_EXPORTS=1 cargo test --test abi_exports`");
}

fn readme_table(exports: &[Export]) -> String {
    let states = [
        ("real", "work"),
        ("open", "answer that they are not offered yet"),
        ("unsupported", "answer that this library does not do it"),
    ];
    let mut table = String::from("| | functions |\n|---|---|\n");
    for (state, meaning) in states {
        let names: Vec<&str> = exports
            .iter()
            .filter(|export| export.state == state)
            .map(|export| export.name.as_str())
            .collect();
        if names.is_empty() {
            continue;
        }
        let count = names.len();
        writeln!(table, "| {count} {meaning} | {} |", folded(&names).join(", ")).unwrap();
    }
    table
}

/// `NameA` and `NameW` as `NameA/W`.
fn folded(names: &[&str]) -> Vec<String> {
    let set: BTreeSet<&str> = names.iter().copied().collect();
    let with = |name: &str, letter: char| {
        let stem = &name[..name.len() - 1];
        set.contains(format!("{stem}{letter}").as_str())
    };
    names
        .iter()
        .filter(|name| !(name.ends_with('W') && with(name, 'A')))
        .map(|name| match name.strip_suffix('A') {
            Some(stem) if with(name, 'W') => format!("`{stem}A/W`"),
            _ => format!("`{name}`"),
        })
        .collect()
}

fn exports() -> Vec<Export> {
    read("exports.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            let mut words = line.split_whitespace();
            let mut word = || words.next().unwrap_or_default().to_owned();
            let (name, header, state) = (word(), word(), word());
            Export { name, header, state, note: words.collect::<Vec<_>>().join(" ") }
        })
        .collect()
}

/// Names of functions: at the beginning of a line, a type, a name, a parenthesis.
fn declarations(header: &str) -> Vec<String> {
    header
        .lines()
        .filter(|line| !line.starts_with([' ', '#', '/', '*', '}']) && !line.starts_with("typedef"))
        .filter_map(|line| line.split_once('(').map(|(before, _)| before))
        .filter_map(|before| before.split([' ', '*']).next_back())
        .map(str::to_owned)
        .collect()
}

/// Offsets and names of a table's members, from the facts about its layout.
fn slots(table: &str) -> Vec<(usize, String)> {
    let prefix = format!("FIELD({table}, ");
    read("c-tests/abi_facts.h")
        .lines()
        .filter_map(|line| {
            let mut words = line.strip_prefix(&prefix)?.split(", ");
            let name = words.next()?.to_owned();
            Some((words.next()?.parse().ok()?, name))
        })
        .collect()
}

/// The shared library that was built together with this test.
fn library() -> PathBuf {
    let path = std::env::current_exe().unwrap().with_file_name("libsecur32.so");
    assert!(path.exists(), "{} was not built", path.display());
    path
}

struct Loaded(*mut c_void);

impl Loaded {
    fn open() -> Self {
        let path = CString::new(library().to_str().unwrap()).unwrap();
        // SAFETY: the path is terminated; the library has no initialisers with conditions.
        let handle = unsafe { libc::dlopen(path.as_ptr(), libc::RTLD_NOW | libc::RTLD_LOCAL) };
        assert!(!handle.is_null());
        Self(handle)
    }

    fn symbol(&self, name: &str) -> *const c_void {
        let name = CString::new(name).unwrap();
        // SAFETY: the handle is of `dlopen`, the name is terminated.
        let symbol = unsafe { libc::dlsym(self.0, name.as_ptr()) };
        assert!(!symbol.is_null(), "{name:?}");
        symbol
    }
}

fn our_compiler(name: &str) -> Command {
    let mut command = Command::new(name);
    let include = root().join("include");
    command.arg("-I").arg(&include).arg("-I").arg(include.join("compat"));
    command
}

/// Runs a command that must succeed; its output.
fn run(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {}", errors.get(..4000).unwrap_or(&errors));
    String::from_utf8(output.stdout).unwrap()
}

fn sorted<T: AsRef<str>>(names: &[T]) -> Vec<&str> {
    let mut names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    names.sort_unstable();
    names
}

fn scratch() -> PathBuf {
    let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("abi_exports");
    fs::create_dir_all(&directory).unwrap();
    directory
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
