//! POSIX extended regular expressions, as krb5.conf's rules have them.
//!
//! Holds: what a pattern is, and where in a text it lies: the leftmost and there the longest, as
//! POSIX says and glibc does. Time grows with pattern times text, whatever they are: an automaton
//! is followed, nothing is tried again. May use: nothing. Must not touch: everything else.
//! Back-references and GNU's assertions (`\b`, `\<`) are not regular, or of no use in names: a
//! pattern with one is told apart from one that is wrong.

mod parse;
mod search;

#[cfg(test)]
mod tests;

use std::ops::RangeInclusive;

pub use search::{Effort, Exhausted};

/// A compiled pattern.
#[derive(Debug, Clone)]
pub struct Ere {
    program: Vec<Step>,
}

/// Why there is no pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoPattern {
    /// It is none in POSIX either: glibc's `regcomp` refuses it.
    Invalid(&'static str),
    /// It may be one, but means what is not offered here, or is too large.
    Unsupported(&'static str),
}

/// The most steps that a pattern may have once its repetitions are written out.
pub const MAX_STEPS: usize = 2000;
/// The most groups within each other.
pub const MAX_DEPTH: usize = 50;

/// A step of the automaton.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    /// A character of this set, then the next step.
    One(Set),
    /// Both ways, without a character.
    Either(usize, usize),
    /// Only here.
    Go(usize),
    /// At the beginning of the text.
    Begin,
    /// At its end.
    End,
    /// The pattern lies here.
    Found,
}

/// Characters.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Set {
    Any,
    These { negated: bool, ranges: Vec<RangeInclusive<char>> },
}

impl Set {
    fn contains(&self, c: char) -> bool {
        match self {
            Self::Any => true,
            Self::These { negated, ranges } => {
                ranges.iter().any(|range| range.contains(&c)) != *negated
            }
        }
    }
}

impl Ere {
    /// Reads a pattern.
    pub fn new(pattern: &str) -> Result<Self, NoPattern> {
        let mut program = Vec::new();
        compile(&parse::parse(pattern)?, &mut program)?;
        push(&mut program, Step::Found)?;
        Ok(Self { program })
    }

    /// Whether the leftmost longest place is the whole text.
    pub fn is_all_of(&self, text: &str, effort: &mut Effort) -> Result<bool, Exhausted> {
        Ok(self.find(text, effort)? == Some((0, text.len())))
    }

    /// The leftmost place and there the longest, in bytes.
    pub fn find(
        &self,
        text: &str,
        effort: &mut Effort,
    ) -> Result<Option<(usize, usize)>, Exhausted> {
        search::find(&self.program, text, effort)
    }
}

/// What a pattern says.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Node {
    One(Set),
    Begin,
    End,
    /// One after the other; none is the empty pattern.
    All(Vec<Node>),
    /// Any of them.
    Any(Vec<Node>),
    /// So often: at least, and at most where there is an end.
    Repeat(Box<Node>, usize, Option<usize>),
}

fn push(program: &mut Vec<Step>, step: Step) -> Result<usize, NoPattern> {
    if program.len() >= MAX_STEPS {
        return Err(NoPattern::Unsupported("it is too large"));
    }
    program.push(step);
    Ok(program.len() - 1)
}

/// Writes a node behind the program; it ends where the program ends.
fn compile(node: &Node, program: &mut Vec<Step>) -> Result<(), NoPattern> {
    match node {
        Node::One(set) => push(program, Step::One(set.clone())).map(drop),
        Node::Begin => push(program, Step::Begin).map(drop),
        Node::End => push(program, Step::End).map(drop),
        Node::All(nodes) => nodes.iter().try_for_each(|node| compile(node, program)),
        Node::Any(branches) => compile_branches(branches, program),
        Node::Repeat(node, least, most) => {
            compile_times(node, *least, program)?;
            match most {
                None => compile_loop(node, program),
                Some(most) => compile_optional(node, most.saturating_sub(*least), program),
            }
        }
    }
}

/// What has no steps is not repeated: it could be repeated without end.
fn compile_times(node: &Node, times: usize, program: &mut Vec<Step>) -> Result<(), NoPattern> {
    for _ in 0..times {
        let before = program.len();
        compile(node, program)?;
        if program.len() == before {
            break;
        }
    }
    Ok(())
}

fn compile_branches(branches: &[Node], program: &mut Vec<Step>) -> Result<(), NoPattern> {
    let Some((last, others)) = branches.split_last() else { return Ok(()) };
    let mut ends = Vec::new();
    for branch in others {
        let fork = push(program, Step::Go(0))?;
        compile(branch, program)?;
        ends.push(push(program, Step::Go(0))?);
        let next = program.len();
        set(program, fork, Step::Either(fork + 1, next));
    }
    compile(last, program)?;
    let behind = program.len();
    for end in ends {
        set(program, end, Step::Go(behind));
    }
    Ok(())
}

fn compile_loop(node: &Node, program: &mut Vec<Step>) -> Result<(), NoPattern> {
    let fork = push(program, Step::Go(0))?;
    compile(node, program)?;
    push(program, Step::Go(fork))?;
    let behind = program.len();
    set(program, fork, Step::Either(fork + 1, behind));
    Ok(())
}

/// Up to so many more.
fn compile_optional(node: &Node, more: usize, program: &mut Vec<Step>) -> Result<(), NoPattern> {
    let mut forks = Vec::new();
    for _ in 0..more {
        forks.push(push(program, Step::Go(0))?);
        compile(node, program)?;
    }
    let behind = program.len();
    for fork in forks {
        set(program, fork, Step::Either(fork + 1, behind));
    }
    Ok(())
}

fn set(program: &mut [Step], at: usize, step: Step) {
    if let Some(place) = program.get_mut(at) {
        *place = step;
    }
}
