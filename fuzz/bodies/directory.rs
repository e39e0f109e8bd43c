//! What a server of LDAP says.

use secur32::directory::Sought;
use secur32::spi::directory::NameFormat;
use secur32::wire::ldap::{self, Answer};

/// One message, as it comes.
pub fn ldap_message(data: &[u8]) {
    let length = ldap::message_length(data);
    let Ok(response) = ldap::decode(data) else { return };
    assert_eq!(length.unwrap(), Some(data.len()), "a message of another length was read");
    assert!(response.id >= 0);
    if let Answer::Entry(entry) = response.answer {
        for (kind, values) in &entry.attributes {
            assert!(
                entry.values(kind).len() <= entry.attributes.iter().map(|(_, v)| v.len()).sum()
            );
            // What a server calls an account may be asked for again.
            for name in values.iter().filter_map(|value| str::from_utf8(value).ok()) {
                sought(name);
            }
        }
    }
}

/// Any name, by its look.
pub fn sought(name: &str) {
    for guess in Sought::guesses(name) {
        assert_ne!(guess, Sought::Account(String::new()));
    }
    assert_eq!(Sought::of(name, NameFormat::GivenName), None);
}

/// Genuine answers, as Active Directory writes them.
pub fn samples() -> Vec<super::Sample> {
    let tlv = |tag: u8, contents: &[u8]| {
        [&[tag, 0x84][..], &(contents.len() as u32).to_be_bytes(), contents].concat()
    };
    let message =
        |kind, contents: &[u8]| tlv(0x30, &[&[2, 1, 7][..], &tlv(kind, contents)].concat());
    let attribute =
        |name: &[u8], value: &[u8]| tlv(0x30, &[tlv(4, name), tlv(0x31, &tlv(4, value))].concat());
    let list = [
        attribute(b"canonicalName", b"example.com/In\\/Out/Alice"),
        attribute(b"objectGUID", &[7; 16]),
        attribute(b"sAMAccountName", b"EXAMPLE\\alice"),
    ];
    let entry = [tlv(4, b"CN=Alice,DC=example"), tlv(0x30, &list.concat())].concat();
    let result = b"\x0a\x01\x0e\x04\x00\x04\x03why";
    let bind = [&result[..], b"\x87\x04abcd"].concat();
    let referral = [&result[..], b"\xa3\x08\x04\x06ldap:/"].concat();
    let notice = [&result[..], b"\x8a\x07\x31.2.3.4\x8b\x01x"].concat();
    [
        message(0x64, &entry),
        message(0x61, &bind),
        message(0x65, &referral),
        message(0x73, &tlv(4, b"ldap://x/")),
        message(0x78, &notice),
    ]
    .map(|message| (ldap_message as fn(&[u8]), message))
    .into()
}
