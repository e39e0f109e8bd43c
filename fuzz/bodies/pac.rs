//! PACs: what is read lies within its input, is signed byte by byte, and can be written again.

use secur32::wire::pac::{
    Attributes, ClientInfo, CredentialsInfo, DelegationInfo, LogonInfo, Pac, UpnDnsInfo, requestor,
};

use super::Sample;
use super::pac_maker::{
    PacMaker, encode_delegation_info, encode_logon_info, encode_upn_dns_info, logon_info,
};

/// The directory, then whatever the buffers hold.
pub fn pac(data: &[u8]) {
    let Ok(pac) = Pac::parse(data) else { return };
    for kind in 0..32 {
        let Some(buffer) = pac.buffer(kind) else { continue };
        contents(buffer);
        let (Ok(Some(signature)), Ok(parts)) = (pac.signature(kind), pac.signed(&[kind])) else {
            continue;
        };
        let signed = parts.concat();
        assert_eq!(signed.len(), data.len());
        let changed = signed.iter().zip(data).filter(|(one, other)| one != other).count();
        assert!(changed <= signature.checksum.len());
    }
    let all: Vec<u32> = (0..32).collect();
    if let Ok(parts) = pac.signed(&all) {
        assert_eq!(parts.concat().len(), data.len());
    }
}

/// One buffer, as each kind.
pub fn pac_buffer(data: &[u8]) {
    contents(data);
}

fn contents(data: &[u8]) {
    if let Ok(info) = LogonInfo::from_bytes(data) {
        // A text that is no UTF-16 may become longer than texts can be.
        assert_eq!(LogonInfo::from_bytes(&encode_logon_info(&info)), Ok(info));
    }
    if let Ok(info) = DelegationInfo::from_bytes(data) {
        assert_eq!(DelegationInfo::from_bytes(&encode_delegation_info(&info)), Ok(info));
    }
    if let Ok(info) = UpnDnsInfo::from_bytes(data)
        && data.len() < 16_000
    {
        let again = UpnDnsInfo::from_bytes(&encode_upn_dns_info(&info)).unwrap();
        assert_eq!((again.upn, again.sam), (info.upn, info.sam));
    }
    if let Ok(info) = ClientInfo::from_bytes(data) {
        assert_eq!(10 + 2 * info.name.encode_utf16().count(), data.len());
    }
    if let Ok(sid) = requestor(data) {
        assert_eq!(sid.to_bytes(), data);
    }
    drop(Attributes::from_bytes(data));
    drop(CredentialsInfo::from_bytes(data));
}

/// A whole one, and each kind of buffer.
pub fn samples() -> Vec<Sample> {
    let key = super::keys::key(1);
    let maker = PacMaker::new("alice", secur32::spi::kerberos::KerberosTime(0), &key, &key);
    let delegation = DelegationInfo {
        proxy_target: "svc/a".into(),
        transited_services: vec!["svc/b@R".into(), "c".into()],
    };
    let mut samples: Vec<Sample> = vec![(pac, maker.signed(&key, &key, None))];
    samples.extend(maker.buffers.into_iter().map(|(_, buffer)| (pac_buffer as _, buffer)));
    samples.push((pac_buffer, encode_delegation_info(&delegation)));
    samples.push((pac_buffer, encode_logon_info(&logon_info())));
    samples.push((pac_buffer, [2_u32, 1].map(u32::to_le_bytes).concat()));
    samples
}
