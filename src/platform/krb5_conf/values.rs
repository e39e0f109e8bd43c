//! Values of relations: MIT's booleans, numbers and durations.

use std::time::Duration;

use super::profile::{Section, Value};
use crate::spi::error::Result;

/// The first value of a relation, read by one of this module's readers.
pub fn typed<T>(
    section: Option<&Section>,
    tag: &str,
    read: fn(&str) -> Option<T>,
    kind: &str,
) -> Result<Option<T>> {
    let Some(Value { text, place }) = section.and_then(|section| section.value(tag)) else {
        return Ok(None);
    };
    match read(text) {
        Some(value) => Ok(Some(value)),
        None => Err(place.error(format_args!("{tag} is {text:?}, which is no {kind}"))),
    }
}

/// MIT's words for yes and no.
pub fn boolean(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "y" | "yes" | "true" | "t" | "1" | "on" => Some(true),
        "n" | "no" | "false" | "nil" | "0" | "off" => Some(false),
        _ => None,
    }
}

/// A decimal number.
pub fn number(text: &str) -> Option<i64> {
    text.trim().parse().ok()
}

/// A duration as `krb5_string_to_deltat` reads it: `1d2h3m4s` with units in this order, `h:m`,
/// `h:m:s`, `d-h:m:s`, or seconds. What is negative is nothing.
pub fn duration(text: &str) -> Option<Duration> {
    let text = text.trim();
    let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let seconds = clock(text).or_else(|| units(text))?;
    // MIT counts in 32 bits.
    let seconds = i32::try_from(seconds).ok()?.unsigned_abs();
    Some(Duration::from_secs(if negative { 0 } else { seconds.into() }))
}

/// `h:m`, `h:m:s`, `d-h:m:s`
fn clock(text: &str) -> Option<u64> {
    let (days, time) = text.split_once('-').unwrap_or(("0", text));
    let with_days = text.contains('-');
    let mut parts = time.split(':');
    let (hours, minutes) = (parts.next()?, parts.next()?);
    let seconds = match parts.next() {
        Some(seconds) => seconds,
        None if with_days => return None,
        None => "0",
    };
    if parts.next().is_some() {
        return None;
    }
    total([(days, 86_400), (hours, 3600), (minutes, 60), (seconds, 1)])
}

/// `1d2h3m4s`, `90m`, `100`
fn units(text: &str) -> Option<u64> {
    let mut rest = text;
    let mut sum = 0_u64;
    let mut unit_before = u64::MAX;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let (count, after) = rest.split_at_checked(digits)?;
        let mut after = after.chars();
        let unit = match after.next() {
            Some('d') => 86_400,
            Some('h') => 3600,
            Some('m') => 60,
            Some('s') => 1,
            // Bare seconds stand alone.
            None if unit_before == u64::MAX => 1,
            _ => return None,
        };
        if unit >= unit_before {
            return None;
        }
        sum = sum.checked_add(total([(count, unit)])?)?;
        unit_before = unit;
        rest = after.as_str().trim_start();
    }
    (unit_before != u64::MAX).then_some(sum)
}

fn total<const N: usize>(parts: [(&str, u64); N]) -> Option<u64> {
    parts.iter().try_fold(0_u64, |sum, (count, unit)| {
        let is_number = !count.is_empty() && count.bytes().all(|byte| byte.is_ascii_digit());
        let count: u64 = is_number.then(|| count.parse().ok())??;
        sum.checked_add(count.checked_mul(*unit)?)
    })
}
