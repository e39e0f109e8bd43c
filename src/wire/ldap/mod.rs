//! LDAP (RFC 4511): the requests of a client that binds and searches, and the answers to them.
//!
//! A search is built of values, never of the text form of filters (RFC 4515): nothing in a name
//! can become a part of the question.

mod ber;

use ber::{Reader, Writer, malformed, tag};

use crate::spi::error::Result;

/// No message is longer.
pub const MAX_MESSAGE: usize = 1 << 20;

const VERSION: i32 = 3;
/// `[0]` of `LDAPMessage`
const CONTROLS: u8 = 0xA0;
const BIND_REQUEST: u8 = 0x60;
const BIND_RESPONSE: u8 = 0x61;
const UNBIND_REQUEST: u8 = 0x42;
const SEARCH_REQUEST: u8 = 0x63;
const SEARCH_ENTRY: u8 = 0x64;
const SEARCH_DONE: u8 = 0x65;
const SEARCH_REFERENCE: u8 = 0x73;
const EXTENDED_RESPONSE: u8 = 0x78;
/// `sasl [3]` of `AuthenticationChoice`
const SASL: u8 = 0xA3;
/// `referral [3]` of `LDAPResult`
const REFERRAL: u8 = 0xA3;
/// `serverSaslCreds [7]` of `BindResponse`
const SERVER_CREDENTIALS: u8 = 0x87;
/// `responseName [10]` of `ExtendedResponse`
const RESPONSE_NAME: u8 = 0x8A;

/// `resultCode` (RFC 4511 appendix A).
pub mod result_code {
    /// `success`
    pub const SUCCESS: i32 = 0;
    /// `timeLimitExceeded`
    pub const TIME_LIMIT_EXCEEDED: i32 = 3;
    /// `sizeLimitExceeded`
    pub const SIZE_LIMIT_EXCEEDED: i32 = 4;
    /// `strongerAuthRequired`
    pub const STRONGER_AUTH_REQUIRED: i32 = 8;
    /// `referral`
    pub const REFERRAL: i32 = 10;
    /// `saslBindInProgress`
    pub const SASL_BIND_IN_PROGRESS: i32 = 14;
    /// `noSuchObject`
    pub const NO_SUCH_OBJECT: i32 = 32;
    /// `invalidDNSyntax`
    pub const INVALID_DN_SYNTAX: i32 = 34;
    /// `invalidCredentials`
    pub const INVALID_CREDENTIALS: i32 = 49;
}

/// What a client asks.
#[derive(Debug, Clone, Copy)]
pub enum Request<'a> {
    /// `BindRequest` with `SaslCredentials`. No credentials and empty ones are two things
    /// (RFC 4513 5.2.1.2).
    SaslBind {
        /// The mechanism.
        mechanism: &'a str,
        /// What it says.
        credentials: Option<&'a [u8]>,
    },
    /// `SearchRequest`
    Search(&'a Search<'a>),
    /// `UnbindRequest`
    Unbind,
}

/// A search. Aliases are not followed.
#[derive(Debug, Clone)]
pub struct Search<'a> {
    /// `baseObject`
    pub base: &'a str,
    /// `scope`
    pub scope: Scope,
    /// `sizeLimit`
    pub size_limit: i32,
    /// `timeLimit` in seconds
    pub time_limit: i32,
    /// `filter`
    pub filter: Filter<'a>,
    /// `attributes`
    pub attributes: &'a [&'a str],
}

/// `scope`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Scope {
    /// `baseObject`
    Base = 0,
    /// `singleLevel`
    OneLevel = 1,
    /// `wholeSubtree`
    Subtree = 2,
}

/// `Filter`, as far as it is needed.
#[derive(Debug, Clone)]
pub enum Filter<'a> {
    /// All of them.
    And(Vec<Filter<'a>>),
    /// Any of them.
    Or(Vec<Filter<'a>>),
    /// The attribute has this value.
    Equal(&'a str, &'a [u8]),
    /// The attribute is there.
    Present(&'a str),
}

/// A message of a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// `messageID`; 0 is a notification that nobody asked for.
    pub id: i32,
    /// What it says.
    pub answer: Answer,
}

/// What a server says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// `BindResponse`, with what the SASL mechanism says.
    Bind(Outcome, Option<Vec<u8>>),
    /// `SearchResultEntry`
    Entry(Entry),
    /// `SearchResultReference`: the rest is elsewhere. Nobody goes there, so that nobody reads it.
    Reference,
    /// `SearchResultDone`
    Done(Outcome),
    /// `ExtendedResponse`, with its name.
    Extended(Outcome, Option<String>),
}

/// `LDAPResult`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// `resultCode`
    pub code: i32,
    /// `diagnosticMessage`, for people.
    pub diagnostic: String,
}

/// `SearchResultEntry`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// `objectName`
    pub name: String,
    /// `attributes`: type and values.
    pub attributes: Vec<(String, Vec<Vec<u8>>)>,
}

impl Entry {
    /// The values of an attribute.
    pub fn values(&self, name: &str) -> &[Vec<u8>] {
        let found = self.attributes.iter().find(|(kind, _)| kind.eq_ignore_ascii_case(name));
        found.map_or(&[], |(_, values)| values)
    }
}

/// The bytes of a request.
pub fn encode(id: i32, request: &Request<'_>) -> Vec<u8> {
    let mut message = Writer::default();
    message.nested(tag::SEQUENCE, |message| {
        message.number(tag::INTEGER, id);
        match request {
            Request::SaslBind { mechanism, credentials } => {
                message.nested(BIND_REQUEST, |bind| sasl_bind(bind, mechanism, *credentials));
            }
            Request::Search(search) => {
                message.nested(SEARCH_REQUEST, |out| search_request(out, search));
            }
            Request::Unbind => message.element(UNBIND_REQUEST, &[]),
        }
    });
    message.finish()
}

/// How long the message is that begins with these bytes, as soon as they tell.
pub fn message_length(bytes: &[u8]) -> Result<Option<usize>> {
    if bytes.first().is_some_and(|&first| first != tag::SEQUENCE) {
        return Err(malformed("a message that is no sequence"));
    }
    let Some((_, header, length)) = ber::header(bytes)? else { return Ok(None) };
    let whole = header.saturating_add(length);
    if whole > MAX_MESSAGE {
        return Err(malformed(format!("a message of {whole} bytes")));
    }
    Ok(Some(whole))
}

/// Reads one message, all of it.
pub fn decode(bytes: &[u8]) -> Result<Response> {
    let mut outer = Reader::new(bytes);
    let mut message = outer.nested(tag::SEQUENCE)?;
    outer.end()?;
    let id = message.number(tag::INTEGER)?;
    if id < 0 {
        return Err(malformed("a message with a negative number"));
    }
    let (kind, contents) = message.any()?;
    let answer = answer(kind, Reader::new(contents))?;
    // No control was asked for; one that came all the same says nothing that is needed.
    message.optional(CONTROLS)?;
    message.end()?;
    Ok(Response { id, answer })
}

fn sasl_bind(bind: &mut Writer, mechanism: &str, credentials: Option<&[u8]>) {
    bind.number(tag::INTEGER, VERSION);
    bind.text("");
    bind.nested(SASL, |sasl| {
        sasl.text(mechanism);
        if let Some(credentials) = credentials {
            sasl.element(tag::OCTET_STRING, credentials);
        }
    });
}

fn search_request(out: &mut Writer, search: &Search<'_>) {
    out.text(search.base);
    out.number(tag::ENUMERATED, i32::from(search.scope as u8));
    // derefAliases: neverDerefAliases
    out.number(tag::ENUMERATED, 0);
    out.number(tag::INTEGER, search.size_limit);
    out.number(tag::INTEGER, search.time_limit);
    // typesOnly: FALSE
    out.element(tag::BOOLEAN, &[0]);
    filter(out, &search.filter);
    out.nested(tag::SEQUENCE, |list| {
        for attribute in search.attributes {
            list.text(attribute);
        }
    });
}

fn filter(out: &mut Writer, wanted: &Filter<'_>) {
    match wanted {
        Filter::And(all) => out.nested(0xA0, |out| all.iter().for_each(|one| filter(out, one))),
        Filter::Or(any) => out.nested(0xA1, |out| any.iter().for_each(|one| filter(out, one))),
        Filter::Equal(attribute, value) => out.nested(0xA3, |out| {
            out.text(attribute);
            out.element(tag::OCTET_STRING, value);
        }),
        Filter::Present(attribute) => out.element(0x87, attribute.as_bytes()),
    }
}

fn answer(kind: u8, mut contents: Reader<'_>) -> Result<Answer> {
    match kind {
        BIND_RESPONSE => {
            let outcome = outcome(&mut contents)?;
            let credentials = contents.optional(SERVER_CREDENTIALS)?.map(<[u8]>::to_vec);
            contents.end()?;
            Ok(Answer::Bind(outcome, credentials))
        }
        SEARCH_ENTRY => entry(contents).map(Answer::Entry),
        SEARCH_REFERENCE => Ok(Answer::Reference),
        SEARCH_DONE => {
            let outcome = outcome(&mut contents)?;
            contents.end()?;
            Ok(Answer::Done(outcome))
        }
        EXTENDED_RESPONSE => {
            let outcome = outcome(&mut contents)?;
            let name = contents.optional(RESPONSE_NAME)?;
            Ok(Answer::Extended(outcome, name.map(|n| String::from_utf8_lossy(n).into_owned())))
        }
        other => Err(malformed(format!("an answer of an unknown kind, {other:#04x}"))),
    }
}

fn outcome(contents: &mut Reader<'_>) -> Result<Outcome> {
    let code = contents.number(tag::ENUMERATED)?;
    contents.element(tag::OCTET_STRING)?;
    // For people only: a server may write it in any encoding.
    let diagnostic = String::from_utf8_lossy(contents.element(tag::OCTET_STRING)?).into_owned();
    contents.optional(REFERRAL)?;
    Ok(Outcome { code, diagnostic })
}

fn entry(mut contents: Reader<'_>) -> Result<Entry> {
    let name = contents.text()?;
    let mut list = contents.nested(tag::SEQUENCE)?;
    contents.end()?;
    let mut attributes = Vec::new();
    while !list.is_empty() {
        let mut attribute = list.nested(tag::SEQUENCE)?;
        let kind = attribute.text()?;
        let mut set = attribute.nested(tag::SET)?;
        attribute.end()?;
        let mut values = Vec::new();
        while !set.is_empty() {
            values.push(set.element(tag::OCTET_STRING)?.to_vec());
        }
        attributes.push((kind, values));
    }
    Ok(Entry { name, attributes })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4511's own encoding, done by hand.
    #[test]
    fn a_search_is_written_as_the_document_says() {
        let filter =
            Filter::And(vec![Filter::Equal("a", b"*)("), Filter::Or(vec![Filter::Present("b")])]);
        let search = Search {
            base: "DC=x",
            scope: Scope::Subtree,
            size_limit: 2,
            time_limit: 300,
            filter,
            attributes: &["c", "dd"],
        };
        let expected = b"\x30\x35\x02\x01\x07\x63\x30\x04\x04DC=x\x0a\x01\x02\x0a\x01\x00\
            \x02\x01\x02\x02\x02\x01\x2c\x01\x01\x00\xa0\x0f\xa3\x08\x04\x01a\x04\x03*)(\
            \xa1\x03\x87\x01b\x30\x07\x04\x01c\x04\x02dd";
        let bytes = encode(7, &Request::Search(&search));
        assert_eq!(bytes, expected, "{bytes:02x?}");
        assert_eq!(message_length(&bytes).unwrap(), Some(bytes.len()));
    }

    #[test]
    fn binds_tell_no_credentials_from_empty_ones() {
        let bind = |credentials| encode(1, &Request::SaslBind { mechanism: "GSSAPI", credentials });
        let start = |whole, bind, sasl| {
            [
                b"\x30",
                &[whole][..],
                b"\x02\x01\x01\x60",
                &[bind],
                b"\x02\x01\x03\x04\x00\xa3",
                &[sasl],
                b"\x04\x06GSSAPI",
            ]
            .concat()
        };
        assert_eq!(bind(None), start(20, 15, 8));
        assert_eq!(bind(Some(b"")), [&start(22, 17, 10)[..], b"\x04\x00"].concat());
        assert_eq!(bind(Some(b"x")), [&start(23, 18, 11)[..], b"\x04\x01x"].concat());
        assert_eq!(encode(300, &Request::Unbind), b"\x30\x06\x02\x02\x01\x2c\x42\x00");
    }

    /// As a server of Active Directory writes it: every length of a constructed type in four
    /// octets.
    const ENTRY: &[u8] =
        b"\x30\x84\x00\x00\x00\x29\x02\x01\x03\x64\x84\x00\x00\x00\x20\x04\x04CN=x\
        \x30\x84\x00\x00\x00\x14\x30\x84\x00\x00\x00\x0e\x04\x02cn\x31\x84\x00\x00\x00\x04\
        \x04\x02ab";

    #[test]
    fn answers_are_read() {
        let response = decode(ENTRY).unwrap();
        let Answer::Entry(entry) = response.answer else { panic!("{response:?}") };
        assert_eq!((response.id, &*entry.name), (3, "CN=x"));
        assert_eq!(entry.values("CN"), [b"ab".to_vec()]);
        assert!(entry.values("sn").is_empty());
        let bind = b"\x30\x13\x02\x01\x01\x61\x0e\x0a\x01\x0e\x04\x00\x04\x03abc\x87\x02xy";
        let outcome = Outcome { code: 14, diagnostic: "abc".into() };
        let expected = Answer::Bind(outcome, Some(b"xy".to_vec()));
        assert_eq!(decode(bind).unwrap(), Response { id: 1, answer: expected });
        let done =
            b"\x30\x1a\x02\x01\x02\x65\x15\x0a\x01\x0a\x04\x00\x04\x00\xa3\x0c\x04\x0aldap://x/y";
        let outcome = Outcome { code: 10, diagnostic: String::new() };
        assert_eq!(decode(done).unwrap().answer, Answer::Done(outcome));
    }

    #[test]
    fn d1_d2_every_truncation_and_every_bit_of_a_message_is_answered() {
        for length in 0..ENTRY.len() {
            assert!(decode(&ENTRY[..length]).is_err(), "{length}");
            let known = message_length(&ENTRY[..length]).unwrap();
            assert_eq!(known, (length >= 6).then_some(ENTRY.len()));
        }
        for at in 0..ENTRY.len() {
            for bit in 0..8 {
                let mut mutated = ENTRY.to_vec();
                mutated[at] ^= 1 << bit;
                // Whatever it is: an answer or an error, and never a panic.
                let _ = decode(&mutated);
            }
        }
        let mut longer = ENTRY.to_vec();
        longer.push(0);
        assert!(decode(&longer).is_err());
        assert!(message_length(b"\x31\x00").is_err());
        assert!(message_length(b"\x30\x84\x00\x10\x00\x00").is_err());
        assert!(message_length(b"\x30\x80").is_err());
    }
}
