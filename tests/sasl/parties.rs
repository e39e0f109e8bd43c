//! One side of an exchange, with SASL or without.

use std::ptr;

use secur32::abi::exports::sasl::*;
use secur32::crypto::kerberos::Enctype;

use crate::c_abi::*;
use crate::machine;

pub const SIGN: u32 = ISC_REQ_INTEGRITY;
pub const SEAL: u32 = ISC_REQ_INTEGRITY | ISC_REQ_CONFIDENTIALITY;
pub const SERVER_SIGN: u32 = ASC_REQ_INTEGRITY;
pub const SERVER_SEAL: u32 = ASC_REQ_INTEGRITY | ASC_REQ_CONFIDENTIALITY;

/// A credential and the context that grows on it.
pub struct Party {
    side: Side,
    sasl: bool,
    credential: SecHandle,
    context: Option<SecHandle>,
    target: Option<String>,
    pub flags: u32,
    /// How large its TOKEN buffer is; the library allocates otherwise.
    pub room: Option<usize>,
    pub attributes: u32,
}

/// What a step gave.
#[derive(Debug, PartialEq, Eq)]
pub struct Stepped {
    pub status: String,
    pub token: Vec<u8>,
}

impl Party {
    pub fn client(enctype: Enctype, flags: u32) -> Self {
        machine::set_up();
        let credential = acquire("Kerberos", SECPKG_CRED_OUTBOUND, ptr::null_mut());
        Self::new(Side::Client, credential, Some(machine::target(enctype)), flags)
    }

    pub fn server(flags: u32) -> Self {
        machine::set_up();
        let credential = acquire("Kerberos", SECPKG_CRED_INBOUND, ptr::null_mut());
        Self::new(Side::Server, credential, None, flags)
    }

    /// Of a package that takes an identity on both sides.
    pub fn of(package: &str, side: Side, flags: u32) -> Self {
        let mut identity = PlainIdentity::new(USER, DOMAIN, PASSWORD);
        let usage = match side {
            Side::Client => SECPKG_CRED_OUTBOUND,
            Side::Server => SECPKG_CRED_INBOUND,
        };
        Self::new(side, acquire(package, usage, identity.pointer()), None, flags)
    }

    fn new(side: Side, credential: SecHandle, target: Option<String>, flags: u32) -> Self {
        let (context, room) = (None, None);
        Self { side, sasl: true, credential, context, target, flags, room, attributes: 0 }
    }

    /// A side that knows nothing of SASL.
    pub fn plain(mut self) -> Self {
        self.sasl = false;
        if self.side == Side::Client {
            self.flags |= ISC_REQ_MUTUAL_AUTH | ISC_REQ_SEQUENCE_DETECT;
        }
        self
    }

    pub fn with_room(mut self, room: usize) -> Self {
        self.room = Some(room);
        self
    }

    pub fn context(&self) -> SecHandle {
        self.context.expect("a context")
    }

    pub fn step(&mut self, token: &[u8]) -> Stepped {
        let mut memory = vec![0; self.room.unwrap_or(0)];
        let mut output = [match self.room {
            Some(_) => buffer(SECBUFFER_TOKEN, &mut memory),
            None => empty(SECBUFFER_TOKEN),
        }];
        let allocate = match (self.room, self.side) {
            (Some(_), _) => 0,
            (None, Side::Client) => ISC_REQ_ALLOCATE_MEMORY,
            (None, Side::Server) => ASC_REQ_ALLOCATE_MEMORY,
        };
        let status = self.call(token, &mut output, self.flags | allocate);
        let token = if self.room.is_some() {
            memory.truncate(output[0].cbBuffer as usize);
            memory
        } else {
            take(output[0])
        };
        Stepped { status: named(status), token }
    }

    /// The call itself.
    pub fn call(&mut self, token: &[u8], output: &mut [SecBuffer], flags: u32) -> i32 {
        let mut token = token.to_vec();
        let mut input = [buffer(SECBUFFER_TOKEN, &mut token)];
        let mut input = descriptor(&mut input);
        let mut output = descriptor(output);
        let mut target = self.target.as_deref().map(wide);
        let target = target.as_mut().map_or(ptr::null_mut(), Vec::as_mut_ptr);
        let mut context = self.context;
        let given = context.as_mut().map_or(ptr::null_mut(), |handle| &raw mut *handle);
        let mut new_context = self.context.unwrap_or(FOREIGN);
        let (credential, attributes) = (&raw mut self.credential, &raw mut self.attributes);
        let (input, output) = (&raw mut input, &raw mut output);
        let initialize =
            if self.sasl { SaslInitializeSecurityContextW } else { InitializeSecurityContextW };
        let accept = if self.sasl { SaslAcceptSecurityContext } else { AcceptSecurityContext };
        let expiry = ptr::null_mut();
        // SAFETY: every pointer is NULL or to something living.
        let status = unsafe {
            match self.side {
                Side::Client => initialize(
                    credential,
                    given,
                    target,
                    flags,
                    0,
                    SECURITY_NETWORK_DREP,
                    input,
                    0,
                    &raw mut new_context,
                    output,
                    attributes,
                    expiry,
                ),
                Side::Server => accept(
                    credential,
                    given,
                    input,
                    flags,
                    SECURITY_NETWORK_DREP,
                    &raw mut new_context,
                    output,
                    attributes,
                    expiry,
                ),
            }
        };
        if status >= 0 {
            self.context = Some(new_context);
        } else if self.context.is_none() {
            assert_eq!(words(new_context), words(FOREIGN), "a handle was written");
        }
        status
    }

    /// `EncryptMessage`, as one token.
    pub fn wrap(&self, qop: u32, text: &[u8]) -> Result<Vec<u8>, String> {
        let (mut token, mut data, mut padding) = ([0; 128], text.to_vec(), [0; 16]);
        let mut buffers = [
            buffer(SECBUFFER_TOKEN, &mut token),
            buffer(SECBUFFER_DATA, &mut data),
            buffer(SECBUFFER_PADDING, &mut padding),
        ];
        let (mut handle, mut desc) = (self.context(), descriptor(&mut buffers));
        // SAFETY: the buffers are ours.
        let status = unsafe { EncryptMessage(&raw mut handle, qop, &raw mut desc, 0) };
        let [token_used, _, padding_used] = buffers.map(|buffer| buffer.cbBuffer as usize);
        match status {
            SEC_E_OK => Ok([&token[..token_used], &data, &padding[..padding_used]].concat()),
            _ => Err(named(status)),
        }
    }

    /// `DecryptMessage` of one token: the text, and whether it was encrypted.
    pub fn unwrap(&self, token: &[u8]) -> Result<(Vec<u8>, bool), String> {
        let mut stream = token.to_vec();
        let mut buffers = [buffer(SECBUFFER_STREAM, &mut stream), empty(SECBUFFER_DATA)];
        let (mut handle, mut desc, mut qop) = (self.context(), descriptor(&mut buffers), 7);
        // SAFETY: the buffers are ours.
        let status = unsafe { DecryptMessage(&raw mut handle, &raw mut desc, 0, &raw mut qop) };
        if status != SEC_E_OK {
            return Err(named(status));
        }
        let (start, data) = (stream.as_ptr().addr(), buffers[1]);
        let from = data.pvBuffer.addr() - start;
        Ok((stream[from..from + data.cbBuffer as usize].to_vec(), qop != SECQOP_WRAP_NO_ENCRYPT))
    }

    pub fn set_number(&self, option: u32, value: u32) -> String {
        let mut bytes = value.to_ne_bytes();
        self.set(option, &mut bytes)
    }

    pub fn set(&self, option: u32, value: &mut [u8]) -> String {
        let mut handle = self.context();
        let pointer = value.as_mut_ptr().cast();
        // SAFETY: the value is ours.
        named(unsafe { SaslSetContextOption(&raw mut handle, option, pointer, value.len() as u32) })
    }

    pub fn number(&self, option: u32) -> Result<u32, String> {
        let bytes = self.option(option)?;
        Ok(u32::from_ne_bytes(bytes.try_into().unwrap()))
    }

    pub fn option(&self, option: u32) -> Result<Vec<u8>, String> {
        let (mut handle, mut value, mut needed) = (self.context(), vec![0; 256], 9);
        let (pointer, size) = (value.as_mut_ptr().cast(), value.len() as u32);
        // SAFETY: the value is ours.
        let status = unsafe {
            SaslGetContextOption(&raw mut handle, option, pointer, size, &raw mut needed)
        };
        value.truncate(needed as usize);
        if status == SEC_E_OK { Ok(value) } else { Err(named(status)) }
    }
}

impl Drop for Party {
    fn drop(&mut self) {
        if let Some(context) = self.context {
            delete(context);
        }
        // SAFETY: a handle.
        unsafe { FreeCredentialsHandle(&raw mut self.credential) };
    }
}

pub fn acquire(package: &str, usage: u32, identity: *mut std::ffi::c_void) -> SecHandle {
    let (mut package, mut handle) = (wide(package), FOREIGN);
    // SAFETY: strings are terminated, the identity is the caller's.
    let status = unsafe {
        AcquireCredentialsHandleW(
            ptr::null_mut(),
            package.as_mut_ptr(),
            usage,
            ptr::null_mut(),
            identity,
            None,
            ptr::null_mut(),
            &raw mut handle,
            ptr::null_mut(),
        )
    };
    assert_eq!(named(status), "SEC_E_OK");
    handle
}

/// Steps in turn until both are done; the tokens.
pub fn meet(client: &mut Party, server: &mut Party) -> Result<Vec<Vec<u8>>, String> {
    meet_with(client, server, |_, _, _| {})
}

/// The same; `between` sees who has just made a token, and how many there were before.
pub fn meet_with(
    client: &mut Party,
    server: &mut Party,
    mut between: impl FnMut(&Party, &Party, usize),
) -> Result<Vec<Vec<u8>>, String> {
    let (mut tokens, mut token, mut over) = (Vec::new(), Vec::new(), false);
    for _ in 0..6 {
        let mine = client.step(&token);
        fine("client", &mine.status)?;
        if over && mine.token.is_empty() {
            return if mine.status == "SEC_E_OK" { Ok(tokens) } else { Err("no end".into()) };
        }
        tokens.push(mine.token.clone());
        between(client, server, tokens.len());
        let theirs = server.step(&mine.token);
        fine("server", &theirs.status)?;
        between(server, client, tokens.len() + 1);
        over = theirs.status == "SEC_E_OK";
        if over && theirs.token.is_empty() {
            return if mine.status == "SEC_E_OK" {
                Ok(tokens)
            } else {
                Err("the server is done before the client".into())
            };
        }
        tokens.push(theirs.token.clone());
        token = theirs.token;
    }
    Err("no end".into())
}

fn fine(who: &str, status: &str) -> Result<(), String> {
    match status {
        "SEC_E_OK" | "SEC_I_CONTINUE_NEEDED" => Ok(()),
        status => Err(format!("{who}: {status}")),
    }
}
