//! `KerberosTime` (RFC 4120 5.2.3): `YYYYMMDDhhmmssZ`, the years 0 to 9999.

use der::{ErrorKind, Reader as _, Tag};

use super::{Asn1, Reader, Writer};
use crate::spi::kerberos::KerberosTime;

const DAY: i64 = 86_400;
/// 00000101000000Z and 99991231235959Z.
const FIRST: i64 = -62_167_219_200;
const LAST: i64 = 253_402_300_799;

impl Asn1 for KerberosTime {
    type Value = Self;
    const TAG: u8 = 0x18;

    fn read(contents: &mut Reader<'_>) -> der::Result<Self> {
        let text = contents.read_slice(contents.remaining_len())?;
        parse(text).ok_or_else(|| contents.error(ErrorKind::Value { tag: Tag::GeneralizedTime }))
    }

    fn write(value: &Self, out: &mut Writer) {
        out.bytes(&format(*value));
    }
}

fn parse(text: &[u8]) -> Option<KerberosTime> {
    let (b'Z', digits) = text.split_last()? else { return None };
    let digits: &[u8; 14] = digits.try_into().ok()?;
    if !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let number = |range: std::ops::Range<usize>| {
        let digits = digits.iter().skip(range.start).take(range.len());
        digits.fold(0, |number, digit| number * 10 + i64::from(digit & 0x0F))
    };
    let (year, month, day) = (number(0..4), number(4..6), number(6..8));
    let (hour, minute, second) = (number(8..10), number(10..12), number(12..14));
    let days = days_of(year, month, day);
    // The calendar says which days there are.
    let there = (1..=12).contains(&month) && date_of(days) == (year, month, day);
    (there && hour < 24 && minute < 60 && second < 60)
        .then(|| KerberosTime(days * DAY + hour * 3600 + minute * 60 + second))
}

/// The notation; times outside it are the first or the last.
fn format(time: KerberosTime) -> [u8; 15] {
    let seconds = time.0.clamp(FIRST, LAST);
    let (year, month, day) = date_of(seconds.div_euclid(DAY));
    let second = seconds.rem_euclid(DAY);
    let fields = [year / 100, year % 100, month, day, second / 3600, second / 60 % 60, second % 60];
    let mut text = [b'Z'; 15];
    for (place, field) in text.as_chunks_mut::<2>().0.iter_mut().zip(fields) {
        *place = [digit(field / 10), digit(field % 10)];
    }
    text
}

fn digit(number: i64) -> u8 {
    b'0' + (number.unsigned_abs() % 10) as u8
}

/// Days since 1970 of a date of the Gregorian calendar; years begin in March, so that the leap
/// day is their last.
fn days_of(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + day_of_year - 719_468
}

/// The date of a day since 1970.
fn date_of(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let leaps = day_of_era / 1_460 - day_of_era / 36_524 + day_of_era / 146_096;
    let of_era = (day_of_era - leaps) / 365;
    let day_of_year = day_of_era - (365 * of_era + of_era / 4 - of_era / 100);
    let march = (5 * day_of_year + 2) / 153;
    let (month, day) = ((march + 2) % 12 + 1, day_of_year - (153 * march + 2) / 5 + 1);
    let year = era * 400 + of_era + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notation_and_seconds() {
        for (text, seconds) in [
            (b"19700101000000Z", 0),
            (b"19691231235959Z", -1),
            (b"20000229123456Z", 951_827_696),
            (b"20380119031408Z", 1 << 31),
            (b"21060207062816Z", 1 << 32),
            (b"21000301000000Z", 4_107_542_400),
            (b"00000101000000Z", FIRST),
            (b"99991231235959Z", LAST),
        ] {
            assert_eq!(parse(text), Some(KerberosTime(seconds)));
            assert_eq!(&format(KerberosTime(seconds)), text);
        }
        assert_eq!(&format(KerberosTime(i64::MIN)), b"00000101000000Z");
        assert_eq!(&format(KerberosTime(i64::MAX)), b"99991231235959Z");
    }

    #[test]
    fn every_day_of_the_calendar_makes_the_round() {
        for day in FIRST / DAY..=LAST / DAY {
            let (year, month, date) = date_of(day);
            assert_eq!(days_of(year, month, date), day);
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            &b""[..],
            b"Z",
            b"20260101000000",
            b"20260101000000+",
            b"20260101000000.5Z",
            b"20260001000000Z",
            b"20261301000000Z",
            b"20260100000000Z",
            b"20260229000000Z",
            b"20260431000000Z",
            b"20260101240000Z",
            b"20260101006000Z",
            b"20260101000060Z",
            b"2026010100000 Z",
            b"2026010100000:Z",
            b"-0260101000000Z",
        ] {
            assert_eq!(parse(text), None, "{}", String::from_utf8_lossy(text));
        }
    }
}
