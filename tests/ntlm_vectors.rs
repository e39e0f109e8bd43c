//! The examples of [MS-NLMP] 4.2 through the entry points that programs use: client and server
//! handshakes with a fixed world, and message protection from packed contexts.

mod support;

use secur32::spi::environment::{MachineNames, NtlmMinSec};
use secur32::spi::flags::ContextFlags;
use secur32::spi::message::{Part, Qop};
use secur32::spi::packed::PackedContext;
use secur32::spi::time::FileTime;
use secur32::wire::ntlm::{Authenticate, Challenge, Mic, Version};

use support::env::{FixedAccounts, FixedEnv};
use support::handshake::{Setup, finish, identity, open};
use support::reference::{field, hmac_md5, nt_hash, rc4, utf16};

/// 4.2.1: what all the examples share.
const SERVER_CHALLENGE: [u8; 8] = [0x01, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF];
const CLIENT_CHALLENGE: [u8; 8] = [0xAA; 8];
const RANDOM_SESSION_KEY: [u8; 16] = [0x55; 16];

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    digits.chunks(2).map(byte).collect()
}

/// 4.2.2.3
const V1_CHALLENGE: &str = "4e544c4d53535000 02000000 0c000c0038000000 338202e2 0123456789abcdef
    0000000000000000 0000000000000000 060070170000000f 530065007200760065007200";
const V1_AUTHENTICATE: &str = "4e544c4d53535000 03000000 180018006c000000 1800180084000000
    0c000c0048000000 0800080054000000 100010005c000000 100010009c000000 358280e2 0501280a0000000f
    44006f006d00610069006e00 5500730065007200 43004f004d0050005500540045005200
    98def7b87f88aa5dafe2df779688a172def11c7d5ccdef13
    67c43011f30298a2ad35ece64f16331c44bdbed927841f94 518822b1b3f350c8958682ecbb3e3cb7";

/// 4.2.3.3
const ESS_CHALLENGE: &str = "4e544c4d53535000 02000000 0c000c0038000000 33820a82 0123456789abcdef
    0000000000000000 0000000000000000 060070170000000f 530065007200760065007200";
const ESS_AUTHENTICATE: &str = "4e544c4d53535000 03000000 180018006c000000 1800180084000000
    0c000c0048000000 0800080054000000 100010005c000000 000000009c000000 35820882 0501280a0000000f
    44006f006d00610069006e00 5500730065007200 43004f004d0050005500540045005200
    aaaaaaaaaaaaaaaa00000000000000000000000000000000
    7537f803ae367128ca458204bde7caf81e97ed2683267232";

/// 4.2.4.3
const V2_CHALLENGE: &str = "4e544c4d53535000 02000000 0c000c0038000000 33828ae2 0123456789abcdef
    0000000000000000 2400240044000000 060070170000000f 530065007200760065007200
    02000c0044006f006d00610069006e00 01000c00530065007200760065007200 00000000";
const V2_AUTHENTICATE: &str = "4e544c4d53535000 03000000 180018006c000000 5400540084000000
    0c000c0048000000 0800080054000000 100010005c000000 10001000d8000000 358288e2 0501280a0000000f
    44006f006d00610069006e00 5500730065007200 43004f004d0050005500540045005200
    86c35097ac9cec102554764a57cccc19aaaaaaaaaaaaaaaa 68cd0ab851e51c96aabc927bebef6a1c
    0101000000000000 0000000000000000 aaaaaaaaaaaaaaaa 00000000
    02000c0044006f006d00610069006e00 01000c00530065007200760065007200 00000000 00000000
    c5dad2544fc9799094ce1ce90bc9d03e";

/// 4.2.2.4 and its kind: what is sealed.
fn plaintext() -> Vec<u8> {
    utf16("Plaintext")
}

/// The world of 4.2.1; the clock stands near 1601, because the examples' time is 0.
fn world(level: u8, minimum: NtlmMinSec) -> FixedEnv {
    let env = FixedEnv::new()
        .with_machine(MachineNames {
            netbios_computer: "COMPUTER".into(),
            netbios_domain: "COMPUTER".into(),
            ..MachineNames::default()
        })
        .with_accounts(FixedAccounts::new(&[("Domain", "User", "Password")]))
        .with_policy(|policy| {
            policy.lm_compatibility_level = level;
            policy.ntlm_min_client_sec = minimum;
            policy.ntlm_min_server_sec = minimum;
        });
    env.set_now(FileTime(0));
    env
}

const LAX: NtlmMinSec = NtlmMinSec { ntlm2_session: false, bits_128: false };

/// A client that answers an example's challenge with the example's random numbers.
fn answer(env: &FixedEnv, challenge: &str, asked: ContextFlags) -> (PackedContext, Vec<u8>) {
    let mut setup = Setup::new(env);
    setup.identity = Some(identity("Domain", "User", "Password"));
    setup.asked = asked;
    let client = setup.client().unwrap();
    env.script(&CLIENT_CHALLENGE);
    env.script(&RANDOM_SESSION_KEY);
    finish(client.next, &hex(challenge), env).unwrap()
}

const BOTH: ContextFlags = ContextFlags::INTEGRITY.union(ContextFlags::CONFIDENTIALITY);

/// The example's message with our version and, if asked for, other flags.
fn with_our_version(example: &str, flags: Option<u32>) -> Vec<u8> {
    let mut message = hex(example);
    message[64..72].copy_from_slice(&Version::OURS.0);
    if let Some(flags) = flags {
        message[60..64].copy_from_slice(&flags.to_le_bytes());
    }
    message
}

fn seal(context: &PackedContext) -> (Vec<u8>, [u8; 16]) {
    let mut data = plaintext();
    let mut token = [0; 16];
    let parts = &mut [Part::Data(&mut data)];
    open(context).sender.seal(Qop::Default, parts, &mut token, &mut [], 0).unwrap();
    (data, token)
}

#[test]
fn ms_nlmp_4_2_2_v1_client() {
    let env = world(0, LAX);
    let (context, token) = answer(&env, V1_CHALLENGE, BOTH);
    // The example sets TARGET_INFO (0x00800000) although its server sent none; we do not.
    assert_eq!(token, with_our_version(V1_AUTHENTICATE, Some(0xE200_8235)));
    assert_eq!(context.session_key.expose(), RANDOM_SESSION_KEY);
    // 4.2.2.4
    let (data, signature) = seal(&context);
    assert_eq!(data, hex("56fe04d861f9319af0d7238a2e3b4d457fb8"));
    // The example prints the encrypted pad, 45c844e5; what goes out is zeros (see seal/shared.rs).
    assert_eq!(signature.to_vec(), hex("010000000000000009dcd1df2e459d36"));
}

#[test]
fn ms_nlmp_4_2_2_v1_server() {
    let env = world(4, LAX);
    let mut setup = Setup::new(&env);
    env.script(&[0; 32]);
    env.script(&SERVER_CHALLENGE);
    // A NEGOTIATE that offers what the example's challenge grants.
    let negotiate = [b"NTLMSSP\0\x01\0\0\0", &hex("378200e2")[..], &[0; 24]].concat();
    let server = setup.server(&negotiate).unwrap();
    assert_eq!(server.challenge[24..32], SERVER_CHALLENGE);
    let (context, _) = finish(server.next, &hex(V1_AUTHENTICATE), &env).unwrap();
    assert_eq!(context.session_key.expose(), RANDOM_SESSION_KEY);
    assert_eq!(context.client_name, "Domain\\User");
    // 4.2.2.4, from the receiver's side.
    let mut stream = hex("0100000045c844e509dcd1df2e459d36 56fe04d861f9319af0d7238a2e3b4d457fb8");
    let opened = open(&context).receiver.unseal_stream(&mut stream, 0).unwrap();
    assert_eq!(stream[opened.data], plaintext());
}

#[test]
fn ms_nlmp_4_2_3_v1_with_client_challenge_client() {
    let env = world(1, LAX);
    let (context, token) = answer(&env, ESS_CHALLENGE, BOTH);
    assert_eq!(token, with_our_version(ESS_AUTHENTICATE, None));
    // 4.2.3.1.3: without key exchange the key exchange key is the session key.
    assert_eq!(context.session_key.expose(), hex("eb93429a8bd952f8b89c55b87f475edc"));
    // 4.2.3.4
    let (data, signature) = seal(&context);
    assert_eq!(data, hex("a02372f6530273f3aa1eb90190ce5200c99d"));
    assert_eq!(signature.to_vec(), hex("01000000ff2aeb52f681793a00000000"));
}

#[test]
fn ms_nlmp_4_2_3_v1_with_client_challenge_server() {
    let env = world(4, LAX);
    let mut setup = Setup::new(&env);
    env.script(&[0; 32]);
    env.script(&SERVER_CHALLENGE);
    let negotiate = [b"NTLMSSP\0\x01\0\0\0", &hex("37820882")[..], &[0; 24]].concat();
    let server = setup.server(&negotiate).unwrap();
    let (context, _) = finish(server.next, &hex(ESS_AUTHENTICATE), &env).unwrap();
    assert_eq!(context.session_key.expose(), hex("eb93429a8bd952f8b89c55b87f475edc"));
    let mut stream = hex("01000000ff2aeb52f681793a00000000 a02372f6530273f3aa1eb90190ce5200c99d");
    let opened = open(&context).receiver.unseal_stream(&mut stream, 0).unwrap();
    assert_eq!(stream[opened.data], plaintext());
}

/// The example's client adds no pairs of its own to the response; ours adds those of 3.1.5.1.2,
/// so that the proof over them differs and everything else is the example's.
#[test]
fn ms_nlmp_4_2_4_v2_client() {
    let env = world(5, NtlmMinSec::default());
    let (context, token) = answer(&env, V2_CHALLENGE, BOTH);
    let example = hex(V2_AUTHENTICATE);
    assert_eq!(token[60..64], example[60..64]);
    for at in [12, 28, 36, 44] {
        assert_eq!(field(&token, at), field(&example, at), "field at {at}");
    }
    let (ours, theirs) = (field(&token, 20), field(&example, 20));
    assert_eq!(ours[16..44], theirs[16..44]);
    assert_eq!(ours[44..76], theirs[44..76]);
    // 4.2.4.1.1: NTOWFv2, then the proof over what was sent.
    let v2 = hmac_md5(&nt_hash("Password"), &[&utf16("USERDomain")]);
    assert_eq!(v2.to_vec(), hex("0c868a403bfd7a93a3001ef22ef02e3f"));
    assert_eq!(ours[..16], hmac_md5(&v2, &[&SERVER_CHALLENGE, &ours[16..]]));
    let key = hmac_md5(&v2, &[&ours[..16]]);
    assert_eq!(field(&token, 52), rc4(&key, &RANDOM_SESSION_KEY));
    assert_eq!(context.session_key.expose(), RANDOM_SESSION_KEY);
    // 4.2.4.4
    let (data, signature) = seal(&context);
    assert_eq!(data, hex("54e50165bf1936dc996020c1811b0f06fb5f"));
    assert_eq!(signature.to_vec(), hex("010000007fb38ec5c55d497600000000"));
}

/// Every message of the examples is read and written again, byte for byte.
#[test]
fn ms_nlmp_4_2_messages_are_read_and_written() {
    for example in [V1_CHALLENGE, ESS_CHALLENGE, V2_CHALLENGE] {
        let message = hex(example);
        let mut written = Challenge::decode(&message).unwrap().encode().unwrap();
        if example != V2_CHALLENGE {
            // The examples without target information leave its field empty.
            written[40..48].fill(0);
        }
        assert_eq!(written, message);
    }
    for example in [V1_AUTHENTICATE, ESS_AUTHENTICATE, V2_AUTHENTICATE] {
        let message = hex(example);
        let decoded = Authenticate::decode(&message).unwrap();
        assert_eq!(decoded.mic, None::<Mic>);
        assert_eq!(decoded.encode().unwrap(), message);
    }
}
