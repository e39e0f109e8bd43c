//! The grammar of POSIX 9.5.3, with glibc's choices where POSIX leaves one.

use std::iter::Peekable;
use std::str::Chars;

use super::{MAX_DEPTH, NoPattern, Node, Set};

use NoPattern::{Invalid, Unsupported};

type Result<T> = std::result::Result<T, NoPattern>;

/// The most repetitions of a repetition.
const MAX_REPEATED: usize = 8;
/// `RE_DUP_MAX`
const MAX_REPEAT: usize = 0x7FFF;

pub fn parse(pattern: &str) -> Result<Node> {
    let mut parser = Parser { rest: pattern.chars().peekable(), depth: 0 };
    let node = parser.alternatives()?;
    match parser.rest.peek() {
        None => Ok(node),
        Some(_) => Err(Invalid("a group ends that did not begin")),
    }
}

struct Parser<'a> {
    rest: Peekable<Chars<'a>>,
    depth: usize,
}

impl Parser<'_> {
    /// `a|b`, each of which may be empty.
    fn alternatives(&mut self) -> Result<Node> {
        let mut branches = vec![self.branch()?];
        while self.rest.next_if_eq(&'|').is_some() {
            branches.push(self.branch()?);
        }
        Ok(if branches.len() == 1 { branches.remove(0) } else { Node::Any(branches) })
    }

    fn branch(&mut self) -> Result<Node> {
        let mut nodes = Vec::new();
        loop {
            match self.rest.peek() {
                None | Some('|') => break,
                // Outside of every group it stands for itself.
                Some(')') if self.depth > 0 => break,
                Some(_) => nodes.push(self.expression()?),
            }
        }
        Ok(Node::All(nodes))
    }

    /// One thing, and how often. Nothing repeats an anchor.
    fn expression(&mut self) -> Result<Node> {
        let node = match self.rest.next() {
            Some('^') => return Ok(Node::Begin),
            Some('$') => return Ok(Node::End),
            Some('*' | '+' | '?' | '{') => return Err(Invalid("there is nothing to repeat")),
            Some('(') => self.group()?,
            Some('[') => Node::One(self.bracket()?),
            Some('.') => Node::One(Set::Any),
            Some('\\') => self.escaped()?,
            Some(c) => Node::One(only(c)),
            None => Node::All(Vec::new()),
        };
        self.repeated(node)
    }

    fn group(&mut self) -> Result<Node> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Unsupported("too many groups are within each other"));
        }
        let node = self.alternatives()?;
        if self.rest.next() != Some(')') {
            return Err(Invalid("a group does not end"));
        }
        self.depth -= 1;
        Ok(node)
    }

    fn escaped(&mut self) -> Result<Node> {
        let word = || vec!['a'..='z', 'A'..='Z', '0'..='9', '_'..='_'];
        let space = || vec!['\t'..='\r', ' '..=' '];
        let (negated, ranges) = match self.rest.next() {
            None => return Err(Invalid("it ends in a backslash")),
            Some('1'..='9') => return Err(Unsupported("it has back-references")),
            Some('b' | 'B' | '<' | '>' | '`' | '\'') => {
                return Err(Unsupported("it has GNU's assertions"));
            }
            Some('w') => (false, word()),
            Some('W') => (true, word()),
            Some('s') => (false, space()),
            Some('S') => (true, space()),
            Some(c) => (false, vec![c..=c]),
        };
        Ok(Node::One(Set::These { negated, ranges }))
    }

    fn repeated(&mut self, mut node: Node) -> Result<Node> {
        let mut times = 0;
        loop {
            let (least, most) = match self.rest.peek() {
                Some('*') => (0, None),
                Some('+') => (1, None),
                Some('?') => (0, Some(1)),
                Some('{') => (1, Some(1)),
                _ => return Ok(node),
            };
            let is_interval = self.rest.next() == Some('{');
            let (least, most) = if is_interval { self.interval()? } else { (least, most) };
            times += 1;
            if times > MAX_REPEATED {
                return Err(Unsupported("too many repetitions are of each other"));
            }
            node = Node::Repeat(Box::new(node), least, most);
        }
    }

    /// `{n}`, `{n,}`, `{n,m}`; GNU's `{,m}` too.
    fn interval(&mut self) -> Result<(usize, Option<usize>)> {
        let wrong = Invalid("an interval is no interval");
        let least = self.number()?;
        let (least, most) = match self.rest.next() {
            Some('}') => (least.ok_or(wrong)?, least),
            Some(',') => {
                let most = self.number()?;
                if self.rest.next() != Some('}') {
                    return Err(wrong);
                }
                (least.unwrap_or(0), most)
            }
            _ => return Err(wrong),
        };
        if most.is_some_and(|most| most < least) {
            return Err(wrong);
        }
        Ok((least, most))
    }

    fn number(&mut self) -> Result<Option<usize>> {
        let mut number = None;
        while let Some(digit) = self.rest.peek().and_then(|c| c.to_digit(10)) {
            self.rest.next();
            let value = number.unwrap_or(0_usize) * 10 + digit as usize;
            if value > MAX_REPEAT {
                return Err(Invalid("an interval is too large"));
            }
            number = Some(value);
        }
        Ok(number)
    }

    /// What stands behind `[`. A backslash is a character like others.
    fn bracket(&mut self) -> Result<Set> {
        let negated = self.rest.next_if_eq(&'^').is_some();
        let mut ranges = Vec::new();
        let mut first = true;
        loop {
            let c = self.rest.next().ok_or(ENDLESS)?;
            match c {
                ']' if !first => break,
                '[' if self.rest.peek() == Some(&':') => {
                    let name = self.named(':')?;
                    ranges.extend(class(&name).ok_or(Invalid("there is no such class"))?);
                    if self.begins_range()? {
                        return Err(Invalid("a range begins with a class"));
                    }
                }
                '-' if !first && self.rest.peek() != Some(&']') => {
                    return Err(Invalid("a range has no beginning"));
                }
                c => {
                    let low = self.element(c)?;
                    let high = if self.begins_range()? { self.range_end()? } else { low };
                    if high < low {
                        return Err(Invalid("a range ends before it begins"));
                    }
                    ranges.push(low..=high);
                }
            }
            first = false;
        }
        Ok(Set::These { negated, ranges })
    }

    /// Whether a `-` follows that is not the last in its bracket; it is taken then.
    fn begins_range(&mut self) -> Result<bool> {
        if self.rest.peek() != Some(&'-') {
            return Ok(false);
        }
        let mut ahead = self.rest.clone();
        ahead.next();
        match ahead.next() {
            None => Err(ENDLESS),
            Some(']') => Ok(false),
            Some(_) => {
                self.rest.next();
                Ok(true)
            }
        }
    }

    fn range_end(&mut self) -> Result<char> {
        let c = self.rest.next().ok_or(ENDLESS)?;
        if c == '[' && self.rest.peek() == Some(&':') {
            return Err(Invalid("a range ends in a class"));
        }
        self.element(c)
    }

    /// A character, or `[.x.]` or `[=x=]` whose first bracket was read. Elements of several
    /// characters are those of locales.
    fn element(&mut self, c: char) -> Result<char> {
        let Some(kind) = self.rest.next_if(|&next| c == '[' && (next == '.' || next == '=')) else {
            return Ok(c);
        };
        let name = self.named_behind(kind)?;
        let mut chars = name.chars();
        match (chars.next(), chars.next()) {
            (Some(c), None) => Ok(c),
            _ => Err(Unsupported("it has collating elements")),
        }
    }

    fn named(&mut self, kind: char) -> Result<String> {
        self.rest.next();
        self.named_behind(kind)
    }

    /// Up to `:]`, `.]` or `=]`.
    fn named_behind(&mut self, kind: char) -> Result<String> {
        let mut name = String::new();
        loop {
            let c = self.rest.next().ok_or(ENDLESS)?;
            if c == kind && self.rest.next_if_eq(&']').is_some() {
                return Ok(name);
            }
            name.push(c);
        }
    }
}

const ENDLESS: NoPattern = Invalid("a bracket does not end");

fn only(c: char) -> Set {
    Set::These { negated: false, ranges: vec![c..=c] }
}

/// Classes of the POSIX locale: what is not ASCII is in none.
fn class(name: &str) -> Option<Vec<std::ops::RangeInclusive<char>>> {
    Some(match name {
        "alpha" => vec!['a'..='z', 'A'..='Z'],
        "digit" => vec!['0'..='9'],
        "alnum" => vec!['a'..='z', 'A'..='Z', '0'..='9'],
        "upper" => vec!['A'..='Z'],
        "lower" => vec!['a'..='z'],
        "space" => vec!['\t'..='\r', ' '..=' '],
        "blank" => vec!['\t'..='\t', ' '..=' '],
        "punct" => vec!['!'..='/', ':'..='@', '['..='`', '{'..='~'],
        "print" => vec![' '..='~'],
        "graph" => vec!['!'..='~'],
        "cntrl" => vec!['\0'..='\u{1F}', '\u{7F}'..='\u{7F}'],
        "xdigit" => vec!['0'..='9', 'a'..='f', 'A'..='F'],
        _ => return None,
    })
}
