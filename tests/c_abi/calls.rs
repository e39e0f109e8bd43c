//! Single calls: credentials, steps of a handshake, messages, attributes.

use std::ffi::c_void;
use std::ptr;

use super::*;

pub const NTLM: &str = "NTLM";
pub const PROTECTED: u32 =
    ISC_REQ_INTEGRITY | ISC_REQ_CONFIDENTIALITY | ISC_REQ_REPLAY_DETECT | ISC_REQ_SEQUENCE_DETECT;

pub const ZERO: SecHandle = SecHandle { dwLower: 0, dwUpper: 0 };
pub const ONES: SecHandle = SecHandle { dwLower: usize::MAX, dwUpper: usize::MAX };
/// What no library hands out, and what nobody overwrites when a call fails.
pub const FOREIGN: SecHandle = SecHandle { dwLower: 0x1122_3344, dwUpper: 0x5566_7788_99AA };

pub fn words(handle: SecHandle) -> (usize, usize) {
    (handle.dwLower, handle.dwUpper)
}

/// `SEC_WINNT_AUTH_IDENTITY_W` and the strings that it points at.
pub struct PlainIdentity {
    strings: [Vec<u16>; 3],
    pub raw: SEC_WINNT_AUTH_IDENTITY_W,
}

impl PlainIdentity {
    pub fn new(user: &str, domain: &str, password: &str) -> Self {
        let strings = [user, domain, password].map(|text| text.encode_utf16().collect::<Vec<_>>());
        let pointer = |text: &Vec<u16>| {
            if text.is_empty() { ptr::null_mut() } else { text.as_ptr().cast_mut() }
        };
        let [user, domain, password] = &strings;
        let raw = SEC_WINNT_AUTH_IDENTITY_W {
            User: pointer(user),
            UserLength: user.len() as u32,
            Domain: pointer(domain),
            DomainLength: domain.len() as u32,
            Password: pointer(password),
            PasswordLength: password.len() as u32,
            Flags: SEC_WINNT_AUTH_IDENTITY_UNICODE,
        };
        Self { strings, raw }
    }

    pub fn pointer(&mut self) -> *mut c_void {
        (&raw mut self.raw).cast()
    }
}

/// A credential, freed at the end.
pub struct Credential(pub SecHandle);

impl Credential {
    pub fn acquire(usage: u32, auth_data: *mut c_void) -> Result<Self, i32> {
        Self::acquire_of(NTLM, usage, auth_data)
    }

    pub fn acquire_of(package: &str, usage: u32, auth_data: *mut c_void) -> Result<Self, i32> {
        let mut package = wide(package);
        let mut handle = FOREIGN;
        // SAFETY: strings are terminated, the identity is the caller's.
        let status = unsafe {
            AcquireCredentialsHandleW(
                ptr::null_mut(),
                package.as_mut_ptr(),
                usage,
                ptr::null_mut(),
                auth_data,
                None,
                ptr::null_mut(),
                &raw mut handle,
                ptr::null_mut(),
            )
        };
        if status == SEC_E_OK {
            return Ok(Self(handle));
        }
        assert_eq!(words(handle), words(FOREIGN), "a handle was written on {}", named(status));
        Err(status)
    }

    pub fn client(user: &str, domain: &str, password: &str) -> Self {
        let mut identity = PlainIdentity::new(user, domain, password);
        Self::acquire(SECPKG_CRED_OUTBOUND, identity.pointer()).unwrap()
    }

    /// A server that knows this account alone.
    pub fn server(user: &str, domain: &str, password: &str) -> Self {
        let mut identity = PlainIdentity::new(user, domain, password);
        Self::acquire(SECPKG_CRED_INBOUND, identity.pointer()).unwrap()
    }

    pub fn free(mut self) -> i32 {
        let handle = &raw mut self.0;
        // SAFETY: a handle.
        let status = unsafe { FreeCredentialsHandle(handle) };
        std::mem::forget(self);
        status
    }
}

impl Drop for Credential {
    fn drop(&mut self) {
        // SAFETY: a handle.
        unsafe { FreeCredentialsHandle(&raw mut self.0) };
    }
}

/// A context, deleted at the end.
pub struct Context(pub SecHandle);

impl Context {
    pub fn delete(self) -> i32 {
        let handle = self.0;
        std::mem::forget(self);
        delete(handle)
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        delete(self.0);
    }
}

pub fn delete(mut handle: SecHandle) -> i32 {
    // SAFETY: a handle.
    unsafe { DeleteSecurityContext(&raw mut handle) }
}

/// Which of the two functions of a handshake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Client,
    Server,
}

/// One call of a handshake, as C would make it.
pub struct Leg<'a> {
    pub side: Side,
    pub credential: Option<SecHandle>,
    pub context: Option<SecHandle>,
    pub flags: u32,
    pub target: Option<&'a str>,
    pub input: &'a mut [SecBuffer],
    /// `None` is a NULL descriptor.
    pub output: Option<&'a mut [SecBuffer]>,
}

/// What a call left behind.
pub struct Answer {
    pub status: i32,
    /// [`FOREIGN`] when nothing was written.
    pub handle: SecHandle,
    pub attributes: u32,
    pub expiry: i64,
}

pub fn call(leg: Leg<'_>) -> Answer {
    let Leg { side, credential, context, flags, target, input, output } = leg;
    let mut answer = Answer { status: 0, handle: FOREIGN, attributes: 0xDEAD_BEEF, expiry: -7 };
    let (mut credential, mut context) = (credential, context);
    let credential: *mut SecHandle =
        credential.as_mut().map_or(ptr::null_mut(), |handle| &raw mut *handle);
    let context: *mut SecHandle =
        context.as_mut().map_or(ptr::null_mut(), |handle| &raw mut *handle);
    let mut target = target.map(wide);
    let target = target.as_mut().map_or(ptr::null_mut(), Vec::as_mut_ptr);
    let mut input_desc = descriptor(input);
    let input = if input.is_empty() { ptr::null_mut() } else { &raw mut input_desc };
    let mut output_desc = output.map(descriptor);
    let output = output_desc.as_mut().map_or(ptr::null_mut(), |desc| &raw mut *desc);
    let new_context = &raw mut answer.handle;
    let attributes = &raw mut answer.attributes;
    let mut expiry = LARGE_INTEGER { QuadPart: answer.expiry };
    // SAFETY: every pointer is NULL or to something living; the buffers are the caller's.
    answer.status = unsafe {
        match side {
            Side::Client => InitializeSecurityContextW(
                credential,
                context,
                target,
                flags,
                0,
                SECURITY_NATIVE_DREP,
                input,
                0,
                new_context,
                output,
                attributes,
                &raw mut expiry,
            ),
            Side::Server => AcceptSecurityContext(
                credential,
                context,
                input,
                flags,
                SECURITY_NETWORK_DREP,
                new_context,
                output,
                attributes,
                &raw mut expiry,
            ),
        }
    };
    answer.expiry = expiry.QuadPart;
    answer
}

pub fn descriptor(buffers: &mut [SecBuffer]) -> SecBufferDesc {
    SecBufferDesc {
        ulVersion: SECBUFFER_VERSION,
        cBuffers: buffers.len() as u32,
        pBuffers: buffers.as_mut_ptr(),
    }
}

pub fn buffer(kind: u32, bytes: &mut [u8]) -> SecBuffer {
    SecBuffer {
        cbBuffer: bytes.len() as u32,
        BufferType: kind,
        pvBuffer: bytes.as_mut_ptr().cast(),
    }
}

/// A buffer of a type without memory: for the library to allocate.
pub const fn empty(kind: u32) -> SecBuffer {
    SecBuffer { cbBuffer: 0, BufferType: kind, pvBuffer: ptr::null_mut() }
}

/// Copies what the library allocated and frees it.
pub fn take(buffer: SecBuffer) -> Vec<u8> {
    if buffer.pvBuffer.is_null() {
        assert_eq!(buffer.cbBuffer, 0);
        return Vec::new();
    }
    // SAFETY: allocated by the library with this length, freed once.
    unsafe {
        let bytes =
            std::slice::from_raw_parts(buffer.pvBuffer.cast::<u8>(), buffer.cbBuffer as usize)
                .to_vec();
        assert_eq!(FreeContextBuffer(buffer.pvBuffer), SEC_E_OK);
        bytes
    }
}

/// A step whose token the library allocates; no token is an empty one.
pub fn step(
    side: Side,
    credential: &Credential,
    context: Option<SecHandle>,
    token: &[u8],
    flags: u32,
) -> (Answer, Vec<u8>) {
    let mut token = token.to_vec();
    let mut input = [buffer(SECBUFFER_TOKEN, &mut token)];
    let mut output = [empty(SECBUFFER_TOKEN)];
    let allocate = match side {
        Side::Client => ISC_REQ_ALLOCATE_MEMORY,
        Side::Server => ASC_REQ_ALLOCATE_MEMORY,
    };
    let first_of_client = side == Side::Client && context.is_none();
    let input = if first_of_client && token_is_absent(&input) { &mut [][..] } else { &mut input };
    let answer = call(Leg {
        side,
        credential: Some(credential.0),
        context,
        flags: flags | allocate,
        target: None,
        input,
        output: Some(&mut output),
    });
    (answer, take(output[0]))
}

fn token_is_absent(input: &[SecBuffer]) -> bool {
    input.iter().all(|buffer| buffer.cbBuffer == 0)
}

/// `SECPKG_ATTR_SESSION_KEY`.
pub fn session_key(mut handle: SecHandle) -> Result<Vec<u8>, i32> {
    let mut key = SecPkgContext_SessionKey { SessionKeyLength: 0, SessionKey: ptr::null_mut() };
    // SAFETY: the structure of this attribute.
    let status = unsafe {
        QueryContextAttributesW(&raw mut handle, SECPKG_ATTR_SESSION_KEY, (&raw mut key).cast())
    };
    if status != SEC_E_OK {
        assert!(key.SessionKey.is_null() && key.SessionKeyLength == 0);
        return Err(status);
    }
    Ok(take(SecBuffer {
        cbBuffer: key.SessionKeyLength,
        BufferType: 0,
        pvBuffer: key.SessionKey.cast(),
    }))
}

/// `SECPKG_ATTR_NAMES`.
pub fn client_name(mut handle: SecHandle) -> Result<String, i32> {
    let mut names = SecPkgContext_NamesW { sUserName: ptr::null_mut() };
    // SAFETY: the structure of this attribute; a terminated string of the library, freed once.
    unsafe {
        let names_out = (&raw mut names).cast();
        let status = QueryContextAttributesW(&raw mut handle, SECPKG_ATTR_NAMES, names_out);
        if status != SEC_E_OK {
            assert!(names.sUserName.is_null());
            return Err(status);
        }
        let name = text_of(names.sUserName);
        assert_eq!(FreeContextBuffer(names.sUserName.cast()), SEC_E_OK);
        Ok(name)
    }
}

/// One of the four message calls on buffers of the caller's.
pub fn encrypt(mut handle: SecHandle, buffers: &mut [SecBuffer]) -> i32 {
    let mut desc = descriptor(buffers);
    // SAFETY: the buffers are the caller's.
    unsafe { EncryptMessage(&raw mut handle, 0, &raw mut desc, 0) }
}

pub fn decrypt(mut handle: SecHandle, buffers: &mut [SecBuffer]) -> i32 {
    let mut desc = descriptor(buffers);
    // SAFETY: the buffers are the caller's.
    unsafe { DecryptMessage(&raw mut handle, &raw mut desc, 0, ptr::null_mut()) }
}

pub fn sign(mut handle: SecHandle, buffers: &mut [SecBuffer]) -> i32 {
    let mut desc = descriptor(buffers);
    // SAFETY: the buffers are the caller's.
    unsafe { MakeSignature(&raw mut handle, 0, &raw mut desc, 0) }
}

pub fn verify(mut handle: SecHandle, buffers: &mut [SecBuffer]) -> i32 {
    let mut desc = descriptor(buffers);
    // SAFETY: the buffers are the caller's.
    unsafe { VerifySignature(&raw mut handle, &raw mut desc, 0, ptr::null_mut()) }
}

/// A sealed message: its token and its data.
pub fn sealed(handle: SecHandle, text: &[u8]) -> Result<(Vec<u8>, Vec<u8>), i32> {
    let (mut token, mut data) = (vec![0; 64], text.to_vec());
    let mut buffers = [buffer(SECBUFFER_TOKEN, &mut token), buffer(SECBUFFER_DATA, &mut data)];
    let status = encrypt(handle, &mut buffers);
    token.truncate(buffers[0].cbBuffer as usize);
    if status == SEC_E_OK { Ok((token, data)) } else { Err(status) }
}

pub fn unsealed(handle: SecHandle, token: &[u8], data: &[u8]) -> Result<Vec<u8>, i32> {
    let (mut token, mut data) = (token.to_vec(), data.to_vec());
    let mut buffers = [buffer(SECBUFFER_TOKEN, &mut token), buffer(SECBUFFER_DATA, &mut data)];
    let status = decrypt(handle, &mut buffers);
    if status == SEC_E_OK { Ok(data) } else { Err(status) }
}

/// `ExportSecurityContext`.
pub fn export(mut handle: SecHandle, flags: u32) -> Result<Vec<u8>, i32> {
    let mut packed = empty(SECBUFFER_EMPTY);
    // SAFETY: a handle and a buffer.
    let status =
        unsafe { ExportSecurityContext(&raw mut handle, flags, &raw mut packed, ptr::null_mut()) };
    if status != SEC_E_OK {
        assert!(packed.pvBuffer.is_null() && packed.cbBuffer == 0);
        return Err(status);
    }
    Ok(take(packed))
}

/// `ImportSecurityContextW`.
pub fn import(package: &str, blob: &[u8]) -> Result<Context, i32> {
    let (mut package, mut blob) = (wide(package), blob.to_vec());
    let mut packed = buffer(SECBUFFER_EMPTY, &mut blob);
    let mut handle = FOREIGN;
    // SAFETY: the string is terminated, the blob readable.
    let status = unsafe {
        let name = package.as_mut_ptr();
        ImportSecurityContextW(name, &raw mut packed, ptr::null_mut(), &raw mut handle)
    };
    if status == SEC_E_OK {
        return Ok(Context(handle));
    }
    assert_eq!(words(handle), words(FOREIGN), "a handle was written on {}", named(status));
    Err(status)
}
