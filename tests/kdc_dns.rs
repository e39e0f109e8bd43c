//! DNS as Kerberos uses it: against a name server of the test's own, in a network of its own.
#![allow(unsafe_code)]
#![allow(dead_code, reason = "the helpers are for other tests too")]

#[path = "c_abi/process.rs"]
mod process;

use std::collections::HashMap;
use std::ffi::{CStr, CString};
use std::io;
use std::net::{TcpListener, UdpSocket};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;
use std::ptr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use process::{is_part, part, run};
use secur32::platform::config::DirectorySection;
use secur32::platform::kdc::{Kdcs, canonical_host, realm_of_host};
use secur32::platform::krb5_conf::{Krb5Conf, read};
use secur32::platform::ldap::Directories;
use secur32::spi::directory::DirectoryHost;
use secur32::spi::error::Result;
use secur32::spi::kerberos::{KdcAnswer, KdcRequest, KdcService, Verdict};

const A: u16 = 1;
const CNAME: u16 = 5;
const TXT: u16 = 16;
const SRV: u16 = 33;

/// Runs a test where nobody else's network is: true in there. Where the kernel does not let us
/// make one, nothing is tested, and that is said.
fn in_own_network(test: &str) -> bool {
    if is_part(test) {
        settle();
        return true;
    }
    let mut probe = Command::new("true");
    // SAFETY: between fork and exec nothing is done that another thread could be in the middle of.
    unsafe { probe.pre_exec(leave_the_network) };
    if let Err(error) = probe.status() {
        eprintln!("{test} needs a network namespace: {error}; nothing was tested");
        return false;
    }
    let mut command = part(test);
    // SAFETY: as above.
    unsafe { command.pre_exec(leave_the_network) };
    let said = run(command, &[]);
    assert!(said.success && said.output.contains("1 passed"), "{}", said.output);
    false
}

/// Where one is not root, in a user namespace in which one is.
fn leave_the_network() -> io::Result<()> {
    // SAFETY: takes nothing and cannot fail.
    let user = unsafe { libc::geteuid() };
    let own = if user == 0 { 0 } else { libc::CLONE_NEWUSER };
    // SAFETY: takes no pointers.
    if unsafe { libc::unshare(own | libc::CLONE_NEWNET | libc::CLONE_NEWNS) } != 0 {
        return Err(io::Error::last_os_error());
    }
    if own != 0 {
        std::fs::write("/proc/self/uid_map", format!("0 {user} 1"))?;
    }
    Ok(())
}

/// Loopback, and the name server of this process.
fn settle() {
    let path = |text: &str| CString::new(text).unwrap();
    let mount = |from: &CStr, to: &CStr, flags| {
        // SAFETY: C strings, and null where nothing is meant.
        let result =
            unsafe { libc::mount(from.as_ptr(), to.as_ptr(), ptr::null(), flags, ptr::null()) };
        assert_eq!(result, 0, "{to:?}: {}", io::Error::last_os_error());
    };
    mount(c"none", c"/", libc::MS_REC | libc::MS_PRIVATE);
    let files = [
        ("/etc/resolv.conf", "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n"),
        ("/etc/nsswitch.conf", "passwd: files\nhosts: files dns\n"),
    ];
    for (place, text) in files {
        let name = place.rsplit('/').next().unwrap();
        let own = std::env::temp_dir().join(format!("secur32-{}-{name}", std::process::id()));
        std::fs::write(&own, text).unwrap();
        mount(&path(own.to_str().unwrap()), &path(place), libc::MS_BIND);
        std::fs::remove_file(own).unwrap();
    }
    // SAFETY: takes no pointers.
    let socket = unsafe { libc::socket(libc::AF_INET, libc::SOCK_DGRAM | libc::SOCK_CLOEXEC, 0) };
    // SAFETY: every field may be zero.
    let mut request: libc::ifreq = unsafe { std::mem::zeroed() };
    for (to, from) in request.ifr_name.iter_mut().zip(*b"lo") {
        *to = from.cast_signed();
    }
    request.ifr_ifru.ifru_flags = libc::IFF_UP as i16;
    // SAFETY: the request lives, and is what this call takes.
    let result = unsafe { libc::ioctl(socket, libc::SIOCSIFFLAGS, &raw const request) };
    assert_eq!(result, 0, "{}", io::Error::last_os_error());
    // SAFETY: the descriptor is ours.
    unsafe { libc::close(socket) };
}

type Records = HashMap<(&'static str, u16), Vec<(u16, Vec<u8>)>>;

/// A name server with these records, and the names that it was asked for.
fn name_server(records: Records) -> Arc<Mutex<Vec<String>>> {
    let socket = UdpSocket::bind("127.0.0.1:53").unwrap();
    let asked: Arc<Mutex<Vec<String>>> = Arc::default();
    let log = Arc::clone(&asked);
    std::thread::spawn(move || {
        let mut buffer = [0; 1500];
        while let Ok((length, from)) = socket.recv_from(&mut buffer) {
            let (name, kind, end) = question(&buffer[..length]);
            log.lock().unwrap().push(name.clone());
            let found = records.iter().find(|(key, _)| key.0 == name && key.1 == kind);
            let answer = answer(&buffer[..end], found.map(|(_, records)| &records[..]));
            socket.send_to(&answer, from).unwrap();
        }
    });
    asked
}

fn question(message: &[u8]) -> (String, u16, usize) {
    let (mut labels, mut at) = (Vec::new(), 12);
    while message[at] != 0 {
        let end = at + 1 + usize::from(message[at]);
        labels.push(String::from_utf8_lossy(&message[at + 1..end]).to_lowercase());
        at = end;
    }
    let kind = u16::from_be_bytes([message[at + 1], message[at + 2]]);
    (labels.join("."), kind, at + 5)
}

/// To this question; without records there is no such name.
fn answer(question: &[u8], records: Option<&[(u16, Vec<u8>)]>) -> Vec<u8> {
    let mut message = question.to_vec();
    let records = records.unwrap_or(&[]);
    message[2..4].copy_from_slice(&[0x85, if records.is_empty() { 0x83 } else { 0x80 }]);
    message[6..12].copy_from_slice(&[0, records.len() as u8, 0, 0, 0, 0]);
    for (kind, data) in records {
        message.extend([0xC0, 0x0C]);
        message.extend(kind.to_be_bytes());
        message.extend([0, 1, 0, 0, 0, 0]);
        message.extend((data.len() as u16).to_be_bytes());
        message.extend(data);
    }
    message
}

fn name(text: &str) -> Vec<u8> {
    let labels = text.split('.').filter(|label| !label.is_empty());
    let labels = labels.flat_map(|label| [&[label.len() as u8][..], label.as_bytes()].concat());
    labels.chain([0]).collect()
}

fn srv(priority: u16, port: u16, target: &str) -> (u16, Vec<u8>) {
    let numbers = [priority, 0, port].map(u16::to_be_bytes).concat();
    (SRV, [numbers, name(target)].concat())
}

fn text(text: &str) -> (u16, Vec<u8>) {
    (TXT, [&[text.len() as u8][..], text.as_bytes()].concat())
}

/// A KDC that always says this.
fn kdc(text: &'static str) -> u16 {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let port = socket.local_addr().unwrap().port();
    std::thread::spawn(move || {
        let mut buffer = [0; 1500];
        while let Ok((_, from)) = socket.recv_from(&mut buffer) {
            socket.send_to(text.as_bytes(), from).unwrap();
        }
    });
    port
}

fn ask(conf: &str, realm: &str, service: KdcService) -> Result<KdcAnswer> {
    let profile = read(conf.as_bytes(), Path::new("krb5.conf")).unwrap();
    let kdcs = Kdcs::of(&Krb5Conf::from_profile(&profile).unwrap());
    let judge = |_: &[u8]| Verdict::Take;
    let request = KdcRequest { realm, service, message: b"request", judge: &judge };
    kdcs.exchange(&request, &|line| println!("{line}"))
}

fn said(answer: Result<KdcAnswer>) -> String {
    String::from_utf8(answer.unwrap().message).unwrap()
}

fn story(answer: Result<KdcAnswer>) -> String {
    answer.unwrap_err().story().unwrap().to_owned()
}

#[test]
fn servers_are_found_by_their_records() {
    if !in_own_network("servers_are_found_by_their_records") {
        return;
    }
    let (good, other) = (kdc("GOOD"), kdc("other"));
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let address = || vec![(A, vec![127, 0, 0, 1])];
    let asked = name_server(HashMap::from([
        (
            ("_kerberos._udp.example.test", SRV),
            vec![
                srv(20, other, "kdc2.example.test"),
                srv(10, good, "kdc2.example.test"),
                srv(5, nobody, "kdc1.example.test"),
            ],
        ),
        (("_kpasswd._udp.example.test", SRV), vec![srv(0, other, "kdc1.example.test")]),
        (("_kerberos._udp.none.test", SRV), vec![srv(0, 0, "")]),
        (("_kerberos._udp.lies.test", SRV), vec![(SRV, vec![0, 1, 2])]),
        (("kdc1.example.test", A), address()),
        (("kdc2.example.test", A), address()),
    ]));
    let answer = ask("", "EXAMPLE.TEST", KdcService::Kdc).unwrap();
    assert_eq!(answer.message, b"GOOD");
    assert_eq!(answer.server, format!("kdc2.example.test (127.0.0.1:{good})"));
    assert_eq!(said(ask("", "EXAMPLE.TEST", KdcService::Kpasswd)), "other");
    let none = story(ask("", "NONE.TEST", KdcService::Kdc));
    assert!(none.contains("DNS, _kerberos._udp.NONE.TEST.: there is no such service"), "{none}");
    assert!(none.contains("DNS, _kerberos._tcp.NONE.TEST.: no such record"), "{none}");
    let lies = story(ask("", "LIES.TEST", KdcService::Kdc));
    assert!(lies.contains("cannot be read"), "{lies}");
    // What is written down keeps DNS out.
    asked.lock().unwrap().clear();
    let conf = format!("[realms]\n EXAMPLE.TEST = {{\n kdc = 127.0.0.1:{other}\n }}\n");
    assert_eq!(said(ask(&conf, "EXAMPLE.TEST", KdcService::Kdc)), "other");
    let primary = story(ask(&conf, "EXAMPLE.TEST", KdcService::PrimaryKdc));
    assert!(primary.contains("primary_kdc"), "{primary}");
    let conf = "[libdefaults]\n dns_lookup_kdc = false\n";
    story(ask(conf, "EXAMPLE.TEST", KdcService::Kdc));
    assert_eq!(*asked.lock().unwrap(), [""; 0]);
}

#[test]
fn a_name_server_that_is_silent_is_not_waited_for() {
    if !in_own_network("a_name_server_that_is_silent_is_not_waited_for") {
        return;
    }
    let silent = UdpSocket::bind("127.0.0.1:53").unwrap();
    silent.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let conf = "[libdefaults]\n request_timeout = 1\n";
    let nobody = story(ask(conf, "EXAMPLE.TEST", KdcService::Kdc));
    assert!(nobody.contains("no answer") || nobody.contains("no such record"), "{nobody}");
    assert!(silent.recv(&mut [0; 1500]).is_ok(), "it was asked");
}

/// Servers of a directory, which prove themselves afterwards.
#[test]
fn domain_controllers_are_found_by_their_records() {
    if !in_own_network("domain_controllers_are_found_by_their_records") {
        return;
    }
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let address = || vec![(A, vec![127, 0, 0, 1])];
    let asked = name_server(HashMap::from([
        (
            ("_ldap._tcp.dc._msdcs.example.test", SRV),
            vec![srv(20, port, "dc2.example.test"), srv(10, port, "dc1.example.test")],
        ),
        (("dc1.example.test", A), address()),
        (("dc2.example.test", A), address()),
    ]));
    let hosts = |conf: &str, realm: &str| -> Vec<String> {
        let profile = read(conf.as_bytes(), Path::new("krb5.conf")).unwrap();
        let conf = Krb5Conf::from_profile(&profile).unwrap();
        let section = DirectorySection { servers: Vec::new(), timeout: Some(5) };
        let directories = Directories::of(&section, &conf);
        let Ok(links) = directories.links(realm) else { return Vec::new() };
        let hosts: Vec<String> = links.flatten().map(|link| link.host().to_owned()).collect();
        hosts
    };
    let both = ["dc1.example.test", "dc2.example.test"];
    assert_eq!(hosts("", "EXAMPLE.TEST"), both);
    assert_eq!(hosts("", "NONE.TEST"), [""; 0]);
    // What is written down goes first.
    let conf = "[realms]\n EXAMPLE.TEST = {\n kdc = 127.0.0.1\n }\n";
    assert_eq!(hosts(conf, "EXAMPLE.TEST"), both, "nobody listens there on port 389");
    asked.lock().unwrap().clear();
    assert_eq!(hosts("[libdefaults]\n dns_lookup_kdc = false\n", "EXAMPLE.TEST"), [""; 0]);
    assert_eq!(hosts("", "no name of DNS"), [""; 0]);
    assert_eq!(*asked.lock().unwrap(), [""; 0]);
}

/// Whoever forges DNS can say what they like of hosts and realms; it is asked only where
/// krb5.conf says so, and by then it is an answer.
#[test]
fn k32_hosts_and_realms_by_dns() {
    if !in_own_network("k32_hosts_and_realms_by_dns") {
        return;
    }
    let asked = name_server(HashMap::from([
        (("www.example.test", A), vec![(CNAME, name("real.example.test"))]),
        (("real.example.test", A), vec![(A, vec![127, 0, 0, 1])]),
        (("_kerberos.example.test", TXT), vec![text("EXAMPLE.TEST."), text("OTHER")]),
        (("_kerberos.evil.test", TXT), vec![text("EVIL\nREALM")]),
    ]));
    let realm = realm_of_host("www.sales.example.test");
    assert_eq!(realm.as_deref(), Some("EXAMPLE.TEST"));
    let names: Vec<String> = asked.lock().unwrap().drain(..).collect();
    let expected = ["www.sales.example.test", "sales.example.test", "example.test"];
    assert_eq!(names, expected.map(|name| format!("_kerberos.{name}")));
    assert_eq!(realm_of_host("www.evil.test"), None);
    assert_eq!(canonical_host("nobody.example.test", true), None);
    assert_eq!(canonical_host("real.example.test", false).as_deref(), Some("real.example.test"));
    // By its address the same host is another one.
    let reverse = canonical_host("real.example.test", true);
    assert_eq!(reverse.as_deref(), Some("localhost"));
    asked.lock().unwrap().clear();
    let host = secur32::platform::Host::current().unwrap();
    let kerberos = secur32::spi::environment::Environment::kerberos(&host).unwrap();
    assert!(!kerberos.settings().dns_lookup_realm);
    assert_eq!(kerberos.realm_of_host("www.example.test"), None);
    assert_eq!(*asked.lock().unwrap(), [""; 0]);
}
