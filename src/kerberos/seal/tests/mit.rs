//! Tokens that MIT made are opened, and those that have no randomness are made again.

use super::*;

const TABLE: &str = include_str!("mit.txt");

struct Context {
    enctype: Enctype,
    key: Key,
    flags: ContextFlags,
    acceptor_subkey: bool,
    initiator: u32,
    acceptor: u32,
}

struct Line {
    side: Side,
    kind: &'static str,
    place: u32,
    text: Vec<u8>,
    token: Vec<u8>,
}

impl Context {
    fn parse(words: &[&str]) -> Self {
        let &["context", enctype, style, subkey, initiator, acceptor, key] = words else {
            panic!("{words:?}")
        };
        let enctype = Enctype::from_number(enctype.parse().unwrap()).unwrap();
        Self {
            enctype,
            key: Key::new(enctype, &hex(key)).unwrap(),
            flags: if style == "dce" { DCE } else { STREAM },
            acceptor_subkey: subkey == "acceptor-subkey",
            initiator: initiator.parse().unwrap(),
            acceptor: acceptor.parse().unwrap(),
        }
    }

    /// The end of a side, of which the other's message number `place` is due, and its own.
    fn end(&self, side: Side, place: u32) -> MessageProtection {
        let (send, receive, role) = match side {
            Side::Initiator => (self.initiator, self.acceptor, Role::Initiator),
            Side::Acceptor => (self.acceptor, self.initiator, Role::Acceptor),
        };
        let session = SessionProtection {
            key: self.key.duplicate(),
            acceptor_subkey: self.acceptor_subkey,
            send_sequence: send + place,
            receive_sequence: receive + place,
            confounder_seed: Secret::new([1; 32]),
        };
        open(&packed(&session, role, self.flags)).unwrap()
    }

    fn is_dce(&self) -> bool {
        self.flags.contains(ContextFlags::DCE_STYLE)
    }

    /// How much of a token is TOKEN, and how much is PADDING.
    fn split(&self, token: &[u8], sealed: bool) -> (usize, usize) {
        let dce = usize::from(self.is_dce());
        match self.enctype {
            Enctype::Rc4Hmac => {
                (crate::wire::gss::Header::read(token).unwrap().length + 32, 1 - dce)
            }
            aes if sealed => (48 + 16 * dce + aes.tag_length(), 0),
            aes => (16 + aes.tag_length(), 0),
        }
    }
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|n| u8::from_str_radix(&text[n..n + 2], 16).unwrap()).collect()
}

fn lines() -> Vec<(std::rc::Rc<Context>, Line)> {
    let (mut context, mut lines) = (None, Vec::new());
    for line in TABLE.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let words: Vec<&str> = line.split(' ').collect();
        let &[side, kind, place, length, token] = &words[..] else {
            context = Some(std::rc::Rc::new(Context::parse(&words)));
            continue;
        };
        let line = Line {
            side: if side == "initiator" { Side::Initiator } else { Side::Acceptor },
            kind,
            place: place.parse().unwrap(),
            text: text(length.parse().unwrap()),
            token: hex(token),
        };
        lines.push((context.clone().unwrap(), line));
    }
    assert!(lines.len() > 350, "{}", lines.len());
    lines
}

fn other(side: Side) -> Side {
    if side == Side::Initiator { Side::Acceptor } else { Side::Initiator }
}

fn qop_of(kind: &str) -> Qop {
    if kind.ends_with("signed") { Qop::WrapNoEncrypt } else { Qop::Default }
}

#[test]
fn g10_every_token_of_mit_is_opened() {
    for (context, line) in lines() {
        let what = format!("{} {} {} {}", context.enctype, line.kind, line.place, line.text.len());
        let end = || context.end(other(line.side), line.place);
        if line.kind == "mic" {
            let verified = end().receiver.verify(&[&line.text], &line.token, 0);
            assert_eq!(verified.unwrap(), Some(Qop::Default), "{what}");
            continue;
        }
        if line.kind.starts_with("header") {
            assert_eq!(open_header(&context, &line).unwrap(), line.text, "{what}");
            continue;
        }
        let expected = (line.text.clone(), qop_of(line.kind));
        assert_eq!(open_stream(&mut end(), &line.token).unwrap(), expected, "{what}");
        let (length, padding) = context.split(&line.token, expected.1 == Qop::Default);
        let split = open_split(&mut end(), &line.token, length, padding);
        assert_eq!(split.unwrap(), expected, "{what} in buffers");
    }
}

/// Header signing, as DCE/RPC does it.
fn open_header(context: &Context, line: &Line) -> Result<Vec<u8>> {
    let sealed = qop_of(line.kind) == Qop::Default;
    let mut message = line.token.clone();
    let (length, padding) = context.split(&message, sealed);
    let end_of_data = message.len() - padding;
    let (rest, pad) = message.split_at_mut(end_of_data);
    let (token, data) = rest.split_at_mut(length);
    let (one, rest) = data.split_at_mut(24);
    let (two, rest) = rest.split_at_mut(40);
    let (three, rest) = rest.split_at_mut(5);
    let (four, five) = rest.split_at_mut(7);
    let parts = &mut [
        Part::Signed(one),
        Part::Data(two),
        Part::Signed(three),
        Part::Data(four),
        Part::Signed(five),
    ];
    let mut end = context.end(other(line.side), line.place);
    let qop = end.receiver.unseal(parts, token, pad, 0)?;
    assert_eq!(qop, Some(qop_of(line.kind)));
    Ok(data.to_vec())
}

#[test]
fn g10_no_token_of_mit_is_opened_with_another_code() {
    for (context, line) in lines().into_iter().step_by(7) {
        // Nobody vouches for RRC; it counts modulo the length.
        let rotation = if line.token.starts_with(&[5, 4]) { 6..8 } else { 0..0 };
        for byte in (0..line.token.len()).filter(|byte| !rotation.contains(byte)) {
            let mut forged = line.token.clone();
            forged[byte] ^= 0x55;
            let mut end = context.end(other(line.side), line.place);
            let refused = if line.kind == "mic" {
                end.receiver.verify(&[&line.text], &forged, 0).is_err()
            } else {
                open_stream(&mut end, &forged).is_err()
            };
            // Header-signed tokens are not whole streams, which is as good a reason.
            assert!(refused, "{} {} {} byte {byte}", context.enctype, line.kind, line.place);
        }
    }
}

/// Signatures have no randomness, nor has the layout of AES' Wrap tokens.
#[test]
fn our_tokens_are_those_of_mit() {
    for (context, line) in lines() {
        let mut end = context.end(line.side, line.place);
        let rc4 = context.enctype == Enctype::Rc4Hmac;
        match line.kind {
            "mic" => assert_eq!(sign(&mut end, &line.text), line.token),
            "iov-signed" if !rc4 => {
                assert_eq!(seal(&mut end, Qop::WrapNoEncrypt, &line.text).0, line.token);
            }
            "iov" | "iov-signed" | "wrap" if rc4 || line.kind == "iov" => {
                let (token, length) = seal(&mut end, qop_of(line.kind), &line.text);
                assert_eq!(token.len(), line.token.len());
                let same = if rc4 { length - 24 } else { 16 };
                assert_eq!(token[..same], line.token[..same], "{} {}", context.enctype, line.kind);
            }
            _ => {}
        }
    }
}
