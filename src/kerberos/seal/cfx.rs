//! The tokens of RFC 4121, in the layout of SSPI's buffers ([MS-KILE] 3.4.5.4.1).
//!
//! Sealed, the token is `header ‖ E(confounder ‖ text ‖ filler ‖ header) ‖ tag`, and everything
//! behind the header is turned to the right so far that the text comes last. TOKEN is then
//! `header ‖ E(filler ‖ header) ‖ tag ‖ E(confounder)`, and the text stays where it is. Signed
//! only, TOKEN is `header ‖ checksum`.

use smallvec::SmallVec;
use subtle::ConstantTimeEq;
use zeroize::Zeroize;

use super::header::{HEADER, Origin, Wrap};
use super::rotation::Scattered;
use super::sequence::{Incoming, Outgoing, Width};
use super::{
    INLINE, SessionProtection, Side, altered, data_length, encrypts, malformed, room, wipe,
};
use crate::crypto::confounder::Confounders;
use crate::crypto::kerberos::{CipherKey, Enctype, Key, MacKey, Piece};
use crate::spi::error::{PeerFault, Result};
use crate::spi::flags::ContextFlags;
use crate::spi::message::{MessageReceiver, MessageSender, Opened, Part, Qop, Sealed};
use crate::spi::packed::Role;
use crate::spi::secret::{Secret, SecretBytes};

/// Bytes of a confounder: AES' block.
const CONFOUNDER: usize = 16;
/// `EC` of sealed messages in DCE style: Windows refuses 0 there.
const DCE_FILLER: u16 = 16;

/// Bytes of a MIC token.
pub const fn mic_length(enctype: Enctype) -> usize {
    HEADER + enctype.tag_length()
}

/// The most that TOKEN can be: sealed, in DCE style.
pub const fn longest_wrap(enctype: Enctype) -> usize {
    HEADER + DCE_FILLER as usize + HEADER + enctype.tag_length() + CONFOUNDER
}

/// Both directions, fresh or from their kept states.
pub fn open(
    session: &SessionProtection,
    role: Role,
    flags: ContextFlags,
    states: Option<(&[u8], &[u8])>,
) -> Result<(Box<dyn MessageSender>, Box<dyn MessageReceiver>)> {
    let (ours, theirs) = Side::of(role);
    let (sender, receiver) = states.unzip();
    let sender = Sender {
        direction: Direction::new(session, ours, flags),
        flags,
        numbers: Outgoing::open(session.send_sequence, Width::Bits64, sender)?,
        seed: session.confounder_seed.duplicate(),
        confounders: None,
    };
    let receiver = Receiver {
        direction: Direction::new(session, theirs, flags),
        numbers: Incoming::open(session.receive_sequence, Width::Bits64, flags, receiver)?,
    };
    Ok((Box::new(sender), Box::new(receiver)))
}

/// Key usages (RFC 4121 2).
mod usage {
    use super::Side;

    /// `KG-USAGE-ACCEPTOR-SEAL`, `KG-USAGE-INITIATOR-SEAL`
    pub const fn seal(side: Side) -> u32 {
        match side {
            Side::Acceptor => 22,
            Side::Initiator => 24,
        }
    }

    /// `KG-USAGE-ACCEPTOR-SIGN`, `KG-USAGE-INITIATOR-SIGN`
    pub const fn sign(side: Side) -> u32 {
        match side {
            Side::Acceptor => 23,
            Side::Initiator => 25,
        }
    }
}

/// What both ends of a direction know. Keys are derived for the first message that needs them:
/// many contexts only authenticate.
struct Direction {
    key: Key,
    origin: Origin,
    tag: usize,
    dce_style: bool,
    cipher: Option<CipherKey>,
    /// Of Wrap tokens that are only signed.
    wrap: Option<MacKey>,
    mic: Option<MacKey>,
}

impl Direction {
    fn new(session: &SessionProtection, side: Side, flags: ContextFlags) -> Self {
        Self {
            key: session.key.duplicate(),
            origin: Origin { side, acceptor_subkey: session.acceptor_subkey },
            tag: session.key.enctype().tag_length(),
            dce_style: flags.contains(ContextFlags::DCE_STYLE),
            cipher: None,
            wrap: None,
            mic: None,
        }
    }

    fn cipher(&mut self) -> &CipherKey {
        let (key, side) = (&self.key, self.origin.side);
        self.cipher.get_or_insert_with(|| key.cipher(usage::seal(side)))
    }

    fn wrap(&mut self) -> &MacKey {
        let (key, side) = (&self.key, self.origin.side);
        self.wrap.get_or_insert_with(|| key.mac(usage::seal(side)))
    }

    fn mic(&mut self) -> &MacKey {
        let (key, side) = (&self.key, self.origin.side);
        self.mic.get_or_insert_with(|| key.mac(usage::sign(side)))
    }
}

struct Sender {
    direction: Direction,
    flags: ContextFlags,
    numbers: Outgoing,
    seed: Secret<32>,
    confounders: Option<Confounders>,
}

impl Sender {
    fn confounder(&mut self) -> [u8; CONFOUNDER] {
        let (seed, side) = (&self.seed, self.direction.origin.side);
        let confounders =
            self.confounders.get_or_insert_with(|| Confounders::new(seed, side as u8));
        confounders.block(self.numbers.sent())
    }

    fn seal_parts(&mut self, parts: &mut [Part<'_>], token: &mut [u8]) -> Result<usize> {
        let tag_length = self.direction.tag;
        let extra_count = if self.direction.dce_style { DCE_FILLER } else { 0 };
        let trailer_length = usize::from(extra_count) + HEADER;
        let used = HEADER + trailer_length + tag_length + CONFOUNDER;
        let (header, rest) = room(token, used)?.split_at_mut(HEADER);
        let (trailer, rest) = rest.split_at_mut(trailer_length);
        let (tag, confounder) = rest.split_at_mut(tag_length);

        let number = self.numbers.number();
        let wrap = Wrap { sealed: true, extra_count, rotation: 0, number };
        let (filler, copy) = trailer.split_at_mut(extra_count.into());
        filler.fill(0xFF);
        copy.copy_from_slice(&wrap.encode(self.direction.origin));
        confounder.copy_from_slice(&self.confounder());
        let mut pieces = pieces(confounder, parts, trailer);
        self.direction.cipher().seal(&mut pieces, tag)?;
        // In DCE style the filler is turned too and not counted.
        let wrap = Wrap { rotation: (HEADER + tag_length) as u16, ..wrap };
        header.copy_from_slice(&wrap.encode(self.direction.origin));
        Ok(used)
    }

    fn sign_parts(&mut self, parts: &[Part<'_>], token: &mut [u8]) -> Result<usize> {
        let tag_length = self.direction.tag;
        let used = HEADER + tag_length;
        let (header, checksum) = room(token, used)?.split_at_mut(HEADER);
        let number = self.numbers.number();
        let wrap = Wrap { sealed: false, extra_count: 0, rotation: 0, number };
        let signed = wrap.encode(self.direction.origin);
        self.direction.wrap().compute(covered(parts.iter().map(Part::bytes), &signed), checksum);
        let length = tag_length as u16;
        let wrap = Wrap { extra_count: length, rotation: length, ..wrap };
        header.copy_from_slice(&wrap.encode(self.direction.origin));
        Ok(used)
    }
}

impl MessageSender for Sender {
    fn sign(&mut self, _qop: Qop, parts: &[&[u8]], token: &mut [u8], _seq: u32) -> Result<usize> {
        let used = HEADER + self.direction.tag;
        let (header, checksum) = room(token, used)?.split_at_mut(HEADER);
        let mic = self.direction.origin.mic(self.numbers.number());
        self.direction.mic().compute(covered(parts.iter().copied(), &mic), checksum);
        header.copy_from_slice(&mic);
        self.numbers.advance()?;
        Ok(used)
    }

    fn seal(
        &mut self,
        qop: Qop,
        parts: &mut [Part<'_>],
        token: &mut [u8],
        _padding: &mut [u8],
        _seq: u32,
    ) -> Result<Sealed> {
        let token = if encrypts(qop, self.flags)? {
            self.seal_parts(parts, token)?
        } else {
            self.sign_parts(parts, token)?
        };
        self.numbers.advance()?;
        Ok(Sealed { token, padding: 0 })
    }

    fn save(&self) -> SecretBytes {
        self.numbers.save()
    }
}

struct Receiver {
    direction: Direction,
    numbers: Incoming,
}

impl Receiver {
    /// Decrypts pieces that lie in their order, and believes them if the encrypted header is the
    /// one that came in clear: its EC above all, which says where the text ends.
    fn open_pieces(&mut self, wrap: Wrap, pieces: &mut [Piece<'_>], tag: &[u8]) -> Result<()> {
        self.direction.cipher().open(pieces, tag)?;
        let expected = Wrap { rotation: 0, ..wrap }.encode(self.direction.origin);
        let copy: &[u8] = match pieces.last() {
            Some(Piece::Encrypt(trailer)) => trailer.last_chunk::<HEADER>().ok_or_else(altered)?,
            _ => &[],
        };
        if !bool::from(copy.ct_eq(&expected)) {
            return Err(altered());
        }
        self.numbers.accept(wrap.number)
    }

    fn check<'a>(
        &mut self,
        wrap: Wrap,
        covered: impl Iterator<Item = &'a [u8]>,
        checksum: &[u8],
    ) -> Result<()> {
        if !self.direction.wrap().verify(covered, checksum) {
            return Err(altered());
        }
        self.numbers.accept(wrap.number)
    }

    /// The header as the checksum covers it. EC is the checksum's length, which is known.
    fn signed_header(&self, wrap: Wrap) -> Result<[u8; HEADER]> {
        if usize::from(wrap.extra_count) != self.direction.tag {
            return Err(malformed("the Wrap token's EC is not the length of a checksum"));
        }
        Ok(Wrap { extra_count: 0, rotation: 0, ..wrap }.encode(self.direction.origin))
    }

    /// How far `length` bytes are turned.
    fn turned(&self, wrap: Wrap, length: usize) -> usize {
        let filler = if self.direction.dce_style && wrap.sealed { wrap.extra_count } else { 0 };
        (usize::from(wrap.rotation) + usize::from(filler)).checked_rem(length).unwrap_or(0)
    }

    fn unseal_parts(&mut self, wrap: Wrap, parts: &mut [Part<'_>], rest: &mut [u8]) -> Result<()> {
        let trailer_length = usize::from(wrap.extra_count) + HEADER;
        let in_front = trailer_length + self.direction.tag;
        if rest.len() != in_front + CONFOUNDER {
            return Err(malformed("the TOKEN buffer does not hold what comes before the data"));
        }
        self.turn(wrap, in_front, parts, rest);
        let (trailer, tag) = rest.split_at_mut(trailer_length);
        let (tag, confounder) = tag.split_at_mut(self.direction.tag);
        let opened = self.open_pieces(wrap, &mut pieces(confounder, parts, trailer), tag);
        if opened.is_err() {
            wipe(parts);
            rest.zeroize();
        }
        opened
    }

    fn verify_parts(&mut self, wrap: Wrap, parts: &mut [Part<'_>], rest: &mut [u8]) -> Result<()> {
        let signed = self.signed_header(wrap)?;
        if rest.len() != self.direction.tag {
            return Err(malformed("the TOKEN buffer does not hold what comes before the data"));
        }
        self.turn(wrap, rest.len(), parts, rest);
        self.check(wrap, covered(parts.iter().map(Part::bytes), &signed), rest)
    }

    /// Turns a message that is not turned as ours are.
    fn turn(&self, wrap: Wrap, in_front: usize, parts: &mut [Part<'_>], rest: &mut [u8]) {
        let length = rest.len().saturating_add(data_length(parts));
        let turned = self.turned(wrap, length);
        if turned == in_front.checked_rem(length).unwrap_or(0) {
            return;
        }
        let mut bytes = SmallVec::<[&mut [u8]; INLINE]>::new();
        bytes.push(rest);
        bytes.extend(parts.iter_mut().filter_map(|part| match part {
            Part::Data(data) => Some(&mut **data),
            Part::Signed(_) => None,
        }));
        // To the right by what is lacking; the length, so that nothing becomes negative.
        let amount = in_front.saturating_add(length).saturating_sub(turned);
        Scattered(&mut bytes).rotate_right(amount);
    }

    fn unseal_body(&mut self, wrap: Wrap, body: &mut [u8]) -> Result<(usize, usize)> {
        let trailer_length = usize::from(wrap.extra_count) + HEADER;
        let in_front = trailer_length + self.direction.tag;
        let text_length = body
            .len()
            .checked_sub(in_front + CONFOUNDER)
            .ok_or_else(|| malformed("the Wrap token is cut off"))?;
        let turned = self.turned(wrap, body.len());
        if turned == in_front {
            let (trailer, rest) = body.split_at_mut(trailer_length);
            let (tag, rest) = rest.split_at_mut(self.direction.tag);
            let (confounder, text) = rest.split_at_mut(CONFOUNDER);
            self.open_pieces(wrap, &mut pieces(confounder, &mut [Part::Data(text)], trailer), tag)?;
            return Ok((in_front + CONFOUNDER, text_length));
        }
        body.rotate_left(turned);
        let (confounder, rest) = body.split_at_mut(CONFOUNDER);
        let (text, rest) = rest.split_at_mut(text_length);
        let (trailer, tag) = rest.split_at_mut(trailer_length);
        self.open_pieces(wrap, &mut pieces(confounder, &mut [Part::Data(text)], trailer), tag)?;
        Ok((CONFOUNDER, text_length))
    }

    fn verify_body(&mut self, wrap: Wrap, body: &mut [u8]) -> Result<(usize, usize)> {
        let signed = self.signed_header(wrap)?;
        let tag_length = self.direction.tag;
        let text_length = body
            .len()
            .checked_sub(tag_length)
            .ok_or_else(|| malformed("the Wrap token is cut off"))?;
        let turned = self.turned(wrap, body.len());
        let start = if turned == tag_length {
            tag_length
        } else {
            body.rotate_left(turned);
            0
        };
        let (text, checksum) = if start == 0 {
            body.split_at(text_length)
        } else {
            let (checksum, text) = body.split_at(tag_length);
            (text, checksum)
        };
        self.check(wrap, covered([text].into_iter(), &signed), checksum)?;
        Ok((start, text_length))
    }
}

impl MessageReceiver for Receiver {
    fn verify(&mut self, parts: &[&[u8]], token: &[u8], _seq: u32) -> Result<Option<Qop>> {
        let (header, checksum) =
            token.split_first_chunk().ok_or_else(|| malformed("the MIC token is cut off"))?;
        let number = self.direction.origin.read_mic(header)?;
        if checksum.len() != self.direction.tag {
            return Err(malformed("the MIC token has a wrong length"));
        }
        if !self.direction.mic().verify(covered(parts.iter().copied(), header), checksum) {
            return Err(altered());
        }
        self.numbers.accept(number)?;
        Ok(Some(Qop::Default))
    }

    fn unseal(
        &mut self,
        parts: &mut [Part<'_>],
        token: &mut [u8],
        _padding: &mut [u8],
        _seq: u32,
    ) -> Result<Option<Qop>> {
        let (header, rest) = token.split_first_chunk_mut().ok_or(PeerFault::MalformedToken)?;
        let wrap = Wrap::decode(header, self.direction.origin)?;
        if wrap.sealed {
            self.unseal_parts(wrap, parts, rest)?;
        } else {
            self.verify_parts(wrap, parts, rest)?;
        }
        Ok(Some(qop(wrap)))
    }

    fn unseal_stream(&mut self, stream: &mut [u8], _seq: u32) -> Result<Opened> {
        let (header, body) = stream.split_first_chunk_mut().ok_or(PeerFault::MalformedToken)?;
        let wrap = Wrap::decode(header, self.direction.origin)?;
        let (start, length) = if wrap.sealed {
            let opened = self.unseal_body(wrap, body);
            if opened.is_err() {
                body.zeroize();
            }
            opened?
        } else {
            self.verify_body(wrap, body)?
        };
        let start = HEADER + start;
        Ok(Opened { data: start..start.saturating_add(length), qop: Some(qop(wrap)) })
    }

    fn save(&self) -> SecretBytes {
        self.numbers.save()
    }
}

const fn qop(wrap: Wrap) -> Qop {
    if wrap.sealed { Qop::Default } else { Qop::WrapNoEncrypt }
}

/// What is encrypted, in its order.
fn pieces<'a>(
    confounder: &'a mut [u8],
    parts: &'a mut [Part<'_>],
    trailer: &'a mut [u8],
) -> SmallVec<[Piece<'a>; INLINE]> {
    let mut pieces = SmallVec::new();
    pieces.push(Piece::Encrypt(confounder));
    pieces.extend(parts.iter_mut().map(|part| match part {
        Part::Data(data) => Piece::Encrypt(data),
        Part::Signed(data) => Piece::SignOnly(data),
    }));
    pieces.push(Piece::Encrypt(trailer));
    pieces
}

/// What is signed, in its order.
fn covered<'a>(
    parts: impl Iterator<Item = &'a [u8]>,
    header: &'a [u8; HEADER],
) -> impl Iterator<Item = &'a [u8]> {
    parts.chain([&header[..]])
}
