//! Service for user ([MS-SFU] 2.2): who a service asks for a ticket of.

use der::Reader as _;

use super::WireError;
use super::asn1::{
    Element, KerberosFlags, KerberosString, OctetString, Optional, Reader, SEQUENCE, UInt32,
    Writer, messages, other_tag, sequence,
};
use super::types::{Checksum, PrincipalName};

/// `PA-FOR-USER` ([MS-SFU] 2.2.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaForUser {
    /// `userName`.
    pub user_name: PrincipalName,
    /// `userRealm`.
    pub user_realm: String,
    /// `cksum`: of [`Self::covered`].
    pub cksum: Checksum,
    /// `auth-package`: [`Self::PACKAGE`].
    pub auth_package: String,
}

sequence! { PaForUser {
    [0] user_name: PrincipalName,
    [1] user_realm: KerberosString,
    [2] cksum: Checksum,
    [3] auth_package: KerberosString,
}}

impl PaForUser {
    /// The only package there is.
    pub const PACKAGE: &str = "Kerberos";

    /// What the checksum covers (`S4UByteArray`): the name's type in four octets, the least
    /// significant first, its components, the realm and the package.
    pub fn covered(user: &PrincipalName, realm: &str, package: &str) -> Vec<u8> {
        let mut bytes = user.name_type.to_le_bytes().to_vec();
        user.name_string.iter().for_each(|part| bytes.extend_from_slice(part.as_bytes()));
        bytes.extend_from_slice(realm.as_bytes());
        bytes.extend_from_slice(package.as_bytes());
        bytes
    }
}

/// `S4UUserID` ([MS-SFU] 2.2.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct S4uUserId {
    /// `nonce`: that of the request.
    pub nonce: u32,
    /// `cname`.
    pub cname: Option<PrincipalName>,
    /// `crealm`.
    pub crealm: String,
    /// `subject-certificate`.
    pub subject_certificate: Option<Vec<u8>>,
    /// `options`: [`s4u_options`](super::numbers::s4u_options).
    pub options: Option<u32>,
}

sequence! { S4uUserId {
    [0] nonce: UInt32,
    [1] cname: Optional<PrincipalName>,
    [2] crealm: KerberosString,
    [3] subject_certificate: Optional<OctetString>,
    [4] options: Optional<KerberosFlags>,
    extensible
}}

/// An `S4UUserID` inside another message: its bytes, as they came, which the checksum covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EncodedUserId(pub Vec<u8>);

impl EncodedUserId {
    /// Reads it.
    pub fn parse(&self) -> Result<S4uUserId, WireError> {
        S4uUserId::from_der(&self.0)
    }
}

impl Element for EncodedUserId {
    type Value = Self;

    fn read_element(reader: &mut Reader<'_>) -> der::Result<Self> {
        if reader.peek_byte() != Some(SEQUENCE) {
            return Err(other_tag(reader));
        }
        reader.tlv_bytes().map(|bytes| Self(bytes.to_vec()))
    }

    fn write_element(value: &Self, out: &mut Writer) {
        out.bytes(&value.0);
    }
}

/// `PA-S4U-X509-USER` ([MS-SFU] 2.2.2): in requests and in replies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaS4uX509User {
    /// `user-id`.
    pub user_id: EncodedUserId,
    /// `checksum`: of the bytes of `user-id`.
    pub checksum: Checksum,
}

sequence! { PaS4uX509User {
    [0] user_id: EncodedUserId,
    [1] checksum: Checksum,
}}

messages! {
    PaForUser: "PA-FOR-USER",
    S4uUserId: "S4UUserID",
    PaS4uX509User: "PA-S4U-X509-USER",
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::kerberos::numbers::s4u_options;

    fn name(name_type: i32, parts: &[&str]) -> PrincipalName {
        let name_string = parts.iter().map(|part| (*part).to_owned()).collect();
        PrincipalName { name_type, name_string }
    }

    #[test]
    fn the_checksum_of_pa_for_user_covers_type_name_realm_and_package() {
        let covered = PaForUser::covered(&name(1, &["a", "b"]), "R.X", PaForUser::PACKAGE);
        assert_eq!(covered, b"\x01\0\0\0abR.XKerberos");
        let covered = PaForUser::covered(&name(-128, &[]), "", "");
        assert_eq!(covered, [0x80, 0xFF, 0xFF, 0xFF]);
    }

    #[test]
    fn k15_the_bytes_that_a_checksum_covers_are_those_that_came() {
        // A later version's field, which is passed over but covered.
        let plain = S4uUserId {
            nonce: 7,
            cname: Some(name(1, &["alice"])),
            crealm: "R".into(),
            subject_certificate: None,
            options: Some(s4u_options::USE_REPLY_KEY_USAGE),
        };
        let mut bytes = plain.to_der();
        bytes.extend_from_slice(&[0xA9, 2, 5, 0]);
        bytes[1] += 4;
        let whole = PaS4uX509User {
            user_id: EncodedUserId(bytes.clone()),
            checksum: Checksum { cksumtype: 16, checksum: vec![1; 12] },
        };
        let again = PaS4uX509User::from_der(&whole.to_der()).unwrap();
        assert_eq!(again.user_id.0, bytes);
        assert_eq!(again.user_id.parse().unwrap(), plain);
    }
}
