mod fake;

use std::io::Write;
use std::net::{Ipv6Addr, SocketAddr, UdpSocket};
use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::*;
use crate::platform::krb5_conf::read;
use crate::spi::error::LocalFault;
use crate::spi::kerberos::{HostCanonicalization, KdcService, Verdict};
use fake::{Fake, says, says_by_tcp, silent, silent_by_tcp, writes};

/// Long enough for a busy machine where an answer must come, short where none does.
const PATIENT: Duration = Duration::from_secs(10);
const IMPATIENT: Duration = Duration::from_millis(60);

/// `GOOD…` is an answer, `BIG` wants TCP, everything else is none.
fn judge(message: &[u8]) -> Verdict {
    match message {
        [b'G', b'O', b'O', b'D', ..] => Verdict::Take,
        b"BIG" => Verdict::UseTcp,
        _ => Verdict::NextServer,
    }
}

/// The KDCs of realm R as krb5.conf has them.
fn kdcs(servers: &str, patience: Duration) -> Kdcs {
    let text = format!("[realms]\n R = {{\n{servers} }}\n");
    let profile = read(text.as_bytes(), Path::new("t")).unwrap();
    let mut kdcs = Kdcs::of(&Krb5Conf::from_profile(&profile).unwrap());
    kdcs.transport.kdc_timeout = patience;
    kdcs
}

fn ask_for(kdcs: &Kdcs, service: KdcService, message: &[u8]) -> Result<KdcAnswer> {
    let request = KdcRequest { realm: "R", service, message, judge: &judge };
    kdcs.exchange(&request, &|_| {})
}

fn ask(kdcs: &Kdcs) -> Result<KdcAnswer> {
    ask_for(kdcs, KdcService::Kdc, b"request")
}

fn text(answer: Result<KdcAnswer>) -> String {
    String::from_utf8(answer.unwrap().message).unwrap()
}

/// A line for a server of which nothing is left.
fn nobody() -> String {
    Fake::new(None, None).line()
}

fn story(answer: Result<KdcAnswer>) -> String {
    let error = answer.unwrap_err();
    assert_eq!(error.fault(), LocalFault::NoAuthority.into());
    error.story().unwrap().to_owned()
}

#[test]
fn the_first_server_answers_by_udp() {
    let (first, second) = (Fake::new(says("GOOD 1"), None), Fake::new(says("GOOD 2"), None));
    let later = "kdc = a.host.that.is.never.looked.for\n";
    let kdcs = kdcs(&(first.line() + &second.line() + later), PATIENT);
    let lines = Mutex::new(String::new());
    let trace = |line: std::fmt::Arguments<'_>| *lines.lock().unwrap() += &line.to_string();
    let request = KdcRequest { realm: "R", service: KdcService::Kdc, message: b"r", judge: &judge };
    let answer = kdcs.exchange(&request, &trace).unwrap();
    assert!(!lines.lock().unwrap().contains("Resolving"), "{lines:?}");
    assert_eq!(answer.message, b"GOOD 1");
    assert_eq!(answer.server, first.address.to_string());
    assert_eq!(second.datagrams.load(Ordering::SeqCst), 0);
}

#[test]
fn a_dead_first_server_is_passed_over() {
    let second = Fake::new(says("GOOD"), says_by_tcp("GOOD"));
    // Nobody there at all.
    let answer = ask(&kdcs(&(nobody() + &second.line()), PATIENT)).unwrap();
    assert_eq!(answer.server, second.address.to_string());
    // Somebody who never answers, by neither protocol.
    let first = Fake::new(silent(), silent_by_tcp());
    let answer = ask(&kdcs(&(first.line() + &second.line()), IMPATIENT)).unwrap();
    assert_eq!(answer.server, second.address.to_string());
    // A large request goes by TCP.
    let kdcs = kdcs(&(first.line() + &second.line()), IMPATIENT);
    let answer = ask_for(&kdcs, KdcService::Kdc, &[7; 1466]).unwrap();
    assert_eq!(answer.server, second.address.to_string());
    assert_eq!(second.connections.load(Ordering::SeqCst), 1);
}

#[test]
fn servers_that_talk_nonsense_are_passed_over() {
    let good = Fake::new(says("GOOD"), says_by_tcp("GOOD"));
    for nonsense in ["", "garbage", "GOO"] {
        let first = Fake::new(says(nonsense), says_by_tcp("garbage"));
        let kdcs = kdcs(&(first.line() + &good.line()), PATIENT);
        assert_eq!(text(ask(&kdcs)), "GOOD", "{nonsense:?}");
        assert_eq!(text(ask_for(&kdcs, KdcService::Kdc, &[7; 2000])), "GOOD");
    }
}

#[test]
fn one_protocol_is_enough() {
    let (small, large) = ([7; 100], [7; 2000]);
    let udp_only = Fake::new(says("GOOD udp"), None);
    let kdcs_udp = kdcs(&udp_only.line(), PATIENT);
    assert_eq!(text(ask_for(&kdcs_udp, KdcService::Kdc, &large)), "GOOD udp");
    for udp in [None, silent()] {
        let patience = if udp.is_some() { IMPATIENT } else { PATIENT };
        let tcp_only = Fake::new(udp, says_by_tcp("GOOD tcp"));
        let kdcs_tcp = kdcs(&tcp_only.line(), patience);
        assert_eq!(text(ask_for(&kdcs_tcp, KdcService::Kdc, &small)), "GOOD tcp");
    }
    let both = Fake::new(says("GOOD udp"), says_by_tcp("GOOD tcp"));
    for (prefix, message, expected) in [
        ("", &small[..], "GOOD udp"),
        ("", &large[..], "GOOD tcp"),
        ("tcp/", &small[..], "GOOD tcp"),
        ("udp/", &large[..], "GOOD udp"),
    ] {
        let kdcs = kdcs(&format!("kdc = {prefix}{}\n", both.address), PATIENT);
        assert_eq!(text(ask_for(&kdcs, KdcService::Kdc, message)), expected, "{prefix}");
    }
}

#[test]
fn an_answer_too_big_for_udp_comes_by_tcp() {
    let big = "GOOD".repeat(50_000);
    let first = Fake::new(says("BIG"), says_by_tcp(&big));
    let second = Fake::new(says("GOOD"), None);
    let list = first.line() + &second.line();
    assert_eq!(text(ask(&kdcs(&list, PATIENT))), big);
    // The server that said so speaks no TCP; the next one is asked by TCP and not by UDP.
    let first = Fake::new(says("BIG"), None);
    let second = Fake::new(says("BIG"), says_by_tcp("GOOD 2"));
    assert_eq!(text(ask(&kdcs(&(first.line() + &second.line()), PATIENT))), "GOOD 2");
    assert_eq!(second.datagrams.load(Ordering::SeqCst), 0);
    // One that says so by TCP is out of its mind.
    let mad = Fake::new(says("BIG"), says_by_tcp("BIG"));
    let said = story(ask(&kdcs(&mad.line(), PATIENT)));
    assert!(said.contains("too big") && said.contains("cannot serve"), "{said}");
}

#[test]
fn a_lost_datagram_is_sent_again() {
    let second_time: fake::OnDatagram = Box::new(|socket, from, _, number| {
        if number >= 2 {
            socket.send_to(b"GOOD", from).unwrap();
        }
    });
    let server = Fake::new(Some(second_time), None);
    assert_eq!(text(ask(&kdcs(&server.line(), IMPATIENT))), "GOOD");
    assert!(server.datagrams.load(Ordering::SeqCst) >= 2);
}

#[test]
fn a_late_answer_is_still_heard() {
    let (asked_second, second_asked) = channel();
    let late: fake::OnDatagram = Box::new(move |socket, from, _, number| {
        if number == 1 {
            second_asked.recv_timeout(Duration::from_secs(20)).unwrap();
            socket.send_to(b"GOOD late", from).unwrap();
        }
    });
    let first = Fake::new(Some(late), None);
    let never: fake::OnDatagram = Box::new(move |_, _, _, _| {
        // The first one may have gone home.
        let _ = asked_second.send(());
    });
    let second = Fake::new(Some(never), None);
    let mut kdcs = kdcs(&(first.line() + &second.line()), IMPATIENT);
    kdcs.transport.max_retries = 10;
    assert_eq!(text(ask(&kdcs)), "GOOD late");
}

#[test]
fn addresses_of_ipv6_and_names_of_hosts() {
    let server = Fake::at(Ipv6Addr::LOCALHOST.into(), says("GOOD v6"), says_by_tcp("GOOD tcp"));
    let kdcs_v6 = kdcs(&server.line(), PATIENT);
    assert!(server.line().contains("[::1]:"));
    assert_eq!(text(ask(&kdcs_v6)), "GOOD v6");
    assert_eq!(text(ask_for(&kdcs_v6, KdcService::Kdc, &[7; 2000])), "GOOD tcp");
    let server = Fake::new(says("GOOD"), None);
    let port = server.address.port();
    // A name of more than 63 letters is asked of nobody.
    let no_host = "a".repeat(70);
    let list = format!("kdc = {no_host}:{port}\nkdc = localhost:{port}\n");
    let answer = ask(&kdcs(&list, PATIENT)).unwrap();
    assert_eq!(answer.server, format!("localhost ({})", server.address));
    let said = story(ask(&kdcs(&format!("kdc = {no_host}\n"), PATIENT)));
    assert!(said.contains(&no_host), "{said}");
}

#[test]
fn the_story_names_everybody_who_was_asked() {
    let (first, second) = (Fake::new(says("no"), None), Fake::new(silent(), silent_by_tcp()));
    let list = first.line() + &second.line() + "kdc = https://proxy/\n";
    let mut kdcs = kdcs(&list, IMPATIENT);
    kdcs.transport.max_retries = 1;
    let lines = Mutex::new(Vec::new());
    let trace = |line: std::fmt::Arguments<'_>| {
        lines.lock().unwrap().push(line.to_string());
    };
    let request =
        KdcRequest { realm: "R", service: KdcService::Kdc, message: b"request", judge: &judge };
    let said = story(kdcs.exchange(&request, &trace));
    let lines = lines.lock().unwrap();
    assert!(said.starts_with("no KDC of realm R answered: "), "{said}");
    for part in [
        format!("{} by UDP: it cannot serve", first.address),
        format!("{} by TCP: ", first.address),
        format!("{} by UDP: no answer", second.address),
        format!("{} by TCP: no answer", second.address),
        "https://proxy/".to_owned(),
    ] {
        assert!(said.contains(&part), "{part} in {said}");
    }
    for part in [
        "Sending request (7 bytes) to R".to_owned(),
        format!("Sending initial UDP request to dgram {}", first.address),
        format!("Received answer (2 bytes) from dgram {}", first.address),
        format!("Initiating TCP connection to stream {}", second.address),
        said.clone(),
    ] {
        assert!(lines.contains(&part), "{part} in {lines:?}");
    }
    let request = KdcRequest { realm: "", ..request };
    assert!(story(kdcs.exchange(&request, &|_| {})).starts_with("no KDC of realm  is known"));
}

/// A password server takes a second copy of a request for a replay.
#[test]
fn a_password_server_gets_a_request_once() {
    let list = |server: &Fake| format!("kdc = 127.0.0.1:1\nkpasswd_server = {}\n", server.address);
    let both = Fake::new(says("GOOD udp"), says_by_tcp("GOOD tcp"));
    let answer = ask_for(&kdcs(&list(&both), PATIENT), KdcService::Kpasswd, b"r");
    assert_eq!(text(answer), "GOOD tcp");
    let udp_only = Fake::new(says("GOOD udp"), None);
    let answer = ask_for(&kdcs(&list(&udp_only), PATIENT), KdcService::Kpasswd, b"r");
    assert_eq!(text(answer), "GOOD udp");
    let hangs_up = Fake::new(says("GOOD udp"), writes(Vec::new()));
    let said = story(ask_for(&kdcs(&list(&hangs_up), PATIENT), KdcService::Kpasswd, b"r"));
    assert!(said.starts_with("no password server"), "{said}");
    assert_eq!(hangs_up.datagrams.load(Ordering::SeqCst), 0);
    let deaf = Fake::new(silent(), None);
    drop(ask_for(&kdcs(&list(&deaf), IMPATIENT), KdcService::Kpasswd, b"r").unwrap_err());
    assert_eq!(deaf.datagrams.load(Ordering::SeqCst), 1);
}

#[test]
fn k24_lengths_that_no_answer_has() {
    let good = Fake::new(None, says_by_tcp("GOOD"));
    let mut long = ((1_u32 << 20) + 1).to_be_bytes().to_vec();
    long.resize(1 << 17, b'G');
    let table = [
        (vec![0, 0, 0, 0], "0 bytes"),
        (vec![0x80, 0, 0, 0, b'G'], "2147483648 bytes"),
        (vec![0xFF; 8], "4294967295 bytes"),
        (long, "1048577 bytes"),
        (b"\0\0\0\x03GOO".to_vec(), "cannot serve"),
        (b"\0\0\0\x05GOOD".to_vec(), "after 8 bytes"),
        (b"\0\0\0".to_vec(), "after 3 bytes"),
        (Vec::new(), "without an answer"),
    ];
    for (bytes, word) in table {
        let bad = Fake::new(None, writes(bytes));
        let kdcs_bad = kdcs(&bad.line(), PATIENT);
        let said = story(ask(&kdcs_bad));
        assert!(said.contains(word), "{word} in {said}");
        assert_eq!(text(ask(&kdcs(&(bad.line() + &good.line()), PATIENT))), "GOOD", "{word}");
    }
    // What comes after the answer is nothing.
    let talks_on = Fake::new(None, writes(b"\0\0\0\x04GOODGARBAGE".to_vec()));
    assert_eq!(text(ask(&kdcs(&talks_on.line(), PATIENT))), "GOOD");
}

#[test]
fn k24_a_slow_drip_holds_nobody_up() {
    let drip = || -> Option<fake::OnConnection> {
        Some(Box::new(|mut stream, _| {
            let mut bytes = [&[0, 0x0F, 0, 0][..], b"GOOD"].concat().into_iter();
            while stream.write_all(&[bytes.next().unwrap_or(b'x')]).is_ok() {
                std::thread::sleep(Duration::from_millis(5));
            }
        }))
    };
    let (slow, good) = (Fake::new(None, drip()), Fake::new(None, says_by_tcp("GOOD")));
    assert_eq!(text(ask(&kdcs(&(slow.line() + &good.line()), IMPATIENT))), "GOOD");
    let mut alone = kdcs(&slow.line(), Duration::from_secs(60));
    alone.transport.request_timeout = Duration::from_millis(200);
    let said = story(ask(&alone));
    assert!(said.contains("no answer"), "{said}");
}

#[test]
fn k24_answers_of_other_addresses_are_not_heard() {
    let stranger = UdpSocket::bind("127.0.0.1:0").unwrap();
    let relayed: fake::OnDatagram = Box::new(move |socket, from, _, _| {
        for _ in 0..3 {
            stranger.send_to(b"GOOD forged", from).unwrap();
        }
        // From another address of the same machine and the same port, too.
        let port = socket.local_addr().unwrap().port();
        if let Ok(other) = UdpSocket::bind(("127.0.0.2", port)) {
            other.send_to(b"GOOD forged", from).unwrap();
        }
        socket.send_to(b"GOOD true", from).unwrap();
    });
    let server = Fake::new(Some(relayed), None);
    assert_eq!(text(ask(&kdcs(&server.line(), PATIENT))), "GOOD true");
}

#[test]
fn k24_answers_to_earlier_requests_are_not_heard() {
    let earlier: Arc<Mutex<Option<SocketAddr>>> = Arc::default();
    let kept = Arc::clone(&earlier);
    let server = Fake::new(
        Some(Box::new(move |socket, from, message, _| {
            let mut earlier = kept.lock().unwrap();
            match *earlier {
                None => *earlier = Some(from),
                Some(first) if message == b"second" => {
                    socket.send_to(b"GOOD first", first).unwrap();
                    socket.send_to(b"GOOD second", from).unwrap();
                }
                Some(_) => {}
            }
        })),
        None,
    );
    let mut kdcs = kdcs(&server.line(), IMPATIENT);
    kdcs.transport.max_retries = 1;
    drop(ask_for(&kdcs, KdcService::Kdc, b"first").unwrap_err());
    assert!(earlier.lock().unwrap().is_some());
    kdcs.transport.kdc_timeout = PATIENT;
    assert_eq!(text(ask_for(&kdcs, KdcService::Kdc, b"second")), "GOOD second");
}

#[test]
fn l13_sockets_are_not_inherited() {
    let server = Fake::new(says("BIG"), says_by_tcp("GOOD"));
    let seen = Mutex::new(0);
    let judge = |message: &[u8]| {
        for entry in std::fs::read_dir("/proc/self/fd").unwrap().flatten() {
            let target = std::fs::read_link(entry.path()).unwrap_or_default();
            let number = entry.file_name().into_string().unwrap();
            let info = std::fs::read_to_string(format!("/proc/self/fdinfo/{number}"));
            let Ok(info) = info else { continue };
            if number.parse::<u32>().unwrap() > 2 && target.to_string_lossy().starts_with("socket:")
            {
                let flags = info.lines().find_map(|line| line.strip_prefix("flags:")).unwrap();
                let flags = i32::from_str_radix(flags.trim(), 8).unwrap();
                assert_eq!(flags & libc::O_CLOEXEC, libc::O_CLOEXEC, "{}", target.display());
                *seen.lock().unwrap() += 1;
            }
        }
        judge(message)
    };
    let request =
        KdcRequest { realm: "R", service: KdcService::Kdc, message: b"request", judge: &judge };
    kdcs(&server.line(), PATIENT).exchange(&request, &|_| {}).unwrap();
    assert!(seen.into_inner().unwrap() >= 2, "the conversation has sockets");
}

/// DNS is asked for the canonical name of a host only where krb5.conf says so.
#[test]
fn k32_names_are_not_rewritten_by_default() {
    let of = |text: &str| {
        let profile = read(text.as_bytes(), Path::new("t")).unwrap();
        Krb5Conf::from_profile(&profile).unwrap().settings
    };
    for text in ["", "[libdefaults]\n default_realm = R\n", "[libdefaults]\n rdns = false\n"] {
        let settings = of(text);
        assert_eq!(settings.canonicalize_hostname, HostCanonicalization::Never);
        assert!(!settings.reverse_dns && !settings.dns_lookup_realm);
    }
    let asked = of("[libdefaults]\n dns_canonicalize_hostname = true\n");
    assert_eq!(asked.canonicalize_hostname, HostCanonicalization::Always);
    assert!(!asked.reverse_dns, "whoever owns an address does not choose the name");
}
