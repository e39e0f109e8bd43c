//! The tree of a profile: sections within sections, and relations with their places.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::sync::Arc;

use crate::spi::error::{Error, LocalFault};

/// What all files say together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Profile {
    /// The top: `[libdefaults]`, `[realms]` and so on are its sections.
    pub root: Section,
}

/// A section or subsection.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Section {
    relations: BTreeMap<String, Relation>,
    sections: BTreeMap<String, Section>,
    /// Marked with `*`: nothing that comes later is added.
    closed: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Relation {
    values: Vec<Value>,
    closed: bool,
}

/// One value of a relation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// What it says.
    pub text: String,
    /// Where.
    pub place: Place,
}

/// A line of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub file: Arc<Path>,
    /// The line, from 1.
    pub line: usize,
}

impl Profile {
    /// The section that lies under these names.
    pub fn section(&self, path: &[&str]) -> Option<&Section> {
        path.iter().try_fold(&self.root, |section, name| section.section(name))
    }
}

impl Section {
    /// A subsection.
    pub fn section(&self, name: &str) -> Option<&Self> {
        self.sections.get(name)
    }

    /// All subsections, by name.
    pub fn sections(&self) -> impl Iterator<Item = (&str, &Self)> {
        self.sections.iter().map(|(name, section)| (name.as_str(), section))
    }

    /// All values of a relation, in their order; none if there is no such relation.
    pub fn values(&self, tag: &str) -> &[Value] {
        self.relations.get(tag).map_or(&[], |relation| &relation.values)
    }

    /// The value of a relation that has one: the first counts.
    pub fn value(&self, tag: &str) -> Option<&Value> {
        self.values(tag).first()
    }

    /// All relations, by tag.
    pub fn relations(&self) -> impl Iterator<Item = (&str, &[Value])> {
        self.relations.iter().map(|(tag, relation)| (tag.as_str(), &relation.values[..]))
    }

    /// Whether later lines are ignored.
    pub(super) fn is_closed(&self) -> bool {
        self.closed
    }

    pub(super) fn close(&mut self) {
        self.closed = true;
    }

    /// Adds a value, unless an earlier one was final.
    pub(super) fn add(&mut self, tag: &str, value: Value, is_final: bool) {
        let relation = self.relations.entry(tag.to_owned()).or_default();
        if !relation.closed {
            relation.values.push(value);
            relation.closed = is_final;
        }
    }

    /// The subsection under these names, made where it is missing.
    pub(super) fn at<'a>(&mut self, path: impl IntoIterator<Item = &'a str>) -> &mut Self {
        path.into_iter()
            .fold(self, |section, name| section.sections.entry(name.to_owned()).or_default())
    }
}

impl Place {
    /// The error of a line that cannot be used.
    pub fn error(&self, what: impl fmt::Display) -> Error {
        Error::new(LocalFault::Configuration, format!("{self}: {what}"))
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} line {}", self.file.display(), self.line)
    }
}
