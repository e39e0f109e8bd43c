//! The identity functions as documented and as observed on Windows, through the C interface.
#![allow(unsafe_code)]

mod identity;

use std::ffi::c_void;
use std::ptr;

use identity::*;
use secur32::abi::exports::saved_credentials::*;

#[test]
fn strings_become_one_block_with_the_strings_right_behind_the_structure() {
    let id = Id::encode(Some("user"), Some("domain"), Some("password"));
    let ex = id.ex();
    assert_eq!((ex.Version, ex.Length, ex.Flags), (0x200, 72, MARSHALLED));
    assert_eq!((ex.UserLength, ex.DomainLength, ex.PasswordLength), (4, 6, 8));
    assert_eq!(ex.User.addr(), id.0.addr() + 72);
    assert_eq!(ex.Domain.addr(), id.0.addr() + 80);
    assert_eq!(ex.Password.addr(), id.0.addr() + 92);
    assert_eq!(id.behind(36), utf16("userdomainpassword"));
    assert!(ex.PackageList.is_null() && ex.PackageListLength == 0);
}

#[test]
fn absent_strings_are_null() {
    let id = Id::encode(None, None, Some("pw"));
    let ex = id.ex();
    assert!(ex.User.is_null() && ex.Domain.is_null());
    assert_eq!((ex.UserLength, ex.DomainLength), (0, 0));
    assert_eq!(ex.Password.addr(), id.0.addr() + 72);
    assert_eq!(strings(id.0).unwrap(), [None, None, Some("pw".into())]);
    for [user, domain, password] in
        [[Some("u"), None, None], [None, Some("d"), None], [Some("u"), None, Some("p")]]
    {
        let id = Id::encode(user, domain, password);
        let expected = [user, domain, password].map(|text| text.map(str::to_owned));
        assert_eq!(strings(id.0).unwrap(), expected);
    }
    // An empty string is as absent as none: this is the anonymous identity.
    let id = Id::encode(Some(""), None, None);
    assert_eq!(strings(id.0).unwrap(), [None, None, None]);
    assert!(explicit(id.0).is_empty());
}

#[test]
fn three_nulls_are_an_invalid_token_even_without_a_place_for_the_result() {
    let mut id = UNTOUCHED;
    let none = ptr::null();
    // SAFETY: NULL is allowed everywhere.
    unsafe {
        let status = SspiEncodeStringsAsAuthIdentity(none, none, none, ptr::null_mut());
        assert_eq!(status, SEC_E_INVALID_TOKEN);
        let status = SspiEncodeStringsAsAuthIdentity(none, none, none, &raw mut id);
        assert_eq!(status, SEC_E_INVALID_TOKEN);
        assert_eq!(id, UNTOUCHED);
        let user = wide("user");
        let status = SspiEncodeStringsAsAuthIdentity(user.as_ptr(), none, none, ptr::null_mut());
        assert_eq!(status, SEC_E_INVALID_PARAMETER);
    }
}

#[test]
fn zero_wipes_the_password_and_nothing_else() {
    let id = Id::encode(Some("user"), Some("domain"), Some("password"));
    // SAFETY: an identity of the library.
    unsafe { SspiZeroAuthIdentity(id.0) };
    assert_eq!(
        strings(id.0).unwrap(),
        [Some("user".into()), Some("domain".into()), Some(String::new())]
    );
    let ex = id.ex();
    assert_eq!(ex.PasswordLength, 8);
    assert_eq!(id.behind(36), [utf16("userdomain"), vec![0; 16]].concat());

    // The same in the caller's own structures.
    let (user, mut word) = (*b"user", *b"password");
    let mut own = plain_a(&user, b"", b"");
    own.Password = word.as_mut_ptr();
    own.PasswordLength = 8;
    // SAFETY: the password is writable.
    unsafe { SspiZeroAuthIdentity((&raw mut own).cast()) };
    assert_eq!((&user, &word), (b"user", &[0; 8]));
    let mut ex2 = Ex2 { user: utf16("u"), credentials: utf16("secret"), ..Ex2::default() }.build();
    // SAFETY: all of the structure is writable.
    unsafe { SspiZeroAuthIdentity(ex2.pointer()) };
    assert_eq!(ex2.bytes()[48..], [&b"u\0"[..], &[0; 12]].concat());
    // SAFETY: NULL is allowed.
    unsafe { SspiZeroAuthIdentity(ptr::null_mut()) };
}

#[test]
fn every_form_gives_its_strings() {
    let expected = || [Some("Zoë".to_owned()), Some("EX".to_owned()), Some("pässword".to_owned())];
    let (user, domain, word) = (wide("Zoë"), wide("EX"), wide("pässword"));
    let mut plain = plain_w(&user[..3], &domain[..2], &word[..8]);
    assert_eq!(strings((&raw mut plain).cast()).unwrap(), expected());
    let mut ansi = plain_a("Zoë".as_bytes(), b"EX", "pässword".as_bytes());
    assert_eq!(strings((&raw mut ansi).cast()).unwrap(), expected());
    let mut ex = ex_w(&user[..3], &domain[..2], &word[..8], &[]);
    assert_eq!(strings((&raw mut ex).cast()).unwrap(), expected());

    let text = Ex2 {
        user: utf16("Zoë"),
        domain: utf16("EX"),
        credentials: utf16("pässword"),
        ..Ex2::default()
    };
    assert_eq!(strings(text.build().pointer()).unwrap(), expected());
    let credentials = packed(&SEC_WINNT_AUTH_DATA_TYPE_PASSWORD, &utf16("pässword"));
    let packed_word = Ex2 { credentials, flags: 2, ..text.clone() };
    assert_eq!(strings(packed_word.build().pointer()).unwrap(), expected());
    let credentials = packed(&NT_HASH, &[7; 16]);
    let hash = Ex2 { credentials, flags: 2, ..text };
    assert_eq!(strings(hash.build().pointer()), Err(SEC_E_UNSUPPORTED_FUNCTION));
}

#[test]
fn strings_that_nobody_asks_for_are_not_made() {
    let id = Id::encode(Some("user"), Some("domain"), Some("password"));
    let mut domain = ptr::null();
    // SAFETY: an identity of the library; NULL is allowed for each output.
    unsafe {
        let status = SspiEncodeAuthIdentityAsStrings(
            id.0,
            ptr::null_mut(),
            &raw mut domain,
            ptr::null_mut(),
        );
        assert_eq!(status, SEC_E_OK);
    }
    assert_eq!(take_string(domain).as_deref(), Some("domain"));
}

#[test]
fn a_marshalled_identity_is_eleven_words_the_strings_and_four_bytes() {
    let id = Id::encode(Some("user"), Some("domain"), Some("password"));
    let bytes = marshal(id.0).unwrap();
    let words = [0x200, 44, 44, 4, 52, 6, 64, 8, MARSHALLED, 0, 0];
    let words: Vec<u8> = words.into_iter().flat_map(u32::to_le_bytes).collect();
    assert_eq!(bytes, [words, utf16("userdomainpassword"), vec![0; 4]].concat());

    let back = Id::unmarshal(&bytes).unwrap();
    let ex = back.ex();
    assert_eq!((ex.Version, ex.Length, ex.Flags), (0x200, 72, MARSHALLED));
    assert_eq!(ex.User.addr(), back.0.addr() + 72);
    assert_eq!(back.behind(36), utf16("userdomainpassword"));
    assert_eq!(compare(id.0, back.0), (true, true));
}

#[test]
fn a_narrow_identity_is_marshalled_narrow_and_keeps_its_flags() {
    let mut own = plain_a(b"user", b"domain", b"password");
    let bytes = marshal((&raw mut own).cast()).unwrap();
    let words = [0x200_u32, 44, 44, 4, 48, 6, 54, 8, 1, 0, 0];
    let words: Vec<u8> = words.into_iter().flat_map(u32::to_le_bytes).collect();
    assert_eq!(bytes, [&words[..], b"userdomainpassword\0\0\0\0"].concat());
    let back = Id::unmarshal(&bytes).unwrap();
    assert_eq!(back.ex().Flags, 1 | SEC_WINNT_AUTH_IDENTITY_MARSHALLED);
    assert_eq!(back.behind(18), b"userdomainpassword");
    assert_eq!(compare(back.0, (&raw mut own).cast()), (true, true));
}

#[test]
fn absent_strings_are_marshalled_as_zero_and_lists_are_carried() {
    let (user, list) = (wide("user"), wide("Kerberos,!NTLM"));
    let mut own = ex_w(&user[..4], &[], &[], &list[..14]);
    own.Domain = ptr::null_mut();
    own.Password = ptr::null_mut();
    let bytes = marshal((&raw mut own).cast()).unwrap();
    let words = [0x200, 44, 44, 4, 0, 0, 0, 0, 2, 52, 14];
    let words: Vec<u8> = words.into_iter().flat_map(u32::to_le_bytes).collect();
    assert_eq!(bytes, [words, utf16("userKerberos,!NTLM"), vec![0; 4]].concat());
    let back = explicit(Id::unmarshal(&bytes).unwrap().0);
    assert_eq!(back.packages.only, ["Kerberos"]);
    assert_eq!(back.packages.never, ["NTLM"]);
}

#[test]
fn ex2_is_marshalled_as_it_is_with_eight_more_bytes() {
    // What Windows does with an EX2 in which everything is absent and no flag is set.
    let mut empty = Ex2::default().build();
    let bytes = marshal(empty.pointer()).unwrap();
    assert_eq!(bytes, [empty.bytes(), vec![0; 8]].concat());
    let credentials = packed(&SEC_WINNT_AUTH_DATA_TYPE_PASSWORD, &utf16("pw"));
    let mut full =
        Ex2 { user: utf16("u"), credentials, packages: utf16("NTLM"), ..Ex2::default() }.build();
    let bytes = marshal(full.pointer()).unwrap();
    assert_eq!(bytes, [full.bytes(), vec![0; 8]].concat());
    let back = Id::unmarshal(&bytes).unwrap();
    // SAFETY: as long as the original.
    let copy = unsafe { std::slice::from_raw_parts(back.0.cast::<u8>(), full.length) };
    assert_eq!(copy, full.bytes());
    assert_eq!(compare(back.0, full.pointer()), (true, true));
    // Without the eight bytes, too.
    assert!(Id::unmarshal(&full.bytes()).is_ok());
}

#[test]
fn a_copy_is_deep_and_keeps_the_flags() {
    let (user, word) = (wide("user"), wide("pw"));
    let mut own = plain_w(&user[..4], &[], &word[..2]);
    own.Flags |= 0x300 | SEC_WINNT_AUTH_IDENTITY_ONLY;
    let copy = Id::copy((&raw mut own).cast()).unwrap();
    drop((user, word));
    assert_eq!(copy.ex().Flags, 2 | 0x300 | SEC_WINNT_AUTH_IDENTITY_ONLY);
    assert_eq!(strings(copy.0).unwrap(), [Some("user".into()), None, Some("pw".into())]);
    let again = Id::copy(copy.0).unwrap();
    assert_eq!(compare(copy.0, again.0), (true, true));
    assert_ne!(copy.0, again.0);
}

#[test]
fn identities_are_compared_by_meaning() {
    let id = |user, domain, word| Id::encode(Some(user), Some(domain), Some(word));
    let one = id("Alice", "EX", "pw");
    assert_eq!(compare(one.0, id("alice", "ex", "pw").0), (true, true));
    assert_eq!(compare(one.0, id("Alice", "EX", "PW").0), (true, false));
    assert_eq!(compare(one.0, id("Alice", "EXA", "pw").0), (false, false));
    assert_eq!(compare(one.0, id("Bob", "EX", "pw").0), (false, false));
    assert_eq!(compare(one.0, Id::encode(Some("Alice"), None, Some("pw")).0), (false, false));
    let filtered = Id::exclude(one.0, "NTLM").unwrap();
    assert_eq!(compare(one.0, filtered.0), (true, false));
    let mut narrow = plain_a(b"ALICE", b"EX", b"pw");
    assert_eq!(compare(one.0, (&raw mut narrow).cast()), (true, true));
    let null = ptr::null_mut();
    assert_eq!(compare(null, null), (true, true));
    assert_eq!(compare(null, one.0), (false, false));
    assert_eq!(compare(null, Id::encode(Some(""), None, None).0), (false, false));
    // SAFETY: NULL is allowed for the outputs.
    let status =
        unsafe { SspiCompareAuthIdentities(one.0, one.0, ptr::null_mut(), ptr::null_mut()) };
    assert_eq!(status, SEC_E_OK);
}

#[test]
fn a_package_is_excluded_in_a_copy() {
    let id = Id::encode(Some("user"), None, Some("pw"));
    let once = Id::exclude(id.0, "NTLM").unwrap();
    let twice = Id::exclude(once.0, "Kerberos").unwrap();
    assert_eq!(explicit(id.0).packages.never, [""; 0]);
    assert_eq!(explicit(once.0).packages.never, ["NTLM"]);
    assert_eq!(explicit(twice.0).packages.never, ["NTLM", "Kerberos"]);
    assert_eq!(password(&explicit(twice.0)), "pw");
    assert_eq!(explicit(Id::exclude(twice.0, "ntlm").unwrap().0).packages.never.len(), 2);

    // The default credentials, filtered.
    let default = Id::exclude(ptr::null_mut(), "NTLM").unwrap();
    assert!(matches!(read(default.0).unwrap(), AuthData::Default(list) if list.never == ["NTLM"]));

    let mut narrow = plain_a(b"user", b"", b"pw");
    let excluded = Id::exclude((&raw mut narrow).cast(), "NTLM").unwrap();
    assert_eq!(explicit(excluded.0).packages.never, ["NTLM"]);
    let credentials = packed(&SEC_WINNT_AUTH_DATA_TYPE_PASSWORD, &utf16("pw"));
    let mut ex2 = Ex2 {
        user: utf16("u"),
        credentials,
        packages: utf16("Kerberos"),
        flags: 2,
        ..Ex2::default()
    };
    let excluded = Id::exclude(ex2.build().pointer(), "NTLM").unwrap();
    assert_eq!(explicit(excluded.0).packages.only, ["Kerberos"]);
    assert_eq!(explicit(excluded.0).packages.never, ["NTLM"]);
    assert_eq!(password(&explicit(excluded.0)), "pw");
    ex2.packages = utf16(&"x".repeat(32_764));
    assert!(Id::exclude(ex2.build().pointer(), "NTLM").is_err());
    for name in ["", " ", "a,b", "!NTLM"] {
        assert!(Id::exclude(id.0, name).is_err(), "{name:?}");
    }
}

#[test]
fn encryption_hides_the_password_and_travels_with_the_identity() {
    let id = Id::encode(Some("user"), Some("domain"), Some("password"));
    let clear = Id::copy(id.0).unwrap();
    assert!(!is_encrypted(id.0));
    // SAFETY: an identity of the library.
    assert_eq!(unsafe { SspiEncryptAuthIdentity(id.0) }, SEC_E_OK);
    assert!(is_encrypted(id.0));
    assert_eq!(id.ex().Flags, MARSHALLED | SEC_WINNT_AUTH_IDENTITY_FLAGS_PROCESS_ENCRYPTED);
    assert_eq!(id.behind(36), [utf16("userdomain"), vec![0; 16]].concat());
    assert_eq!(strings(id.0), Err(STATUS_INVALID_PARAMETER));
    assert_eq!(validate(id.0), SEC_E_OK);
    // Encrypting twice is once.
    // SAFETY: an identity of the library.
    assert_eq!(unsafe { SspiEncryptAuthIdentity(id.0) }, SEC_E_OK);
    assert_eq!(compare(id.0, clear.0), (true, true));
    assert_eq!(password(&explicit(id.0)), "password");

    let carried = Id::unmarshal(&marshal(id.0).unwrap()).unwrap();
    let copied = Id::copy(carried.0).unwrap();
    let excluded = Id::exclude(copied.0, "NTLM").unwrap();
    for id in [&id, &carried, &copied, &excluded] {
        for _ in 0..2 {
            assert!(is_encrypted(id.0));
            assert_eq!(password(&explicit(id.0)), "password");
            // SAFETY: an identity of the library.
            assert_eq!(unsafe { SspiDecryptAuthIdentity(id.0) }, SEC_E_OK);
            assert!(!is_encrypted(id.0));
            assert_eq!(strings(id.0).unwrap()[2].as_deref(), Some("password"));
            // SAFETY: an identity of the library.
            assert_eq!(unsafe { SspiDecryptAuthIdentity(id.0) }, SEC_E_OK);
            // SAFETY: an identity of the library.
            assert_eq!(unsafe { SspiEncryptAuthIdentity(id.0) }, SEC_E_OK);
        }
    }
}

#[test]
fn ex2_and_narrow_identities_are_encrypted_too() {
    let credentials = packed(&NT_HASH, &[7; 16]);
    let ex2 =
        Ex2 { user: utf16("u"), credentials, packages: utf16("NTLM"), flags: 2, ..Ex2::default() };
    let ex2 = Id::copy(ex2.build().pointer()).unwrap();
    let mut narrow = plain_a(b"user", b"", b"pw!");
    let narrow = Id::copy((&raw mut narrow).cast()).unwrap();
    for id in [&ex2, &narrow] {
        let clear = Id::copy(id.0).unwrap();
        for _ in 0..3 {
            // SAFETY: an identity of the library.
            assert_eq!(unsafe { SspiEncryptAuthIdentity(id.0) }, SEC_E_OK);
            let carried = Id::unmarshal(&marshal(id.0).unwrap()).unwrap();
            assert!(is_encrypted(carried.0));
            assert_eq!(compare(carried.0, clear.0), (true, true));
            // SAFETY: an identity of the library.
            assert_eq!(unsafe { SspiDecryptAuthIdentity(id.0) }, SEC_E_OK);
            assert_eq!(compare(id.0, clear.0), (true, true));
        }
    }
    // Nothing to hide, but marked.
    let nothing = Id::encode(Some("user"), None, None);
    // SAFETY: an identity of the library.
    unsafe {
        assert_eq!(SspiEncryptAuthIdentity(nothing.0), SEC_E_OK);
        assert!(is_encrypted(nothing.0));
        assert_eq!(SspiDecryptAuthIdentity(nothing.0), SEC_E_OK);
    }
    assert!(!is_encrypted(nothing.0));
}

#[test]
fn only_identities_with_room_are_encrypted_and_only_for_whom_we_can() {
    let word = wide("password");
    let mut own = plain_w(&[], &[], &word[..8]);
    let id = Id::encode(Some("u"), None, Some("p"));
    // SAFETY: identities.
    unsafe {
        let foreign = (&raw mut own).cast();
        assert_eq!(SspiEncryptAuthIdentity(foreign), SEC_E_UNSUPPORTED_FUNCTION);
        assert_eq!(SspiEncryptAuthIdentityEx(4, id.0), SEC_E_UNSUPPORTED_FUNCTION);
        assert_eq!(SspiDecryptAuthIdentityEx(4, id.0), SEC_E_UNSUPPORTED_FUNCTION);
        for options in [0, 3, 5, u32::MAX] {
            assert_eq!(SspiEncryptAuthIdentityEx(options, id.0), SEC_E_INVALID_PARAMETER);
            assert_eq!(SspiDecryptAuthIdentityEx(options, id.0), SEC_E_INVALID_PARAMETER);
        }
        assert_eq!(SspiEncryptAuthIdentityEx(2, id.0), SEC_E_OK);
        assert_eq!(SspiEncryptAuthIdentityEx(1, id.0), SEC_E_INVALID_PARAMETER);
        assert_eq!(SspiDecryptAuthIdentityEx(2, id.0), SEC_E_OK);
    }
    assert_eq!(own.Flags, 2);
    assert_eq!(strings(id.0).unwrap()[2].as_deref(), Some("p"));
}

#[test]
fn what_is_freed_is_ours() {
    let mut own = plain_w(&[], &[], &[]);
    // SAFETY: NULL and foreign pointers are left alone.
    unsafe {
        SspiFreeAuthIdentity(ptr::null_mut());
        SspiLocalFree(ptr::null_mut());
        SspiFreeAuthIdentity((&raw mut own).cast());
        SspiLocalFree((&raw mut own).cast());
    }
    assert_eq!(own.Flags, 2);
    // One of Microsoft's pages says to free the strings with SspiFreeAuthIdentity.
    let id = Id::encode(Some("user"), None, None);
    let mut user = ptr::null();
    // SAFETY: an identity of the library; its string is freed twice, the second time for nothing.
    unsafe {
        let none = ptr::null_mut;
        SspiEncodeAuthIdentityAsStrings(id.0, &raw mut user, none(), none());
        SspiFreeAuthIdentity(user.cast_mut().cast());
        SspiLocalFree(user.cast_mut().cast());
        // Twice, and once more when it is dropped.
        SspiFreeAuthIdentity(id.0);
        SspiFreeAuthIdentity(id.0);
    }
}

fn cred_write(id: *mut c_void, target: Option<&str>) -> Result<(u32, Strings, Vec<u8>), i32> {
    let target = target.map(wide);
    let target = target.as_ref().map_or(ptr::null(), Vec::as_ptr);
    let (mut kind, mut size) = (0, 0xDEAD);
    let (mut name, mut user) = (ptr::null(), ptr::null());
    let mut blob = ptr::null_mut();
    // SAFETY: an identity, a terminated target, and places for all results.
    unsafe {
        let status = SspiPrepareForCredWrite(
            id,
            target,
            &raw mut kind,
            &raw mut name,
            &raw mut user,
            &raw mut blob,
            &raw mut size,
        );
        if status != SEC_E_OK {
            assert!(kind == 0 && name.is_null() && user.is_null() && blob.is_null());
            return Err(status);
        }
        let bytes = if blob.is_null() {
            Vec::new()
        } else {
            std::slice::from_raw_parts(blob, size as usize).to_vec()
        };
        assert_eq!(bytes.len(), size as usize);
        SspiLocalFree(blob.cast());
        Ok((kind, [take_string(name), take_string(user), None], bytes))
    }
}

#[test]
fn an_identity_is_prepared_for_the_credential_manager() {
    let id = Id::encode(Some("username"), Some("domainname"), Some("password"));
    let (kind, [target, user, _], blob) = cred_write(id.0, None).unwrap();
    assert_eq!(kind, CRED_TYPE_DOMAIN_PASSWORD);
    assert_eq!(target.as_deref(), Some("domainname\\username"));
    assert_eq!(user.as_deref(), Some("domainname\\username"));
    assert_eq!(blob, utf16("password"));
    let (_, [target, user, _], _) = cred_write(id.0, Some("domainname2\\username2")).unwrap();
    assert_eq!(target.as_deref(), Some("domainname2\\username2"));
    assert_eq!(user.as_deref(), Some("domainname\\username"));

    let bare = Id::encode(Some("user"), None, None);
    let (_, [target, user, _], blob) = cred_write(bare.0, None).unwrap();
    assert_eq!((target.as_deref(), user.as_deref()), (Some("user"), Some("user")));
    assert!(blob.is_empty());
    let mut narrow = plain_a("Zoë".as_bytes(), b"EX", b"pw");
    let (_, [_, user, _], blob) = cred_write((&raw mut narrow).cast(), None).unwrap();
    assert_eq!(user.as_deref(), Some("EX\\Zoë"));
    assert_eq!(blob, utf16("pw"));

    let nobody = Id::encode(None, None, Some("pw"));
    assert_eq!(cred_write(nobody.0, None), Err(SEC_E_INVALID_PARAMETER));
    assert!(cred_write(nobody.0, Some("target")).is_ok());
    // SAFETY: an identity of the library.
    assert_eq!(unsafe { SspiEncryptAuthIdentity(id.0) }, SEC_E_OK);
    assert_eq!(cred_write(id.0, None), Err(SEC_E_INVALID_PARAMETER));
}

#[test]
fn reading_asks_for_the_same_target() {
    let id = Id::encode(Some("user"), Some("EX"), Some("pw"));
    let target = wide("TERMSRV/host");
    let (mut kind, mut name) = (0, ptr::null());
    for (given, expected) in [(target.as_ptr(), "TERMSRV/host"), (ptr::null(), "EX\\user")] {
        // SAFETY: an identity, a terminated target or NULL, and places for the results.
        let status = unsafe { SspiPrepareForCredRead(id.0, given, &raw mut kind, &raw mut name) };
        assert_eq!((status, kind), (SEC_E_OK, CRED_TYPE_DOMAIN_PASSWORD));
        assert_eq!(take_string(name).as_deref(), Some(expected));
    }
}

#[test]
fn the_host_of_a_target_is_given() {
    let mut host = UNTOUCHED.cast::<u16>();
    for (target, expected) in
        [("HTTP/www.example.org:80", "www.example.org"), ("www", "www"), ("cifs/a/b", "a")]
    {
        let target = wide(target);
        // SAFETY: a terminated target and a place for the result.
        let status = unsafe { SspiGetTargetHostName(target.as_ptr(), &raw mut host) };
        assert_eq!(status, SEC_E_OK);
        assert_eq!(take_string(host).as_deref(), Some(expected));
    }
    host = UNTOUCHED.cast();
    let target = wide("HTTP/");
    // SAFETY: as above; NULL is allowed.
    unsafe {
        assert_eq!(SspiGetTargetHostName(target.as_ptr(), &raw mut host), SEC_E_INVALID_PARAMETER);
        assert_eq!(SspiGetTargetHostName(ptr::null(), &raw mut host), SEC_E_INVALID_PARAMETER);
        let status = SspiGetTargetHostName(target.as_ptr(), ptr::null_mut());
        assert_eq!(status, SEC_E_INVALID_PARAMETER);
    }
    assert_eq!(host.cast(), UNTOUCHED);
}

#[test]
fn packed_credentials_say_what_they_are() {
    let base = Ex2 { user: utf16("svc"), domain: utf16("EX.ORG"), ..Ex2::default() };
    let with = |credentials| Ex2 { credentials, ..base.clone() }.build();
    let word = explicit(with(packed(&SEC_WINNT_AUTH_DATA_TYPE_PASSWORD, &utf16("pw"))).pointer());
    assert_eq!((word.user.as_deref(), word.domain.as_deref()), (Some("svc"), Some("EX.ORG")));
    assert_eq!(password(&word), "pw");
    let none = explicit(with(packed(&SEC_WINNT_AUTH_DATA_TYPE_PASSWORD, b"")).pointer());
    assert!(matches!(none.proof, Proof::None));
    let hash = explicit(with(packed(&NT_HASH, b"0123456789abcdef")).pointer());
    assert!(matches!(hash.proof, Proof::NtHash(hash) if hash.expose() == b"0123456789abcdef"));
    let keytab =
        explicit(with(packed(&SEC_WINNT_AUTH_DATA_TYPE_KEYTAB, b"\x05\x02rest")).pointer());
    assert!(matches!(keytab.proof, Proof::Keytab(bytes) if bytes.expose() == b"\x05\x02rest"));
    let error = read(with(packed(&SEC_WINNT_AUTH_DATA_TYPE_CERT, b"cert")).pointer()).unwrap_err();
    assert_eq!(error.status().code(), SEC_E_UNKNOWN_CREDENTIALS);
}

#[test]
fn default_anonymous_and_filtered_identities_are_told_apart() {
    assert!(matches!(read(ptr::null()).unwrap(), AuthData::Default(list) if list.never.is_empty()));
    let list = wide("Kerberos");
    let jdk = ex_w(&[], &[], &[], &list[..8]);
    let data = read((&raw const jdk).cast()).unwrap();
    assert!(matches!(data, AuthData::Default(list) if list.only == ["Kerberos"]));
    let empty = ex_w(&[], &[], &[], &[]);
    assert!(explicit((&raw const empty).cast()).is_empty());
    assert!(explicit(Ex2::default().build().pointer()).is_empty());
    let data = read(Ex2 { packages: utf16("NTLM"), ..Ex2::default() }.build().pointer()).unwrap();
    assert!(matches!(data, AuthData::Default(list) if list.only == ["NTLM"]));
    let user = wide("user");
    let user = ex_w(&user[..4], &[], &[], &list[..8]);
    assert_eq!(explicit((&raw const user).cast()).packages.only, ["Kerberos"]);
}
