//! Reading Rust sources a little: without comments, without strings, and the paths in them.

/// The text with comments removed and strings emptied; line breaks stay.
pub fn code(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let skipped = comment(rest).or_else(|| string(rest));
        let length = skipped.unwrap_or(c.len_utf8());
        let (taken, tail) = rest.split_at(length);
        if skipped.is_some() {
            out.extend(taken.chars().filter(|&c| c == '\n'));
            out.push(' ');
        } else {
            out.push_str(taken);
        }
        rest = tail;
    }
    out
}

/// The code before its first `#[cfg(test)]` module.
pub fn without_tests(code: &str) -> &str {
    code.split("#[cfg(test)]\nmod ").next().unwrap_or(code)
}

pub fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}

/// What is named after `crate::` and after as many `super::` as lead to the crate's root, groups
/// in braces unfolded: `room::module::…`.
pub fn crate_paths(code: &str, depth: usize) -> Vec<String> {
    let mut paths = Vec::new();
    let root = "super::".repeat(depth);
    for prefix in ["crate::", root.as_str()] {
        for (at, _) in code.match_indices(prefix) {
            let before = code[..at].chars().next_back();
            if !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':') {
                unfold("", &code[at + prefix.len()..], &mut paths);
            }
        }
    }
    paths
}

/// Reads one path, or one group of paths, at the beginning of the text.
fn unfold(prefix: &str, text: &str, paths: &mut Vec<String>) {
    let text = text.trim_start();
    if let Some(group) = text.strip_prefix('{') {
        for item in items(group) {
            unfold(prefix, item, paths);
        }
        return;
    }
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    let path = match (prefix, &text[..end]) {
        (_, "") => return,
        ("", name) => name.to_owned(),
        (prefix, "self") => prefix.to_owned(),
        (prefix, name) => format!("{prefix}::{name}"),
    };
    match text[end..].strip_prefix("::") {
        Some(rest) if rest.trim_start().starts_with(|c: char| c == '{' || c.is_alphabetic()) => {
            unfold(&path, rest, paths);
        }
        _ => paths.push(path),
    }
}

/// The comma-separated items of a group whose opening brace was read.
fn items(group: &str) -> Vec<&str> {
    let (mut level, mut start, mut found) = (0_usize, 0, Vec::new());
    for (at, c) in group.char_indices() {
        match c {
            '{' => level += 1,
            '}' if level == 0 => {
                found.push(&group[start..at]);
                break;
            }
            '}' => level -= 1,
            ',' if level == 0 => {
                found.push(&group[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    found
}

fn comment(text: &str) -> Option<usize> {
    if text.starts_with("//") {
        return Some(text.find('\n').unwrap_or(text.len()));
    }
    if !text.starts_with("/*") {
        return None;
    }
    let (mut level, mut at) = (0, 0);
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with("/*") {
            level += 1;
            at += 2;
        } else if rest.starts_with("*/") {
            level -= 1;
            at += 2;
            if level == 0 {
                return Some(at);
            }
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    Some(text.len())
}

/// A string, a raw string or a character; lifetimes are none.
fn string(text: &str) -> Option<usize> {
    if let Some(raw) = text.strip_prefix('r') {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        let body = raw[hashes..].strip_prefix('"')?;
        let close = format!("\"{}", "#".repeat(hashes));
        let end = body.find(&close).map_or(body.len(), |end| end + close.len());
        return Some(1 + hashes + 1 + end);
    }
    let (quote, body) = match text.chars().next()? {
        '"' => ('"', &text[1..]),
        '\'' if is_character(&text[1..]) => ('\'', &text[1..]),
        _ => return None,
    };
    let mut escaped = false;
    for (at, c) in body.char_indices() {
        if !escaped && c == quote {
            return Some(at + 2);
        }
        escaped = !escaped && c == '\\';
    }
    Some(text.len())
}

fn is_character(body: &str) -> bool {
    let mut chars = body.chars();
    match chars.next() {
        Some('\\') => true,
        Some(_) => chars.next() == Some('\''),
        None => false,
    }
}
