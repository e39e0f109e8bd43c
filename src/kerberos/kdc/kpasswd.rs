//! Changing a password (RFC 3244).

use super::as_exchange::Initial;
use super::{Line, block_of, key_of};
use crate::crypto::kerberos::Key;
use crate::kerberos::names;
use crate::spi::error::{Error, PeerFault, Result};
use crate::spi::kerberos::{CachedTicket, KdcRequest, KdcService, Principal, Verdict};
use crate::spi::package::{PasswordPolicy, PasswordRefusal};
use crate::spi::secret::{SecretBytes, SecretText};
use crate::wire::kerberos::numbers::{
    address_type, ap_options, key_usage, kpasswd_result as result,
};
use crate::wire::kerberos::{
    self as wire, ApRep, ApReq, Authenticator, ChangePasswdData, EncApRepPart, EncKrbPrivPart,
    EncodedTicket, EncryptedData, HostAddress, KpasswdMessage, KpasswdReply, KpasswdRequest,
    KpasswdResult, KrbError, KrbPriv, PrincipalName, VERSION_CHANGE, VERSION_SET,
};

/// What an exchange knows of itself.
struct Exchange<'a> {
    line: Line<'a>,
    realm: &'a str,
    session: Key,
    subkey: Key,
    ctime: crate::spi::kerberos::KerberosTime,
    cusec: u32,
    sequence: u32,
}

/// Changes the password of the client of a ticket for `kadmin/changepw`.
pub fn change_password(
    line: &Line<'_>,
    ticket: &Initial,
    new: &SecretText,
) -> Result<(), PasswordRefusal> {
    let line = Line { offset: ticket.offset, ..*line };
    ask(line, &ticket.ticket, None, new)
}

/// Sets somebody's password, if the client of a ticket for `kadmin/changepw` may.
pub fn set_password(
    line: Line<'_>,
    ticket: &CachedTicket,
    whose: &Principal,
    new: &SecretText,
) -> Result<(), PasswordRefusal> {
    ask(line, ticket, Some(whose), new)
}

fn ask(
    line: Line<'_>,
    ticket: &CachedTicket,
    whose: Option<&Principal>,
    new: &SecretText,
) -> Result<(), PasswordRefusal> {
    let session = key_of(&ticket.key)?;
    let realm = names::realm_of_ticket(ticket);
    line.refuse_proxy(&realm)?;
    let exchange = Exchange {
        line,
        realm: &realm,
        subkey: line.new_key(session.enctype())?,
        session,
        ctime: line.now(),
        cusec: line.microseconds(),
        sequence: line.nonce()? & 0x3FFF_FFFF,
    };
    let request = exchange.request(ticket, whose, new)?;
    line.host.trace(format_args!(
        "changing the password of {} at {}",
        names::unparse(whose.unwrap_or(&ticket.client)),
        exchange.realm,
    ));
    let judge = |answer: &[u8]| match KpasswdReply::from_bytes(answer) {
        Ok(_) => Verdict::Take,
        Err(_) => Verdict::NextServer,
    };
    let answer = line.host.exchange(&KdcRequest {
        realm: exchange.realm,
        service: KdcService::Kpasswd,
        message: &request,
        judge: &judge,
    })?;
    exchange.read(&answer.message, &answer.server)
}

impl Exchange<'_> {
    fn request(
        &self,
        ticket: &CachedTicket,
        whose: Option<&Principal>,
        new: &SecretText,
    ) -> Result<Vec<u8>> {
        let (version, user_data) = data(whose, new)?;
        let authenticator = Authenticator {
            crealm: ticket.client.realm.clone(),
            cname: PrincipalName::of(&ticket.client),
            cksum: None,
            cusec: self.cusec,
            ctime: self.ctime,
            subkey: Some(block_of(&self.subkey)),
            seq_number: Some(self.sequence),
            authorization_data: Vec::new(),
        };
        let plain = authenticator.to_der_secret();
        let usage = key_usage::AP_REQ_AUTHENTICATOR;
        let authenticator = self.line.encrypt(&self.session, usage, plain.expose())?;
        let ap_req = ApReq {
            ap_options: ap_options::MUTUAL_REQUIRED,
            ticket: EncodedTicket(ticket.ticket.clone()),
            authenticator,
        };
        let private = EncKrbPrivPart {
            user_data,
            timestamp: None,
            usec: None,
            seq_number: Some(self.sequence),
            // The address means nothing (RFC 3244 does not look at it), but it must be there.
            s_address: HostAddress { addr_type: address_type::IPV4, address: vec![127, 0, 0, 1] },
            r_address: None,
        };
        let plain = private.to_der_secret();
        let enc_part = self.line.encrypt(&self.subkey, key_usage::KRB_PRIV, plain.expose())?;
        let krb_priv = KrbPriv { enc_part }.to_der();
        let request = KpasswdRequest { version, ap_req: ap_req.to_der(), krb_priv };
        Ok(request.to_bytes()?)
    }

    /// Only what came under our subkey is an answer. An error message is nobody's word, and a
    /// success in it is none.
    fn read(&self, answer: &[u8], server: &str) -> Result<(), PasswordRefusal> {
        let wrong = |what: &str| self.wrong(server, what);
        let reply = KpasswdReply::from_bytes(answer).map_err(|error| wrong(&error.to_string()))?;
        let (ap_rep, krb_priv) = match reply {
            KpasswdReply::Protected { ap_rep, krb_priv } => (ap_rep, krb_priv),
            KpasswdReply::Error(error) => return Err(self.refused(&error, server)),
        };
        let private = self.open(&ap_rep, &krb_priv).map_err(wrong)?;
        let result = KpasswdResult::from_bytes(private.user_data.expose())
            .map_err(|error| wrong(&error.to_string()))?;
        self.line.host.trace(format_args!(
            "the password server {server} of {} answers {}",
            self.realm,
            wire::numbers::kpasswd_result::name(result.code).unwrap_or("an unknown code"),
        ));
        self.meaning(&result, server)
    }

    /// AP-REP: the server could read our authenticator. KRB-PRIV: under our subkey, whatever
    /// other one the AP-REP has, and with the number that the AP-REP announced.
    fn open(&self, ap_rep: &[u8], krb_priv: &[u8]) -> Result<EncKrbPrivPart, &'static str> {
        let ap_rep = ApRep::from_der(ap_rep).map_err(|_| "its AP-REP is malformed")?;
        let plain = decrypt(&self.session, key_usage::AP_REP, &ap_rep.enc_part)
            .ok_or("its AP-REP does not verify")?;
        let proof =
            EncApRepPart::from_der(plain.expose()).map_err(|_| "its AP-REP is malformed")?;
        if (proof.ctime, proof.cusec) != (self.ctime, self.cusec) {
            return Err("its AP-REP answers another request");
        }
        let krb_priv = KrbPriv::from_der(krb_priv).map_err(|_| "its KRB-PRIV is malformed")?;
        let plain = decrypt(&self.subkey, key_usage::KRB_PRIV, &krb_priv.enc_part)
            .ok_or("its KRB-PRIV does not verify")?;
        let private =
            EncKrbPrivPart::from_der(plain.expose()).map_err(|_| "its KRB-PRIV is malformed")?;
        if private.seq_number.unwrap_or(0) != proof.seq_number.unwrap_or(0) {
            return Err("its KRB-PRIV has another sequence number than its AP-REP said");
        }
        Ok(private)
    }

    fn meaning(&self, answer: &KpasswdResult, server: &str) -> Result<(), PasswordRefusal> {
        if answer.code == result::SUCCESS {
            return Ok(());
        }
        let (fault, reason) = match answer.code {
            result::AUTH_ERROR => (PeerFault::LogonDenied, "it does not accept the client's proof"),
            result::SOFT_ERROR => {
                (PeerFault::PasswordPolicy, "the new password is against the policy")
            }
            result::ACCESS_DENIED => (PeerFault::LogonDenied, "the client may not change it"),
            result::INITIAL_FLAG_NEEDED => {
                (PeerFault::LogonDenied, "it wants a ticket that was got with the password")
            }
            _ => (PeerFault::AuthorityRefused, "no"),
        };
        let (text, policy) = match &answer.message {
            KpasswdMessage::Text(text) => (text.chars().take(500).collect(), None),
            KpasswdMessage::Policy(policy) => (explained(policy), Some(translated(policy))),
        };
        let name = result::name(answer.code).unwrap_or("unknown code");
        let story = format!(
            "the password server {server} of {} refuses: {reason} ({name}, {text:?})",
            self.realm
        );
        Err(PasswordRefusal { error: Error::new(fault, story), policy })
    }

    /// A KRB-ERROR: why there is no answer, as far as one may believe it.
    fn refused(&self, error: &[u8], server: &str) -> PasswordRefusal {
        let error = match KrbError::from_der(error) {
            Ok(error) => error,
            Err(error) => return self.wrong(server, &error.to_string()).into(),
        };
        let told = error.e_data.as_deref().and_then(|data| KpasswdResult::from_bytes(data).ok());
        match told.filter(|result| result.code != result::SUCCESS) {
            Some(result) => match self.meaning(&result, server) {
                Err(refusal) => refusal,
                Ok(()) => self.wrong(server, "a success that nobody vouches for").into(),
            },
            None => super::refusal::refusal(&error, "a new password", self.realm, server).into(),
        }
    }

    fn wrong(&self, server: &str, what: &str) -> Error {
        let realm = self.realm;
        let story =
            format!("the reply of the password server {server} of {realm} is refused: {what}");
        Error::new(PeerFault::BadAuthority, story)
    }
}

/// What a key of this enctype, and no other, encrypted.
fn decrypt(key: &Key, usage: u32, data: &EncryptedData) -> Option<SecretBytes> {
    let own = data.etype == key.enctype().number();
    own.then(|| key.decrypt(usage, &data.cipher).ok()).flatten()
}

/// One's own new password, or whose it is besides.
fn data(whose: Option<&Principal>, new: &SecretText) -> Result<(u16, SecretBytes)> {
    let newpasswd = utf8(new)?;
    let Some(whose) = whose else { return Ok((VERSION_CHANGE, newpasswd)) };
    let data = ChangePasswdData {
        newpasswd,
        targname: Some(PrincipalName::of(whose)),
        targrealm: Some(whose.realm.clone()),
    };
    Ok((VERSION_SET, data.to_der_secret()))
}

/// The password as the protocol carries it (RFC 3244 2). Half a surrogate pair has no UTF-8.
fn utf8(password: &SecretText) -> Result<SecretBytes> {
    let mut bytes = Vec::with_capacity(password.expose().len() * 3);
    for c in char::decode_utf16(password.expose().iter().copied()) {
        let c = c.map_err(|_| {
            let story = "the new password cannot be written in UTF-8";
            Error::new(crate::spi::error::CallerFault::InvalidParameter, story)
        })?;
        bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
    }
    Ok(SecretBytes::new(bytes))
}

fn explained(policy: &wire::PasswordPolicy) -> String {
    let complex = if policy.properties & 1 == 0 { "" } else { ", of several kinds of characters" };
    format!(
        "at least {} characters{complex}, none of the last {} passwords",
        policy.min_length, policy.history
    )
}

/// Windows' own structure counts times backwards, as intervals.
fn translated(policy: &wire::PasswordPolicy) -> PasswordPolicy {
    let short = |number: u32| u16::try_from(number).unwrap_or(u16::MAX);
    let interval = |time: u64| i64::try_from(time).unwrap_or(i64::MAX);
    PasswordPolicy {
        min_length: short(policy.min_length),
        history_length: short(policy.history),
        properties: policy.properties,
        max_age: interval(policy.expire),
        min_age: interval(policy.min_age),
    }
}
