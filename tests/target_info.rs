//! CredMarshalTargetInfo, CredUnmarshalTargetInfo, and the attribute that gives such strings.
#![allow(unsafe_code)]

mod c_abi;

use std::ptr;

use c_abi::*;
use secur32::abi::exports::identities::SspiLocalFree;
use secur32::abi::exports::target_info::*;

const FILESERVER: &str = "1UWhRCAAAAAAAAAAUAAAAAAAAAAAAAAAAAAAAAfileserversBAAAA";

const NOTHING: CREDENTIAL_TARGET_INFORMATIONW = CREDENTIAL_TARGET_INFORMATIONW {
    TargetName: ptr::null_mut(),
    NetbiosServerName: ptr::null_mut(),
    DnsServerName: ptr::null_mut(),
    NetbiosDomainName: ptr::null_mut(),
    DnsDomainName: ptr::null_mut(),
    DnsTreeName: ptr::null_mut(),
    PackageName: ptr::null_mut(),
    Flags: 0,
    CredTypeCount: 0,
    CredTypes: ptr::null_mut(),
};

fn marshal(information: &mut CREDENTIAL_TARGET_INFORMATIONW) -> Result<String, i32> {
    let (mut buffer, mut size) = (ptr::dangling_mut(), 7);
    // SAFETY: the structure is the caller's, the string terminated and freed once.
    unsafe {
        let status = CredMarshalTargetInfo(&raw mut *information, &raw mut buffer, &raw mut size);
        if status != STATUS_SUCCESS {
            assert!(buffer.is_null() && size == 0);
            return Err(status);
        }
        let text = text_of(buffer);
        assert_eq!(text.encode_utf16().count() * 2, size as usize);
        SspiLocalFree(buffer.cast());
        Ok(text)
    }
}

/// What came out: names in their order, flags, credential types, and how many bytes it took.
type Unmarshalled = (Vec<Option<String>>, u32, Vec<u32>, u32);

fn unmarshal(units: &[u16], size: u32) -> Result<Unmarshalled, i32> {
    let (mut found, mut actual) = (ptr::dangling_mut(), 7);
    let string = units.as_ptr().cast_mut();
    // SAFETY: the string is as long as it is said to be; what comes back is one block, freed once.
    unsafe {
        let status = CredUnmarshalTargetInfo(string, size, &raw mut found, &raw mut actual);
        if status != STATUS_SUCCESS {
            assert!(found.is_null() && actual == 0);
            return Err(status);
        }
        let raw = *found;
        let names = [
            raw.TargetName,
            raw.NetbiosServerName,
            raw.DnsServerName,
            raw.NetbiosDomainName,
            raw.DnsDomainName,
            raw.DnsTreeName,
            raw.PackageName,
        ];
        let names = names.map(|name| (!name.is_null()).then(|| text_of(name))).to_vec();
        let types = match raw.CredTypeCount {
            0 => Vec::new(),
            count => std::slice::from_raw_parts(raw.CredTypes, count as usize).to_vec(),
        };
        SspiLocalFree(found.cast());
        Ok((names, raw.Flags, types, actual))
    }
}

fn read(text: &str) -> Result<Unmarshalled, i32> {
    let units: Vec<u16> = text.encode_utf16().collect();
    unmarshal(&units, units.len() as u32 * 2)
}

#[test]
fn strings_are_those_of_windows() {
    let mut name = wide("fileserver");
    let mut information =
        CREDENTIAL_TARGET_INFORMATIONW { TargetName: name.as_mut_ptr(), ..NOTHING };
    assert_eq!(marshal(&mut information).unwrap(), FILESERVER);
    let (names, flags, types, actual) = read(&format!("cifs/fileserver{FILESERVER}")).unwrap();
    assert_eq!(names[0].as_deref(), Some("fileserver"));
    assert!(names[1..].iter().all(Option::is_none));
    assert_eq!((flags, types, actual as usize), (0, Vec::new(), FILESERVER.len() * 2));
}

#[test]
fn everything_comes_back() {
    let mut texts: Vec<Vec<u16>> = (0..7).map(|n| wide(&format!("nämé {n}"))).collect();
    let mut types = [CRED_TYPE_DOMAIN_PASSWORD, 0xFFFF_FFFF];
    let mut name = |at: usize| texts[at].as_mut_ptr();
    let mut information = CREDENTIAL_TARGET_INFORMATIONW {
        TargetName: name(0),
        NetbiosServerName: name(1),
        DnsServerName: name(2),
        NetbiosDomainName: name(3),
        DnsDomainName: name(4),
        DnsTreeName: name(5),
        PackageName: name(6),
        Flags: CRED_TI_VALID_FLAGS,
        CredTypeCount: 2,
        CredTypes: types.as_mut_ptr(),
    };
    let string = marshal(&mut information).unwrap();
    let (names, flags, found, actual) = read(&string).unwrap();
    let expected: Vec<_> = (0..7).map(|n| Some(format!("nämé {n}"))).collect();
    assert_eq!((names, flags, &found[..]), (expected, CRED_TI_VALID_FLAGS, &types[..]));
    assert_eq!(actual as usize, string.encode_utf16().count() * 2);
}

#[test]
fn t1_strings_that_lie_at_the_boundary() {
    let units: Vec<u16> = FILESERVER.encode_utf16().collect();
    let size = units.len() as u32 * 2;
    for wrong in (0..size).filter(|&length| length != size) {
        assert_eq!(unmarshal(&units, wrong), Err(STATUS_INVALID_PARAMETER), "{wrong}");
    }
    for place in 0..units.len() {
        for bit in 0..16 {
            let mut changed = units.clone();
            changed[place] ^= 1 << bit;
            if let Ok((names, _, types, actual)) = unmarshal(&changed, size) {
                assert!(types.is_empty() && actual == size && names.len() == 7);
            }
        }
    }
    let mut types = NOTHING;
    types.CredTypeCount = 7;
    assert_eq!(marshal(&mut types), Err(STATUS_INVALID_PARAMETER));
    types.CredTypeCount = u32::MAX;
    assert_eq!(marshal(&mut types), Err(STATUS_INVALID_PARAMETER));
}

#[test]
fn the_attribute_gives_such_a_string() {
    let pair = Pair::new();
    for handle in [pair.client.0, pair.server.0] {
        let (mut handle, mut information) = (
            handle,
            SecPkgContext_TargetInformation {
                MarshalledTargetInfoLength: 0,
                MarshalledTargetInfo: ptr::null_mut(),
            },
        );
        // SAFETY: the structure of this attribute.
        let status = unsafe {
            let place = (&raw mut information).cast();
            QueryContextAttributesW(&raw mut handle, SECPKG_ATTR_TARGET_INFORMATION, place)
        };
        assert_eq!(named(status), "SEC_E_OK");
        let bytes = take(SecBuffer {
            cbBuffer: information.MarshalledTargetInfoLength,
            BufferType: 0,
            pvBuffer: information.MarshalledTargetInfo.cast(),
        });
        let (units, []) = bytes.as_chunks::<2>() else { panic!("{} bytes", bytes.len()) };
        let units: Vec<u16> = units.iter().map(|unit| u16::from_le_bytes(*unit)).collect();
        let (names, _, _, actual) = unmarshal(&units, bytes.len() as u32).unwrap();
        assert_eq!(actual as usize, bytes.len());
        assert_eq!(names[6].as_deref(), Some("NTLM"));
        // The server said at least what it is called in NetBIOS.
        assert!(names[1].is_some(), "{names:?}");
    }
}
