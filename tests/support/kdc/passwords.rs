//! What a password server does (RFC 3244).

use std::sync::Mutex;

use secur32::crypto::kerberos::{Enctype, Key};
use secur32::spi::secret::SecretBytes;
use secur32::wire::kerberos::numbers::{key_usage, kpasswd_result};
use secur32::wire::kerberos::{
    ApRep, ApReq, Authenticator, ChangePasswdData, EncApRepPart, EncKrbPrivPart, EncTicketPart,
    HostAddress, KpasswdMessage, KpasswdReply, KpasswdRequest, KpasswdResult, KrbPriv, VERSION_SET,
};

use super::issue::sealed;
use super::{ENCTYPES, World, find_key, secret};

/// The answer, before it is encrypted.
pub struct Answer {
    pub result: KpasswdResult,
    pub proof: EncApRepPart,
    pub private: EncKrbPrivPart,
    /// The key of the KRB-PRIV, if not the client's subkey.
    pub key: Option<Key>,
}

impl World {
    /// Passwords have at least four characters.
    pub fn change_password(&mut self, realm: &str, message: &[u8]) -> Vec<u8> {
        let request = KpasswdRequest::from_bytes(message).unwrap();
        let ap_req = ApReq::from_der(&request.ap_req).unwrap();
        let ticket = ap_req.ticket.parse().unwrap();
        assert_eq!(ticket.sname.name_string, ["kadmin", "changepw"]);
        let server = &self.realms[realm].accounts[&ticket.sname.name_string];
        let key = find_key(&server.keys, ticket.enc_part.etype).ok().unwrap();
        let ticket = key.decrypt(key_usage::TICKET, &ticket.enc_part.cipher).unwrap();
        let ticket = EncTicketPart::from_der(ticket.expose()).unwrap();
        let session = secur32::kerberos::kdc::key_of(&ticket.key).unwrap();
        let usage = key_usage::AP_REQ_AUTHENTICATOR;
        let authenticator = session.decrypt(usage, &ap_req.authenticator.cipher).unwrap();
        let authenticator = Authenticator::from_der(authenticator.expose()).unwrap();
        let subkey = authenticator.subkey.as_ref().unwrap();
        let subkey = secur32::kerberos::kdc::key_of(subkey).unwrap();
        let private = KrbPriv::from_der(&request.krb_priv).unwrap();
        let private = subkey.decrypt(key_usage::KRB_PRIV, &private.enc_part.cipher).unwrap();
        let private = EncKrbPrivPart::from_der(private.expose()).unwrap();
        assert_eq!(private.seq_number, authenticator.seq_number);
        // `admin` may set everybody's; who only changes its own needs a first ticket.
        let data = private.user_data.expose();
        let (password, whose) = if request.version == VERSION_SET {
            let data = ChangePasswdData::from_der(data).unwrap();
            assert_eq!(data.targrealm.as_deref(), Some(realm));
            (data.newpasswd, data.targname.unwrap().name_string)
        } else {
            (SecretBytes::new(data.to_vec()), ticket.cname.name_string.clone())
        };
        let password = String::from_utf8(password.expose().to_vec()).unwrap();
        let may = whose == ticket.cname.name_string || ticket.cname.name_string == ["admin"];
        let code = if !may {
            kpasswd_result::ACCESS_DENIED
        } else if password.chars().count() < 4 {
            kpasswd_result::SOFT_ERROR
        } else {
            let accounts = &mut self.realms.get_mut(realm).unwrap().accounts;
            let account = accounts.get_mut(&whose).unwrap();
            account.keys = keys_of(&password, &account.salt);
            account.trouble = None;
            kpasswd_result::SUCCESS
        };
        let text = KpasswdMessage::Text(String::new());
        let mut answer = Answer {
            result: KpasswdResult { code, message: text },
            proof: EncApRepPart {
                ctime: authenticator.ctime,
                cusec: authenticator.cusec,
                subkey: None,
                seq_number: Some(77),
            },
            private: EncKrbPrivPart {
                user_data: SecretBytes::default(),
                timestamp: None,
                usec: None,
                seq_number: Some(77),
                s_address: HostAddress { addr_type: 2, address: vec![127, 0, 0, 1] },
                r_address: None,
            },
            key: None,
        };
        if let Some(lie) = &self.lies.password {
            lie(&mut answer);
        }
        let result = answer.result.to_bytes();
        answer.private.user_data = SecretBytes::new(result);
        let proof = answer.proof.to_der_secret();
        let enc_part = sealed(&session, key_usage::AP_REP, proof.expose(), None);
        let ap_rep = ApRep { enc_part }.to_der();
        let plain = answer.private.to_der_secret();
        let key = answer.key.unwrap_or(subkey);
        let krb_priv =
            KrbPriv { enc_part: sealed(&key, key_usage::KRB_PRIV, plain.expose(), None) };
        KpasswdReply::Protected { ap_rep, krb_priv: krb_priv.to_der() }.to_bytes().unwrap()
    }
}

/// A password, a salt, and their keys.
type Made = (String, Vec<u8>, Vec<Key>);

/// Keys of all enctypes that belong to a password; string-to-key is slow, and done once.
pub fn keys_of(password: &str, salt: &[u8]) -> Vec<Key> {
    static MADE: Mutex<Vec<Made>> = Mutex::new(Vec::new());
    let mut made = MADE.lock().unwrap();
    if let Some((.., keys)) = made.iter().find(|made| made.0 == password && made.1 == salt) {
        return keys.iter().map(Key::duplicate).collect();
    }
    let key =
        |enctype: Enctype| Key::from_password(enctype, &secret(password), salt, None).unwrap();
    let keys = ENCTYPES.map(key);
    made.push((password.to_owned(), salt.to_vec(), keys.each_ref().map(Key::duplicate).into()));
    keys.into()
}
