//! Layouts and constants are those of 64-bit Windows: in Rust, in our headers with both compilers
//! and both languages, and in mingw-w64's headers.
//!
//! The facts are `c-tests/abi_facts.h` and `c-tests/abi_facts_newer.h`. The sizes of the Rust
//! types are asserted where they are declared; that those assertions say what the facts say is
//! seen here.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use secur32::abi::types;

#[test]
fn the_rust_layouts_say_what_the_facts_say() {
    let facts = facts();
    let asserted = without_own(rust_layouts(&type_sources()), &own_layouts());
    assert!(asserted.len() > 180, "{} layouts", asserted.len());
    for (name, layout) in &asserted {
        assert_eq!(facts.layouts.get(name), Some(layout), "{name}");
    }
    let only_in_c: BTreeSet<&str> = facts
        .layouts
        .keys()
        .filter(|name| !asserted.contains_key(*name))
        .map(String::as_str)
        .collect();
    // Schannel, which this library does not do, and one structure that is written by hand.
    for name in only_in_c {
        let header = ["schannel.h", "ntsecapi.h"].map(|header| read("include", header)).concat();
        assert!(header.contains(&format!("}} {name}")), "{name} is nowhere in Rust");
    }
}

#[test]
fn the_rust_constants_say_what_the_facts_say() {
    let facts = facts();
    let constants = without_own(rust_constants(&type_sources()), &own_constants());
    assert!(constants.len() > 1500, "{} constants", constants.len());
    for (name, value) in &constants {
        let fact = facts.constants.get(name).unwrap_or_else(|| panic!("{name} is no fact"));
        assert_eq!(value & 0xFFFF_FFFF, fact & 0xFFFF_FFFF, "{name}");
        assert!(fact >> 32 == value >> 32 || fact >> 32 == 0, "{name}");
    }
}

/// What `secur32_token.h` has that is in no list of facts: its own, and what of winnt.h tokens alone
/// need, which mingw-w64's header knows as well.
#[test]
fn the_types_of_tokens_are_those_of_the_headers() {
    let (layouts, constants) = (own_layouts(), own_constants());
    assert!(layouts.contains_key("SECUR32_TOKEN") && layouts.len() > 1, "{layouts:?}");
    let ours = scratch().join("tokens.c");
    let all = asserts("secur32_token.h", &layouts, &constants, |_| true);
    fs::write(&ours, format!("#include <stddef.h>\n{all}")).unwrap();
    for (compiler, language) in [("gcc", ["-xc", "-std=c11"]), ("clang", ["-xc++", "-std=c++11"])] {
        let mut command = our_compiler(compiler);
        run(command.args(language).args(["-Wall", "-Werror", "-fsyntax-only"]).arg(&ours));
    }
    let theirs = scratch().join("tokens-mingw.c");
    let windows = asserts("windows.h", &layouts, &constants, |name| !name.starts_with("SECUR32_"));
    assert!(windows.contains("sizeof"), "{windows}");
    fs::write(&theirs, windows).unwrap();
    let mut mingw = Command::new("x86_64-w64-mingw32-gcc");
    run(mingw.args(["-std=c11", "-w", "-fsyntax-only"]).arg(&theirs));
}

#[test]
fn the_kinds_of_credentials_are_windows() {
    let guids = [
        ("SEC_WINNT_AUTH_DATA_TYPE_PASSWORD", types::SEC_WINNT_AUTH_DATA_TYPE_PASSWORD),
        ("SEC_WINNT_AUTH_DATA_TYPE_CERT", types::SEC_WINNT_AUTH_DATA_TYPE_CERT),
        ("SEC_WINNT_AUTH_DATA_TYPE_CREDMAN_CERT", types::SEC_WINNT_AUTH_DATA_TYPE_CREDMAN_CERT),
        ("SEC_WINNT_AUTH_DATA_TYPE_NGC", types::SEC_WINNT_AUTH_DATA_TYPE_NGC),
        ("SEC_WINNT_AUTH_DATA_TYPE_FIDO", types::SEC_WINNT_AUTH_DATA_TYPE_FIDO),
        ("SEC_WINNT_AUTH_DATA_TYPE_KEYTAB", types::SEC_WINNT_AUTH_DATA_TYPE_KEYTAB),
        ("SEC_WINNT_AUTH_DATA_TYPE_CSP_DATA", types::SEC_WINNT_AUTH_DATA_TYPE_CSP_DATA),
    ];
    let facts = facts();
    for (name, guid) in guids {
        let mut bytes = guid.Data1.to_le_bytes().to_vec();
        bytes.extend(guid.Data2.to_le_bytes());
        bytes.extend(guid.Data3.to_le_bytes());
        bytes.extend(guid.Data4);
        assert_eq!(facts.guids.get(name), Some(&bytes), "{name}");
    }
}

#[test]
fn our_headers_have_these_layouts() {
    let languages = [["-xc", "-std=c11"], ["-xc++", "-std=c++11"]];
    let modes: [&[&str]; 4] =
        [&[], &["-fshort-wchar"], &["-DUNICODE"], &["-fshort-wchar", "-DUNICODE"]];
    for compiler in ["gcc", "clang"] {
        for language in languages {
            for mode in modes {
                let mut command = our_compiler(compiler);
                command.args(language).args(mode).args(["-Wall", "-Wextra", "-Werror"]);
                run(command.arg("-fsyntax-only").arg(c_tests("layout_assert.c")));
            }
        }
    }
}

#[test]
fn mingw_prints_the_same() {
    let directory = scratch();
    let program = directory.join("layout");
    run(our_compiler("gcc").args(["-std=c11", "-o"]).arg(&program).arg(c_tests("layout.c")));
    let ours = run(&mut Command::new(&program));

    let object = directory.join("layout.obj");
    let section = directory.join("layout.bin");
    let mut mingw = Command::new("x86_64-w64-mingw32-gcc");
    run(mingw.args(["-w", "-c", "-o"]).arg(&object).arg(c_tests("layout.c")));
    let mut objcopy = Command::new("x86_64-w64-mingw32-objcopy");
    run(objcopy.args(["-O", "binary", "-j", "layout"]).arg(&object).arg(&section));
    let theirs = run(Command::new(&program).arg(&section));

    assert!(theirs.lines().count() > 2900, "{} rows", theirs.lines().count());
    let differences: BTreeSet<String> = ours
        .lines()
        .zip(theirs.lines())
        .filter(|(our, their)| our != their)
        .map(|(our, their)| format!("{our} | {their}"))
        .collect();
    let known = read("c-tests", "layout_known_differences.txt");
    let known = known.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect();
    assert_eq!(differences, known);
}

#[derive(Default)]
struct Facts {
    /// Size, alignment, then the offsets by name.
    layouts: BTreeMap<String, Layout>,
    constants: BTreeMap<String, u64>,
    guids: BTreeMap<String, Vec<u8>>,
}

type Layout = (usize, usize, BTreeMap<String, usize>);

fn facts() -> Facts {
    let mut facts = Facts::default();
    let text = ["abi_facts.h", "abi_facts_newer.h"].map(|file| read("c-tests", file)).concat();
    for line in text.lines().filter_map(|line| line.strip_suffix(')')) {
        let Some((kind, rest)) = line.split_once('(') else { continue };
        let words: Vec<&str> = rest.split(", ").collect();
        match (kind, words.as_slice()) {
            ("STRUCT", [name, size, align]) => {
                let layout = facts.layouts.entry((*name).to_owned()).or_default();
                (layout.0, layout.1) = (size.parse().unwrap(), align.parse().unwrap());
            }
            ("FIELD", [name, field, offset, _size]) => {
                let layout = facts.layouts.entry((*name).to_owned()).or_default();
                layout.2.insert((*field).to_owned(), offset.parse().unwrap());
            }
            ("CONSTANT" | "CONSTANT64", [name, value]) => {
                facts.constants.insert((*name).to_owned(), number(value.trim_end_matches("ULL")));
            }
            ("GUID_BYTES", [name, bytes @ ..]) => {
                let bytes = bytes.iter().map(|byte| u8::try_from(number(byte)).unwrap()).collect();
                facts.guids.insert((*name).to_owned(), bytes);
            }
            _ => {}
        }
    }
    facts
}

fn own_layouts() -> BTreeMap<String, Layout> {
    rust_layouts(&[read("src/abi/types", "tokens.rs")])
}

fn own_constants() -> BTreeMap<String, u64> {
    rust_constants(&[read("src/abi/types", "tokens.rs")])
}

fn without_own<T>(mut all: BTreeMap<String, T>, own: &BTreeMap<String, T>) -> BTreeMap<String, T> {
    all.retain(|name, _| !own.contains_key(name));
    all
}

/// A C source that does not compile unless a header says the same.
fn asserts(
    header: &str,
    layouts: &BTreeMap<String, Layout>,
    constants: &BTreeMap<String, u64>,
    wanted: impl Fn(&str) -> bool,
) -> String {
    let mut lines = vec![
        format!("#include <{header}>"),
        "#ifdef __cplusplus\n#define _Static_assert static_assert\n#endif".to_owned(),
    ];
    for (name, (size, align, fields)) in layouts.iter().filter(|(name, _)| wanted(name)) {
        lines.push(format!("_Static_assert(sizeof({name}) == {size}, \"{name}\");"));
        lines.push(format!("struct align_{name} {{ char c; {name} it; }};"));
        let aligned = format!("offsetof(struct align_{name}, it) == {align}");
        lines.push(format!("_Static_assert({aligned}, \"{name}\");"));
        let offset = |(field, at): (&String, &usize)| {
            format!("_Static_assert(offsetof({name}, {field}) == {at}, \"{name}.{field}\");")
        };
        lines.extend(fields.iter().map(offset));
    }
    let named = |name: &str| !name.contains(char::is_whitespace) && wanted(name);
    for (name, value) in constants.iter().filter(|(name, _)| named(name)) {
        lines.push(format!("_Static_assert({name} == {value}, \"{name}\");"));
    }
    lines.join("\n") + "\n"
}

/// What the `layout!` assertions of these sources say.
fn rust_layouts(sources: &[String]) -> BTreeMap<String, Layout> {
    let mut layouts = BTreeMap::new();
    for text in sources {
        let mut rest = text.as_str();
        while let Some((_, call)) = rest.split_once("\nlayout!(") {
            let (words, after) = call.split_once(");").unwrap();
            rest = after;
            let mut words = words.split(',').map(str::trim);
            let name = words.next().unwrap().to_owned();
            let mut numbers = [0; 2];
            numbers.fill_with(|| words.next().unwrap().parse().unwrap());
            let mut fields: BTreeMap<String, usize> = words
                .filter_map(|word| word.split_once(' '))
                .map(|(field, offset)| (field.to_owned(), offset.parse().unwrap()))
                .collect();
            if name.ends_with("LARGE_INTEGER") {
                // C sees the halves as well.
                fields.extend([("LowPart", 0), ("HighPart", 4), ("u", 0)].map(owned));
            }
            layouts.insert(name, (numbers[0], numbers[1], fields));
        }
    }
    layouts
}

fn owned((name, offset): (&str, usize)) -> (String, usize) {
    (name.to_owned(), offset)
}

/// Constants and enumerators of these sources.
fn rust_constants(sources: &[String]) -> BTreeMap<String, u64> {
    let mut constants = BTreeMap::new();
    for text in sources {
        for line in text.lines() {
            let constant = line.strip_prefix("pub const ").and_then(|rest| {
                let (name, rest) = rest.split_once(": ")?;
                Some((name, rest.split_once(" = ")?.1.trim_end_matches(';')))
            });
            let enumerator = line.strip_prefix("    ").and_then(|rest| {
                let (name, value) = rest.split_once(" = ")?;
                Some((name, value.strip_suffix(',')?))
            });
            if let Some((name, value)) = constant.or(enumerator) {
                constants.insert(name.to_owned(), number(value));
            }
        }
    }
    constants
}

fn number(text: &str) -> u64 {
    if text == "usize::MAX - 1" {
        return u64::MAX - 1;
    }
    let digits = text.split(" as ").next().unwrap().trim_end_matches("_u32").replace('_', "");
    match (digits.strip_prefix("0x"), digits.strip_prefix('-')) {
        (Some(hex), _) => u64::from_str_radix(hex, 16).unwrap(),
        (None, Some(negative)) => u64::from(negative.parse::<u32>().unwrap().wrapping_neg()),
        (None, None) => digits.parse().unwrap(),
    }
}

fn type_sources() -> Vec<String> {
    let mut texts = Vec::new();
    for directory in ["src/abi/types", "src/abi/types/constants"] {
        for entry in fs::read_dir(root().join(directory)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "rs") {
                texts.push(fs::read_to_string(path).unwrap());
            }
        }
    }
    texts
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

fn scratch() -> PathBuf {
    let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("abi_layout");
    fs::create_dir_all(&directory).unwrap();
    directory
}

fn read(directory: &str, file: &str) -> String {
    fs::read_to_string(root().join(directory).join(file)).unwrap()
}

fn c_tests(file: &str) -> PathBuf {
    root().join("c-tests").join(file)
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
