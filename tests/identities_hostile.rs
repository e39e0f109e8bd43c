//! Identities that lie: wrong lengths, flags, offsets, truncations and mutations. Refused, and
//! nothing is read behind what they name.
#![allow(unsafe_code)]

mod identity;

use std::ffi::c_void;
use std::ptr;

use identity::*;
use proptest::prelude::*;
use secur32::abi::exports::saved_credentials::SspiPrepareForCredRead;
use secur32::spi::error::{CallerFault, Fault};

fn refused(identity: *const c_void) {
    let error = read(identity).unwrap_err();
    assert_eq!(error.fault(), Fault::Caller(CallerFault::InvalidParameter), "{error}");
    assert_eq!(validate(identity.cast_mut()), SEC_E_INVALID_TOKEN);
}

/// Bytes at the very end of readable memory: one more is a fault.
struct Guarded {
    page: *mut u8,
    start: *mut u8,
}

const PAGE: usize = 4096;
const PAGES: usize = 34;

impl Guarded {
    fn new(bytes: &[u8]) -> Self {
        assert!(bytes.len() <= (PAGES - 1) * PAGE);
        // SAFETY: fresh memory of our own; the copy ends where the last page begins.
        unsafe {
            let page = libc::mmap(
                ptr::null_mut(),
                PAGES * PAGE,
                libc::PROT_READ | libc::PROT_WRITE,
                libc::MAP_PRIVATE | libc::MAP_ANONYMOUS,
                -1,
                0,
            );
            assert_ne!(page, libc::MAP_FAILED);
            let page = page.cast::<u8>();
            let end = page.add((PAGES - 1) * PAGE);
            assert_eq!(libc::mprotect(end.cast(), PAGE, libc::PROT_NONE), 0);
            let start = end.sub(bytes.len());
            start.copy_from_nonoverlapping(bytes.as_ptr(), bytes.len());
            Self { page, start }
        }
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        // SAFETY: mapped in `new`.
        unsafe { libc::munmap(self.page.cast(), PAGES * PAGE) };
    }
}

#[test]
fn b7_the_length_counts_and_not_the_terminator() {
    let user = wide("administrator");
    let mut own = plain_w(&user[..5], &[], &[]);
    assert_eq!(explicit((&raw const own).cast()).user.as_deref(), Some("admin"));
    // A length that counts the terminator makes it a part of the name, as on Windows.
    own.UserLength = 14;
    assert_eq!(explicit((&raw const own).cast()).user.as_deref(), Some("administrator\0"));
    let text = b"user\0hidden";
    let own = plain_a(text, b"", b"");
    assert_eq!(explicit((&raw const own).cast()).user.as_deref(), Some("user\0hidden"));
}

#[test]
fn b7_nothing_is_read_behind_a_length() {
    let user = Guarded::new(&utf16("user"));
    let word = Guarded::new(b"pw!");
    let mut own = plain_w(&[], &[], &[]);
    own.User = user.start.cast();
    own.UserLength = 4;
    assert_eq!(explicit((&raw const own).cast()).user.as_deref(), Some("user"));
    let mut own = plain_a(b"", b"", b"");
    own.Password = word.start;
    own.PasswordLength = 3;
    assert_eq!(password(&explicit((&raw const own).cast())), "pw!");
    // Nor behind the structures themselves.
    let own = plain_w(&[], &[], &[]);
    // SAFETY: a structure as bytes.
    let bytes = unsafe { std::slice::from_raw_parts((&raw const own).cast::<u8>(), 48) };
    let own = Guarded::new(bytes);
    assert!(explicit(own.start.cast()).is_empty());
    let ex2 = Ex2 { user: utf16("u"), credentials: utf16("p"), ..Ex2::default() }.build();
    let ex2 = Guarded::new(&ex2.bytes());
    assert_eq!(password(&explicit(ex2.start.cast())), "p");
}

#[test]
fn b7_neither_and_both_charsets_are_refused() {
    let user = wide("user");
    for flags in [0, 3, 4, 8, 0x300, 0xFFFF_FF0F] {
        let mut own = plain_w(&user[..4], &[], &[]);
        own.Flags = flags;
        refused((&raw const own).cast());
        let mut own = ex_w(&user[..4], &[], &[], &[]);
        own.Flags = flags;
        refused((&raw const own).cast());
    }
    refused(Ex2 { user: utf16("user"), flags: 3, ..Ex2::default() }.build().pointer());
    // EX2 is Unicode by definition, unless it says otherwise.
    let silent = explicit(Ex2 { user: utf16("user"), ..Ex2::default() }.build().pointer());
    assert_eq!(silent.user.as_deref(), Some("user"));
    let narrow = Ex2 { user: b"user".to_vec(), flags: 1, ..Ex2::default() };
    assert_eq!(explicit(narrow.build().pointer()).user.as_deref(), Some("user"));
}

#[test]
fn b7_flags_that_nobody_knows_are_ignored() {
    let user = wide("user");
    for bit in (2..32).filter(|bit| ![4, 5, 6, 7].contains(bit)) {
        let mut own = plain_w(&user[..4], &[], &[]);
        own.Flags |= 1 << bit;
        assert_eq!(explicit((&raw const own).cast()).user.as_deref(), Some("user"), "{bit}");
    }
}

#[test]
fn b7_null_with_a_length_is_refused_and_a_pointer_without_one_is_nothing() {
    let text = wide("text");
    for field in 0..4 {
        let mut own = ex_w(&text[..4], &text[..4], &text[..4], &text[..4]);
        let (pointer, length) = match field {
            0 => (&raw mut own.User, &raw mut own.UserLength),
            1 => (&raw mut own.Domain, &raw mut own.DomainLength),
            2 => (&raw mut own.Password, &raw mut own.PasswordLength),
            _ => (&raw mut own.PackageList, &raw mut own.PackageListLength),
        };
        // SAFETY: two fields of `own`.
        unsafe {
            pointer.write(ptr::null_mut());
            refused((&raw const own).cast());
            length.write(0);
            assert!(read((&raw const own).cast()).is_ok());
            pointer.write(ptr::without_provenance_mut(1));
            assert!(read((&raw const own).cast()).is_ok());
        }
    }
}

#[test]
fn b7_n25_lengths_without_end_are_refused() {
    let text = wide("text");
    for length in [65_536, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFE, 0xFFFF_FFFF] {
        for charset in [1, 2] {
            let mut own = plain_w(&text[..4], &[], &[]);
            own.Flags = charset;
            own.UserLength = length;
            refused((&raw const own).cast());
            own.UserLength = 0;
            own.PasswordLength = length;
            refused((&raw const own).cast());
        }
    }
    // The longest are only long.
    let longest = vec![u16::from(b'x'); 65_535];
    let own = ex_w(&longest, &longest, &longest, &longest);
    let read = explicit((&raw const own).cast());
    assert_eq!(read.user.unwrap().len(), 65_535);
    let bytes = marshal((&raw const own).cast_mut().cast()).unwrap();
    assert_eq!(bytes.len(), 44 + 4 * 2 * 65_535 + 4);
    let back = Id::unmarshal(&bytes).unwrap();
    // A password of this length has no room for its seal in the count of characters.
    // SAFETY: an identity of the library.
    assert_eq!(unsafe { SspiEncryptAuthIdentity(back.0) }, SEC_E_INVALID_PARAMETER);
    assert_eq!(strings(back.0).unwrap()[2].as_ref().unwrap().len(), 65_535);
}

#[test]
fn b7_a_version_with_a_wrong_length_is_not_followed_as_a_pointer() {
    let user = wide("user");
    for length in [0, 4, 44, 48, 71, 73, 80, 0x400] {
        let mut own = ex_w(&user[..4], &[], &[], &[]);
        own.Length = length;
        refused((&raw const own).cast());
        let mut own = ex_w(&user[..4], &[], &[], &[]);
        own.Version = SEC_WINNT_AUTH_IDENTITY_VERSION_2;
        own.Length = length;
        if length != 48 {
            refused((&raw const own).cast());
        }
    }
}

#[test]
fn b7_ill_formed_texts_are_refused_but_a_password_may_be_anything_wide() {
    let surrogate = [0xD800];
    refused((&raw const *Box::new(plain_w(&surrogate, &[], &[]))).cast());
    refused((&raw const *Box::new(plain_w(&[], &surrogate, &[]))).cast());
    refused((&raw const *Box::new(ex_w(&[], &[], &[], &surrogate))).cast());
    let own = plain_w(&[], &[], &surrogate);
    let identity = explicit((&raw const own).cast());
    assert!(matches!(&identity.proof, Proof::Password(text) if text.expose() == surrogate));
    for bad in [&b"\xFF"[..], b"\xC3", b"\xED\xA0\x80"] {
        refused((&raw const *Box::new(plain_a(bad, b"", b""))).cast());
        refused((&raw const *Box::new(plain_a(b"", b"", bad))).cast());
    }
    refused(Ex2 { user: b"odd".to_vec(), ..Ex2::default() }.build().pointer());
    refused(Ex2 { credentials: b"odd".to_vec(), ..Ex2::default() }.build().pointer());
}

#[test]
fn b7_ex2_offsets_that_wrap_or_leave_the_structure_are_refused() {
    let full = Ex2 {
        user: utf16("user"),
        domain: utf16("domain"),
        credentials: utf16("password"),
        packages: utf16("NTLM"),
        flags: 2,
    };
    let bytes = full.build().bytes();
    let end = bytes.len() as u32;
    for (offset_at, length_at) in [(12, 16), (20, 24), (28, 32), (40, 44)] {
        for offset in [0, 1, 47, end - 1, end, end + 1, 0x7FFF_FFFF, u32::MAX - 1, u32::MAX] {
            for length in [2_u16, 8, 0xFFFE] {
                let mut bytes = bytes.clone();
                bytes[offset_at..offset_at + 4].copy_from_slice(&offset.to_le_bytes());
                bytes[length_at..length_at + 2].copy_from_slice(&length.to_le_bytes());
                refused(Aligned::new(&bytes).pointer());
                assert_eq!(Id::unmarshal(&bytes).err(), Some(SEC_E_INVALID_TOKEN));
            }
        }
        // A length of 0 makes the offset meaningless.
        let mut bytes = bytes.clone();
        bytes[offset_at..offset_at + 4].copy_from_slice(&u32::MAX.to_le_bytes());
        bytes[length_at..length_at + 2].copy_from_slice(&0_u16.to_le_bytes());
        assert!(read(Aligned::new(&bytes).pointer()).is_ok());
    }
    for length in [0, 1, 47, 0x10_0001, 0x7FFF_FFFF, u32::MAX] {
        let mut bytes = bytes.clone();
        bytes[8..12].copy_from_slice(&u32::to_le_bytes(length));
        refused(Aligned::new(&bytes).pointer());
    }
}

#[test]
fn b7_misaligned_structures_are_refused() {
    let user = wide("user");
    let own = plain_w(&user[..4], &[], &[]);
    // SAFETY: a structure as bytes.
    let bytes = unsafe { std::slice::from_raw_parts((&raw const own).cast::<u8>(), 48) };
    for shift in [1, 2, 4] {
        let mut moved = Aligned::new(&[vec![0; shift], bytes.to_vec()].concat());
        refused(moved.pointer().wrapping_byte_add(shift));
    }
}

#[test]
fn b7_packed_credentials_are_whole_or_refused() {
    let contents = [
        (SEC_WINNT_AUTH_DATA_TYPE_PASSWORD, utf16("password")),
        (SEC_WINNT_AUTH_DATA_TYPE_KEYTAB, vec![5, 2, 0, 0]),
        (NT_HASH, vec![7; 16]),
    ];
    for (kind, data) in contents {
        let whole = packed(&kind, &data);
        // Two bytes are what says that they are packed; with fewer they are no text either.
        for length in 1..whole.len() {
            let cut = Ex2 { credentials: whole[..length].to_vec(), flags: 2, ..Ex2::default() };
            refused(cut.build().pointer());
        }
        for offset in [0, 27, 29, u32::from(u16::MAX), u32::MAX] {
            let mut moved = whole.clone();
            moved[20..24].copy_from_slice(&offset.to_le_bytes());
            refused(Ex2 { credentials: moved, ..Ex2::default() }.build().pointer());
        }
    }
    for length in [0, 15, 17, 32] {
        let credentials = packed(&NT_HASH, &vec![7; length]);
        refused(Ex2 { credentials, ..Ex2::default() }.build().pointer());
    }
    let credentials = packed(&SEC_WINNT_AUTH_DATA_TYPE_PASSWORD, b"odd");
    refused(Ex2 { credentials, ..Ex2::default() }.build().pointer());
}

#[test]
fn n24_a_password_that_looks_like_a_hash_is_a_password() {
    let hex = "0123456789abcdef0123456789ABCDEF";
    let long: Vec<String> = [513, 1024, 4096].map(|length| "a".repeat(length)).into();
    for text in long.iter().map(String::as_str).chain([hex]) {
        let units: Vec<u16> = text.encode_utf16().collect();
        let own = plain_w(&[], &[], &units);
        assert_eq!(password(&explicit((&raw const own).cast())), text);
        let own = plain_a(b"", b"", text.as_bytes());
        assert_eq!(password(&explicit((&raw const own).cast())), text);
        let own = ex_w(&[], &[], &units, &[]);
        assert_eq!(password(&explicit((&raw const own).cast())), text);
        assert_eq!(password(&explicit(Id::encode(None, None, Some(text)).0)), text);
        let packed = packed(&SEC_WINNT_AUTH_DATA_TYPE_PASSWORD, &utf16(text));
        for credentials in [packed, utf16(text)] {
            let ex2 = Ex2 { credentials, ..Ex2::default() };
            assert_eq!(password(&explicit(ex2.build().pointer())), text);
        }
    }
    // Only the packed form of its own makes a hash; in a plain identity its bytes are text.
    let units: Vec<u16> = packed(&NT_HASH, &[7; 16])
        .chunks(2)
        .map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
        .collect();
    let own = plain_w(&[], &[], &units);
    assert!(matches!(explicit((&raw const own).cast()).proof, Proof::Password(_)));
}

#[test]
fn b7_flags_of_encryption_do_not_make_a_clear_password_an_encrypted_one() {
    let (user, word) = (wide("user"), wide("password, long enough to be taken for a sealed one"));
    for flag in [0x10, 0x20, 0x40, 0x80] {
        let mut own = plain_w(&user[..4], &[], &word);
        own.Flags |= flag;
        assert!(read((&raw const own).cast()).is_err());
        let pointer = (&raw mut own).cast();
        assert!(is_encrypted(pointer));
        // SAFETY: an identity.
        assert_ne!(unsafe { SspiDecryptAuthIdentity(pointer) }, SEC_E_OK);
        assert_eq!(validate(pointer), SEC_E_INVALID_TOKEN);
        assert_eq!(strings(pointer), Err(STATUS_INVALID_PARAMETER));
    }
}

#[test]
fn b7_an_encrypted_identity_that_was_changed_is_refused() {
    let id = Id::encode(Some("user"), None, Some("password"));
    // SAFETY: an identity of the library.
    assert_eq!(unsafe { SspiEncryptAuthIdentity(id.0) }, SEC_E_OK);
    let bytes = marshal(id.0).unwrap();
    let sealed = 44 + 8..bytes.len() - 4;
    for position in sealed {
        let mut changed = bytes.clone();
        changed[position] ^= 1;
        let changed = Id::unmarshal(&changed).unwrap();
        let error = read(changed.0).unwrap_err();
        assert_eq!(error.status().code(), SEC_E_UNKNOWN_CREDENTIALS);
        // SAFETY: an identity of the library.
        assert_eq!(unsafe { SspiDecryptAuthIdentity(changed.0) }, SEC_E_UNKNOWN_CREDENTIALS);
        assert!(is_encrypted(changed.0));
    }
    // A wiped one is as good as changed.
    // SAFETY: an identity of the library.
    unsafe { SspiZeroAuthIdentity(id.0) };
    assert!(read(id.0).is_err());
}

#[test]
fn b7_no_structure_is_overwritten_when_fields_of_an_identity_of_ours_were_changed() {
    let id = Id::encode(Some("user"), Some("domain"), Some("password"));
    let ex = id.0.cast::<SEC_WINNT_AUTH_IDENTITY_EXW>();
    let own = wide("password of the caller");
    // SAFETY: the library's identity, and strings that are alive.
    unsafe {
        let before = *ex;
        // The user now reaches into the room at the end.
        (*ex).UserLength = 46;
        assert_eq!(SspiEncryptAuthIdentity(id.0), SEC_E_INVALID_PARAMETER);
        (*ex).UserLength = before.UserLength;
        // The password is somebody else's memory.
        (*ex).Password = own.as_ptr().cast_mut();
        assert_eq!(SspiEncryptAuthIdentity(id.0), SEC_E_INVALID_PARAMETER);
        (*ex).Password = before.Password;
        // The password grew over the room.
        (*ex).PasswordLength = 20;
        assert_eq!(SspiEncryptAuthIdentity(id.0), SEC_E_INVALID_PARAMETER);
        (*ex).PasswordLength = before.PasswordLength;
        assert_eq!(SspiEncryptAuthIdentity(id.0), SEC_E_OK);
    }
    assert_eq!(password(&explicit(id.0)), "password");
}

#[test]
fn null_is_refused_everywhere() {
    let null = ptr::null_mut::<c_void>();
    assert_eq!(strings(null), Err(SEC_E_INVALID_PARAMETER));
    assert_eq!(validate(null), SEC_E_INVALID_TOKEN);
    assert_eq!(marshal(null), Err(SEC_E_INVALID_PARAMETER));
    assert_eq!(Id::copy(null).err(), Some(SEC_E_INVALID_PARAMETER));
    assert!(!is_encrypted(null));
    let id = Id::encode(Some("u"), None, None);
    let (mut out, mut text, mut length) = (UNTOUCHED, ptr::null_mut(), 7);
    // SAFETY: NULL is allowed for every argument.
    unsafe {
        assert_eq!(SspiEncryptAuthIdentity(null), SEC_E_INVALID_PARAMETER);
        assert_eq!(SspiDecryptAuthIdentity(null), SEC_E_INVALID_PARAMETER);
        assert_eq!(SspiEncryptAuthIdentityEx(2, null), SEC_E_INVALID_PARAMETER);
        assert_eq!(SspiDecryptAuthIdentityEx(2, null), SEC_E_INVALID_PARAMETER);
        assert_eq!(SspiCopyAuthIdentity(id.0, ptr::null_mut()), SEC_E_INVALID_PARAMETER);
        let status = SspiMarshalAuthIdentity(id.0, ptr::null_mut(), &raw mut text);
        assert_eq!((status, text), (SEC_E_INVALID_PARAMETER, ptr::null_mut()));
        let status = SspiMarshalAuthIdentity(id.0, &raw mut length, ptr::null_mut());
        assert_eq!((status, length), (SEC_E_INVALID_PARAMETER, 7));
        let status = SspiUnmarshalAuthIdentity(44, ptr::null_mut(), &raw mut out);
        assert_eq!((status, out), (SEC_E_INVALID_TOKEN, UNTOUCHED));
        let status = SspiExcludePackage(id.0, ptr::null(), &raw mut out);
        assert_eq!((status, out), (SEC_E_INVALID_PARAMETER, UNTOUCHED));
        let name = wide("NTLM");
        let status = SspiExcludePackage(id.0, name.as_ptr(), ptr::null_mut());
        assert_eq!(status, SEC_E_INVALID_PARAMETER);
        let mut kind = 0;
        let status = SspiPrepareForCredRead(null, name.as_ptr(), &raw mut kind, ptr::null_mut());
        assert_eq!(status, SEC_E_INVALID_PARAMETER);
    }
    let bytes = marshal(id.0).unwrap();
    let pointer = bytes.as_ptr().cast_mut().cast();
    // SAFETY: the bytes are readable.
    let status = unsafe { SspiUnmarshalAuthIdentity(bytes.len() as u32, pointer, ptr::null_mut()) };
    assert_eq!(status, SEC_E_INVALID_PARAMETER);
}

#[test]
fn every_truncation_of_marshalled_bytes_is_an_invalid_token() {
    let list = wide("NTLM");
    let own = ex_w(&list[..4], &list[..4], &list[..4], &list[..4]);
    let ex = marshal((&raw const own).cast_mut().cast()).unwrap();
    let credentials = packed(&NT_HASH, &[7; 16]);
    let ex2 = Ex2 { user: utf16("u"), credentials, packages: utf16("NTLM"), ..Ex2::default() };
    let ex2 = marshal(ex2.build().pointer()).unwrap();
    for (bytes, padding) in [(ex, 4), (ex2, 8)] {
        for length in 0..bytes.len() - padding {
            let cut = Guarded::new(&bytes[..length]);
            // SAFETY: readable for exactly this length.
            let cut = unsafe { std::slice::from_raw_parts(cut.start, length) };
            assert_eq!(Id::unmarshal(cut).err(), Some(SEC_E_INVALID_TOKEN), "{length}");
        }
        for length in bytes.len() - padding..=bytes.len() {
            assert!(Id::unmarshal(&bytes[..length]).is_ok());
        }
    }
}

#[test]
fn b7_marshalled_offsets_that_wrap_or_leave_the_bytes_are_refused() {
    let list = wide("NTLM");
    let own = ex_w(&list[..4], &list[..4], &list[..4], &list[..4]);
    let bytes = marshal((&raw const own).cast_mut().cast()).unwrap();
    let end = bytes.len() as u32;
    for at in [8, 16, 24, 36] {
        for (offset, length) in [
            (0, 1),
            (43, 1),
            (end, 1),
            (end - 1, 1),
            (44, end),
            (44, 65_535),
            (44, 65_536),
            (u32::MAX, 1),
            (u32::MAX - 1, 1),
            (44, 0x7FFF_FFFF),
            (44, 0x8000_0000),
            (44, u32::MAX),
            (u32::MAX, u32::MAX),
        ] {
            let mut bytes = bytes.clone();
            bytes[at..at + 4].copy_from_slice(&u32::to_le_bytes(offset));
            bytes[at + 4..at + 8].copy_from_slice(&u32::to_le_bytes(length));
            assert_eq!(Id::unmarshal(&bytes).err(), Some(SEC_E_INVALID_TOKEN));
        }
    }
    for (at, value) in [(0, 0x1FF), (0, 0), (4, 43), (4, 72), (32, 0), (32, 3)] {
        let mut bytes = bytes.clone();
        bytes[at..at + 4].copy_from_slice(&u32::to_le_bytes(value));
        assert_eq!(Id::unmarshal(&bytes).err(), Some(SEC_E_INVALID_TOKEN));
    }
}

/// Whatever came out of bytes must bear every other function.
fn exercise(id: &Id) {
    let _ = validate(id.0);
    let _ = strings(id.0);
    let _ = read(id.0);
    let again = Id::unmarshal(&marshal(id.0).unwrap()).unwrap();
    let copy = Id::copy(again.0).unwrap();
    let _ = Id::exclude(copy.0, "NTLM");
    // SAFETY: identities of the library.
    unsafe {
        if SspiEncryptAuthIdentity(copy.0) == SEC_E_OK {
            assert!(is_encrypted(copy.0));
            let _ = SspiDecryptAuthIdentity(copy.0);
        }
        SspiZeroAuthIdentity(copy.0);
    }
}

fn unmarshal_at_the_edge(bytes: &[u8]) {
    let edge = Guarded::new(bytes);
    // SAFETY: readable for exactly this length.
    let bytes = unsafe { std::slice::from_raw_parts(edge.start, bytes.len()) };
    match Id::unmarshal(bytes) {
        Ok(id) => exercise(&id),
        Err(status) => assert_eq!(status, SEC_E_INVALID_TOKEN),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_an_identity_or_an_invalid_token(
        version in prop::sample::select(vec![0x200_u32, 0x201, 0x202]),
        length in prop::sample::select(vec![44_u32, 48, 72]),
        rest in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let head = [version, length].into_iter().flat_map(u32::to_le_bytes);
        unmarshal_at_the_edge(&head.chain(rest).collect::<Vec<u8>>());
    }

    #[test]
    fn mutated_bytes_are_an_identity_or_an_invalid_token(
        ex2 in any::<bool>(),
        mutations in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut bytes = if ex2 {
            let credentials = packed(&SEC_WINNT_AUTH_DATA_TYPE_PASSWORD, &utf16("pässword"));
            let packages = utf16("NTLM");
            Ex2 { user: utf16("u"), domain: utf16("EX"), credentials, packages, flags: 2 }
                .build()
                .bytes()
        } else {
            let text = wide("NTLM");
            let own = ex_w(&text[..4], &text[..3], &text[..2], &text[..4]);
            marshal((&raw const own).cast_mut().cast()).unwrap()
        };
        for (at, value) in mutations {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        unmarshal_at_the_edge(&bytes);
        unmarshal_at_the_edge(&bytes[..cut.index(bytes.len())]);
    }

    #[test]
    fn strings_come_back_from_every_journey(
        user in "[^\0]{0,20}",
        domain in "[^\0]{0,20}",
        word in "[^\0]{0,80}",
        encrypted in any::<bool>(),
    ) {
        let id = Id::encode(Some(&user), Some(&domain), Some(&word));
        if encrypted {
            // SAFETY: an identity of the library.
            assert_eq!(unsafe { SspiEncryptAuthIdentity(id.0) }, SEC_E_OK);
        }
        let back = Id::unmarshal(&marshal(id.0).unwrap()).unwrap();
        let back = Id::copy(back.0).unwrap();
        assert_eq!(compare(id.0, back.0), (true, true));
        // SAFETY: an identity of the library.
        assert_eq!(unsafe { SspiDecryptAuthIdentity(back.0) }, SEC_E_OK);
        let expected = [user, domain, word].map(|text| (!text.is_empty()).then_some(text));
        prop_assert_eq!(strings(back.0).unwrap(), expected);
    }
}
