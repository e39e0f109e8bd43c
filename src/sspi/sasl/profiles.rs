//! Profiles: which package stands behind a mechanism of SASL, and which package made a token.
//!
//! Holds: the table. May use: `lsa`, `spi`. Must not touch: everything else.

use crate::lsa;
use crate::spi::error::{CallerFault, Error, Result};
use crate::spi::package::{PackageId, PackageInfo};

/// The mechanisms, as Windows keeps them in `SecurityProviders\SaslProfiles`.
const PROFILES: [(&str, PackageId); 3] = [
    ("GSSAPI", PackageId::Kerberos),
    ("GSS-SPNEGO", PackageId::Negotiate),
    ("NTLM", PackageId::Ntlm),
];

/// Tag and length of an OID and its octets, as they follow the frame of RFC 2743 3.1.
const OIDS: [(&[u8], PackageId); 3] = [
    // 1.3.6.1.5.5.2
    (b"\x06\x06\x2B\x06\x01\x05\x05\x02", PackageId::Negotiate),
    // 1.2.840.113554.1.2.2
    (b"\x06\x09\x2A\x86\x48\x86\xF7\x12\x01\x02\x02", PackageId::Kerberos),
    // 1.2.840.48018.1.2.2, as Windows 2000 wrote it
    (b"\x06\x09\x2A\x86\x48\x82\xF7\x12\x01\x02\x02", PackageId::Kerberos),
];

/// `SaslEnumerateProfiles`: the names.
pub fn names() -> impl ExactSizeIterator<Item = &'static str> {
    PROFILES.iter().map(|(name, _)| *name)
}

/// `SaslGetProfilePackage`: the package of a profile, whose name may be in any case.
pub fn package(name: &str) -> Result<&'static PackageInfo> {
    let profile = PROFILES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    let (_, id) = profile.ok_or_else(|| {
        Error::new(CallerFault::UnknownPackage, format!("there is no SASL profile {name:?}"))
    })?;
    lsa::package_info(*id)
}

/// `SaslIdentifyPackage`: the package that the first token of a client is for.
pub fn identify(token: &[u8]) -> Result<&'static PackageInfo> {
    let story = "the token is of no package that is known here";
    let id = identified(token).ok_or_else(|| Error::new(CallerFault::UnknownPackage, story))?;
    lsa::package_info(id)
}

fn identified(token: &[u8]) -> Option<PackageId> {
    if token.starts_with(b"NTLMSSP\0") {
        return Some(PackageId::Ntlm);
    }
    let mechanism = behind_length(token.strip_prefix(b"\x60")?)?;
    OIDS.iter().find(|(oid, _)| mechanism.starts_with(oid)).map(|(_, id)| *id)
}

/// What follows a DER length of up to four octets; whether it is true is not our question.
fn behind_length(bytes: &[u8]) -> Option<&[u8]> {
    match bytes.split_first()? {
        (0..=0x7F, rest) => Some(rest),
        (long @ 0x81..=0x84, rest) => rest.get(usize::from(*long - 0x80)..),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_told_apart_by_their_beginning() {
        let kerberos = b"\x60\x81\x90\x06\x09\x2A\x86\x48\x86\xF7\x12\x01\x02\x02\x01\x00";
        let windows_2000 = b"\x60\x40\x06\x09\x2A\x86\x48\x82\xF7\x12\x01\x02\x02\x01\x00";
        let negotiate = b"\x60\x82\x01\x00\x06\x06\x2B\x06\x01\x05\x05\x02\xA0";
        assert_eq!(identified(kerberos), Some(PackageId::Kerberos));
        assert_eq!(identified(windows_2000), Some(PackageId::Kerberos));
        assert_eq!(identified(negotiate), Some(PackageId::Negotiate));
        assert_eq!(identified(b"NTLMSSP\0\x01\0\0\0"), Some(PackageId::Ntlm));
        for token in [&kerberos[..], &windows_2000[..], &negotiate[..], b"NTLMSSP\0"] {
            let oid = token.windows(2).position(|two| matches!(two, [6, 6 | 9]));
            let needed = oid.map_or(token.len(), |at| at + 2 + usize::from(token[at + 1]));
            for length in 0..needed {
                assert_eq!(identified(&token[..length]), None, "{length} of {token:?}");
            }
        }
        assert_eq!(identified(b"\x60\x80\x06\x06\x2B\x06\x01\x05\x05\x02"), None);
        assert_eq!(identified(b"\x60\x85\0\0\0\0\0\x06\x06\x2B\x06\x01\x05\x05\x02"), None);
        assert_eq!(identified(b"\x60\x09\x06\x07\x2B\x06\x01\x05\x05\x02\x01"), None);
    }
}
