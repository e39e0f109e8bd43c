//! Messages of MIT krb5 1.20, recorded by `capture.py`: what they say, that they are written as
//! they came, and that what is encrypted in them is what it should be.

use std::collections::HashMap;

use secur32::crypto::kerberos::{Enctype, Key};
use secur32::spi::kerberos::KeyBlock;
use secur32::spi::secret::{SecretBytes, SecretText};
use secur32::wire::gss::{Mechanism, tok_id, unframe};
use secur32::wire::kerberos::numbers::{
    ad_type, error_code, gss_flags, key_usage, name_type, pa_type, ticket_flags,
};
use secur32::wire::kerberos::*;

struct Recorded(HashMap<String, Vec<u8>>);

impl Recorded {
    fn read() -> Self {
        let lines = include_str!("mit.txt").lines().map(|line| {
            let (name, rest) = line.split_once(' ').unwrap();
            // Every key here is of enctype 18.
            let hex = rest.strip_prefix("18 ").unwrap_or(rest).as_bytes();
            let byte = |pair: &[u8; 2]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16);
            (name.to_owned(), hex.as_chunks().0.iter().map(|pair| byte(pair).unwrap()).collect())
        });
        Self(lines.collect())
    }

    fn message(&self, name: &str) -> &[u8] {
        &self.0[name]
    }

    fn key(&self, name: &str) -> Key {
        Key::new(Enctype::Aes256CtsHmacSha1, self.message(name)).unwrap()
    }

    fn ap_req(&self) -> ApReq {
        let token = unframe(self.message("gss-ap-req")).unwrap();
        assert_eq!((token.mech, token.tok_id), (Mechanism::Krb5, tok_id::AP_REQ));
        ApReq::from_der(token.body).unwrap()
    }
}

#[track_caller]
fn open(key: &Key, usage: u32, data: &EncryptedData) -> SecretBytes {
    assert_eq!(data.etype, key.enctype().number());
    key.decrypt(usage, &data.cipher).unwrap()
}

fn key_of(block: &KeyBlock) -> Key {
    Key::new(Enctype::from_number(block.enctype).unwrap(), block.value.expose()).unwrap()
}

fn alice() -> PrincipalName {
    PrincipalName { name_type: name_type::PRINCIPAL, name_string: vec!["alice".into()] }
}

#[test]
fn clear_messages_are_written_as_they_came() {
    let recorded = Recorded::read();
    for name in ["as-req-first", "as-req", "tgs-req"] {
        let bytes = recorded.message(name);
        assert_eq!(KdcReq::from_der(bytes).unwrap().to_der(), bytes, "{name}");
    }
    for name in ["as-rep", "tgs-rep", "kpasswd-as-rep"] {
        let bytes = recorded.message(name);
        assert_eq!(KdcRep::from_der(bytes).unwrap().to_der(), bytes, "{name}");
    }
    for name in ["krb-error-preauth-required", "krb-error-unknown-service"] {
        let bytes = recorded.message(name);
        assert_eq!(KrbError::from_der(bytes).unwrap().to_der(), bytes, "{name}");
    }
    let request = recorded.ap_req();
    assert!(recorded.message("gss-ap-req").ends_with(&request.to_der()));
}

#[test]
fn a_request_and_what_it_is_answered() {
    let recorded = Recorded::read();
    let first = KdcReq::from_der(recorded.message("as-req-first")).unwrap();
    assert_eq!(first.msg_type, KdcMessage::As);
    assert_eq!(first.req_body.cname, Some(alice()));
    assert_eq!(first.req_body.realm, "MIT.TEST");
    let server = first.req_body.sname.unwrap();
    assert_eq!(server.name_string, ["krbtgt", "MIT.TEST"]);
    assert_eq!(first.req_body.etype[0], 18);
    assert_eq!(PaData::find(&first.padata, pa_type::REQ_ENC_PA_REP), Some(&[][..]));

    let error = KrbError::from_der(recorded.message("krb-error-preauth-required")).unwrap();
    assert_eq!(error.error_code, error_code::KDC_ERR_PREAUTH_REQUIRED);
    assert_eq!(error.e_text.as_deref(), Some("NEEDED_PREAUTH"));
    let methods = PaData::list_from_der(&error.e_data.unwrap()).unwrap();
    let info = PaData::find(&methods, pa_type::ETYPE_INFO2).unwrap();
    let info = EtypeInfo2Entry::list_from_der(info).unwrap();
    assert_eq!((info[0].etype, info[0].salt.as_deref()), (18, Some(&b"MIT.TESTalice"[..])));

    let error = KrbError::from_der(recorded.message("krb-error-unknown-service")).unwrap();
    assert_eq!(error.error_code, error_code::KDC_ERR_S_PRINCIPAL_UNKNOWN);
    assert_eq!(error.sname.name_string, ["no", "such"]);
    let token = unframe(recorded.message("gss-krb-error")).unwrap();
    assert_eq!(token.tok_id, tok_id::ERROR);
    let error = KrbError::from_der(token.body).unwrap();
    assert_eq!(error.error_code, error_code::KRB_AP_ERR_BAD_INTEGRITY);
}

#[test]
fn the_as_exchange_under_the_clients_key() {
    let recorded = Recorded::read();
    let key = recorded.key("key-alice");
    let request = KdcReq::from_der(recorded.message("as-req")).unwrap();
    let proof = PaData::find(&request.padata, pa_type::ENC_TIMESTAMP).unwrap();
    let proof = EncryptedData::from_der(proof).unwrap();
    let plain = open(&key, key_usage::PA_ENC_TIMESTAMP, &proof);
    let time = PaEncTsEnc::from_der(plain.expose()).unwrap();
    assert_eq!(time.to_der(), plain.expose());

    let reply = KdcRep::from_der(recorded.message("as-rep")).unwrap();
    assert_eq!((&reply.crealm[..], &reply.cname), ("MIT.TEST", &alice()));
    let plain = open(&key, key_usage::AS_REP, &reply.enc_part);
    // MIT's tag of an AS-REP is a TGS-REP's.
    assert_eq!(EncKdcRepPart::tag(plain.expose()), Some(KdcMessage::Tgs));
    let part = EncKdcRepPart::from_der(plain.expose()).unwrap();
    assert_eq!(part.to_der_secret(KdcMessage::Tgs), plain);
    assert_eq!(part.nonce, request.req_body.nonce);
    assert_eq!(part.key.value.expose(), recorded.message("key-session-krbtgt"));
    assert_eq!(part.sname.name_string, ["krbtgt", "MIT.TEST"]);
    let expected = ticket_flags::INITIAL | ticket_flags::PRE_AUTHENT | ticket_flags::ENC_PA_REP;
    assert_eq!(part.flags & expected, expected);
    let proof = PaData::find(&part.encrypted_pa_data, pa_type::REQ_ENC_PA_REP).unwrap();
    let proof = Checksum::from_der(proof).unwrap();
    let covered = [recorded.message("as-req")];
    key.verify_checksum(key_usage::AS_REQ_CHECKSUM, proof.cksumtype, &covered, &proof.checksum)
        .unwrap();
}

#[test]
fn the_tgs_request_under_the_session_key() {
    let recorded = Recorded::read();
    let session = recorded.key("key-session-krbtgt");
    let request = KdcReq::from_der(recorded.message("tgs-req")).unwrap();
    let proof = ApReq::from_der(PaData::find(&request.padata, pa_type::TGS_REQ).unwrap()).unwrap();
    let plain = open(&session, key_usage::TGS_REQ_AUTHENTICATOR, &proof.authenticator);
    let authenticator = Authenticator::from_der(plain.expose()).unwrap();
    assert_eq!(authenticator.to_der_secret(), plain);
    assert_eq!(authenticator.cname, alice());
    // The checksum is over the body as we write it.
    let checksum = authenticator.cksum.unwrap();
    let body = request.req_body.to_der();
    session
        .verify_checksum(
            key_usage::TGS_REQ_CHECKSUM,
            checksum.cksumtype,
            &[&body],
            &checksum.checksum,
        )
        .unwrap();

    // The rest is FAST's: MIT's client armours every request to a ticket-granting service that
    // knows it, and the reply's key depends on it.
    let reply = KdcRep::from_der(recorded.message("tgs-rep")).unwrap();
    assert!(PaData::find(&request.padata, pa_type::FX_FAST).is_some());
    assert!(PaData::find(&reply.padata, pa_type::FX_FAST).is_some());
    assert_eq!(reply.ticket.parse().unwrap().sname.name_string, ["svc", "deleg.mit.test"]);
}

#[test]
fn the_handshake_and_what_it_delegates() {
    let recorded = Recorded::read();
    let request = recorded.ap_req();
    let ticket = request.ticket.parse().unwrap();
    assert_eq!(ticket.encode(), request.ticket);
    let plain = open(&recorded.key("key-service"), key_usage::TICKET, &ticket.enc_part);
    let part = EncTicketPart::from_der(plain.expose()).unwrap();
    assert_eq!(part.to_der_secret(), plain);
    assert_eq!(part.cname, alice());
    assert_eq!(part.transited, TransitedEncoding { tr_type: 1, contents: Vec::new() });
    // MIT signs its tickets with a PAC.
    let pac = AuthorizationDataEntry::find(&part.authorization_data, ad_type::WIN2K_PAC).unwrap();
    assert_eq!(pac.len(), 1);

    let session = key_of(&part.key);
    let plain = open(&session, key_usage::AP_REQ_AUTHENTICATOR, &request.authenticator);
    let authenticator = Authenticator::from_der(plain.expose()).unwrap();
    assert_eq!(authenticator.to_der_secret(), plain);
    let checksum = authenticator.cksum.unwrap();
    assert_eq!(checksum.cksumtype, 0x8003);
    let gss = GssChecksum::from_bytes(&checksum.checksum).unwrap();
    assert_eq!(gss.to_bytes().unwrap(), checksum.checksum);
    let mutual = gss_flags::DELEGATE | gss_flags::MUTUAL;
    assert_eq!(gss.flags & mutual, mutual);
    let delegated = gss.delegation.unwrap();
    let cred = KrbCred::from_der(&delegated).unwrap();
    assert_eq!(cred.to_der(), delegated);
    let plain = open(&session, key_usage::KRB_CRED, &cred.enc_part);
    let inner = EncKrbCredPart::from_der(plain.expose()).unwrap();
    assert_eq!(inner.to_der_secret(), plain);
    assert_eq!(inner.ticket_info.len(), cred.tickets.len());
    assert_eq!(inner.ticket_info[0].pname, Some(alice()));
    let forwarded = ticket_flags::FORWARDED;
    assert_eq!(inner.ticket_info[0].flags.unwrap() & forwarded, forwarded);

    let token = unframe(recorded.message("gss-ap-rep")).unwrap();
    assert_eq!(token.tok_id, tok_id::AP_REP);
    let reply = ApRep::from_der(token.body).unwrap();
    assert_eq!(reply.to_der(), token.body);
    let plain = open(&session, key_usage::AP_REP, &reply.enc_part);
    let part = EncApRepPart::from_der(plain.expose()).unwrap();
    assert_eq!(part.to_der_secret(), plain);
    assert_eq!((part.ctime, part.cusec), (authenticator.ctime, authenticator.cusec));
    assert!(part.subkey.is_some() && part.seq_number.is_some());
}

#[test]
fn a_password_is_changed() {
    let recorded = Recorded::read();
    let password = SecretText::from_str_secret("Before-it-1");
    let enctype = Enctype::Aes256CtsHmacSha1;
    let key = Key::from_password(enctype, &password, b"MIT.TESTchanger", None).unwrap();
    let reply = KdcRep::from_der(recorded.message("kpasswd-as-rep")).unwrap();
    let plain = open(&key, key_usage::AS_REP, &reply.enc_part);
    let session = key_of(&EncKdcRepPart::from_der(plain.expose()).unwrap().key);

    let bytes = recorded.message("kpasswd-request");
    let request = KpasswdRequest::from_bytes(bytes).unwrap();
    assert_eq!(request.to_bytes().unwrap(), bytes);
    assert_eq!(request.version, VERSION_CHANGE);
    let proof = ApReq::from_der(&request.ap_req).unwrap();
    let plain = open(&session, key_usage::AP_REQ_AUTHENTICATOR, &proof.authenticator);
    let subkey = key_of(&Authenticator::from_der(plain.expose()).unwrap().subkey.unwrap());
    let private = KrbPriv::from_der(&request.krb_priv).unwrap();
    assert_eq!(private.to_der(), request.krb_priv);
    let plain = open(&subkey, key_usage::KRB_PRIV, &private.enc_part);
    let part = EncKrbPrivPart::from_der(plain.expose()).unwrap();
    assert_eq!(part.to_der_secret(), plain);
    assert_eq!(part.user_data.expose(), b"After-it-2");

    let bytes = recorded.message("kpasswd-reply");
    let reply = KpasswdReply::from_bytes(bytes).unwrap();
    assert_eq!(reply.to_bytes().unwrap(), bytes);
    let KpasswdReply::Protected { ap_rep, krb_priv } = reply else { panic!("{reply:?}") };
    ApRep::from_der(&ap_rep).unwrap();
    let private = KrbPriv::from_der(&krb_priv).unwrap();
    let plain = open(&subkey, key_usage::KRB_PRIV, &private.enc_part);
    let part = EncKrbPrivPart::from_der(plain.expose()).unwrap();
    let result = KpasswdResult::from_bytes(part.user_data.expose()).unwrap();
    assert_eq!(result.code, numbers::kpasswd_result::SUCCESS);
}
