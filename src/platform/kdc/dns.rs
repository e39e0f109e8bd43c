//! Answers of DNS: SRV records (RFC 2782) and the order of the servers, TXT records.

use std::collections::BTreeMap;

/// The type of SRV records.
pub const SRV: u16 = 33;
/// The type of TXT records (RFC 1035 3.3.14).
pub const TXT: u16 = 16;
const CLASS_IN: u16 = 1;
/// RFC 1035 2.3.4
const MAX_NAME: usize = 255;
const MAX_RECORDS: usize = 256;
/// Stands for a byte that no name of a host has.
const NO_HOST: char = '\u{fffd}';

/// One record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Srv {
    /// The lowest is asked first.
    pub priority: u16,
    /// How often, within one priority.
    pub weight: u16,
    /// The server's port.
    pub port: u16,
    /// The server's name without the last dot; empty says that there is no such service.
    pub target: String,
}

/// The SRV records of an answer; `None` when it cannot be read. Names that no host can have are
/// left out.
pub fn read_srv(answer: &[u8]) -> Option<Vec<Srv>> {
    let mut found = records(answer, SRV, srv)?;
    found.retain(|record| !record.target.contains(NO_HOST));
    Some(found)
}

/// The TXT records of an answer, of each its first string; `None` when it cannot be read. What
/// is no printable ASCII is left out.
pub fn read_txt(answer: &[u8]) -> Option<Vec<String>> {
    let mut found = records(answer, TXT, |mut data| {
        let length = usize::from(data.u8()?);
        let text = data.message.get(data.at..data.at.checked_add(length)?)?;
        Some(String::from_utf8_lossy(text).into_owned())
    })?;
    found.retain(|text| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic()));
    Some(found)
}

/// What a reader makes of the data of each record of one type.
fn records<T>(
    answer: &[u8],
    wanted: u16,
    read: impl Fn(Reader<'_>) -> Option<T>,
) -> Option<Vec<T>> {
    let mut reader = Reader { message: answer, at: 4 };
    let questions = reader.u16()?;
    let answers = reader.u16()?;
    reader.at = 12;
    for _ in 0..questions {
        reader.name()?;
        reader.skip(4)?;
    }
    let mut found = Vec::new();
    for _ in 0..answers {
        reader.name()?;
        let (kind, class) = (reader.u16()?, reader.u16()?);
        reader.skip(4)?;
        let length = usize::from(reader.u16()?);
        let end = reader.at.checked_add(length)?;
        if kind == wanted && class == CLASS_IN && found.len() < MAX_RECORDS {
            found.push(read(Reader { message: answer.get(..end)?, at: reader.at })?);
        }
        reader.skip(length)?;
    }
    Some(found)
}

fn srv(mut data: Reader<'_>) -> Option<Srv> {
    let (priority, weight, port) = (data.u16()?, data.u16()?, data.u16()?);
    let target = data.name()?;
    (data.at == data.message.len()).then_some(Srv { priority, weight, port, target })
}

/// Brings the records into the order in which they are asked: by priority, and within one by
/// chance, heavier ones sooner.
pub fn ordered(records: Vec<Srv>, mut random: impl FnMut(u32) -> u32) -> Vec<Srv> {
    let mut by_priority: BTreeMap<u16, Vec<Srv>> = BTreeMap::new();
    for record in records {
        by_priority.entry(record.priority).or_default().push(record);
    }
    let mut ordered = Vec::new();
    for mut group in by_priority.into_values() {
        // Those without weight first, so that they are chosen only when chance says nought.
        group.sort_by_key(|record| record.weight);
        while !group.is_empty() {
            let total: u32 = group.iter().map(|record| u32::from(record.weight)).sum();
            let chosen = random(total);
            let mut sum = 0;
            let at = group.iter().position(|record| {
                sum += u32::from(record.weight);
                sum >= chosen
            });
            ordered.push(group.remove(at.unwrap_or(0)));
        }
    }
    ordered
}

#[derive(Clone)]
struct Reader<'a> {
    message: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn u8(&mut self) -> Option<u8> {
        let byte = *self.message.get(self.at)?;
        self.at = self.at.checked_add(1)?;
        Some(byte)
    }

    fn u16(&mut self) -> Option<u16> {
        Some(u16::from_be_bytes([self.u8()?, self.u8()?]))
    }

    fn skip(&mut self, length: usize) -> Option<()> {
        self.at = self.at.checked_add(length).filter(|&at| at <= self.message.len())?;
        Some(())
    }

    /// A name (RFC 1035 4.1.4). A pointer must lead further back than the one before it: there
    /// are no loops.
    fn name(&mut self) -> Option<String> {
        let mut name = String::new();
        let mut reader = self.clone();
        let (mut limit, mut after) = (self.at, None);
        loop {
            let size = reader.u8()?;
            match size >> 6 {
                0 if size == 0 => break,
                0 => reader.label(size, &mut name)?,
                3 => {
                    let target = usize::from(u16::from_be_bytes([size & 0x3F, reader.u8()?]));
                    after.get_or_insert(reader.at);
                    if target >= limit {
                        return None;
                    }
                    limit = target;
                    reader.at = target;
                }
                _ => return None,
            }
        }
        self.at = after.unwrap_or(reader.at);
        Some(name)
    }

    fn label(&mut self, size: u8, name: &mut String) -> Option<()> {
        let start = self.at;
        self.skip(size.into())?;
        if !name.is_empty() {
            name.push('.');
        }
        let label = self.message.get(start..self.at)?;
        let usual = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        name.extend(label.iter().map(|&byte| if usual(byte) { byte.into() } else { NO_HOST }));
        (name.chars().count() < MAX_NAME).then_some(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// An answer to `_kerberos._udp.R.` with these records; targets are written in full.
    fn answer(records: &[(u16, u16, &[u8])]) -> Vec<u8> {
        let mut message = vec![0x12, 0x34, 0x81, 0x80, 0, 1, 0, records.len() as u8, 0, 0, 0, 0];
        message.extend(b"\x09_kerberos\x04_udp\x01R\0\0\x21\0\x01");
        for (kind, class, data) in records {
            message.extend(b"\xc0\x0c");
            message.extend(kind.to_be_bytes());
            message.extend(class.to_be_bytes());
            message.extend([0, 0, 0, 60]);
            message.extend((data.len() as u16).to_be_bytes());
            message.extend(*data);
        }
        message
    }

    fn record(priority: u16, weight: u16, target: &str) -> Srv {
        Srv { priority, weight, port: 88, target: target.into() }
    }

    #[test]
    fn records_are_read() {
        let message = answer(&[
            (SRV, 1, b"\0\x0a\0\x05\0\x58\x04kdc1\xc0\x1b"),
            (5, 1, b"\x05alias\0"),
            (SRV, 3, b"\0\x0a\0\x05\0\x58\x05chaos\0"),
            (SRV, 1, b"\0\0\0\0\0\0\0"),
            (SRV, 1, b"\0\x01\0\0\x01\x02\x02a\n\0"),
            (SRV, 1, b"\0\x01\0\0\0\x58\x06KDC-_2\x01R\0"),
        ]);
        let records = read_srv(&message).unwrap();
        let nobody = Srv { priority: 0, weight: 0, port: 0, target: String::new() };
        assert_eq!(records, [record(10, 5, "kdc1.R"), nobody, record(1, 0, "KDC-_2.R")]);
    }

    #[test]
    fn answers_that_lie_are_no_answers() {
        let genuine = answer(&[(SRV, 1, b"\0\x0a\0\x05\0\x58\x04kdc1\xc0\x1b")]);
        for length in 0..genuine.len() {
            assert_eq!(read_srv(&genuine[..length]), None, "{length}");
        }
        let long = [
            b"\0\0\0\0\0\x58".to_vec(),
            b"\x3faaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".repeat(4),
            vec![0],
        ]
        .concat();
        let wrong: &[&[u8]] = &[
            b"\0\0\0\0\0\x58\xc0\x3b", // itself
            b"\0\0\0\0\0\x58\xc0\xff", // ahead
            b"\0\0\0\0\0\x58\x80\0",
            b"\0\0\0\0\0\x58\x40",
            b"\0\0\0\0\0\x58\0\0",
            b"\0\0\0\0\0\x58",
            b"\0",
            &long,
        ];
        for data in wrong {
            assert_eq!(read_srv(&answer(&[(SRV, 1, data)])), None, "{data:02x?}");
        }
        let mut questions = genuine.clone();
        questions[4..6].copy_from_slice(&[0xFF, 0xFF]);
        assert_eq!(read_srv(&questions), None);
        let mut answers = genuine;
        answers[6..8].copy_from_slice(&[0xFF, 0xFF]);
        assert_eq!(read_srv(&answers), None);
    }

    #[test]
    fn texts_are_read() {
        let table: &[(&[u8], Option<&[&str]>)] = &[
            (b"\x01R", Some(&["R"])),
            (b"\x01R\x03two", Some(&["R"])),
            (b"\x04R\0\n\xff", Some(&[])),
            (b"\0", Some(&[])),
            (b"\x02R", None),
            (b"", None),
        ];
        for (data, expected) in table {
            let found = read_txt(&answer(&[(TXT, 1, data), (SRV, 1, b"")]));
            let expected = expected.map(|texts| texts.iter().map(|t| (*t).to_owned()).collect());
            assert_eq!(found, expected, "{data:02x?}");
        }
    }

    #[test]
    fn the_order_is_priority_and_then_chance_by_weight() {
        let records =
            vec![record(2, 0, "c"), record(1, 10, "a"), record(1, 90, "b"), record(1, 0, "z")];
        let names = |pick: fn(u32) -> u32| {
            let ordered = ordered(records.clone(), pick);
            ordered.iter().map(|record| record.target.clone()).collect::<String>()
        };
        assert_eq!(names(|_| 0), "zabc");
        assert_eq!(names(|total| total), "bazc");
        assert_eq!(names(|total| total.min(11)), "bazc");
        assert_eq!(names(|total| total.min(10)), "abzc");
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            drop((read_srv(&bytes), read_txt(&bytes)));
        }

        #[test]
        fn no_changed_answer_panics(at in 0_usize..60, byte: u8, length in 0_usize..80) {
            let mut message = answer(&[(SRV, 1, b"\0\x0a\0\x05\0\x58\x04kdc1\xc0\x1b")]);
            let at = at % message.len();
            message[at] = byte;
            message.truncate(length);
            drop(read_srv(&message));
        }

        #[test]
        fn every_record_is_asked_once(weights in prop::collection::vec(any::<(u8, u16)>(), 0..20), chance: u32) {
            let records: Vec<Srv> =
                weights.iter().map(|&(priority, weight)| record(priority.into(), weight, "k")).collect();
            let sorted = ordered(records.clone(), |total| chance.checked_rem(total + 1).unwrap_or(0));
            prop_assert_eq!(sorted.len(), records.len());
            prop_assert!(sorted.is_sorted_by_key(|record| record.priority));
        }
    }
}
