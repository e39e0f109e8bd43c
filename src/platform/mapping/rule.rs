//! `RULE:[n:format](expression)s/expression/text/g`, one of krb5.conf's `auth_to_local`.
//!
//! Holds: the rule as MIT reads it: left to right, so that what does not apply is not read on.
//! May use: `ere`, `spi`. Must not touch: everything else.

use super::ere::{Effort, Ere, Exhausted, NoPattern};
use super::local_name::without_realm;
use crate::spi::kerberos::Principal;

/// The longest name on the way to a local one, in bytes.
const MAX_NAME: usize = 1024;

/// What a rule makes of a principal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Applied {
    /// This name. Whether the rule looked at the realm: one that did not gives the same name to
    /// principals of all realms.
    Name { name: String, saw_realm: bool },
    /// It is not for this principal: the next one is asked.
    NotForIt,
    /// It cannot be read, or does not end; for people. Nobody else is asked.
    Broken(&'static str),
}

use Applied::{Broken, NotForIt};

/// Applies what stands behind `RULE:`.
pub fn apply(rule: &str, principal: &Principal) -> Applied {
    let applied = selected(rule, principal).and_then(|selected| {
        let mut effort = Effort::usual();
        let rest = matched(selected.rest, &selected.name, &mut effort)?;
        let name = substituted(rest, selected.name, &mut effort)?;
        Ok(Applied::Name { name, saw_realm: selected.saw_realm })
    });
    applied.unwrap_or_else(|other| other)
}

struct Selected<'a> {
    name: String,
    saw_realm: bool,
    rest: &'a str,
}

/// `[n:format]`; without one the name without its realm.
fn selected<'a>(rule: &'a str, principal: &Principal) -> Result<Selected<'a>, Applied> {
    let Some(rest) = rule.strip_prefix('[') else {
        let name = bounded(without_realm(principal))?;
        return Ok(Selected { name, saw_realm: false, rest: rule });
    };
    let (count, rest) = number(rest);
    let (Some(count @ 0..), Some(mut rest)) = (count, rest.strip_prefix(':')) else {
        return Err(Broken("[n:…] does not begin with a number"));
    };
    if usize::try_from(count) != Ok(principal.components.len()) {
        return Err(NotForIt);
    }
    let mut name = String::new();
    let mut saw_realm = false;
    loop {
        let literal = rest.find(['$', ']']).ok_or(Broken("[n:…] does not end"))?;
        let (before, behind) = rest.split_at(literal);
        name.push_str(before);
        if let Some(rest) = behind.strip_prefix(']') {
            return Ok(Selected { name: bounded(name)?, saw_realm, rest });
        }
        let (part, behind) = number(behind.get(1..).unwrap_or_default());
        // MIT takes everything that is not above zero for the realm, and no number for zero.
        let part = part.ok_or(Broken("[n:…] has a number that is too large"))?;
        let text = if let Ok(part @ 1..) = usize::try_from(part) {
            principal.components.get(part - 1)
        } else {
            saw_realm = true;
            Some(&principal.realm)
        };
        name.push_str(text.ok_or(Broken("[n:…] names more components than n"))?);
        rest = behind;
    }
}

/// C's `strtol`: blanks, a sign, digits; 0 and nothing taken when there are none, `None` when it
/// does not fit.
fn number(text: &str) -> (Option<i64>, &str) {
    let digits = text.trim_start_matches(is_space);
    let (negative, digits) = match digits.strip_prefix(['-', '+']) {
        Some(rest) => (digits.starts_with('-'), rest),
        None => (false, digits),
    };
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    let (digits, rest) = digits.split_at(end);
    if digits.is_empty() {
        return (Some(0), text);
    }
    let number = digits.parse().ok();
    (if negative { number.map(|number: i64| -number) } else { number }, rest)
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t'..='\r')
}

/// `(expression)`, which ends at the first `)`: the whole name must be one.
fn matched<'a>(rest: &'a str, name: &str, effort: &mut Effort) -> Result<&'a str, Applied> {
    let Some(rest) = rest.strip_prefix('(') else { return Ok(rest) };
    let (expression, rest) = rest.split_once(')').ok_or(Broken("(…) does not end"))?;
    match pattern(expression)?.is_all_of(name, effort) {
        Ok(true) => Ok(rest),
        Ok(false) => Err(NotForIt),
        Err(Exhausted) => Err(ENDLESS),
    }
}

/// `s/expression/text/` and `s/expression/text/g`, any number of them.
fn substituted(mut rest: &str, mut name: String, effort: &mut Effort) -> Result<String, Applied> {
    while !rest.is_empty() {
        let written = rest.trim_start_matches(is_space).strip_prefix("s/");
        let parts = written.and_then(|written| {
            let (expression, written) = written.split_once('/')?;
            let (text, written) = written.split_once('/')?;
            Some((expression, text, written))
        });
        let (expression, text, behind) = parts.ok_or(Broken("something else than s/…/…/"))?;
        rest = behind.strip_prefix('g').unwrap_or(behind);
        let all = rest.len() < behind.len();
        name = bounded(replaced(&pattern(expression)?, text, all, &name, effort)?)?;
    }
    Ok(name)
}

fn replaced(
    pattern: &Ere,
    by: &str,
    all: bool,
    name: &str,
    effort: &mut Effort,
) -> Result<String, Applied> {
    let mut result = String::new();
    let mut rest = name;
    while let Some((from, to)) = pattern.find(rest, effort).map_err(|Exhausted| ENDLESS)? {
        result.push_str(rest.get(..from).unwrap_or_default());
        result.push_str(by);
        rest = rest.get(to..).unwrap_or_default();
        if !all {
            break;
        }
        // MIT puts the text there for ever.
        if to == 0 {
            return Err(Broken("s/…/…/g replaces nothing by something, without end"));
        }
    }
    result.push_str(rest);
    Ok(result)
}

/// MIT passes rules over whose expressions are none.
fn pattern(text: &str) -> Result<Ere, Applied> {
    Ere::new(text).map_err(|error| match error {
        NoPattern::Invalid(why) => {
            log::warn!("krb5.conf: the expression {text:?} in auth_to_local: {why}");
            NotForIt
        }
        NoPattern::Unsupported(why) => Broken(why),
    })
}

const ENDLESS: Applied = Broken("its expressions take too long on this name");

fn bounded(name: String) -> Result<String, Applied> {
    if name.len() > MAX_NAME { Err(Broken("a name becomes too long")) } else { Ok(name) }
}
