//! `include/secur32.h` is what cbindgen makes of `src/abi` today.
//!
//! `UPDATE_HEADER=1 cargo test --test header` writes it anew.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use cbindgen::{Builder, Config};

const HEADER: &str = "include/secur32.h";

/// The sources in the order in which the header tells them.
const TYPES: [&str; 14] = [
    "winnt",
    "sspi",
    "attributes",
    "credential_attributes",
    "functions",
    "identity",
    "lsa",
    "msv1_0",
    "kerberos_logon",
    "kerberos",
    "kerberos_calls",
    "wincred",
    "enumerations",
    "constants",
];

#[test]
fn the_header_is_fresh() {
    let fresh = generate();
    let path = root().join(HEADER);
    if std::env::var_os("UPDATE_HEADER").is_some() {
        fs::write(&path, &fresh).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == fresh,
        "{HEADER} is stale: run `UPDATE_HEADER=1 cargo test --test header`; it differs from {}",
        first_difference(&committed, &fresh)
    );
}

/// Each header first and alone, with gcc and clang, C89 to C++20, both kinds of characters.
#[test]
fn the_headers_compile_everywhere() {
    let matrix = Command::new("sh")
        .arg(root().join("c-tests/headers/matrix.sh"))
        .arg(root().join("include"))
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(matrix.status.success(), "{}{}", text(&matrix.stdout), text(&matrix.stderr));
    assert!(text(&matrix.stdout).starts_with("48 combinations"), "{}", text(&matrix.stdout));
}

fn generate() -> String {
    let sources = sources();
    let texts: Vec<String> = sources.iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    let mut config = Config::from_file(root().join("cbindgen.toml")).unwrap();
    // cbindgen leaves out what no function mentions; programs cast to those types.
    config.export.include.extend(texts.iter().flat_map(|text| declared_types(text)));
    let builder = sources.iter().fold(Builder::new().with_config(config), Builder::with_src);
    let mut header = Vec::new();
    builder.generate().unwrap().write(&mut header);
    let constants = texts.iter().flat_map(|text| constants(text)).collect();
    spell(&String::from_utf8(header).unwrap(), &constants)
}

fn sources() -> Vec<PathBuf> {
    let abi = root().join("src/abi");
    let mut sources = Vec::new();
    for name in TYPES {
        let path = abi.join("types").join(name);
        if path.is_dir() {
            sources.extend(rust_files(&path));
        } else {
            sources.push(path.with_extension("rs"));
        }
    }
    sources.extend(rust_files(&abi.join("exports")));
    // These have headers of their own, secur32_status.h and secur32_token.h.
    let own = ["status.rs", "thread_token.rs", "token_information.rs"];
    sources.retain(|path| !own.iter().any(|name| path.ends_with(format!("exports/{name}"))));
    sources
}

/// The files of a directory by name, without those that C does not see.
fn rust_files(directory: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(directory) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| {
        let name = path.file_name().unwrap_or_default();
        path.extension().is_some_and(|extension| extension == "rs")
            && !["mod.rs", "guids.rs"].iter().any(|other| name == *other)
    });
    files.sort();
    files
}

fn declared_types(text: &str) -> Vec<String> {
    ["pub struct ", "pub union ", "pub enum ", "pub type "]
        .iter()
        .flat_map(|word| text.lines().filter_map(move |line| line.strip_prefix(word)))
        .map(|rest| rest.split([' ', '<', ';']).next().unwrap_or_default().to_owned())
        .collect()
}

/// Names of constants, with the C text for each: cbindgen prints decimal numbers, Windows'
/// headers hexadecimal ones where bits matter.
fn constants(text: &str) -> HashMap<String, String> {
    text.lines()
        .filter_map(|line| line.strip_prefix("pub const ")?.strip_suffix(';'))
        .filter_map(|line| {
            let (name, rest) = line.split_once(": ")?;
            let (kind, value) = rest.split_once(" = ")?;
            Some((name.to_owned(), c_literal(kind, value)))
        })
        .collect()
}

fn c_literal(kind: &str, value: &str) -> String {
    let number = value.split(" as ").next().unwrap_or(value);
    let number = number.trim_end_matches("_u32").replace('_', "");
    match kind {
        "NTSTATUS" => format!("((NTSTATUS){number}L)"),
        "SECURITY_STATUS" | "HRESULT" => format!("_HRESULT_TYPEDEF_({number}L)"),
        "ULONGLONG" => format!("(__extension__ {number}ULL)"),
        _ if number.starts_with('-') => format!("({number})"),
        _ => number,
    }
}

/// Writes the constants as [`constants`] says, and closes the gaps between lines of one kind.
fn spell(header: &str, constants: &HashMap<String, String>) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in names_at_their_types(&c_comments(header)) {
        let line = with_constant(&line, constants).unwrap_or(line);
        match lines.as_mut_slice() {
            [.., last] if last.is_empty() && line.is_empty() => continue,
            // C89 has no comma before the brace.
            [.., last] if line == "};" => *last = last.trim_end_matches(',').to_owned(),
            [.., before, gap] if gap.is_empty() && same_kind(before, &line) => {
                lines.pop();
            }
            _ => {}
        }
        lines.push(line);
    }
    lines.join("\n") + "\n"
}

fn with_constant(line: &str, constants: &HashMap<String, String>) -> Option<String> {
    let (name, _) = line.strip_prefix("#define ")?.split_once(' ')?;
    Some(format!("#define {name} {}", constants.get(name)?))
}

fn same_kind(line: &str, other: &str) -> bool {
    let typedef = |line: &str| line.starts_with("typedef ") && line.ends_with(';');
    (line.starts_with("#define ") && other.starts_with("#define "))
        || ((line == "};" || typedef(line)) && typedef(other))
}

/// Moves each `typedef` of a structure to the structure, where people look for it.
fn names_at_their_types(header: &str) -> Vec<String> {
    let mut names: Vec<&str> = header.lines().filter(|line| is_name(line)).collect();
    let mut lines = Vec::new();
    let mut tag = None;
    for line in header.lines() {
        match names.iter().position(|name| *name == line) {
            // Names of plain types stay where they are.
            Some(index) if !names_structure(line, header) => drop(names.remove(index)),
            _ if is_name(line) => continue,
            _ => {}
        }
        lines.push(line.to_owned());
        if let Some(opening) = line.strip_suffix(" {") {
            tag = Some(opening.replace("SECUR32_PACKED ", ""));
        } else if line == "};"
            && let Some(tag) = tag.take()
        {
            lines.extend(own_name(&tag));
            move_names(&tag, &mut names, &mut lines);
        }
    }
    assert!(names.is_empty(), "names of no structure: {names:?}");
    lines
}

/// A structure whose tag is its name as well.
fn own_name(tag: &str) -> Option<String> {
    let name = tag.strip_prefix("struct ")?;
    (!name.starts_with('_')).then(|| format!("typedef {tag} {name};"))
}

fn is_name(line: &str) -> bool {
    line.starts_with("typedef ") && !line.contains('(')
}

fn names_structure(line: &str, header: &str) -> bool {
    let words: Vec<&str> = line.split([' ', '*', ';']).collect();
    let Some(target) = words.get(1) else { return false };
    ["struct", "union", "enum"].contains(target)
        || header.lines().any(|other| {
            is_name(other)
                && other.ends_with(&format!(" {target};"))
                && names_structure(other, header)
        })
}

fn move_names(of: &str, names: &mut Vec<&str>, lines: &mut Vec<String>) {
    let prefix = format!("typedef {of} ");
    while let Some(index) = names.iter().position(|line| line.starts_with(&prefix)) {
        let line = names.remove(index);
        lines.push(line.to_owned());
        let name = line.trim_start_matches(&prefix).trim_end_matches(';');
        move_names(name, names, lines);
    }
}

/// Comments as C has them, in ASCII.
fn c_comments(header: &str) -> String {
    let header = header.replace('…', "...").replace('‖', "|").replace(" # Safety", " Pointers:");
    let header = header.replace("// __cplusplus", "/* __cplusplus */");
    let header = header.replace("// extern \"C\"", "/* extern \"C\" */");
    assert!(header.is_ascii(), "{:?}", header.chars().find(|character| !character.is_ascii()));
    let mut text = String::new();
    let mut rest = header.as_str();
    while let Some((before, comment)) = rest.split_once("/*\n") {
        let (comment, after) = comment.split_once("*/").unwrap_or((comment, ""));
        text.push_str(before);
        let lines: Vec<&str> = comment.trim().lines().map(str::trim).collect();
        match lines.as_slice() {
            [line] => text.extend(["/* ", line, " */"]),
            _ => text.push_str(&block_comment(&lines)),
        }
        rest = after;
    }
    text + rest
}

fn block_comment(lines: &[&str]) -> String {
    let starred = lines.iter().map(|line| format!(" * {}", line.trim_start_matches("* ")));
    let starred: Vec<String> = starred.map(|line| line.trim_end().to_owned()).collect();
    format!("/*\n{}\n */", starred.join("\n"))
}

fn first_difference(old: &str, new: &str) -> String {
    let mut pairs = old.lines().zip(new.lines()).enumerate();
    let different = pairs.find(|(_, (old, new))| old != new);
    different.map_or_else(
        || "its end on".to_owned(),
        |(number, (old, new))| format!("line {}:\n-{old}\n+{new}", number + 1),
    )
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
