//! Tokens of MIT, round trips, and attacks.

mod attacks;
mod mit;
mod rounds;

use super::*;
use crate::spi::time::FileTime;

pub const ENCTYPES: [Enctype; 5] = [
    Enctype::Aes128CtsHmacSha1,
    Enctype::Aes256CtsHmacSha1,
    Enctype::Aes128CtsHmacSha256,
    Enctype::Aes256CtsHmacSha384,
    Enctype::Rc4Hmac,
];

pub const CONFIDENTIAL: ContextFlags = ContextFlags::CONFIDENTIALITY.union(ContextFlags::INTEGRITY);
pub const STREAM: ContextFlags =
    CONFIDENTIAL.union(ContextFlags::REPLAY_DETECT).union(ContextFlags::SEQUENCE_DETECT);
pub const DCE: ContextFlags = STREAM.union(ContextFlags::DCE_STYLE);

pub fn key(enctype: Enctype) -> Key {
    let bytes: Vec<u8> = (0..enctype.key_length()).map(|n| (n * 5 + 1) as u8).collect();
    Key::new(enctype, &bytes).unwrap()
}

pub fn session(enctype: Enctype, send: u32, receive: u32) -> SessionProtection {
    SessionProtection {
        key: key(enctype),
        acceptor_subkey: true,
        send_sequence: send,
        receive_sequence: receive,
        confounder_seed: Secret::new([send as u8; 32]),
    }
}

pub fn packed(session: &SessionProtection, role: Role, flags: ContextFlags) -> PackedContext {
    PackedContext {
        package: PackageId::Kerberos,
        negotiated: false,
        role,
        flags,
        client_name: "EX\\user".into(),
        client: None,
        server_name: None,
        authority: None,
        client_target: None,
        target_information: Vec::new(),
        start: FileTime(0),
        expiry: FileTime::NEVER,
        password_expiry: FileTime::NEVER,
        logon: None,
        session_key: SecretBytes::default(),
        protection: session.pack(),
        sender: None,
        receiver: None,
    }
}

/// The two ends of a context, whose numbers begin at 100 and 200.
pub fn ends(enctype: Enctype, flags: ContextFlags) -> [MessageProtection; 2] {
    let initiator = packed(&session(enctype, 100, 200), Role::Initiator, flags);
    let acceptor = packed(&session(enctype, 200, 100), Role::Acceptor, flags);
    [open(&initiator).unwrap(), open(&acceptor).unwrap()]
}

/// The text of the tokens' table.
pub fn text(length: usize) -> Vec<u8> {
    (0..length).map(|n| (n * 7 + 3) as u8).collect()
}

/// A message as it goes over the wire, and how much of it is TOKEN.
pub fn seal(end: &mut MessageProtection, qop: Qop, text: &[u8]) -> (Vec<u8>, usize) {
    let (mut data, mut token, mut padding) = (text.to_vec(), [0xEE; 88], [0xEE; 1]);
    let room = end.sizes.security_trailer as usize;
    let parts = &mut [Part::Data(&mut data)];
    let sealed = end.sender.seal(qop, parts, &mut token[..room], &mut padding, 0).unwrap();
    let message = [&token[..sealed.token], &data, &padding[..sealed.padding]].concat();
    (message, sealed.token)
}

pub fn sign(end: &mut MessageProtection, text: &[u8]) -> Vec<u8> {
    let mut token = [0xEE; 40];
    let room = end.sizes.max_signature as usize;
    let used = end.sender.sign(Qop::Default, &[text], &mut token[..room], 0).unwrap();
    token[..used].to_vec()
}

/// Opens a message in one block. What is refused leaves no decrypted text.
pub fn open_stream(end: &mut MessageProtection, message: &[u8]) -> Result<(Vec<u8>, Qop)> {
    let mut stream = message.to_vec();
    let opened = end.receiver.unseal_stream(&mut stream, 0)?;
    Ok((stream[opened.data].to_vec(), opened.qop.unwrap()))
}

/// Opens a message in buffers; `length` is TOKEN's, and the padding is what DCE has none of.
pub fn open_split(
    end: &mut MessageProtection,
    message: &[u8],
    length: usize,
    padding: usize,
) -> Result<(Vec<u8>, Qop)> {
    let mut message = message.to_vec();
    let end_of_data = message.len() - padding;
    let (rest, pad) = message.split_at_mut(end_of_data);
    let (token, data) = rest.split_at_mut(length);
    let qop = end.receiver.unseal(&mut [Part::Data(data)], token, pad, 0)?;
    Ok((data.to_vec(), qop.unwrap()))
}

#[test]
fn a_session_survives_the_journey() {
    for enctype in ENCTYPES {
        let session = session(enctype, u32::MAX, 7);
        let packed = session.pack();
        let again = SessionProtection::unpack(packed.expose()).unwrap();
        assert_eq!(again.pack(), packed);
        assert_eq!((again.key, again.acceptor_subkey), (session.key, true));
        assert_eq!((again.send_sequence, again.receive_sequence), (u32::MAX, 7));
        assert_eq!(again.confounder_seed, session.confounder_seed);
    }
}

#[test]
fn x1_damaged_sessions_and_states_are_refused() {
    let session = session(Enctype::Aes256CtsHmacSha1, 1, 2);
    let bytes = session.pack();
    for length in 0..bytes.expose().len() {
        assert!(SessionProtection::unpack(&bytes.expose()[..length]).is_err(), "{length}");
    }
    for (at, value) in [(0, 2), (1, 2), (2, 17), (2, 3), (3, 1)] {
        let mut damaged = bytes.expose().to_vec();
        damaged[at] = value;
        assert!(SessionProtection::unpack(&damaged).is_err(), "{at}");
    }
    let fresh = || packed(&session, Role::Initiator, STREAM);
    let other = PackedContext { package: PackageId::Ntlm, ..fresh() };
    assert!(open(&other).is_err());
    let half = PackedContext { sender: Some(SecretBytes::new(vec![0; 8])), ..fresh() };
    assert!(open(&half).is_err());
    for (sender, receiver) in [(7, 24), (9, 24), (8, 23), (8, 25), (0, 0)] {
        let damaged = PackedContext {
            sender: Some(SecretBytes::new(vec![0; sender])),
            receiver: Some(SecretBytes::new(vec![0; receiver])),
            ..fresh()
        };
        assert!(open(&damaged).is_err(), "{sender} {receiver}");
    }
}

#[test]
fn sizes_and_algorithms_of_the_table() {
    let table = [
        (28, 76, 128, 15, 17),
        (28, 76, 256, 16, 18),
        (32, 80, 128, 19, 19),
        (40, 88, 256, 20, 20),
        (37, 76, 128, -138_i32, 23),
    ];
    for (enctype, (signature, trailer, bits, checksum, number)) in ENCTYPES.into_iter().zip(table) {
        let [end, _] = ends(enctype, STREAM);
        let sizes = end.sizes;
        assert_eq!((sizes.max_token, sizes.block_size), (48_000, 1));
        assert_eq!((sizes.max_signature, sizes.security_trailer), (signature, trailer));
        assert!(signature <= SIZES.max_signature && trailer <= SIZES.security_trailer);
        let info = end.key_info;
        assert_eq!(info.key_size, bits);
        assert_eq!(info.signature_algorithm.cast_signed(), checksum);
        assert_eq!(info.encrypt_algorithm.cast_signed(), number);
    }
}
