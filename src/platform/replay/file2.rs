//! MIT's format `file2`: 16 bytes of seed, then tables of 1023, 2048, 4096, … records of 16
//! bytes: a tag and the seconds since 1970, big-endian. A tag's place is SipHash-2-4 of it modulo
//! the size of the table, or the place behind it; behind the last of a table that is the first
//! of the next. (MIT's manual has other moduli; this is what its library does.)

use std::fs::File;
use std::hash::Hasher;
use std::io;
use std::os::unix::fs::FileExt;

use siphasher::sip::SipHasher24;

use crate::spi::kerberos::Freshness;

const SEED: usize = 16;
const TAG: usize = 12;
const RECORD: usize = 16;
const FIRST_TABLE: u64 = 1023;
/// MIT's limit of the whole file.
const MAX_SIZE: u64 = i32::MAX as u64;

/// How long records count.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    /// Seconds since 1970.
    pub now: u32,
    /// The skew that is allowed in either direction.
    pub skew: u32,
}

impl Clock {
    /// What a record written now says. An authenticator may be of a clock that is ahead by the
    /// skew, and is good until the skew has passed behind that: twice the skew from now. MIT
    /// takes a record for the time it says and one skew more.
    const fn stamp(self) -> u32 {
        self.now.saturating_add(self.skew)
    }

    /// Until when a record that somebody wrote must be kept: MIT's say when they were written.
    const fn kept_until(self, stamp: u32) -> u32 {
        stamp.saturating_add(self.skew.saturating_mul(2))
    }
}

/// What became of a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stored {
    /// Whether it was there.
    pub freshness: Freshness,
    /// Until when the record that gave its place up had to be kept; 0 where there was none.
    pub forgotten: u32,
}

/// Looks for a tag and writes it if it is not there. The caller holds the file's lock.
pub fn store(file: &File, tag: &[u8; TAG], clock: Clock) -> io::Result<Stored> {
    let mut seed = read_seed(file)?;
    let mut free = None;
    for table in Tables::new() {
        let offset = table.offset_of(tag, &seed);
        let records = read_pair(file, offset)?;
        if records.iter().any(|record| record.is(tag)) {
            return Ok(Stored { freshness: Freshness::Replayed, forgotten: 0 });
        }
        for (record, place) in records.iter().zip([offset, offset + RECORD as u64]) {
            if free.is_none() && clock.kept_until(record.stamp) < clock.now {
                free = Some((place, clock.kept_until(record.stamp)));
            }
            if free.is_none() && record.stamp == 0 {
                free = Some((place, 0));
            }
        }
        // Had the tag been stored behind an empty record, it would have been stored there.
        if records.iter().any(|record| record.stamp == 0)
            && let Some((place, forgotten)) = free
        {
            write_record(file, place, tag, clock.stamp())?;
            return Ok(Stored { freshness: Freshness::Fresh, forgotten });
        }
        seed[0] = seed[0].wrapping_add(1);
    }
    Err(io::Error::other("it is full"))
}

/// Reads the seed, and makes it in a new file.
fn read_seed(file: &File) -> io::Result<[u8; SEED]> {
    let mut seed = [0; SEED];
    if read_up_to(file, &mut seed, 0)? == SEED {
        return Ok(seed);
    }
    getrandom::fill(&mut seed).map_err(io::Error::other)?;
    file.write_all_at(&seed, 0)?;
    Ok(seed)
}

/// A record; one outside the file is empty.
#[derive(Debug, Clone, Copy)]
struct Record {
    tag: [u8; TAG],
    stamp: u32,
}

impl Record {
    fn is(&self, tag: &[u8; TAG]) -> bool {
        self.stamp != 0 && self.tag == *tag
    }
}

fn read_pair(file: &File, offset: u64) -> io::Result<[Record; 2]> {
    let mut bytes = [0_u8; 2 * RECORD];
    let length = read_up_to(file, &mut bytes, offset)?;
    // Half a record is none.
    let whole = length / RECORD * RECORD;
    bytes.iter_mut().skip(whole).for_each(|byte| *byte = 0);
    let [t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, ta, tb, s0, s1, s2, s3, rest @ ..] = bytes;
    let first = Record {
        tag: [t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, ta, tb],
        stamp: u32::from_be_bytes([s0, s1, s2, s3]),
    };
    let [t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, ta, tb, s0, s1, s2, s3] = rest;
    let second = Record {
        tag: [t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, ta, tb],
        stamp: u32::from_be_bytes([s0, s1, s2, s3]),
    };
    Ok([first, second])
}

fn write_record(file: &File, offset: u64, tag: &[u8; TAG], stamp: u32) -> io::Result<()> {
    let mut record = [0; RECORD];
    for (byte, value) in record.iter_mut().zip(tag.iter().copied().chain(stamp.to_be_bytes())) {
        *byte = value;
    }
    file.write_all_at(&record, offset)
}

/// As many bytes as there are.
fn read_up_to(file: &File, mut bytes: &mut [u8], mut offset: u64) -> io::Result<usize> {
    let wanted = bytes.len();
    while !bytes.is_empty() {
        let count = file.read_at(bytes, offset)?;
        if count == 0 {
            break;
        }
        bytes = bytes.get_mut(count..).unwrap_or_default();
        offset += count as u64;
    }
    Ok(wanted - bytes.len())
}

/// The tables that the largest file has.
struct Tables(Option<Table>);

#[derive(Debug, Clone, Copy)]
struct Table {
    offset: u64,
    records: u64,
}

impl Tables {
    const fn new() -> Self {
        Self(Some(Table { offset: SEED as u64, records: FIRST_TABLE }))
    }
}

impl Iterator for Tables {
    type Item = Table;

    fn next(&mut self) -> Option<Table> {
        let table = self.0?;
        let end = table.offset + table.records * RECORD as u64;
        // 1023 is one less than a power of two; its seed takes the place of one record.
        let records = if table.records == FIRST_TABLE { 2048 } else { table.records * 2 };
        self.0 = (end <= MAX_SIZE).then_some(Table { offset: end, records });
        (end <= MAX_SIZE).then_some(table)
    }
}

impl Table {
    fn offset_of(self, tag: &[u8; TAG], seed: &[u8; SEED]) -> u64 {
        let mut hasher = SipHasher24::new_with_key(seed);
        hasher.write(tag);
        self.offset + hasher.finish() % self.records * RECORD as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_double_and_have_an_end() {
        let tables: Vec<_> = Tables::new().map(|table| (table.offset, table.records)).collect();
        assert_eq!(tables[..3], [(16, 1023), (16_384, 2048), (49_152, 4096)]);
        let (offset, records) = tables[tables.len() - 1];
        assert!(offset + records * 16 <= MAX_SIZE && records * 2 * 16 + offset > MAX_SIZE);
    }

    #[test]
    fn k20_records_outlive_the_skew_in_both_directions() {
        let clock = |now| Clock { now, skew: 300 };
        let written = clock(1000).stamp();
        // The last moment at which an authenticator of 1300 is accepted is 1600. MIT keeps a
        // record for its stamp and one skew.
        assert!(written + 300 >= 1600);
        assert!(clock(1600).kept_until(written) >= 1600);
        // A record that MIT wrote at 1000 is kept as long.
        assert!(clock(1600).kept_until(1000) >= 1600);
        assert_eq!(Clock { now: u32::MAX, skew: u32::MAX }.stamp(), u32::MAX);
    }
}
