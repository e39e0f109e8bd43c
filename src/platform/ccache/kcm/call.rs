//! One question to the daemon and its answer.

use std::fmt;
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::{Duration, Instant};

use zeroize::Zeroizing;

use crate::platform::sys;
use crate::spi::kerberos::CachedTicket;
use crate::spi::secret::SecretBytes;
use crate::wire::kerberos::ccache::encode_principal;

/// How long the daemon may take for one answer.
const WAIT: Duration = Duration::from_secs(5);
const MAX_REPLY: usize = 10 << 20;
const VERSION: [u8; 2] = [2, 0];

/// No credential of that kind.
pub const NOT_FOUND: i32 = -1_765_328_243;
/// No more of them, or none of that number.
pub const END: i32 = -1_765_328_242;
/// sssd's answer to what it does not know.
pub const IO: i32 = -1_765_328_191;
/// No such cache.
pub const NO_FILE: i32 = -1_765_328_189;
/// Heimdal's answer to what it does not know.
pub const INTERNAL: i32 = -1_765_328_188;
/// sssd's answer to what it knows and does not do.
pub const NO_SUPPORT: i32 = -1_765_328_137;

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u16)]
#[allow(missing_docs, reason = "the names are those of the protocol")]
pub enum Operation {
    Initialize = 4,
    Store = 6,
    GetPrincipal = 8,
    GetCredUuidList = 9,
    GetCredByUuid = 10,
    RemoveCred = 11,
    GetCacheUuidList = 18,
    GetCacheByUuid = 19,
    GetDefaultCache = 20,
    GetKdcOffset = 22,
    SetKdcOffset = 23,
    /// MIT's own.
    GetCredList = 13_001,
}

/// A question.
#[derive(Debug)]
pub struct Request(Zeroizing<Vec<u8>>);

impl Request {
    /// With no arguments yet.
    pub fn new(operation: Operation) -> Self {
        let [high, low] = (operation as u16).to_be_bytes();
        Self(Zeroizing::new(vec![VERSION[0], VERSION[1], high, low]))
    }

    /// And a name.
    pub fn name(self, name: &str) -> Self {
        self.bytes(name.as_bytes()).bytes(&[0])
    }

    /// And these bytes.
    pub fn bytes(self, bytes: &[u8]) -> Self {
        // Sized first, so that no growth leaves an unwiped copy behind.
        let mut longer = Zeroizing::new(Vec::with_capacity(self.0.len() + bytes.len()));
        longer.extend_from_slice(&self.0);
        longer.extend_from_slice(bytes);
        Self(longer)
    }

    /// And what an entry must be like: of this client and this server.
    pub fn matching(self, entry: &CachedTicket) -> Self {
        const CLIENT_AND_SERVER: u32 = 3;
        let whole_names = 0_u32.to_be_bytes();
        let times_and_flags = [0; 4 * 4 + 1 + 4];
        self.bytes(&whole_names)
            .bytes(&CLIENT_AND_SERVER.to_be_bytes())
            .bytes(&encode_principal(&entry.client))
            .bytes(&encode_principal(&entry.server))
            .bytes(&times_and_flags)
    }
}

/// Why there is no answer, or no good one.
#[derive(Debug)]
pub enum Failure {
    /// The daemon's own reason.
    Code(i32),
    /// There is no daemon.
    Unreachable(io::Error),
    /// It does not answer.
    Broken(io::Error),
    /// It answers something else.
    Malformed,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => write!(f, "the KCM refuses with code {code}"),
            Self::Unreachable(error) => write!(f, "no KCM answers: {error}"),
            Self::Broken(error) => write!(f, "the KCM breaks off: {error}"),
            Self::Malformed => f.write_str("the KCM's answer is malformed"),
        }
    }
}

/// Asks the daemon at this socket.
pub fn call(socket: &Path, request: &Request) -> Result<Reply, Failure> {
    let mut stream = sys::connect_unix(socket, WAIT).map_err(Failure::Unreachable)?;
    let answer = exchange(&mut stream, request).map_err(Failure::Broken)?;
    let (reply, transport) = answer.ok_or(Failure::Malformed)?;
    if transport != 0 {
        return Err(Failure::Code(transport));
    }
    let reply = Reply(reply);
    match reply.0.expose().first_chunk().map(|code| i32::from_be_bytes(*code)) {
        Some(0) => Ok(reply),
        Some(code) => Err(Failure::Code(code)),
        None => Err(Failure::Malformed),
    }
}

/// The answer and the code before it; `None` if it is too long to be one.
fn exchange(stream: &mut UnixStream, request: &Request) -> io::Result<Option<(SecretBytes, i32)>> {
    let length = u32::try_from(request.0.len()).map_err(io::Error::other)?;
    stream.write_all(&length.to_be_bytes())?;
    stream.write_all(&request.0)?;
    let until = Instant::now() + WAIT;
    let mut head = [0; 8];
    read_exact(stream, &mut head, until)?;
    let [l0, l1, l2, l3, code @ ..] = head;
    // The length does not count the code that follows it.
    let length = u32::from_be_bytes([l0, l1, l2, l3]) as usize;
    if length > MAX_REPLY {
        return Ok(None);
    }
    let code = i32::from_be_bytes(code);
    let mut reply = SecretBytes::new(vec![0; if code == 0 { length } else { 0 }]);
    read_exact(stream, reply.expose_mut(), until)?;
    Ok(Some((reply, code)))
}

/// Reads all, until that time and no longer.
fn read_exact(stream: &mut UnixStream, mut out: &mut [u8], until: Instant) -> io::Result<()> {
    while !out.is_empty() {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(io::Error::from(ErrorKind::TimedOut));
        }
        stream.set_read_timeout(Some(left))?;
        match stream.read(out) {
            Ok(0) => return Err(io::Error::from(ErrorKind::UnexpectedEof)),
            Ok(count) => out = out.get_mut(count..).unwrap_or_default(),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// An answer, with the zero before it that says that it is one.
#[derive(Debug)]
pub struct Reply(SecretBytes);

impl Reply {
    /// All of it.
    pub fn rest(&self) -> &[u8] {
        self.0.expose().get(4..).unwrap_or_default()
    }

    /// A name; it ends with a NUL.
    pub fn name(&self) -> Result<String, Failure> {
        let name = self.rest().split(|&byte| byte == 0).next().unwrap_or_default();
        let ended = self.rest().len() > name.len();
        match String::from_utf8(name.to_vec()) {
            Ok(name) if ended && !name.is_empty() => Ok(name),
            _ => Err(Failure::Malformed),
        }
    }

    /// A number.
    pub fn number(&self) -> Option<i32> {
        self.rest().first_chunk().map(|bytes| i32::from_be_bytes(*bytes))
    }

    /// Numbers of caches or credentials, up to the end.
    pub fn uuids(&self) -> Result<&[[u8; super::UUID]], Failure> {
        match self.rest().as_chunks() {
            (uuids, []) => Ok(uuids),
            _ => Err(Failure::Malformed),
        }
    }

    /// Credentials: how many, and for each its length and bytes.
    pub fn credentials(&self) -> Result<Vec<&[u8]>, Failure> {
        let take = |bytes: &mut &[u8]| {
            let (number, rest) = bytes.split_first_chunk().ok_or(Failure::Malformed)?;
            *bytes = rest;
            Ok(u32::from_be_bytes(*number) as usize)
        };
        let mut bytes = self.rest();
        let count = take(&mut bytes)?;
        let mut credentials = Vec::new();
        for _ in 0..count {
            let length = take(&mut bytes)?;
            let (credential, rest) = bytes.split_at_checked(length).ok_or(Failure::Malformed)?;
            credentials.push(credential);
            bytes = rest;
        }
        Ok(credentials)
    }
}
