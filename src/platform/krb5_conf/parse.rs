//! Lines of a profile: MIT's grammar, which has its own ideas of comments, quotes and braces.

use std::path::PathBuf;

use super::profile::{Place, Section, Value};
use crate::spi::error::Result;

/// Sections within sections; MIT's own files need three.
const MAX_DEPTH: usize = 32;

/// MIT cuts lines at 2047 bytes and reads the rest as a line of its own; nobody can want that.
pub const MAX_LINE: usize = 64 << 10;

/// What a line tells the reader of files to do.
#[derive(Debug, PartialEq, Eq)]
pub enum Directive {
    /// `include FILE`
    Include(PathBuf),
    /// `includedir DIRECTORY`
    IncludeDir(PathBuf),
}

/// The state of one file.
#[derive(Debug, Default)]
pub struct Parser {
    state: State,
    /// The open section and its open subsections.
    open: Vec<Level>,
}

#[derive(Debug, Default, PartialEq, Eq)]
enum State {
    /// Before the first section nothing counts.
    #[default]
    Preamble,
    Lines,
    /// After `TAG =`: the brace must follow.
    Brace,
}

#[derive(Debug)]
struct Level {
    name: String,
    /// False inside a section that was final before it was opened again.
    counts: bool,
}

impl Parser {
    /// Reads one line into the tree.
    pub fn line(
        &mut self,
        root: &mut Section,
        line: &str,
        place: &Place,
    ) -> Result<Option<Directive>> {
        if line.len() > MAX_LINE {
            return Err(place.error(format_args!("longer than {} KiB", MAX_LINE >> 10)));
        }
        if line.contains('\0') {
            return Err(place.error("there is a NUL byte, this is no text"));
        }
        let line = line.trim_end_matches(['\r', '\n']);
        if let Some(directive) = directive(line, place)? {
            return Ok(Some(directive));
        }
        match self.state {
            State::Preamble if is_module(line) => {
                return Err(place.error("names a module, and no module is loaded here"));
            }
            State::Preamble if !line.starts_with('[') => {}
            State::Preamble | State::Lines => {
                self.state = State::Lines;
                self.standard(root, line.trim_start_matches(is_space), place)?;
            }
            State::Brace if line.trim_start_matches(is_space).starts_with('{') => {
                self.state = State::Lines;
            }
            State::Brace => return Err(place.error("a value or an opening brace is missing")),
        }
        Ok(None)
    }

    fn standard(&mut self, root: &mut Section, line: &str, place: &Place) -> Result<()> {
        match line.chars().next() {
            None | Some('#' | ';') => Ok(()),
            Some('[') => self.header(root, line, place),
            Some('}') => self.closing_brace(root, line, place),
            Some(_) => self.relation(root, line, place),
        }
    }

    /// `[NAME]` or `[NAME]*`
    fn header(&mut self, root: &mut Section, line: &str, place: &Place) -> Result<()> {
        if self.open.len() > 1 {
            return Err(
                place.error("a section begins inside a subsection, a closing brace is missing")
            );
        }
        let Some((name, rest)) = line.get(1..).and_then(|rest| rest.split_once(']')) else {
            return Err(place.error("the section's name does not end in ]"));
        };
        let (is_final, rest) = final_mark(rest);
        if !rest.trim_matches(is_space).is_empty() {
            return Err(place.error("something follows the section's name"));
        }
        self.open.clear();
        self.enter(root, name, is_final, place)
    }

    /// `}` or `}*`
    fn closing_brace(&mut self, root: &mut Section, line: &str, place: &Place) -> Result<()> {
        if self.open.len() < 2 {
            return Err(place.error("a closing brace without an opening one"));
        }
        if line.starts_with("}*") {
            self.close(root);
        }
        self.open.pop();
        Ok(())
    }

    /// `TAG = VALUE`, `TAG = {` or `TAG =`
    fn relation(&mut self, root: &mut Section, line: &str, place: &Place) -> Result<()> {
        let Some((tag, value)) = line.split_once('=') else {
            return Err(place.error("neither a section nor `tag = value`"));
        };
        let tag = tag.trim_end_matches(is_space);
        if tag.is_empty() || tag.contains(is_space) {
            return Err(place.error("there must be one word before the ="));
        }
        let (tag, is_final) = tag.split_once('*').map_or((tag, false), |(tag, _)| (tag, true));
        let value = value.trim_start_matches(is_space);
        if value.is_empty() {
            self.state = State::Brace;
            return self.enter(root, tag, is_final, place);
        }
        if value.strip_prefix('{').is_some_and(|rest| rest.trim_matches(is_space).is_empty()) {
            return self.enter(root, tag, is_final, place);
        }
        if self.counts() {
            let value = Value { text: unquoted(value), place: place.clone() };
            root.at(self.path()).add(tag, value, is_final);
        }
        Ok(())
    }

    fn enter(
        &mut self,
        root: &mut Section,
        name: &str,
        is_final: bool,
        place: &Place,
    ) -> Result<()> {
        if self.open.len() >= MAX_DEPTH {
            return Err(place.error(format_args!("more than {MAX_DEPTH} sections within another")));
        }
        let mut counts = self.counts();
        self.open.push(Level { name: name.to_owned(), counts });
        if counts {
            counts = !root.at(self.path()).is_closed();
        }
        if let Some(level) = self.open.last_mut() {
            level.counts = counts;
        }
        if is_final {
            self.close(root);
        }
        Ok(())
    }

    /// What comes later under the open section's name does not count.
    fn close(&self, root: &mut Section) {
        if self.counts() {
            root.at(self.path()).close();
        }
    }

    fn counts(&self) -> bool {
        self.open.last().is_none_or(|level| level.counts)
    }

    fn path(&self) -> impl Iterator<Item = &str> {
        self.open.iter().map(|level| level.name.as_str())
    }
}

/// `include` and `includedir` in column 0. Relative names would depend on where a program runs.
fn directive(line: &str, place: &Place) -> Result<Option<Directive>> {
    let Some((word, rest)) = line.split_once(is_space) else { return Ok(None) };
    let make = match word {
        "include" => Directive::Include,
        "includedir" => Directive::IncludeDir,
        _ => return Ok(None),
    };
    let path = PathBuf::from(rest.trim_matches(is_space));
    if !path.is_absolute() {
        return Err(place.error(format_args!("{word} needs an absolute path")));
    }
    Ok(Some(make(path)))
}

fn is_module(line: &str) -> bool {
    line.strip_prefix("module").is_some_and(|rest| rest.starts_with(is_space))
}

fn final_mark(rest: &str) -> (bool, &str) {
    rest.strip_prefix('*').map_or((false, rest), |rest| (true, rest))
}

/// A value without its blanks; or the content of its quotes, what follows them being nothing.
fn unquoted(value: &str) -> String {
    let Some(quoted) = value.strip_prefix('"') else {
        return value.trim_end_matches(is_space).to_owned();
    };
    let mut text = String::with_capacity(quoted.len());
    let mut chars = quoted.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => break,
            '\\' => text.extend(chars.next().map(|escaped| match escaped {
                'n' => '\n',
                't' => '\t',
                'b' => '\u{8}',
                other => other,
            })),
            other => text.push(other),
        }
    }
    text
}

/// `isspace(3)`.
fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{b}' | '\u{c}')
}
