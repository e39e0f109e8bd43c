//! The server's side of the example of [MS-NLMP] 4.2.4, whose challenge is not one of ours: it
//! has no timestamp. Everything else about NTLM is tested through the entry points.

use std::sync::Arc;

use super::*;
use crate::spi::environment::{
    Account, AccountSecret, AccountSource, Derived, LogonName, MachineNames, NoAccount,
};
use crate::spi::identity::Proof;
use crate::spi::package::{AcquireRequest, Usage};
use crate::spi::secret::SecretText;

#[derive(Debug)]
struct Example {
    machine: MachineNames,
    policy: Policy,
    password: &'static str,
}

impl Example {
    fn new(password: &'static str) -> Self {
        Self { machine: MachineNames::default(), policy: Policy::default(), password }
    }
}

impl Environment for Example {
    fn now(&self) -> FileTime {
        FileTime(0)
    }

    fn random(&self, out: &mut [u8]) -> Result<()> {
        out.fill(0);
        Ok(())
    }

    fn machine(&self) -> &MachineNames {
        &self.machine
    }

    fn policy(&self) -> &Policy {
        &self.policy
    }

    fn accounts(&self) -> Option<&dyn AccountSource> {
        Some(self)
    }
}

impl AccountSource for Example {
    fn find(&self, name: &LogonName<'_>) -> Result<Arc<Account>, NoAccount> {
        assert_eq!((name.domain, name.user), ("Domain", "User"));
        Ok(Arc::new(Account {
            domain: "Domain".into(),
            user: "User".into(),
            secret: AccountSecret::Proof(Proof::Password(SecretText::from_str_secret(
                self.password,
            ))),
            disabled: false,
            derived: Derived::default(),
        }))
    }

    fn default_account(&self, _: Option<&str>) -> Result<Arc<Account>, NoAccount> {
        Err(NoAccount::Unknown)
    }
}

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    digits.chunks(2).map(byte).collect()
}

fn judge(env: &Example, change: impl FnOnce(&mut Vec<u8>)) -> Result<PackedContext> {
    let usage = Usage { inbound: true, outbound: false };
    let request =
        AcquireRequest { principal: None, usage, identity: None, ..AcquireRequest::default() };
    let credential = NtlmCredential::new(request, env)?;
    let challenge = hex("4e544c4d53535000 02000000 0c000c0038000000 33828ae2 0123456789abcdef
        0000000000000000 2400240044000000 060070170000000f 530065007200760065007200
        02000c0044006f006d00610069006e00 01000c00530065007200760065007200 00000000");
    let issued = Issued {
        negotiate: Vec::new(),
        flags: NegotiateFlags::from_bits_retain(0xE28A_8233),
        server_challenge: 0x0123_4567_89AB_CDEF_u64.to_be_bytes(),
        target_info: challenge[68..].to_vec(),
        challenge,
        at: FileTime(0),
    };
    let mut token = hex("4e544c4d53535000 03000000 180018006c000000 5400540084000000
        0c000c0048000000 0800080054000000 100010005c000000 10001000d8000000 358288e2
        0501280a0000000f
        44006f006d00610069006e00 5500730065007200 43004f004d0050005500540045005200
        86c35097ac9cec102554764a57cccc19aaaaaaaaaaaaaaaa 68cd0ab851e51c96aabc927bebef6a1c
        0101000000000000 0000000000000000 aaaaaaaaaaaaaaaa 00000000
        02000c0044006f006d00610069006e00 01000c00530065007200760065007200 00000000 00000000
        c5dad2544fc9799094ce1ce90bc9d03e");
    change(&mut token);
    let judged = verify(&credential, &Opening::default(), None, &issued, &token, env)?;
    Ok(judged.context)
}

#[test]
fn ms_nlmp_4_2_4_v2_server() {
    let context = judge(&Example::new("Password"), |_| {}).unwrap();
    assert_eq!(context.session_key.expose(), [0x55; 16]);
    assert_eq!(context.client_name, "Domain\\User");
    // 4.2.4.4
    let mut stream = hex("010000007fb38ec5c55d497600000000 54e50165bf1936dc996020c1811b0f06fb5f");
    let mut receiver = crate::ntlm::seal::open(&context).unwrap().receiver;
    let opened = receiver.unseal_stream(&mut stream, 0).unwrap();
    assert_eq!(stream[opened.data], crate::spi::text::utf16le("Plaintext"));
}

#[test]
fn ms_nlmp_4_2_4_v2_server_refuses_the_slightest_difference() {
    assert!(judge(&Example::new("password"), |_| {}).is_err());
    // Every byte of the response.
    for at in 0x84..0xD8 {
        let result = judge(&Example::new("Password"), |token| token[at] ^= 1);
        assert!(result.is_err(), "{at:#x}");
    }
}
