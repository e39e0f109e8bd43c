//! Which enctypes may be used: krb5.conf's lists.

use crate::crypto::kerberos::Enctype;
use crate::spi::kerberos::KerberosSettings;

/// MIT's order.
const DEFAULT: [Enctype; 5] = [
    Enctype::Aes256CtsHmacSha1,
    Enctype::Aes128CtsHmacSha1,
    Enctype::Aes256CtsHmacSha384,
    Enctype::Aes128CtsHmacSha256,
    Enctype::Rc4Hmac,
];

/// `permitted_enctypes`: those that session keys and subkeys may be of.
pub fn permitted(settings: &KerberosSettings) -> Vec<Enctype> {
    listed(settings.permitted_enctypes.as_deref(), settings)
}

/// `default_tkt_enctypes`: what is asked for in an AS exchange, best first.
pub fn of_initial_tickets(settings: &KerberosSettings) -> Vec<Enctype> {
    asked_for(settings.default_tkt_enctypes.as_deref(), settings)
}

/// `default_tgs_enctypes`: what is asked for in a TGS exchange, best first.
pub fn of_service_tickets(settings: &KerberosSettings) -> Vec<Enctype> {
    asked_for(settings.default_tgs_enctypes.as_deref(), settings)
}

/// A list of its own, but nothing that is not permitted.
fn asked_for(list: Option<&str>, settings: &KerberosSettings) -> Vec<Enctype> {
    let permitted = permitted(settings);
    let Some(list) = list else { return permitted };
    let mut asked = listed(Some(list), settings);
    asked.retain(|enctype| permitted.contains(enctype));
    asked
}

/// Weak enctypes need a switch besides their place in the list.
fn listed(list: Option<&str>, settings: &KerberosSettings) -> Vec<Enctype> {
    let mut enctypes = match list {
        Some(list) => Enctype::parse_list(list, &DEFAULT),
        None => DEFAULT.to_vec(),
    };
    enctypes.retain(|enctype| settings.allow_rc4 || !enctype.is_weak());
    enctypes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn k14_k16_weak_enctypes_need_their_switch_and_come_last() {
        let mut settings = KerberosSettings::default();
        assert_eq!(permitted(&settings), DEFAULT[..4]);
        settings.permitted_enctypes = Some("rc4-hmac aes256-cts".into());
        assert_eq!(permitted(&settings), [Enctype::Aes256CtsHmacSha1]);
        settings.allow_rc4 = true;
        assert_eq!(permitted(&settings), [Enctype::Rc4Hmac, Enctype::Aes256CtsHmacSha1]);
        settings.permitted_enctypes = None;
        assert_eq!(permitted(&settings), DEFAULT);
    }

    #[test]
    fn what_is_asked_for_is_permitted() {
        let settings = KerberosSettings {
            permitted_enctypes: Some("aes256-sha1 aes128-sha2".into()),
            default_tkt_enctypes: Some("aes128-sha1 aes128-sha2".into()),
            ..KerberosSettings::default()
        };
        assert_eq!(of_initial_tickets(&settings), [Enctype::Aes128CtsHmacSha256]);
        let all = [Enctype::Aes256CtsHmacSha1, Enctype::Aes128CtsHmacSha256];
        assert_eq!(of_service_tickets(&settings), all);
    }
}
