//! Profiles: the list, their packages, the packages of tokens.

use std::ffi::{CStr, c_char};
use std::ptr;

use secur32::abi::exports::sasl::*;
use secur32::crypto::kerberos::Enctype;

use crate::c_abi::*;
use crate::parties::*;

#[test]
fn the_list_ends_with_an_empty_string() {
    let (mut list, mut count) = (ptr::null_mut(), 0);
    // SAFETY: a list of terminated strings with a terminator behind, freed once.
    unsafe {
        assert_eq!(SaslEnumerateProfilesA(&raw mut list, &raw mut count), SEC_E_OK);
        let (mut at, mut names): (*const c_char, _) = (list, Vec::new());
        while *at != 0 {
            let name = CStr::from_ptr(at);
            names.push(name.to_str().unwrap().to_owned());
            at = at.add(name.count_bytes() + 1);
        }
        assert_eq!(names, ["GSSAPI", "GSS-SPNEGO", "NTLM"]);
        assert_eq!(names.len(), count as usize);
        assert_eq!(FreeContextBuffer(list.cast()), SEC_E_OK);
    }
    let mut wide_list = ptr::null_mut();
    // SAFETY: the same in UTF-16.
    unsafe {
        assert_eq!(SaslEnumerateProfilesW(&raw mut wide_list, &raw mut count), SEC_E_OK);
        assert_eq!(text_of(wide_list), "GSSAPI");
        assert_eq!(text_of(wide_list.add(7)), "GSS-SPNEGO");
        assert_eq!(text_of(wide_list.add(18)), "NTLM");
        assert_eq!(*wide_list.add(23), 0);
        assert_eq!(FreeContextBuffer(wide_list.cast()), SEC_E_OK);
    }
}

#[test]
fn profiles_have_packages() {
    for (profile, package) in
        [("GSSAPI", "Kerberos"), ("gss-spnego", "Negotiate"), ("Ntlm", "NTLM")]
    {
        assert_eq!(package_of(profile).unwrap(), package);
    }
    for profile in ["", "GSSAPI ", "DIGEST-MD5", "Kerberos"] {
        assert_eq!(package_of(profile).unwrap_err(), "SEC_E_SECPKG_NOT_FOUND");
    }
}

fn package_of(profile: &str) -> Result<String, String> {
    let (mut name, mut info) = (wide(profile), ptr::null_mut());
    // SAFETY: the name is terminated, the block is the library's.
    unsafe { named_package(SaslGetProfilePackageW(name.as_mut_ptr(), &raw mut info), info) }
}

/// # Safety
/// After success `info` is a block of the library's.
unsafe fn named_package(status: i32, info: PSecPkgInfoW) -> Result<String, String> {
    if status != SEC_E_OK {
        assert!(info.is_null());
        return Err(named(status));
    }
    // SAFETY: a block of the library's, freed once.
    unsafe {
        let name = text_of((*info).Name);
        assert_eq!(FreeContextBuffer(info.cast()), SEC_E_OK);
        Ok(name)
    }
}

#[test]
fn tokens_tell_their_package() {
    let kerberos = Party::client(Enctype::Aes256CtsHmacSha1, SEAL).step(&[]).token;
    assert_eq!(identified(&kerberos).unwrap(), "Kerberos");
    let ntlm = Party::of("NTLM", Side::Client, SEAL).step(&[]).token;
    assert_eq!(identified(&ntlm).unwrap(), "NTLM");
    for token in [&b""[..], b"\x60", b"NTLMSSP", &kerberos[1..], b"\xA1\x14"] {
        assert_eq!(identified(token).unwrap_err(), "SEC_E_SECPKG_NOT_FOUND");
    }
    let mut nothing = [empty(SECBUFFER_DATA)];
    let (mut desc, mut info) = (descriptor(&mut nothing), ptr::null_mut());
    // SAFETY: a descriptor of one buffer.
    let status = unsafe { SaslIdentifyPackageW(&raw mut desc, &raw mut info) };
    assert_eq!(named(status), "SEC_E_INVALID_TOKEN");
}

fn identified(token: &[u8]) -> Result<String, String> {
    let mut token = token.to_vec();
    let mut buffers = [buffer(SECBUFFER_TOKEN, &mut token)];
    let (mut desc, mut info) = (descriptor(&mut buffers), ptr::null_mut());
    // SAFETY: a descriptor of one buffer, and a block of the library's.
    unsafe { named_package(SaslIdentifyPackageW(&raw mut desc, &raw mut info), info) }
}
