//! The automaton, all of whose ways are followed at once.

use super::{Set, Step};

/// How much work may still be done, in steps of automata.
#[derive(Debug)]
pub struct Effort(u64);

impl Effort {
    /// Enough for any pattern that means something, and little time.
    pub const fn usual() -> Self {
        Self(20_000_000)
    }

    /// Counts one step.
    fn step(&mut self) -> Result<(), Exhausted> {
        self.0 = self.0.checked_sub(1).ok_or(Exhausted)?;
        Ok(())
    }
}

/// The effort is at its end before the search is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exhausted;

/// A way through the automaton: the step that is next, and where in the text it began.
type Way = (usize, usize);

pub fn find(
    program: &[Step],
    text: &str,
    effort: &mut Effort,
) -> Result<Option<(usize, usize)>, Exhausted> {
    let mut search =
        Search { program, length: text.len(), seen: vec![usize::MAX; program.len()], found: None };
    let mut ways: Vec<Way> = Vec::new();
    let ends = [(text.len(), None)];
    let places = text.char_indices().map(|(at, c)| (at, Some(c))).chain(ends);
    for (at, c) in places {
        // Ways that began earlier come first, and hide later ones at the same step.
        if search.found.is_none() {
            ways.push((0, at));
        }
        let here = search.closure(&ways, at, effort)?;
        let Some(c) = c else { break };
        ways.clear();
        for (step, start) in here {
            if let Some(Step::One(set)) = program.get(step)
                && Set::contains(set, c)
            {
                ways.push((step + 1, start));
            }
        }
        if ways.is_empty() && search.found.is_some() {
            break;
        }
    }
    Ok(search.found)
}

struct Search<'a> {
    program: &'a [Step],
    length: usize,
    /// The place at which a step was last reached.
    seen: Vec<usize>,
    found: Option<(usize, usize)>,
}

impl Search<'_> {
    /// The steps with a character that these ways lead to at a place of the text, the earliest
    /// beginnings first.
    fn closure(
        &mut self,
        ways: &[Way],
        at: usize,
        effort: &mut Effort,
    ) -> Result<Vec<Way>, Exhausted> {
        let mut here = Vec::with_capacity(ways.len());
        let mut open = Vec::new();
        for &(first, start) in ways {
            if self.found.is_some_and(|(leftmost, _)| start > leftmost) {
                break;
            }
            open.push(first);
            while let Some(step) = open.pop() {
                effort.step()?;
                let Some(seen) = self.seen.get_mut(step).filter(|seen| **seen != at) else {
                    continue;
                };
                *seen = at;
                match self.program.get(step) {
                    Some(Step::One(_)) => here.push((step, start)),
                    Some(Step::Either(one, other)) => open.extend([*other, *one]),
                    Some(Step::Go(next)) => open.push(*next),
                    Some(Step::Begin) if at == 0 => open.push(step + 1),
                    Some(Step::End) if at == self.length => open.push(step + 1),
                    Some(Step::Found) => self.found = Some((start, at)),
                    _ => {}
                }
            }
        }
        Ok(here)
    }
}
