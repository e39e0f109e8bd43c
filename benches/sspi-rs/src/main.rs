//! The benchmark of the `sspi` crate: the protocol of `../bench.h`, in Rust.

use std::process::exit;
use std::sync::{Arc, Barrier};
use std::time::{Duration, Instant};

use sspi::{
    AuthIdentity, AuthIdentityBuffers, BufferType, ClientRequestFlags, CredentialUse,
    DataRepresentation, EncryptionFlags, Ntlm, SecurityBuffer, SecurityBufferRef, SecurityStatus,
    ServerRequestFlags, Sspi, SspiImpl, Username,
};

const USER: &str = "bench-user";
const DOMAIN: &str = "BENCH";
const PASSWORD: &str = "correct horse battery staple";
const MAX_BATCH: usize = 256;
const SIGNATURE_SIZE: usize = 16;

type Credential = Option<AuthIdentityBuffers>;

struct Pair {
    client: Ntlm,
    server: Ntlm,
    sent: u32,
    received: u32,
}

struct Message {
    data: Vec<u8>,
    signature: [u8; SIGNATURE_SIZE],
}

#[derive(Clone, Copy, PartialEq)]
enum Work {
    Handshake,
    Session,
    Seal,
    Sign,
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let work = match arguments.get(1).map(String::as_str) {
        Some("handshake") => Work::Handshake,
        Some("session") => Work::Session,
        Some("seal") => Work::Seal,
        Some("sign") => Work::Sign,
        _ => usage(),
    };
    let [size, threads, milliseconds] = [2, 3, 4]
        .map(|at| arguments.get(at).and_then(|a| a.parse().ok()).unwrap_or_else(|| usage()));
    let (first, second) =
        run_threads(work, size, threads, Duration::from_millis(milliseconds as u64));
    println!("{first:.1} {second:.1}");
}

fn usage() -> ! {
    eprintln!("usage: sspi-rs-bench handshake|session|seal|sign SIZE THREADS MILLISECONDS");
    exit(2)
}

fn run_threads(work: Work, size: usize, threads: usize, length: Duration) -> (f64, f64) {
    let start = Arc::new(Barrier::new(threads));
    let jobs: Vec<_> = (0..threads)
        .map(|_| {
            let start = Arc::clone(&start);
            std::thread::spawn(move || match work {
                Work::Handshake => run_connections(None, &start, length),
                Work::Session => run_connections(Some(size), &start, length),
                Work::Seal | Work::Sign => run_messages(work == Work::Seal, size, &start, length),
            })
        })
        .collect();
    jobs.into_iter()
        .map(|job| job.join().expect("no thread fails"))
        .fold((0.0, 0.0), |sum, one| (sum.0 + one.0, sum.1 + one.1))
}

fn run_connections(size: Option<usize>, start: &Barrier, length: Duration) -> (f64, f64) {
    let mut credentials = credentials();
    let mut batch: Vec<Message> = size.map(|size| Message::new(0, size)).into_iter().collect();
    let mut connection = || {
        let mut pair = handshake(&mut credentials);
        for message in &mut batch {
            pair.protect(message, true);
            pair.open(message, true);
        }
        check(&batch);
    };
    (0..20).for_each(|_| connection());
    start.wait();
    let standing = Standing::now();
    let begin = now();
    let mut count = 0;
    while now() - begin < length {
        (0..10).for_each(|_| connection());
        count += 10;
    }
    (f64::from(count) / (now() - begin).as_secs_f64() / standing.slowdown(), 0.0)
}

fn run_messages(seal: bool, size: usize, start: &Barrier, length: Duration) -> (f64, f64) {
    let count = (65536 / size).clamp(1, MAX_BATCH);
    let mut pair = handshake(&mut credentials());
    let mut batch: Vec<Message> = (0..count).map(|index| Message::new(index, size)).collect();
    start.wait();
    let standing = Standing::now();
    let begin = now();
    let (mut first, mut second, mut rounds) = (Duration::ZERO, Duration::ZERO, 0_u32);
    while now() - begin < length {
        first += time_of(&mut batch, |message| pair.protect(message, seal));
        second += time_of(&mut batch, |message| pair.open(message, seal));
        check(&batch);
        rounds += 1;
    }
    let messages = f64::from(rounds) * count as f64 / standing.slowdown();
    (messages / first.as_secs_f64(), messages / second.as_secs_f64())
}

fn time_of(batch: &mut [Message], mut step: impl FnMut(&mut Message)) -> Duration {
    let begin = now();
    batch.iter_mut().for_each(&mut step);
    now() - begin
}

/// Time that this thread had the processor, as in `bench.c`.
fn now() -> Duration {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the pointer is to a timespec of our own.
    unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &raw mut time) };
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

/// Where a thread stands, as in `bench.c`.
struct Standing {
    wall: Instant,
    running: f64,
    ready: f64,
}

impl Standing {
    fn now() -> Self {
        let wall = Instant::now();
        let text = std::fs::read_to_string("/proc/thread-self/schedstat").expect("schedstat");
        let ready = text.split_whitespace().nth(1).and_then(|word| word.parse::<f64>().ok());
        let ready = ready.expect("schedstat has numbers") / 1e9;
        Self { wall, running: now().as_secs_f64(), ready }
    }

    fn slowdown(&self) -> f64 {
        let end = Self::now();
        let running = end.running - self.running;
        let taken = (end.wall - self.wall).as_secs_f64() - (end.ready - self.ready);
        if running > 0.0 && taken > running { taken / running } else { 1.0 }
    }
}

fn check(batch: &[Message]) {
    for (index, message) in batch.iter().enumerate() {
        let last = message.data.len() - 1;
        assert_eq!(message.data[0], byte(index, 0));
        assert_eq!(message.data[last], byte(index, last));
    }
}

fn byte(index: usize, at: usize) -> u8 {
    (index * 31 + at * 7 + (at >> 8)) as u8
}

impl Message {
    fn new(index: usize, size: usize) -> Self {
        Self { data: (0..size).map(|at| byte(index, at)).collect(), signature: [0; SIGNATURE_SIZE] }
    }
}

impl Pair {
    fn protect(&mut self, message: &mut Message, seal: bool) {
        let mut buffers = buffers(message);
        if seal {
            self.client.encrypt_message(EncryptionFlags::empty(), &mut buffers).expect("seals");
        } else {
            self.client.make_signature(0, &mut buffers, self.sent).expect("signs");
        }
        self.sent = self.sent.wrapping_add(1);
    }

    fn open(&mut self, message: &mut Message, seal: bool) {
        let mut buffers = buffers(message);
        if seal {
            self.server.decrypt_message(&mut buffers).expect("unseals");
        } else {
            self.server.verify_signature(&mut buffers, self.received).expect("verifies");
        }
        self.received = self.received.wrapping_add(1);
    }
}

fn buffers(message: &mut Message) -> [SecurityBufferRef<'_>; 2] {
    [
        SecurityBufferRef::token_buf(&mut message.signature),
        SecurityBufferRef::data_buf(&mut message.data),
    ]
}

/// What `AcquireCredentialsHandle` gives the client and the server.
fn credentials() -> (Credential, Credential) {
    let identity = AuthIdentity {
        username: Username::new(USER, Some(DOMAIN)).expect("a name"),
        password: String::from(PASSWORD).into(),
    };
    let acquire = |which| {
        let mut ntlm = Ntlm::new();
        ntlm.acquire_credentials_handle()
            .with_credential_use(which)
            .with_auth_data(&identity)
            .execute(&mut ntlm)
            .expect("credentials")
            .credentials_handle
    };
    (acquire(CredentialUse::Outbound), acquire(CredentialUse::Inbound))
}

/// One exchange, completed (that is, verified) by the server.
fn handshake(credentials: &mut (Credential, Credential)) -> Pair {
    let mut pair = Pair { client: Ntlm::new(), server: Ntlm::new(), sent: 0, received: 0 };
    let negotiate = initialize(
        &mut pair.client,
        &mut credentials.0,
        Vec::new(),
        SecurityStatus::ContinueNeeded,
    );
    let challenge =
        accept(&mut pair.server, &mut credentials.1, negotiate, SecurityStatus::ContinueNeeded);
    let authenticate =
        initialize(&mut pair.client, &mut credentials.0, challenge, SecurityStatus::Ok);
    accept(&mut pair.server, &mut credentials.1, authenticate, SecurityStatus::CompleteNeeded);
    pair.server.complete_auth_token(&mut []).expect("the server verifies");
    pair
}

fn initialize(
    client: &mut Ntlm,
    credential: &mut Credential,
    input: Vec<u8>,
    wanted: SecurityStatus,
) -> Vec<u8> {
    let mut input = [SecurityBuffer::new(input, BufferType::Token)];
    let mut output = [SecurityBuffer::new(Vec::new(), BufferType::Token)];
    let mut builder = client
        .initialize_security_context()
        .with_credentials_handle(credential)
        .with_context_requirements(
            ClientRequestFlags::CONFIDENTIALITY
                | ClientRequestFlags::INTEGRITY
                | ClientRequestFlags::REPLAY_DETECT
                | ClientRequestFlags::SEQUENCE_DETECT,
        )
        .with_target_data_representation(DataRepresentation::Native)
        .with_target_name("host/bench")
        .with_input(&mut input)
        .with_output(&mut output);
    let status = client
        .initialize_security_context_impl(&mut builder)
        .and_then(|mut generator| generator.resolve_to_result())
        .expect("the client's step")
        .status;
    assert_eq!(status, wanted);
    let [token] = output;
    token.buffer
}

fn accept(
    server: &mut Ntlm,
    credential: &mut Credential,
    input: Vec<u8>,
    wanted: SecurityStatus,
) -> Vec<u8> {
    let mut input = [SecurityBuffer::new(input, BufferType::Token)];
    let mut output = [SecurityBuffer::new(Vec::new(), BufferType::Token)];
    let builder = server
        .accept_security_context()
        .with_credentials_handle(credential)
        .with_context_requirements(
            ServerRequestFlags::CONFIDENTIALITY
                | ServerRequestFlags::INTEGRITY
                | ServerRequestFlags::REPLAY_DETECT
                | ServerRequestFlags::SEQUENCE_DETECT,
        )
        .with_target_data_representation(DataRepresentation::Native)
        .with_input(&mut input)
        .with_output(&mut output);
    let status = server
        .accept_security_context_impl(builder)
        .and_then(|mut generator| generator.resolve_to_result())
        .expect("the server's step")
        .status;
    assert_eq!(status, wanted);
    let [token] = output;
    token.buffer
}
