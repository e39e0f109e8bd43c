//! The tokens of RFC 4757 7: RC4 and HMAC-MD5, each message under keys of its own.
//!
//! A token is a frame, eight bytes that name the algorithms, the encrypted number, a checksum,
//! and in Wrap tokens a confounder, the text and one byte of padding. TOKEN holds what comes
//! before the text, PADDING the last byte. In DCE style nothing is padded, and the frame covers
//! no text.
//!
//! A weakness of the format: the checksum does not cover the number. In a sealed token the text's
//! key depends on it; where nothing is sealed, a changed number is found by the detection of
//! order, or not at all.

use subtle::ConstantTimeEq;
use zeroize::Zeroize;

use super::sequence::{Incoming, Outgoing, Width};
use super::{SessionProtection, Side, altered, data_length, encrypts, malformed, room, wipe};
use crate::crypto::confounder::Confounders;
use crate::crypto::hmac_md5::{HmacMd5Key, hmac_md5};
use crate::crypto::kerberos::Key;
use crate::crypto::md5::Md5;
use crate::crypto::rc4::Rc4;
use crate::spi::error::{CallerFault, Error, LocalFault, PeerFault, Result};
use crate::spi::flags::ContextFlags;
use crate::spi::message::{MessageReceiver, MessageSender, Opened, Part, Qop, Sealed};
use crate::spi::packed::Role;
use crate::spi::secret::{Secret, SecretBytes};
use crate::wire::gss::{self, Header, Mechanism, tok_id};

/// Bytes of a MIC token: the frame, and three times eight.
pub const MIC: usize = 37;
/// The most that TOKEN of a Wrap token can be.
pub const LONGEST_WRAP: usize = 49;

/// Algorithms, number and checksum.
const MIC_BODY: usize = 24;
/// The same and a confounder.
const WRAP_BODY: usize = 32;
/// The padding of a cipher that needs none (RFC 4757 7.3).
const PAD: u8 = 1;

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
        direction: Direction::new(session, ours, flags)?,
        flags,
        numbers: Outgoing::open(session.send_sequence, Width::Bits32, sender)?,
        seed: session.confounder_seed.duplicate(),
        confounders: None,
    };
    let receiver = Receiver {
        direction: Direction::new(session, theirs, flags)?,
        numbers: Incoming::open(session.receive_sequence, Width::Bits32, flags, receiver)?,
    };
    Ok((Box::new(sender), Box::new(receiver)))
}

/// The first eight bytes of a token: `TOK_ID`, `SGN_ALG`, `SEAL_ALG`, filler.
type Algorithms = [u8; 8];

const MIC_ALGORITHMS: Algorithms = algorithms(tok_id::MIC, [0xFF, 0xFF]);
const SEALED: Algorithms = algorithms(tok_id::WRAP, [0x10, 0]);
const SIGNED: Algorithms = algorithms(tok_id::WRAP, [0xFF, 0xFF]);

/// With `SGN_ALG` HMAC, the only one.
const fn algorithms([i0, i1]: [u8; 2], [s0, s1]: [u8; 2]) -> Algorithms {
    [i0, i1, 0x11, 0, s0, s1, 0xFF, 0xFF]
}

/// Microsoft's message types, which enter the checksum.
const WRAP_TYPE: u32 = 13;
const MIC_TYPE: u32 = 15;

/// What both ends of a direction know.
struct Direction {
    key: Secret<16>,
    side: Side,
    dce_style: bool,
    /// Made for the first message: many contexts only authenticate.
    keys: Option<Keys>,
}

/// The keys from which each message's are made.
struct Keys {
    /// `Ksign`
    sign: HmacMd5Key,
    /// `Kseq`, before the checksum
    number: HmacMd5Key,
    /// `Kcrypt`, before the number
    text: HmacMd5Key,
}

impl Keys {
    fn new(key: &Secret<16>) -> Self {
        let local = Secret::new(key.expose().map(|byte| byte ^ 0xF0));
        let derive = |key: &Secret<16>, label: &[u8]| {
            let derived = Secret::new(hmac_md5(key.expose(), &[label]));
            HmacMd5Key::new(derived.expose())
        };
        Self {
            sign: derive(key, b"signaturekey\0"),
            number: derive(key, &[0; 4]),
            text: derive(&local, &[0; 4]),
        }
    }

    /// `SGN_CKSUM` of what was hashed.
    fn checksum(&self, mut pass: Pass) -> [u8; 8] {
        let [c0, c1, c2, c3, c4, c5, c6, c7, ..] = self.sign.mac(&[&pass.hash.finish()]);
        [c0, c1, c2, c3, c4, c5, c6, c7]
    }

    /// `SND_SEQ`, to and from its encrypted form.
    fn crypt_number(&self, checksum: [u8; 8], number: [u8; 8]) -> [u8; 8] {
        let key = Secret::new(self.number.mac(&[&checksum]));
        let mut number = number;
        Rc4::new(key.expose()).apply(&mut number);
        number
    }

    /// The keystream of a message's confounder, text and padding.
    fn stream(&self, number: u32) -> Rc4 {
        let key = Secret::new(self.text.mac(&[&number.to_be_bytes()]));
        Rc4::new(key.expose())
    }
}

/// One way over a message: hashed, and encrypted or decrypted beside that if it has a keystream.
struct Pass {
    hash: Md5,
    stream: Option<Rc4>,
}

impl Pass {
    fn new(message_type: u32, algorithms: Algorithms, stream: Option<Rc4>) -> Self {
        let mut hash = Md5::new();
        hash.update(&message_type.to_le_bytes());
        hash.update(&algorithms);
        Self { hash, stream }
    }

    fn encrypt(&mut self, bytes: &mut [u8]) {
        match &mut self.stream {
            Some(stream) => self.hash.update_and_encrypt(bytes, stream),
            None => self.hash.update(bytes),
        }
    }

    fn decrypt(&mut self, bytes: &mut [u8]) {
        match &mut self.stream {
            Some(stream) => self.hash.decrypt_and_update(bytes, stream),
            None => self.hash.update(bytes),
        }
    }

    fn signed(&mut self, parts: &[&[u8]]) {
        for part in parts {
            self.hash.update(part);
        }
    }

    fn parts(&mut self, parts: &mut [Part<'_>], way: fn(&mut Self, &mut [u8])) {
        for part in parts {
            match part {
                Part::Data(data) => way(self, data),
                Part::Signed(data) => self.hash.update(data),
            }
        }
    }
}

impl Direction {
    fn new(session: &SessionProtection, side: Side, flags: ContextFlags) -> Result<Self> {
        let key: &Key = &session.key;
        let key = key.expose().try_into().map_err(|_| LocalFault::Internal)?;
        let dce_style = flags.contains(ContextFlags::DCE_STYLE);
        Ok(Self { key: Secret::new(key), side, dce_style, keys: None })
    }

    fn keys(&mut self) -> &Keys {
        self.keys.get_or_insert_with(|| Keys::new(&self.key))
    }

    /// `SND_SEQ` in clear: big-endian, then who sends.
    fn plain_number(&self, number: u32) -> [u8; 8] {
        let [n0, n1, n2, n3] = number.to_be_bytes();
        let who = self.filler();
        [n0, n1, n2, n3, who, who, who, who]
    }

    const fn filler(&self) -> u8 {
        match self.side {
            Side::Initiator => 0,
            Side::Acceptor => 0xFF,
        }
    }

    /// The number of a token that came; it is believed when the checksum is.
    fn number(&mut self, token: &Token) -> Result<u32> {
        let [n0, n1, n2, n3, who @ ..] =
            self.keys().crypt_number(token.checksum, token.encrypted_number);
        match who {
            who if who == [self.filler(); 4] => Ok(u32::from_be_bytes([n0, n1, n2, n3])),
            who if who == [!self.filler(); 4] => {
                Err(Error::new(PeerFault::UnexpectedToken, "a message of our own came back"))
            }
            _ => Err(altered()),
        }
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
    fn confounder(&mut self) -> [u8; 8] {
        let (seed, side) = (&self.seed, self.direction.side);
        let confounders =
            self.confounders.get_or_insert_with(|| Confounders::new(seed, side as u8));
        let [c0, c1, c2, c3, c4, c5, c6, c7, ..] = confounders.block(self.numbers.sent());
        [c0, c1, c2, c3, c4, c5, c6, c7]
    }

    /// The number of this message; the mask of its width leaves nothing above.
    fn number(&self) -> u32 {
        self.numbers.number() as u32
    }
}

impl MessageSender for Sender {
    fn sign(&mut self, _qop: Qop, parts: &[&[u8]], token: &mut [u8], _seq: u32) -> Result<usize> {
        let token = room(token, MIC)?;
        let number = self.direction.plain_number(self.number());
        let mut pass = Pass::new(MIC_TYPE, MIC_ALGORITHMS, None);
        pass.signed(parts);
        let keys = self.direction.keys();
        let checksum = keys.checksum(pass);
        let number = keys.crypt_number(checksum, number);
        write(token, MIC_BODY, [MIC_ALGORITHMS, number, checksum].as_flattened())?;
        self.numbers.advance()?;
        Ok(MIC)
    }

    fn seal(
        &mut self,
        qop: Qop,
        parts: &mut [Part<'_>],
        token: &mut [u8],
        padding: &mut [u8],
        _seq: u32,
    ) -> Result<Sealed> {
        let encrypts = encrypts(qop, self.flags)?;
        // A caller without a PADDING buffer gets a token without padding, as on Windows.
        let mut pad = if self.direction.dce_style { None } else { padding.first_mut() };
        let behind = if self.direction.dce_style {
            0
        } else {
            data_length(parts).saturating_add(usize::from(pad.is_some()))
        };
        let covers = WRAP_BODY.saturating_add(behind);
        let used = gss::header_length(Mechanism::Krb5, covers).saturating_add(WRAP_BODY);
        let token = room(token, used)?;

        let algorithms = if encrypts { SEALED } else { SIGNED };
        let mut confounder = self.confounder();
        let (number, plain) = (self.number(), self.direction.plain_number(self.number()));
        let keys = self.direction.keys();
        let stream = encrypts.then(|| keys.stream(number));
        let mut pass = Pass::new(WRAP_TYPE, algorithms, stream);
        pass.encrypt(&mut confounder);
        pass.parts(parts, Pass::encrypt);
        if let Some(pad) = &mut pad {
            **pad = PAD;
            pass.encrypt(std::slice::from_mut(*pad));
        }
        let checksum = keys.checksum(pass);
        let number = keys.crypt_number(checksum, plain);
        write(token, covers, [algorithms, number, checksum, confounder].as_flattened())?;
        self.numbers.advance()?;
        Ok(Sealed { token: used, padding: usize::from(pad.is_some()) })
    }

    fn save(&self) -> SecretBytes {
        self.numbers.save()
    }
}

/// Writes a frame that says that it covers so much, and what comes before the text.
fn write(token: &mut [u8], covers: usize, body: &[u8]) -> Result<()> {
    let place = gss::write_header(Mechanism::Krb5, covers, token)
        .and_then(|length| token.get_mut(length..))
        .and_then(|rest| rest.get_mut(..body.len()))
        .ok_or(CallerFault::BufferTooSmall)?;
    place.copy_from_slice(body);
    Ok(())
}

/// What comes before the text of a token.
struct Token {
    algorithms: Algorithms,
    encrypted_number: [u8; 8],
    checksum: [u8; 8],
    confounder: [u8; 8],
    /// Bytes up to the text.
    length: usize,
    /// Bytes of text and padding that the frame says that it covers.
    behind: Option<usize>,
}

impl Token {
    fn read(bytes: &[u8], body: usize) -> Result<Self> {
        let header = Header::read(bytes)?;
        let length = header.length.saturating_add(body);
        let rest = bytes.get(header.length..length);
        let rest = rest.ok_or_else(|| malformed("the token is cut off"))?;
        let mut chunks = rest.as_chunks().0.iter().copied();
        let mut next = || chunks.next().unwrap_or_default();
        Ok(Self {
            algorithms: next(),
            encrypted_number: next(),
            checksum: next(),
            confounder: next(),
            length,
            behind: header.inner.checked_sub(body),
        })
    }

    /// Whether the text of a Wrap token is encrypted.
    fn sealed(&self) -> Result<bool> {
        match self.algorithms {
            SEALED => Ok(true),
            SIGNED => Ok(false),
            _ => Err(Error::new(PeerFault::UnexpectedToken, "not a Wrap token of RFC 4757")),
        }
    }
}

struct Receiver {
    direction: Direction,
    numbers: Incoming,
}

impl Receiver {
    /// Decrypts and verifies what follows a token. What it decrypts it wipes again on failure.
    fn open_text(
        &mut self,
        token: &mut Token,
        parts: &mut [Part<'_>],
        mut pad: Option<&mut u8>,
    ) -> Result<Qop> {
        let sealed = token.sealed()?;
        let number = self.direction.number(token)?;
        let keys = self.direction.keys();
        let stream = sealed.then(|| keys.stream(number));
        let mut pass = Pass::new(WRAP_TYPE, token.algorithms, stream);
        pass.decrypt(&mut token.confounder);
        pass.parts(parts, Pass::decrypt);
        if let Some(pad) = &mut pad {
            pass.decrypt(std::slice::from_mut(*pad));
        }
        let expected = keys.checksum(pass);
        let result = if !bool::from(expected.ct_eq(&token.checksum)) {
            Err(altered())
        } else if pad.is_some_and(|pad| *pad != PAD) {
            // Only the sender itself can come here: the checksum covers the padding.
            Err(malformed("the Wrap token is not padded with 01"))
        } else {
            self.numbers.accept(number.into())
        };
        if result.is_err() && sealed {
            wipe(parts);
        }
        result?;
        Ok(if sealed { Qop::Default } else { Qop::WrapNoEncrypt })
    }
}

impl MessageReceiver for Receiver {
    fn verify(&mut self, parts: &[&[u8]], token: &[u8], _seq: u32) -> Result<Option<Qop>> {
        let mic = Token::read(token, MIC_BODY)?;
        if mic.algorithms != MIC_ALGORITHMS {
            return Err(Error::new(PeerFault::UnexpectedToken, "not a MIC token of RFC 4757"));
        }
        if mic.behind != Some(0) || mic.length != token.len() {
            return Err(malformed("the MIC token has a wrong length"));
        }
        let number = self.direction.number(&mic)?;
        let mut pass = Pass::new(MIC_TYPE, mic.algorithms, None);
        pass.signed(parts);
        let expected = self.direction.keys().checksum(pass);
        if !bool::from(expected.ct_eq(&mic.checksum)) {
            return Err(altered());
        }
        self.numbers.accept(number.into())?;
        Ok(Some(Qop::Default))
    }

    /// Whether there is padding the frame says: a caller may have a PADDING buffer for a message
    /// that has none. Without one the padding, if it is in DATA, counts as text.
    fn unseal(
        &mut self,
        parts: &mut [Part<'_>],
        token: &mut [u8],
        padding: &mut [u8],
        _seq: u32,
    ) -> Result<Option<Qop>> {
        let mut wrap = Token::read(token, WRAP_BODY)?;
        if wrap.length != token.len() {
            return Err(malformed("the TOKEN buffer does not hold what comes before the data"));
        }
        let text = if self.direction.dce_style { 0 } else { data_length(parts) };
        let pad = padding.first_mut().filter(|_| wrap.behind != Some(text));
        if wrap.behind != Some(text.saturating_add(usize::from(pad.is_some()))) {
            return Err(malformed("the frame of the Wrap token has another length than the token"));
        }
        self.open_text(&mut wrap, parts, pad).map(Some)
    }

    fn unseal_stream(&mut self, stream: &mut [u8], _seq: u32) -> Result<Opened> {
        let mut wrap = Token::read(stream, WRAP_BODY)?;
        let start = wrap.length;
        let rest = stream.get_mut(start..).unwrap_or_default();
        let expected = if self.direction.dce_style { 0 } else { rest.len() };
        if wrap.behind != Some(expected) {
            return Err(malformed("the frame of the Wrap token has another length than the token"));
        }
        let (text, pad) = if self.direction.dce_style {
            (rest, None)
        } else {
            let (pad, text) =
                rest.split_last_mut().ok_or_else(|| malformed("the Wrap token has no padding"))?;
            (text, Some(pad))
        };
        let end = start.saturating_add(text.len());
        let qop = self.open_text(&mut wrap, &mut [Part::Data(text)], pad)?;
        Ok(Opened { data: start..end, qop: Some(qop) })
    }

    fn save(&self) -> SecretBytes {
        self.numbers.save()
    }
}

impl Drop for Token {
    fn drop(&mut self) {
        self.confounder.zeroize();
    }
}
