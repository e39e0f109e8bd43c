//! Messages of an established context cost no memory: a counting allocator around the exported
//! functions.
#![allow(unsafe_code)]

#[path = "support/kerberos_ends.rs"]
mod kerberos_ends;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::ptr::null_mut;

use secur32::abi::exports::context::{
    AcceptSecurityContext, DeleteSecurityContext, InitializeSecurityContextW,
};
use secur32::abi::exports::credentials::{AcquireCredentialsHandleW, FreeCredentialsHandle};
use secur32::abi::exports::message::{
    DecryptMessage, EncryptMessage, MakeSignature, VerifySignature,
};
use secur32::abi::exports::transfer::ImportSecurityContextW;
use secur32::abi::types::*;
use secur32::spi::flags::ContextFlags;
use secur32::spi::packed::PackedContext;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
}

/// Calls of this thread that took memory. Other threads of the test run do not count.
fn allocations() -> usize {
    ALLOCATIONS.with(Cell::get)
}

fn count() {
    // A thread that is ending has no counter any more.
    let _ = ALLOCATIONS.try_with(|calls| calls.set(calls.get() + 1));
}

// SAFETY: everything is left to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: the contract is the same.
        unsafe { System.alloc(layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count();
        // SAFETY: the contract is the same.
        unsafe { System.realloc(pointer, layout, size) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the contract is the same.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[test]
fn a_message_allocates_nothing() {
    let before = allocations();
    let mut pair = Pair::new();
    assert!(allocations() > before, "a handshake allocates, so the counter counts");

    for length in [0, 1, 64, 1024, 16_384, 65_536] {
        pair.sealed(&[length]);
        pair.sealed_as_stream(length);
        pair.signed(&[length]);
    }
    pair.sealed(&[3, 64, 0, 200, 61]);
    pair.signed(&[3, 64, 0, 200, 61]);
}

/// The keys are derived for the first message of each kind, which is not counted.
#[test]
fn a_message_of_kerberos_allocates_nothing() {
    for enctype in kerberos_ends::ENCTYPES {
        for flags in [kerberos_ends::USUAL, kerberos_ends::USUAL | ContextFlags::DCE_STYLE] {
            let mut pair = Pair::of_kerberos(kerberos_ends::ends(enctype, flags));
            for counted in [false, true] {
                pair.counted = counted;
                for length in [0, 1, 64, 1024, 16_384, 65_536] {
                    pair.sealed(&[length]);
                    pair.sealed_as_stream(length);
                    pair.signed(&[length]);
                }
                pair.sealed(&[3, 64, 0, 200, 61]);
                pair.signed(&[3, 64, 0, 200, 61]);
            }
        }
    }
}

/// A client and a server that have finished their handshake.
struct Pair {
    credentials: Vec<SecHandle>,
    client: SecHandle,
    server: SecHandle,
    counted: bool,
}

/// Room for every token.
const TOKEN: usize = 88;

impl Pair {
    fn new() -> Self {
        let credentials = [SECPKG_CRED_OUTBOUND, SECPKG_CRED_INBOUND].map(credential).to_vec();
        let [client, server] = [SecHandle { dwLower: 0, dwUpper: 0 }; 2];
        let mut pair = Self { credentials, client, server, counted: true };
        let negotiate = pair.initialize(&mut []);
        let challenge = pair.accept(&mut negotiate.clone(), SEC_I_CONTINUE_NEEDED);
        let authenticate = pair.initialize(&mut challenge.clone());
        pair.accept(&mut authenticate.clone(), SEC_E_OK);
        pair
    }

    /// Contexts that are packed as a handshake packs them.
    fn of_kerberos(ends: [PackedContext; 2]) -> Self {
        let [client, server] = ends.map(|end| {
            let mut blob = secur32::lsa::export(&end).unwrap();
            let (mut package, mut handle) =
                (wide("Kerberos"), SecHandle { dwLower: 0, dwUpper: 0 });
            let mut packed = buffer(SECBUFFER_EMPTY, blob.expose_mut());
            // SAFETY: all pointers are to locals, or NULL.
            let status = unsafe {
                let name = package.as_mut_ptr();
                ImportSecurityContextW(name, &raw mut packed, null_mut(), &raw mut handle)
            };
            assert_eq!(status, SEC_E_OK);
            handle
        });
        Self { credentials: Vec::new(), client, server, counted: false }
    }

    fn initialize(&mut self, input: &mut [u8]) -> Vec<u8> {
        let first = input.is_empty();
        let mut token = vec![0; 4096];
        let mut input = [buffer(SECBUFFER_TOKEN, input)];
        let mut output = [buffer(SECBUFFER_TOKEN, &mut token)];
        let (mut given, mut taken) = (descriptor(&mut input), descriptor(&mut output));
        let (mut old, mut attributes) = (self.client, 0);
        // SAFETY: all pointers are to locals, to the handles of the pair, or NULL.
        let status = unsafe {
            InitializeSecurityContextW(
                &raw mut self.credentials[0],
                if first { null_mut() } else { &raw mut old },
                null_mut(),
                ISC_REQ_CONFIDENTIALITY | ISC_REQ_INTEGRITY,
                0,
                SECURITY_NATIVE_DREP,
                if first { null_mut() } else { &raw mut given },
                0,
                &raw mut self.client,
                &raw mut taken,
                &raw mut attributes,
                null_mut(),
            )
        };
        assert_eq!(status, if first { SEC_I_CONTINUE_NEEDED } else { SEC_E_OK });
        token.truncate(output[0].cbBuffer as usize);
        token
    }

    fn accept(&mut self, input: &mut [u8], expected: i32) -> Vec<u8> {
        let mut token = vec![0; 4096];
        let mut input = [buffer(SECBUFFER_TOKEN, input)];
        let mut output = [buffer(SECBUFFER_TOKEN, &mut token)];
        let (mut given, mut taken) = (descriptor(&mut input), descriptor(&mut output));
        let first = expected == SEC_I_CONTINUE_NEEDED;
        let (mut old, mut attributes) = (self.server, 0);
        // SAFETY: all pointers are to locals, to the handles of the pair, or NULL.
        let status = unsafe {
            AcceptSecurityContext(
                &raw mut self.credentials[1],
                if first { null_mut() } else { &raw mut old },
                &raw mut given,
                ASC_REQ_CONFIDENTIALITY | ASC_REQ_INTEGRITY,
                SECURITY_NATIVE_DREP,
                &raw mut self.server,
                &raw mut taken,
                &raw mut attributes,
                null_mut(),
            )
        };
        assert_eq!(status, expected);
        token.truncate(output[0].cbBuffer as usize);
        token
    }

    /// `EncryptMessage` and `DecryptMessage` with TOKEN and DATA buffers.
    fn sealed(&mut self, lengths: &[usize]) {
        let mut parts: Vec<Vec<u8>> = lengths.iter().map(|&length| text(length)).collect();
        let plain = parts.clone();
        let mut token = [0; TOKEN];
        let mut list: Vec<SecBuffer> =
            parts.iter_mut().map(|part| buffer(SECBUFFER_DATA, part)).collect();
        list.insert(0, buffer(SECBUFFER_TOKEN, &mut token));
        let mut message = descriptor(&mut list);
        self.without_allocating("a sealed message", |client, server| {
            // SAFETY: the descriptor's buffers are alive.
            unsafe {
                assert_eq!(EncryptMessage(client, 0, &raw mut message, 0), SEC_E_OK);
                assert_eq!(DecryptMessage(server, &raw mut message, 0, null_mut()), SEC_E_OK);
            }
        });
        assert_eq!(parts, plain);
    }

    /// `EncryptMessage`, and `DecryptMessage` with STREAM.
    fn sealed_as_stream(&mut self, length: usize) {
        let (mut token, mut bytes, mut padding) = ([0; TOKEN], text(length), [0; 1]);
        let mut list = [
            buffer(SECBUFFER_TOKEN, &mut token),
            buffer(SECBUFFER_DATA, &mut bytes),
            buffer(SECBUFFER_PADDING, &mut padding),
        ];
        let mut message = descriptor(&mut list);
        self.without_allocating("a sealed message with padding", |client, _| {
            // SAFETY: the descriptor's buffers are alive.
            unsafe { assert_eq!(EncryptMessage(client, 0, &raw mut message, 0), SEC_E_OK) }
        });
        let (token, padding) =
            (&token[..list[0].cbBuffer as usize], &padding[..list[2].cbBuffer as usize]);
        let mut whole = [token, &bytes, padding].concat();
        let mut stream =
            [raw_buffer(SECBUFFER_DATA, null_mut(), 0), buffer(SECBUFFER_STREAM, &mut whole)];
        let mut received = descriptor(&mut stream);
        self.without_allocating("a sealed stream", |_, server| {
            // SAFETY: the descriptor's buffers are alive.
            unsafe {
                assert_eq!(DecryptMessage(server, &raw mut received, 0, null_mut()), SEC_E_OK);
            }
        });
        assert_eq!(stream[0].cbBuffer as usize, length);
        assert_eq!(whole[token.len()..token.len() + length], text(length));
    }

    /// `MakeSignature` and `VerifySignature`.
    fn signed(&mut self, lengths: &[usize]) {
        let mut parts: Vec<Vec<u8>> = lengths.iter().map(|&length| text(length)).collect();
        let mut token = [0; TOKEN];
        let mut list: Vec<SecBuffer> =
            parts.iter_mut().map(|part| buffer(SECBUFFER_DATA, part)).collect();
        list.push(buffer(SECBUFFER_TOKEN, &mut token));
        let mut message = descriptor(&mut list);
        self.without_allocating("a signed message", |client, server| {
            // SAFETY: the descriptor's buffers are alive.
            unsafe {
                assert_eq!(MakeSignature(client, 0, &raw mut message, 0), SEC_E_OK);
                assert_eq!(VerifySignature(server, &raw mut message, 0, null_mut()), SEC_E_OK);
            }
        });
        assert_ne!(token, [0; TOKEN]);
    }

    fn without_allocating(&mut self, what: &str, work: impl FnOnce(PCtxtHandle, PCtxtHandle)) {
        let before = allocations();
        work(&raw mut self.client, &raw mut self.server);
        let taken = allocations() - before;
        assert!(!self.counted || taken == 0, "{what} allocated {taken} times");
    }
}

impl Drop for Pair {
    fn drop(&mut self) {
        // SAFETY: the handles are of this pair.
        unsafe {
            DeleteSecurityContext(&raw mut self.client);
            DeleteSecurityContext(&raw mut self.server);
            for credential in &mut self.credentials {
                FreeCredentialsHandle(&raw mut *credential);
            }
        }
    }
}

/// A credential of one account; the server's knows that account and no other.
fn credential(usage: u32) -> SecHandle {
    let mut package = wide("NTLM");
    let (mut user, mut domain, mut password) = (wide("user"), wide("DOMAIN"), wide("password"));
    let length = |text: &Vec<u16>| u32::try_from(text.len() - 1).unwrap();
    let mut identity = SEC_WINNT_AUTH_IDENTITY_W {
        UserLength: length(&user),
        DomainLength: length(&domain),
        PasswordLength: length(&password),
        User: user.as_mut_ptr().cast(),
        Domain: domain.as_mut_ptr().cast(),
        Password: password.as_mut_ptr().cast(),
        Flags: SEC_WINNT_AUTH_IDENTITY_UNICODE,
    };
    let mut handle = SecHandle { dwLower: 0, dwUpper: 0 };
    // SAFETY: all pointers are to locals, or NULL.
    let status = unsafe {
        AcquireCredentialsHandleW(
            null_mut(),
            package.as_mut_ptr().cast(),
            usage,
            null_mut(),
            (&raw mut identity).cast(),
            None,
            null_mut(),
            &raw mut handle,
            null_mut(),
        )
    };
    assert_eq!(status, SEC_E_OK);
    handle
}

fn wide(text: &str) -> Vec<u16> {
    text.encode_utf16().chain([0]).collect()
}

fn text(length: usize) -> Vec<u8> {
    (0..length).map(|index| (index % 251) as u8).collect()
}

fn buffer(kind: u32, bytes: &mut [u8]) -> SecBuffer {
    let pointer = if bytes.is_empty() { null_mut() } else { bytes.as_mut_ptr() };
    raw_buffer(kind, pointer, bytes.len())
}

fn raw_buffer(kind: u32, pointer: *mut u8, size: usize) -> SecBuffer {
    SecBuffer { cbBuffer: size as u32, BufferType: kind, pvBuffer: pointer.cast() }
}

fn descriptor(buffers: &mut [SecBuffer]) -> SecBufferDesc {
    SecBufferDesc {
        ulVersion: SECBUFFER_VERSION,
        cBuffers: buffers.len() as u32,
        pBuffers: buffers.as_mut_ptr(),
    }
}
