use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::spi::error::LocalFault;
use crate::spi::kerberos::{HostCanonicalization, KerberosSettings};

fn profile(text: &str) -> Profile {
    read(text.as_bytes(), Path::new("/test.conf")).unwrap()
}

fn conf(text: &str) -> Krb5Conf {
    Krb5Conf::from_profile(&profile(text)).unwrap()
}

/// The values at `section/subsection/tag`.
fn values(text: &str, path: &str) -> Vec<String> {
    let (section, tag) = path.rsplit_once('/').unwrap();
    let names: Vec<&str> = section.split('/').collect();
    let profile = profile(text);
    let section = profile.section(&names);
    let values = section.map_or(&[][..], |section| section.values(tag));
    values.iter().map(|value| value.text.clone()).collect()
}

/// What MIT's profile library 1.20 makes of the same texts.
#[test]
fn texts_mean_what_they_mean_to_mit() {
    let table: &[(&str, &str, &[&str])] = &[
        ("kdc = x\n[a]\n x = { \n y = 1\n", "a/x/y", &["1"]),
        ("junk\n }\n[a]\n x = {\n z = \n { \n q = 2 \n}\n}\n", "a/x/z/q", &["2"]),
        ("[a]\n x = {\n y = 1\n}\n[b]\nn = 1\n[a]\n x = {\n y = 5\n}\n", "a/x/y", &["1", "5"]),
        ("[b]\n x=\"a\\nb\\\"c\" d\n", "b/x", &["a\nb\"c"]),
        ("[b]\n x=\"a\\tb\\bc\\\\d\\e  \n", "b/x", &["a\tb\u{8}c\\de  "]),
        ("[b]\n x=\"a\\", "b/x", &["a"]),
        ("[b]\n y = a b # c\t \n", "b/y", &["a b # c"]),
        ("[b]\n # y = a\n; y = b\n\n \t\n y=c", "b/y", &["c"]),
        ("[a]\n x ={ # c\n y = 2\n", "a/x", &["{ # c"]),
        ("[a]\nx={\ny=1\n} z\nw=2", "a/w", &["2"]),
        (" [a]\nx=1\n[b]\n  [c]  \ny=2", "c/y", &["2"]),
        (" [a]\nx=1\n", "a/x", &[]),
        ("[a]\r\n x = 1 \r\n", "a/x", &["1"]),
        ("[a]\n x = 1\n X = 2\n", "a/x", &["1"]),
        ("[]\n x=1\n", "/x", &["1"]),
        ("[a]\n x = a=b\n", "a/x", &["a=b"]),
        ("[a]\n x = }\n", "a/x", &["}"]),
    ];
    for (text, path, expected) in table {
        assert_eq!(values(text, path), *expected, "{text:?}");
    }
}

#[test]
fn what_is_final_ends_a_list() {
    let text = "[a]\n x* = 1\n x = 2\n[b]*\n x = 1\n y = 1\n[b]\n x = 2\n z = 3\n\
                [c]\n s* = {\n y = 1\n y = 2\n}\n s = {\n y = 3\n}\n t = {\n y = 1\n}*\n t = {\n y = 2\n}\n\
                [b]\n sub = {\n sub = {\n y = 1\n }*\n}\n [d]\n y = 4\n";
    let table: &[(&str, &[&str])] = &[
        ("a/x", &["1"]),
        ("b/x", &["1"]),
        ("b/y", &["1"]),
        ("b/z", &[]),
        ("c/s/y", &["1", "2"]),
        ("c/t/y", &["1"]),
        ("b/sub/sub/y", &[]),
        ("d/y", &["4"]),
    ];
    for (path, expected) in table {
        assert_eq!(values(text, path), *expected, "{path}");
    }
}

#[test]
fn a_broken_file_names_its_line() {
    let table = [
        ("[a] x\n", 1, "follows"),
        ("\n[a\n", 2, "]"),
        ("[a]\n x y = 1\n", 2, "one word"),
        ("[a]\n = 1\n", 2, "one word"),
        ("[a]\n x\n", 2, "tag = value"),
        ("[a]\n x =\n y = 2\n", 3, "brace"),
        ("[a]\n x =\n\n{\n", 3, "brace"),
        ("[a]\n}\n", 2, "closing brace"),
        ("[a]\n x = {\n}\n}\n", 4, "closing brace"),
        ("[a]\n x = {\n[b]\n", 3, "subsection"),
        ("[a]\n x = \0\n", 2, "NUL"),
        ("module /lib/evil.so:x\n", 1, "module"),
        ("include krb5.conf\n", 1, "absolute"),
        ("[a]\nincludedir ./d\n", 2, "absolute"),
        ("[a]\ninclude /nonexistent/file\n", 2, "/nonexistent/file"),
        ("[a]\nincludedir /nonexistent/d\n", 2, "/nonexistent/d"),
        ("[libdefaults]\n rdns = maybe\n", 2, "rdns"),
        ("[libdefaults]\n\n clockskew = soon\n", 3, "clockskew"),
        ("[libdefaults]\n max_retries = 1x\n", 2, "max_retries"),
        ("[libdefaults]\n dns_canonicalize_hostname = never\n", 2, "fallback"),
    ];
    for (text, line, word) in table {
        let read = read(text.as_bytes(), Path::new("/test.conf"));
        let error = read.and_then(|profile| Krb5Conf::from_profile(&profile)).unwrap_err();
        assert_eq!(error.fault(), LocalFault::Configuration.into());
        let story = error.story().unwrap();
        assert!(story.contains(&format!("/test.conf line {line}: ")), "{text:?}: {story}");
        assert!(story.contains(word), "{text:?}: {story}");
    }
}

#[test]
fn durations_are_mits() {
    let table = [
        ("10h", Some(36_000)),
        ("1d2h3m4s", Some(93_784)),
        ("1:2:3", Some(3723)),
        ("1:2", Some(3720)),
        ("100", Some(100)),
        ("1d 2h", Some(93_600)),
        ("2-03:04:05", Some(183_845)),
        ("1d2m", Some(86_520)),
        ("1d3s", Some(86_403)),
        ("90m", Some(5400)),
        ("99:99:99", Some(362_439)),
        (" 7d ", Some(604_800)),
        ("0", Some(0)),
        ("-5m", Some(0)),
        ("2147483647", Some(2_147_483_647)),
        ("24855d", Some(2_147_472_000)),
        ("2147483648", None),
        ("30000d", None),
        ("99999999999999999999d", None),
        ("5 m", None),
        ("1h30", None),
        ("10m5", None),
        ("3m2h", None),
        ("1d1d", None),
        ("1h:2", None),
        ("1:2s", None),
        ("1:2:3:4", None),
        ("1-2:3", None),
        (":", None),
        ("1:-2", None),
        ("+5", None),
        ("d", None),
        ("1w", None),
        ("abc", None),
        ("", None),
        ("-", None),
    ];
    for (text, seconds) in table {
        assert_eq!(duration(text), seconds.map(Duration::from_secs), "{text:?}");
    }
}

#[test]
fn settings_are_typed() {
    let text = "[libdefaults]\n default_realm = EXAMPLE.COM\n default_realm = SECOND\n\
        permitted_enctypes = aes256-cts aes128-cts\n default_tkt_enctypes = aes\n\
        default_tgs_enctypes = rc4\n allow_weak_crypto = On\n ticket_lifetime = 10h\n\
        renew_lifetime = 7d\n forwardable = t\n proxiable = YES\n canonicalize = 1\n\
        clockskew = 60\n dns_canonicalize_hostname = Fallback\n rdns = true\n\
        dns_lookup_realm = y\n dns_lookup_kdc = nil\n ignore_acceptor_hostname = true\n\
        enforce_ok_as_delegate = off\n verify_ap_req_nofail = no\n udp_preference_limit = 0\n kdc_timeout = 2s\n\
        max_retries = 5\n request_timeout = 10\n\
        [realms]\n EXAMPLE.COM = {\n kdc = a:88\n kdc = tcp/b\n master_kdc = m\n\
        admin_server = adm:749\n}\n OTHER = {\n primary_kdc = p\n master_kdc = m\n\
        kpasswd_server = k\n}\n\
        [domain_realm]\n .Example.com = EXAMPLE.COM\n host.example.com = OTHER\n\
        [capaths]\n A = {\n C = B1\n C = B2\n B1 = .\n}\n";
    let conf = conf(text);
    let expected = KerberosSettings {
        default_realm: Some("EXAMPLE.COM".into()),
        permitted_enctypes: Some("aes256-cts aes128-cts".into()),
        default_tkt_enctypes: Some("aes".into()),
        default_tgs_enctypes: Some("rc4".into()),
        allow_rc4: true,
        ticket_lifetime: Duration::from_hours(10),
        renew_lifetime: Duration::from_hours(7 * 24),
        forwardable: true,
        proxiable: true,
        canonicalize: true,
        clock_skew: Duration::from_secs(60),
        canonicalize_hostname: HostCanonicalization::Fallback,
        reverse_dns: true,
        dns_lookup_realm: true,
        ignore_acceptor_hostname: true,
        verify_ap_req_nofail: false,
        enforce_ok_as_delegate: false,
        domain_realm: [(".example.com", "EXAMPLE.COM"), ("host.example.com", "OTHER")]
            .map(|(domain, realm)| (domain.to_owned(), realm.to_owned()))
            .into(),
        capaths: [(
            "A".to_owned(),
            [
                ("C".to_owned(), vec!["B1".to_owned(), "B2".to_owned()]),
                ("B1".to_owned(), vec![".".to_owned()]),
            ]
            .into(),
        )]
        .into(),
    };
    assert_eq!(conf.settings, expected);
    let transport = Transport {
        dns_lookup_kdc: false,
        udp_preference_limit: 0,
        kdc_timeout: Duration::from_secs(2),
        max_retries: 5,
        request_timeout: Duration::from_secs(10),
    };
    assert_eq!(conf.transport, transport);
    let realm = &conf.realms["EXAMPLE.COM"];
    assert_eq!(realm.kdc, ["a:88", "tcp/b"]);
    assert_eq!(
        (&realm.primary_kdc[..], &realm.admin_server[..]),
        (&["m".into()][..], &["adm:749".into()][..])
    );
    let realm = &conf.realms["OTHER"];
    assert_eq!(
        (&realm.primary_kdc[..], &realm.kpasswd_server[..]),
        (&["p".into()][..], &["k".into()][..])
    );
}

#[test]
fn no_file_is_an_empty_configuration() {
    let nowhere = PathBuf::from("/nonexistent/krb5.conf");
    let profile = load(&[nowhere, PathBuf::from("/dev/null")]).unwrap();
    assert_eq!(Krb5Conf::from_profile(&profile).unwrap(), Krb5Conf::default());
}

#[test]
fn numbers_without_sense_become_the_nearest() {
    let conf = conf(
        "[libdefaults]\n udp_preference_limit = 999999\n max_retries = -1\n kdc_timeout = 3000\n\
         request_timeout = 0\n",
    );
    let transport = Transport {
        udp_preference_limit: 32_700,
        max_retries: 1,
        kdc_timeout: Duration::from_secs(10),
        ..Transport::default()
    };
    assert_eq!(conf.transport, transport);
}

#[test]
fn names_have_tokens() {
    let names = |text: &str| conf(&format!("[libdefaults]\n{text}")).names;
    // The owner of our own process' folder is who we are.
    let user = std::os::unix::fs::MetadataExt::uid(&fs::metadata("/proc/self").unwrap());
    let expanded =
        names("default_ccache_name = FILE:/tmp/%{uid}/%{euid}_%{USERID}%{null}").ccache();
    assert_eq!(expanded.unwrap().unwrap(), format!("FILE:/tmp/{user}/{user}_{user}"));
    let keytab = names("default_keytab_name = %{TEMP}/%{LIBDIR}%").keytab().unwrap().unwrap();
    assert!(keytab.starts_with('/') && keytab.ends_with("//usr/lib%"), "{keytab}");
    assert_eq!(names("kcm_socket = /run/k").kcm_socket().as_deref(), Some("/run/k"));
    assert_eq!(names("").rcache().unwrap(), None);
    for broken in ["%{uid", "%{UID}", "%{}", "%{COMMON_APPDATA}"] {
        let error = names(&format!("default_client_keytab_name = {broken}")).client_keytab();
        let error = error.unwrap_err();
        assert!(error.story().unwrap().contains("line 2"), "{error}");
    }
}

/// A folder of one test, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("secur32-{name}-{}", std::process::id()));
        fs::create_dir(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, text).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

#[test]
fn files_are_read_in_their_order() {
    let folder = Folder::new("krb5-conf-order");
    let at = folder.0.display();
    for name in ["10-first", "20_second.conf", "b.conf", ".hidden.conf", "x.rpmsave", "c~"] {
        folder.file(name, &format!("ignored\n[a]\n x = {name}\n"));
    }
    fs::create_dir(folder.0.join("subfolder")).unwrap();
    folder.file("own.inc", "[a]\n x = own.inc\n y = {\n z = 1\n}\n");
    let main = format!(
        "includedir {at}\n[a]\n x = main\n y = {{\ninclude {at}/own.inc\n z = 2\n }}\n w* = main\n"
    );
    let main = folder.file("main.inc", &main);
    let second = folder.file("second.inc", "\u{feff}[a]\n x = second\n w = second\n v = second\n");
    let missing = folder.0.join("missing.inc");
    let profile = load(&[missing, main, second]).unwrap();
    let section = profile.section(&["a"]).unwrap();
    let values = |tag| section.values(tag).iter().map(|v| v.text.as_str()).collect::<Vec<_>>();
    assert_eq!(values("x"), ["10-first", "20_second.conf", "b.conf", "main", "own.inc", "second"]);
    assert_eq!((values("w"), values("v")), (vec!["main"], vec!["second"]));
    let inner = profile.section(&["a", "y"]).unwrap();
    assert_eq!(inner.values("z").len(), 2, "an include inside a subsection begins at the top");
}

#[test]
fn a_comment_in_latin_1_is_a_comment() {
    let profile = read(b"[a]\n# K\xf6nig\n x = \xe4\n", Path::new("t")).unwrap();
    assert_eq!(profile.section(&["a"]).unwrap().values("x")[0].text, "\u{fffd}");
}

/// What never ends or is far too large is an error, and it is found soon.
#[test]
fn l5_hostile_krb5_confs_are_refused() {
    let folder = Folder::new("krb5-conf-l5");
    let at = folder.0.display();
    let refused = |path: &Path, word: &str| {
        let error = load(&[path.to_owned()]).unwrap_err();
        assert_eq!(error.fault(), LocalFault::Configuration.into());
        assert!(error.story().unwrap().contains(word), "{path:?}: {error}");
    };
    refused(&folder.file("itself", &format!("include {at}/itself\n")), "includes itself");
    folder.file("ping", &format!("[a]\ninclude {at}/pong\n"));
    refused(&folder.file("pong", &format!("[a]\ninclude {at}/ping\n")), "includes itself");
    for depth in 0..40 {
        let text = format!("include {at}/deep-{}\n", depth + 1);
        folder.file(&format!("deep-{depth}"), &text);
    }
    refused(&folder.0.join("deep-0"), "includes in each other");
    for depth in 0..14 {
        let text = format!("include {at}/wide-{}\n", depth + 1).repeat(2);
        folder.file(&format!("wide-{depth}"), &text);
    }
    folder.file("wide-14", "");
    refused(&folder.0.join("wide-0"), "1000 files");
    refused(
        &folder.file("nested", &format!("[a]\n{}", "x = {\n".repeat(1_000_000 / 4))),
        "sections",
    );
    refused(&folder.file("line", &format!("[a]\nx = {}", "y".repeat(1 << 20))), "longer");
    refused(&folder.file("huge", &"# comment\n".repeat(500_000)), "MiB");
    refused(&folder.file("module", "module /tmp/x.so:init\n[libdefaults]\n"), "module");
    refused(&folder.file("relative", "include ../krb5.conf\n"), "absolute");
    refused(Path::new("/dev/zero"), "regular");
    refused(Path::new("/"), "regular");
    symlink("/dev/zero", folder.0.join("link")).unwrap();
    refused(&folder.file("linked", &format!("include {at}/link\n")), "regular");
    // Rules are for others to apply; here they are text.
    let rule = "[realms]\n R = {\n auth_to_local = RULE:[1:$1](((a+)+)+$)s/x/y/\n}\n";
    assert!(load(&[folder.file("rule", rule)]).is_ok());
}

/// Every relation of a profile is one that a line has.
fn relations(section: &Section) -> usize {
    let own: usize = section.relations().map(|(_, values)| values.len()).sum();
    own + section.sections().map(|(_, section)| relations(section)).sum::<usize>()
}

fn line() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("[libdefaults]".to_owned()),
        Just("[realms]*".to_owned()),
        Just(" X = {".to_owned()),
        Just(" X* =".to_owned()),
        Just("{".to_owned()),
        Just(" }".to_owned()),
        Just(" }*".to_owned()),
        "[a-z\\[\\]{}*=\"\\\\ #;%]{0,20}",
        "(kdc|rdns|clockskew|capaths|default_keytab_name)\\*? ?= ?[0-9a-z:%{}\"]{0,9}",
        "\\PC{0,30}",
    ]
}

proptest! {
    #[test]
    fn no_text_panics(lines in prop::collection::vec(line(), 0..30)) {
        let text = lines.join("\n");
        if let Ok(profile) = read(text.as_bytes(), Path::new("t")) {
            prop_assert!(relations(&profile.root) <= lines.len());
            if let Err(error) = Krb5Conf::from_profile(&profile) {
                prop_assert!(error.story().unwrap().contains(" line "));
            }
        }
    }

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        drop(read(&bytes, Path::new("t")).map(|profile| Krb5Conf::from_profile(&profile)));
    }

    #[test]
    fn durations_never_panic(text in "[-0-9dhms: ]{0,12}") {
        prop_assert!(duration(&text).is_none_or(|time| time.as_secs() < 1 << 31));
    }
}
