//! Against a daemon that is made here, after the protocol as Heimdal and MIT write it down.

use std::io::{Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::sync::Mutex;
use std::thread;

use super::*;
use crate::platform::ccache::Caches;
use crate::platform::ccache::tests::{Scratch, alice, ticket};

/// What the daemon knows, in its order.
#[derive(Default)]
struct Kept(Vec<KeptCache>);

struct KeptCache {
    name: Vec<u8>,
    client: Vec<u8>,
    credentials: Vec<Vec<u8>>,
}

/// Which dialect it speaks.
#[derive(Clone, Copy, PartialEq)]
enum Dialect {
    /// Knows MIT's own question.
    Newer,
    /// Gives credentials one by one.
    Older,
}

fn answer(kept: &mut Kept, dialect: Dialect, request: &[u8]) -> Result<Vec<u8>, i32> {
    assert_eq!(request[..2], [2, 0]);
    let operation = u16::from_be_bytes([request[2], request[3]]);
    let mut rest = &request[4..];
    let mut name = || {
        let end = rest.iter().position(|&byte| byte == 0).unwrap();
        let name = rest[..end].to_vec();
        rest = &rest[end + 1..];
        name
    };
    let uuid = |number: usize| [&[0; 15][..], &[number as u8]].concat();
    match operation {
        18 => Ok((0..kept.0.len()).flat_map(uuid).collect()),
        19 => {
            let cache = kept.0.get(usize::from(rest[15])).ok_or(call::END)?;
            Ok([&cache.name[..], &[0]].concat())
        }
        20 => Ok(b"primary\0".to_vec()),
        4 => {
            let name = name();
            kept.0.retain(|cache| cache.name != name);
            kept.0.push(KeptCache { name, client: rest.to_vec(), credentials: Vec::new() });
            Ok(Vec::new())
        }
        _ => {
            let name = name();
            let found = kept.0.iter_mut().find(|cache| cache.name == name);
            let KeptCache { client, credentials, .. } = found.ok_or(match dialect {
                Dialect::Newer => call::NO_FILE,
                Dialect::Older => call::NOT_FOUND,
            })?;
            match operation {
                6 => credentials.push(rest.to_vec()),
                8 => return Ok(client.clone()),
                9 => return Ok((0..credentials.len()).flat_map(uuid).collect()),
                10 => return credentials.get(usize::from(rest[15])).cloned().ok_or(call::END),
                // sssd's daemon cannot.
                11 if dialect == Dialect::Older => return Err(call::NO_SUPPORT),
                11 => {
                    let server = &rest[8 + client.len()..rest.len() - 21];
                    credentials.retain(|kept| !kept[client.len()..].starts_with(server));
                }
                13_001 if dialect == Dialect::Newer => {
                    let count = (credentials.len() as u32).to_be_bytes().to_vec();
                    let all = credentials.iter().flat_map(|credential| {
                        [&(credential.len() as u32).to_be_bytes(), &credential[..]].concat()
                    });
                    return Ok(count.into_iter().chain(all).collect());
                }
                _ => return Err(call::INTERNAL),
            }
            Ok(Vec::new())
        }
    }
}

fn read_request(stream: &mut UnixStream) -> Vec<u8> {
    let mut length = [0; 4];
    stream.read_exact(&mut length).unwrap();
    let mut request = vec![0; u32::from_be_bytes(length) as usize];
    stream.read_exact(&mut request).unwrap();
    request
}

/// Listens, and answers each connection's question with these bytes. Ends with the process.
fn serve(path: &Path, respond: impl Fn(Vec<u8>) -> Vec<u8> + Send + 'static) {
    let listener = UnixListener::bind(path).unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let reply = respond(read_request(&mut stream));
            // The other side may have seen enough.
            let _ = stream.write_all(&reply);
        }
    });
}

fn daemon(path: &Path, dialect: Dialect) {
    let kept = Mutex::new(Kept::default());
    serve(path, move |request| {
        let reply = match answer(&mut kept.lock().unwrap(), dialect, &request) {
            Ok(payload) => [&[0; 4][..], &payload].concat(),
            Err(code) => code.to_be_bytes().to_vec(),
        };
        [&(reply.len() as u32).to_be_bytes()[..], &[0; 4], &reply].concat()
    });
}

fn caches(path: &Path) -> Caches {
    Caches::new(None).with_kcm_socket(Some(path.to_str().unwrap().to_owned()))
}

#[test]
fn a_daemon_keeps_caches() {
    let scratch = Scratch::new("kcm");
    for (dialect, socket) in [(Dialect::Newer, "new"), (Dialect::Older, "old")] {
        daemon(&scratch.path(socket), dialect);
        let caches = caches(&scratch.path(socket));
        let cache = caches.cache("KCM:").unwrap();
        assert_eq!(cache.name(), "KCM:primary");
        assert_eq!(cache.principal().unwrap_err().fault(), LocalFault::NoCredentials.into());
        assert!(caches.collection("KCM:").unwrap().is_empty());
        cache.initialize(&alice(), &[ticket("krbtgt")]).unwrap();
        cache.store(&ticket("a")).unwrap();
        cache.set_config("k", Some(&alice()), b"1").unwrap();
        cache.set_config("k", Some(&alice()), b"2").unwrap();
        assert_eq!(cache.principal().unwrap(), alice());
        assert_eq!(cache.tickets().unwrap(), [ticket("krbtgt"), ticket("a")]);
        assert_eq!(cache.config("k", Some(&alice())).unwrap().as_deref(), Some(&b"2"[..]));
        let bob = Principal { components: vec!["bob".into()], ..alice() };
        caches.cache("KCM:b").unwrap().initialize(&bob, &[]).unwrap();
        let all = caches.collection("KCM:").unwrap();
        let names: Vec<_> = all.iter().map(|cache| cache.name()).collect();
        assert_eq!(names, ["KCM:primary", "KCM:b"]);
        assert_eq!(cache.time_offset().unwrap(), None);
        assert_eq!(cache.remove(&|ticket| ticket.server.components[0] == "a").unwrap(), 1);
        assert_eq!(cache.tickets().unwrap(), [ticket("krbtgt")]);
        assert_eq!(cache.remove(&|_| true).unwrap(), 1);
        assert_eq!(cache.config("k", Some(&alice())).unwrap().as_deref(), Some(&b"2"[..]));
        assert_eq!(cache.principal().unwrap(), alice());
    }
}

#[test]
fn without_a_daemon_there_are_no_caches() {
    let scratch = Scratch::new("nokcm");
    for socket in [scratch.path("none"), PathBuf::from("-")] {
        let error = caches(&socket).cache("KCM:").err().unwrap();
        assert_eq!(error.fault(), LocalFault::NoCredentials.into());
        assert!(error.story().unwrap().contains("KCM"), "{error}");
    }
    let long = PathBuf::from("/".repeat(200));
    assert!(caches(&long).cache("KCM:x").unwrap().tickets().is_err());
}

#[test]
fn l2_a_daemon_that_lies_is_not_believed() {
    let scratch = Scratch::new("liar");
    let counted = |payload: &[u8]| {
        [&((payload.len() + 4) as u32).to_be_bytes()[..], &[0; 8], payload].concat()
    };
    let answers = [
        Vec::new(),
        vec![0; 7],
        vec![0; 8],
        [&[0xFF; 4][..], &[0; 8]].concat(),
        [&[0, 0, 1, 0][..], &[0; 20]].concat(),
        counted(&[0xFF; 4]),
        counted(&[0, 0, 0, 1, 0xFF, 0xFF, 0xFF, 0xFF]),
        counted(&[0xFF; 40]),
        counted(&[]),
    ];
    for (number, answer) in answers.into_iter().enumerate() {
        let socket = scratch.path(&number.to_string());
        serve(&socket, move |_| answer.clone());
        let caches = caches(&socket);
        assert!(caches.cache("KCM:").is_err(), "{number}");
        let cache = caches.cache("KCM:x").unwrap();
        assert!(cache.tickets().is_err() && cache.principal().is_err(), "{number}");
    }
}
