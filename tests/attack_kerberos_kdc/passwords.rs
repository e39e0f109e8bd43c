//! Password servers that lie, and those who speak for them.

use secur32::crypto::kerberos::{Enctype, Key};
use secur32::kerberos::PACKAGE;
use secur32::spi::error::{Fault, PeerFault};
use secur32::spi::kerberos::KerberosTime;
use secur32::spi::package::{PasswordChange, SecurityPackage};
use secur32::wire::kerberos::{KdcReq, KpasswdReply, KpasswdRequest, KrbError};

use super::support::client::Machine;
use super::support::kdc::passwords::Answer;
use super::support::kdc::{Lies, secret};
use super::{BAD, after, name};

fn change(tell: impl FnOnce(&mut Lies)) -> Result<(), Fault> {
    let machine = Machine::new();
    machine.kdcs.lie(tell);
    let (old, new) = (secret("secret"), secret("another"));
    let (domain, account) = ("EXAMPLE.COM".into(), "alice".into());
    let change = PasswordChange { domain, account, old, new };
    PACKAGE.change_password(change, &machine.env).map_err(|refusal| refusal.error.fault())
}

/// The answer of the password server becomes another.
fn forged(forge: impl Fn(&[u8], Vec<u8>) -> Vec<u8> + Send + Sync + 'static) -> Result<(), Fault> {
    change(|lies| {
        lies.bytes = Some(Box::new(move |request, answer| {
            if KdcReq::from_der(request).is_ok() { answer } else { forge(request, answer) }
        }));
    })
}

#[test]
fn k22_the_true_answer_is_believed() {
    assert_eq!(change(|_| ()), Ok(()));
}

#[test]
fn k22_cut_changed_and_reflected_answers() {
    let refused = Err(BAD.into());
    assert_eq!(forged(|request, _| request.to_vec()), refused);
    assert_eq!(forged(|_, _| Vec::new()), refused);
    for length in 0..60 {
        assert_eq!(forged(move |_, answer| answer[..length * 2].to_vec()), refused);
    }
    for byte in 0..6 {
        // Lengths: of the whole, and of the AP-REP. The version means nothing.
        let outcome = forged(move |_, mut answer| {
            answer[byte] ^= 1;
            answer
        });
        assert_eq!(outcome, if byte == 2 || byte == 3 { Ok(()) } else { refused });
    }
    let outcome = forged(|_, mut answer| {
        *answer.last_mut().unwrap() ^= 1;
        answer
    });
    assert_eq!(outcome, refused);
}

#[test]
fn k22_a_success_in_an_error_is_none() {
    for framed in [true, false] {
        for code in [0_u16, 4] {
            let outcome = forged(move |_, _| {
                let error = KrbError {
                    ctime: None,
                    cusec: None,
                    stime: after(0),
                    susec: 0,
                    error_code: 60,
                    crealm: None,
                    cname: None,
                    realm: "EXAMPLE.COM".into(),
                    sname: name(&["kadmin", "changepw"]),
                    e_text: None,
                    e_data: Some(code.to_be_bytes().to_vec()),
                };
                let error = error.to_der();
                if framed { KpasswdReply::Error(error).to_bytes().unwrap() } else { error }
            });
            let fault =
                if code == 0 { PeerFault::AuthorityRefused } else { PeerFault::PasswordPolicy };
            assert_eq!(outcome, Err(fault.into()));
        }
    }
}

#[test]
fn k22_the_clients_own_message_is_no_answer() {
    // The AP-REP is the server's, the KRB-PRIV comes back.
    let outcome = forged(|request, answer| {
        let request = KpasswdRequest::from_bytes(request).unwrap();
        let KpasswdReply::Protected { ap_rep, .. } = KpasswdReply::from_bytes(&answer).unwrap()
        else {
            unreachable!()
        };
        KpasswdReply::Protected { ap_rep, krb_priv: request.krb_priv }.to_bytes().unwrap()
    });
    assert_eq!(outcome, Err(BAD.into()));
}

#[test]
fn k22_proof_key_and_number_must_be_right() {
    type Lie = fn(&mut Answer);
    let lies: [Lie; 5] = [
        |answer| answer.proof.ctime = KerberosTime(answer.proof.ctime.0 + 1),
        |answer| answer.proof.cusec ^= 1,
        |answer| answer.private.seq_number = Some(78),
        |answer| answer.private.seq_number = None,
        |answer| answer.key = Key::new(Enctype::Aes256CtsHmacSha1, &[9; 32]).ok(),
    ];
    for lie in lies {
        assert_eq!(change(|lies| lies.password = Some(Box::new(lie))), Err(BAD.into()));
    }
    let subkey: Lie = |answer| {
        let key = Key::new(Enctype::Aes256CtsHmacSha1, &[8; 32]).unwrap();
        answer.proof.subkey = Some(secur32::kerberos::kdc::block_of(&key));
    };
    assert_eq!(change(|lies| lies.password = Some(Box::new(subkey))), Ok(()));
}
