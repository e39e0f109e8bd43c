//! Keytab files, version 2 (`05 02`): what ktutil writes, and what a packed credential of type
//! `SEC_WINNT_AUTH_DATA_TYPE_KEYTAB` holds.

use super::octets::{FormatError, MAX_FILE, Octets, Result, text};
use crate::spi::kerberos::{KeyBlock, KeytabEntry, Principal};
use crate::spi::secret::SecretBytes;

const VERSION: [u8; 2] = [5, 2];

/// All entries. Those that name no principal in text or hold no key are left out; a size that
/// points outside the file is an error.
pub fn decode_keytab(bytes: &[u8]) -> Result<Vec<KeytabEntry>> {
    let mut octets = Octets::new(bytes);
    match octets.array()? {
        VERSION => {}
        [5, 1] => {
            let story = "it is a keytab of version 1, in the byte order of its writer's machine";
            return Err(FormatError::Malformed(story));
        }
        _ => return Err(FormatError::Malformed("it is no keytab: the first bytes are not 05 02")),
    }
    let mut entries = Vec::new();
    while let Some(record) = next_record(&mut octets)? {
        entries.extend(decode_entry(record)?);
    }
    Ok(entries)
}

/// A keytab with these entries.
pub fn encode_keytab(entries: &[KeytabEntry]) -> Result<SecretBytes> {
    // Sized first, so that no growth leaves an unwiped copy behind.
    let size = entries.iter().try_fold(VERSION.len(), |size, entry| {
        size.checked_add(4)?.checked_add(entry_length(entry)?)
    });
    let mut out = Vec::with_capacity(size.ok_or(TOO_LONG)?);
    out.extend_from_slice(&VERSION);
    for entry in entries {
        let size = entry_length(entry).and_then(|size| i32::try_from(size).ok());
        out.extend_from_slice(&size.ok_or(TOO_LONG)?.to_be_bytes());
        encode_entry(&mut out, entry)?;
    }
    Ok(SecretBytes::new(out))
}

const TOO_LONG: FormatError = FormatError::Malformed("a name or key is too long for a keytab");

/// The next entry that is not a hole. A size of 0, or the end of the file, ends the list: a
/// writer sets the size last.
fn next_record<'a>(octets: &mut Octets<'a>) -> Result<Option<&'a [u8]>> {
    while !octets.rest().is_empty() {
        let size = octets.i32()?;
        let length = size.unsigned_abs() as usize;
        if size == i32::MIN || length > MAX_FILE {
            return Err(FormatError::Malformed("an entry is larger than any keytab"));
        }
        if size == 0 {
            return Ok(None);
        }
        let record = octets.take(length)?;
        if size > 0 {
            return Ok(Some(record));
        }
    }
    Ok(None)
}

fn decode_entry(record: &[u8]) -> Result<Option<KeytabEntry>> {
    let mut octets = Octets::new(record);
    let count = octets.u16()?;
    let realm = text(octets.short_counted()?);
    let mut components = Vec::new();
    for _ in 0..count {
        components.push(text(octets.short_counted()?));
    }
    let name_type = octets.i32()?;
    let timestamp = octets.u32()?;
    let short_kvno = octets.u8()?;
    let enctype = i32::from(octets.i16()?);
    let value = octets.short_counted()?;
    let kvno = wide_kvno(&mut octets).unwrap_or(u32::from(short_kvno));
    let components: Option<Vec<String>> = components.into_iter().collect();
    let (Some(realm), Some(components)) = (realm, components) else { return Ok(None) };
    if components.is_empty() || value.is_empty() {
        return Ok(None);
    }
    let principal = Principal { name_type, components, realm };
    let key = KeyBlock { enctype, value: SecretBytes::new(value.to_vec()) };
    Ok(Some(KeytabEntry { principal, timestamp, kvno, key }))
}

/// The 32-bit version behind the key, if there is room for one and it is no padding.
fn wide_kvno(octets: &mut Octets<'_>) -> Option<u32> {
    octets.u32().ok().filter(|&kvno| kvno != 0)
}

fn encode_entry(out: &mut Vec<u8>, entry: &KeytabEntry) -> Result<()> {
    let principal = &entry.principal;
    let count = u16::try_from(principal.components.len()).map_err(|_| TOO_LONG)?;
    out.extend_from_slice(&count.to_be_bytes());
    put_short(out, principal.realm.as_bytes())?;
    for component in &principal.components {
        put_short(out, component.as_bytes())?;
    }
    out.extend_from_slice(&principal.name_type.to_be_bytes());
    out.extend_from_slice(&entry.timestamp.to_be_bytes());
    let [.., low] = entry.kvno.to_be_bytes();
    out.push(low);
    let enctype = i16::try_from(entry.key.enctype)
        .map_err(|_| FormatError::Malformed("an enctype that files cannot hold"))?;
    out.extend_from_slice(&enctype.to_be_bytes());
    put_short(out, entry.key.value.expose())?;
    out.extend_from_slice(&entry.kvno.to_be_bytes());
    Ok(())
}

fn put_short(out: &mut Vec<u8>, bytes: &[u8]) -> Result<()> {
    let length = u16::try_from(bytes.len()).map_err(|_| TOO_LONG)?;
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(bytes);
    Ok(())
}

fn entry_length(entry: &KeytabEntry) -> Option<usize> {
    let names = entry.principal.components.iter().map(String::len);
    let names = names.chain([entry.principal.realm.len(), entry.key.value.expose().len()]);
    // Each name and the key have a length of two bytes before them.
    let fixed = 2 + 4 + 4 + 1 + 2 + 4;
    names
        .map(|length| length.checked_add(2))
        .try_fold(fixed, |sum: usize, length| sum.checked_add(length?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(kvno: u32) -> KeytabEntry {
        KeytabEntry {
            principal: Principal {
                name_type: 1,
                components: vec!["host".into(), "a.example".into()],
                realm: "R".into(),
            },
            timestamp: 0x6000_0000,
            kvno,
            key: KeyBlock { enctype: 17, value: SecretBytes::new(vec![7; 16]) },
        }
    }

    fn keytab(records: &[&[u8]]) -> Vec<u8> {
        let mut file = VERSION.to_vec();
        for record in records {
            file.extend_from_slice(&i32::try_from(record.len()).unwrap().to_be_bytes());
            file.extend_from_slice(record);
        }
        file
    }

    fn record(kvno: u32) -> Vec<u8> {
        let mut out = Vec::new();
        encode_entry(&mut out, &entry(kvno)).unwrap();
        out
    }

    #[test]
    fn what_is_written_is_read() {
        let entries = [entry(3), entry(300), entry(0)];
        let file = encode_keytab(&entries).unwrap();
        assert_eq!(decode_keytab(file.expose()).unwrap(), entries);
    }

    #[test]
    fn holes_and_padding_are_passed_over() {
        let mut file = VERSION.to_vec();
        file.extend_from_slice(&(-5_i32).to_be_bytes());
        file.extend_from_slice(&[0xEE; 5]);
        let padded = [record(2), vec![0; 9]].concat();
        file.extend_from_slice(&keytab(&[&padded])[2..]);
        file.extend_from_slice(&[0; 4]);
        file.extend_from_slice(b"behind the end");
        assert_eq!(decode_keytab(&file).unwrap(), [entry(2)]);
    }

    #[test]
    fn the_wide_version_counts_where_there_is_one() {
        let full = record(300);
        let (short, zero) = (&full[..full.len() - 4], [&full[..full.len() - 4], &[0; 4]].concat());
        let low = 300 % 256;
        for (record, kvno) in [(&full[..], 300), (short, low), (&zero[..], low)] {
            assert_eq!(decode_keytab(&keytab(&[record])).unwrap()[0].kvno, kvno);
        }
    }

    #[test]
    fn entries_without_name_or_key_are_left_out() {
        let mut nameless = record(1);
        let latin1 = nameless.iter().position(|&byte| byte == b'h').unwrap();
        nameless[latin1] = 0xE4;
        let nobody = [&[0; 2][..], &[0, 1, b'R'], &[0; 8], &[1, 0, 17, 0, 1, 9]].concat();
        let file = keytab(&[&nameless, &nobody, &record(1)]);
        assert_eq!(decode_keytab(&file).unwrap(), [entry(1)]);
    }

    #[test]
    fn l2_keytabs_that_lie_about_sizes_are_refused() {
        let good = keytab(&[&record(1)]);
        for size in [i32::MIN, i32::MAX, i32::MIN + 1, -1000, 1000, 1, 20] {
            let mut file = good.clone();
            file[2..6].copy_from_slice(&size.to_be_bytes());
            assert!(decode_keytab(&file).is_err(), "entry of {size}");
        }
        for (at, what) in [(6, "components"), (8, "realm"), (11, "component")] {
            let mut file = good.clone();
            file[at..at + 2].copy_from_slice(&[0xFF, 0xFF]);
            assert!(decode_keytab(&file).is_err(), "{what}");
        }
    }

    #[test]
    fn l2_every_truncation_of_a_keytab_is_refused() {
        let file = keytab(&[&record(1), &record(2)]);
        let first = 2 + 4 + record(1).len();
        for length in 0..file.len() {
            let cut = decode_keytab(&file[..length]);
            // Cut between entries it is a shorter keytab.
            let whole = [2, first].contains(&length);
            assert_eq!(cut.is_ok(), whole, "{length} bytes");
        }
    }

    #[test]
    fn l2_other_versions_of_keytabs_are_named() {
        for version in [[5, 1], [5, 3], [5, 0], [2, 5], [0, 0]] {
            let error = decode_keytab(&[&version[..], &keytab(&[])[2..]].concat()).unwrap_err();
            let FormatError::Malformed(story) = error else { panic!("{error}") };
            assert!(story.contains("version 1") == (version == [5, 1]), "{story}");
        }
    }
}
