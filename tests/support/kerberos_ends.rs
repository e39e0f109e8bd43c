//! The two ends of Kerberos contexts as a handshake packs them, without a handshake.
#![allow(dead_code, reason = "each test program uses its part")]

use secur32::crypto::kerberos::{Enctype, Key};
use secur32::kerberos::seal::SessionProtection;
use secur32::spi::flags::ContextFlags;
use secur32::spi::package::PackageId;
use secur32::spi::packed::{PackedContext, Role};
use secur32::spi::secret::{Secret, SecretBytes};
use secur32::spi::time::FileTime;

pub const ENCTYPES: [Enctype; 5] = [
    Enctype::Aes128CtsHmacSha1,
    Enctype::Aes256CtsHmacSha1,
    Enctype::Aes128CtsHmacSha256,
    Enctype::Aes256CtsHmacSha384,
    Enctype::Rc4Hmac,
];

/// What most callers ask for.
pub const USUAL: ContextFlags = ContextFlags::CONFIDENTIALITY
    .union(ContextFlags::INTEGRITY)
    .union(ContextFlags::REPLAY_DETECT)
    .union(ContextFlags::SEQUENCE_DETECT);

/// Initiator and acceptor.
pub fn ends(enctype: Enctype, flags: ContextFlags) -> [PackedContext; 2] {
    [
        end(enctype, Role::Initiator, flags, 1000, 2000),
        end(enctype, Role::Acceptor, flags, 2000, 1000),
    ]
}

fn end(
    enctype: Enctype,
    role: Role,
    flags: ContextFlags,
    send_sequence: u32,
    receive_sequence: u32,
) -> PackedContext {
    let key: Vec<u8> = (0..enctype.key_length()).map(|n| (n * 3 + 1) as u8).collect();
    let session = SessionProtection {
        key: Key::new(enctype, &key).unwrap(),
        acceptor_subkey: true,
        send_sequence,
        receive_sequence,
        confounder_seed: Secret::new([role as u8 + 1; 32]),
    };
    PackedContext {
        package: PackageId::Kerberos,
        negotiated: false,
        role,
        flags,
        client_name: "EXAMPLE\\user".into(),
        client: None,
        server_name: Some("http/host".into()),
        authority: Some("EXAMPLE".into()),
        client_target: None,
        target_information: Vec::new(),
        start: FileTime(0),
        expiry: FileTime::NEVER,
        password_expiry: FileTime::NEVER,
        logon: None,
        session_key: SecretBytes::new(key),
        protection: session.pack(),
        sender: None,
        receiver: None,
    }
}
