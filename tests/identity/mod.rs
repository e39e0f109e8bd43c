//! Shared by the tests of identities: safe words around the C functions.

// Each test program uses its own part of this.
#![allow(dead_code)]

use std::ffi::c_void;
use std::ptr;

pub use secur32::abi::exports::identities::*;
pub use secur32::abi::identity::{AuthData, identity_in};
pub use secur32::abi::types::*;
pub use secur32::spi::identity::{Identity, Proof};

pub const MARSHALLED: u32 = SEC_WINNT_AUTH_IDENTITY_UNICODE | SEC_WINNT_AUTH_IDENTITY_MARSHALLED;

/// UTF-16 with a terminator.
pub fn wide(text: &str) -> Vec<u16> {
    text.encode_utf16().chain([0]).collect()
}

/// UTF-16 in bytes, without one.
pub fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// An identity of the library, freed at the end.
pub struct Id(pub *mut c_void);

impl Id {
    pub fn encode(user: Option<&str>, domain: Option<&str>, password: Option<&str>) -> Self {
        let [user, domain, password] = [user, domain, password].map(|text| text.map(wide));
        let pointer = |text: &Option<Vec<u16>>| text.as_ref().map_or(ptr::null(), Vec::as_ptr);
        let mut id = ptr::null_mut();
        // SAFETY: every string is terminated, the place for the result is there.
        let status = unsafe {
            SspiEncodeStringsAsAuthIdentity(
                pointer(&user),
                pointer(&domain),
                pointer(&password),
                &raw mut id,
            )
        };
        assert_eq!(status, SEC_E_OK);
        Self(id)
    }

    pub fn copy(identity: *mut c_void) -> Result<Self, i32> {
        let mut copy = UNTOUCHED;
        // SAFETY: the tests pass identities only.
        let status = unsafe { SspiCopyAuthIdentity(identity, &raw mut copy) };
        ok(status, copy).map(Self)
    }

    pub fn unmarshal(bytes: &[u8]) -> Result<Self, i32> {
        let mut id = UNTOUCHED;
        let pointer = bytes.as_ptr().cast_mut().cast();
        // SAFETY: the bytes are readable and only read.
        let status = unsafe { SspiUnmarshalAuthIdentity(bytes.len() as u32, pointer, &raw mut id) };
        ok(status, id).map(Self)
    }

    pub fn exclude(identity: *mut c_void, package: &str) -> Result<Self, i32> {
        let mut id = UNTOUCHED;
        // SAFETY: the tests pass identities only; the name is terminated.
        let status = unsafe { SspiExcludePackage(identity, wide(package).as_ptr(), &raw mut id) };
        ok(status, id).map(Self)
    }

    pub fn ex(&self) -> SEC_WINNT_AUTH_IDENTITY_EXW {
        // SAFETY: the tests that ask hold an EX identity.
        unsafe { *self.0.cast() }
    }

    /// The bytes behind the structure of EX.
    pub fn behind(&self, length: usize) -> &[u8] {
        // SAFETY: the tests ask for what the structure says.
        unsafe { std::slice::from_raw_parts(self.0.cast::<u8>().add(72), length) }
    }
}

impl Drop for Id {
    fn drop(&mut self) {
        // SAFETY: from the library, freed once.
        unsafe { SspiFreeAuthIdentity(self.0) }
    }
}

/// What an output holds as long as a function leaves it alone.
pub const UNTOUCHED: *mut c_void = ptr::without_provenance_mut(0xDEAD_BEE8);

fn ok(status: i32, id: *mut c_void) -> Result<*mut c_void, i32> {
    assert_eq!(status == SEC_E_OK, id != UNTOUCHED, "written exactly on success");
    if status == SEC_E_OK { Ok(id) } else { Err(status) }
}

/// User, domain and password as strings.
pub type Strings = [Option<String>; 3];

pub fn strings(identity: *mut c_void) -> Result<Strings, i32> {
    let mut out = [UNTOUCHED.cast_const().cast::<u16>(); 3];
    let [user, domain, password] = &mut out;
    // SAFETY: the tests pass identities only.
    let status = unsafe { SspiEncodeAuthIdentityAsStrings(identity, user, domain, password) };
    if status != SEC_E_OK {
        assert!(out.iter().all(|text| text.cast() == UNTOUCHED.cast_const()));
        return Err(status);
    }
    Ok(out.map(take_string))
}

/// Reads a string of the library and frees it.
pub fn take_string(text: *const u16) -> Option<String> {
    if text.is_null() {
        return None;
    }
    let mut units = Vec::new();
    // SAFETY: a terminated string of the library, freed once.
    unsafe {
        while *text.add(units.len()) != 0 {
            units.push(*text.add(units.len()));
        }
        SspiLocalFree(text.cast_mut().cast());
    }
    Some(String::from_utf16_lossy(&units))
}

pub fn marshal(identity: *mut c_void) -> Result<Vec<u8>, i32> {
    let (mut length, mut bytes) = (0xDEAD, ptr::null_mut());
    // SAFETY: the tests pass identities only.
    unsafe {
        let status = SspiMarshalAuthIdentity(identity, &raw mut length, &raw mut bytes);
        if status != SEC_E_OK {
            assert!(length == 0xDEAD && bytes.is_null());
            return Err(status);
        }
        let copy = std::slice::from_raw_parts(bytes.cast::<u8>(), length as usize).to_vec();
        SspiLocalFree(bytes.cast());
        Ok(copy)
    }
}

/// Same user, same identity.
pub fn compare(a: *mut c_void, b: *mut c_void) -> (bool, bool) {
    let (mut user, mut identity) = (0xFF, 0xFF);
    // SAFETY: the tests pass identities only.
    let status = unsafe { SspiCompareAuthIdentities(a, b, &raw mut user, &raw mut identity) };
    assert_eq!(status, SEC_E_OK);
    assert!(user <= 1 && identity <= 1);
    (user == 1, identity == 1)
}

pub fn validate(identity: *mut c_void) -> i32 {
    // SAFETY: the tests pass identities only.
    unsafe { SspiValidateAuthIdentity(identity) }
}

pub fn is_encrypted(identity: *mut c_void) -> bool {
    // SAFETY: the tests pass identities only.
    unsafe { SspiIsAuthIdentityEncrypted(identity) == 1 }
}

/// What AcquireCredentialsHandle would understand.
pub fn read(identity: *const c_void) -> secur32::spi::error::Result<AuthData> {
    // SAFETY: the tests pass identities only.
    unsafe { identity_in(identity) }
}

pub fn explicit(identity: *const c_void) -> Identity {
    match read(identity).unwrap() {
        AuthData::Explicit(identity) => identity,
        AuthData::Default(_) => panic!("the default credentials"),
    }
}

pub fn password(identity: &Identity) -> String {
    match &identity.proof {
        Proof::Password(text) => String::from_utf16(text.expose()).unwrap(),
        other => panic!("no password but {other:?}"),
    }
}

/// A W structure over strings that must outlive it.
pub fn plain_w(user: &[u16], domain: &[u16], password: &[u16]) -> SEC_WINNT_AUTH_IDENTITY_W {
    SEC_WINNT_AUTH_IDENTITY_W {
        User: user.as_ptr().cast_mut(),
        UserLength: user.len() as u32,
        Domain: domain.as_ptr().cast_mut(),
        DomainLength: domain.len() as u32,
        Password: password.as_ptr().cast_mut(),
        PasswordLength: password.len() as u32,
        Flags: SEC_WINNT_AUTH_IDENTITY_UNICODE,
    }
}

/// An A structure over strings that must outlive it.
pub fn plain_a(user: &[u8], domain: &[u8], password: &[u8]) -> SEC_WINNT_AUTH_IDENTITY_A {
    SEC_WINNT_AUTH_IDENTITY_A {
        User: user.as_ptr().cast_mut(),
        UserLength: user.len() as u32,
        Domain: domain.as_ptr().cast_mut(),
        DomainLength: domain.len() as u32,
        Password: password.as_ptr().cast_mut(),
        PasswordLength: password.len() as u32,
        Flags: SEC_WINNT_AUTH_IDENTITY_ANSI,
    }
}

/// An EXW structure over strings that must outlive it.
pub fn ex_w(
    user: &[u16],
    domain: &[u16],
    password: &[u16],
    packages: &[u16],
) -> SEC_WINNT_AUTH_IDENTITY_EXW {
    let SEC_WINNT_AUTH_IDENTITY_W {
        User,
        UserLength,
        Domain,
        DomainLength,
        Password,
        PasswordLength,
        Flags,
    } = plain_w(user, domain, password);
    SEC_WINNT_AUTH_IDENTITY_EXW {
        Version: SEC_WINNT_AUTH_IDENTITY_VERSION,
        Length: 72,
        User,
        UserLength,
        Domain,
        DomainLength,
        Password,
        PasswordLength,
        Flags,
        PackageList: packages.as_ptr().cast_mut(),
        PackageListLength: packages.len() as u32,
    }
}

/// The parts of an EX2 identity, in the order of its fields.
#[derive(Clone, Default)]
pub struct Ex2 {
    pub user: Vec<u8>,
    pub domain: Vec<u8>,
    pub credentials: Vec<u8>,
    pub packages: Vec<u8>,
    pub flags: u32,
}

impl Ex2 {
    /// Its bytes in 4-aligned memory, and how many they are.
    pub fn build(&self) -> Aligned {
        let mut bytes = vec![0xCC; 48];
        let mut put = |at: usize, value: &[u8]| bytes[at..at + value.len()].copy_from_slice(value);
        put(0, &0x201_u32.to_le_bytes());
        put(4, &48_u16.to_le_bytes());
        put(36, &self.flags.to_le_bytes());
        let mut offset = 48_u32;
        let parts = [&self.user, &self.domain, &self.credentials, &self.packages];
        for (at, part) in [12, 20, 28, 40].into_iter().zip(parts) {
            put(at, &offset.to_le_bytes());
            put(at + 4, &u16::try_from(part.len()).unwrap().to_le_bytes());
            offset += part.len() as u32;
        }
        put(8, &offset.to_le_bytes());
        for part in parts {
            bytes.extend(part);
        }
        Aligned::new(&bytes)
    }
}

/// Bytes in memory that is aligned for every structure.
#[derive(Clone)]
pub struct Aligned {
    words: Vec<u64>,
    pub length: usize,
}

impl Aligned {
    pub fn new(bytes: &[u8]) -> Self {
        let mut words = vec![0_u64; bytes.len().div_ceil(8)];
        for (word, chunk) in words.iter_mut().zip(bytes.chunks(8)) {
            let mut eight = [0; 8];
            eight[..chunk.len()].copy_from_slice(chunk);
            *word = u64::from_le_bytes(eight);
        }
        Self { words, length: bytes.len() }
    }

    pub fn pointer(&mut self) -> *mut c_void {
        self.words.as_mut_ptr().cast()
    }

    pub fn bytes(&self) -> Vec<u8> {
        self.words.iter().flat_map(|word| word.to_le_bytes()).take(self.length).collect()
    }
}

/// SEC_WINNT_AUTH_PACKED_CREDENTIALS.
pub fn packed(kind: &GUID, data: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    bytes.extend(28_u16.to_le_bytes());
    bytes.extend(u16::try_from(28 + data.len()).unwrap().to_le_bytes());
    bytes.extend(kind.Data1.to_le_bytes());
    bytes.extend(kind.Data2.to_le_bytes());
    bytes.extend(kind.Data3.to_le_bytes());
    bytes.extend(kind.Data4);
    bytes.extend(28_u32.to_le_bytes());
    bytes.extend(u16::try_from(data.len()).unwrap().to_le_bytes());
    bytes.extend([0xCC; 2]);
    bytes.extend(data);
    bytes
}

/// SECUR32_AUTH_DATA_TYPE_NT_HASH.
pub const NT_HASH: GUID = GUID {
    Data1: 0x2077_7c4d,
    Data2: 0xf64b,
    Data3: 0x467c,
    Data4: [0xad, 0x01, 0x39, 0x69, 0xd7, 0xd6, 0xa1, 0xc2],
};
