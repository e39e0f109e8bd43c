//! Caches, keytabs and replay caches that MIT's programs and ours share. A throw-away realm gives
//! the tickets; it is gone when they are looked at, so that MIT's programs can only find what is
//! in the caches.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use secur32::platform::ccache::Caches;
use secur32::platform::keytab::Keytabs;
use secur32::platform::replay::Replays;
use secur32::spi::kerberos::{
    CachedTicket, CredentialCache, Freshness, KerberosTime, KeyBlock, KeytabEntry, Principal,
    ReplayCache,
};
use secur32::spi::secret::SecretBytes;
use secur32::wire::kerberos::keytab::encode_keytab;

const PASSWORD: &str = "Wonder-land-7";
const REALM: &str = "MIT.TEST";
const SERVICE: &str = "svc/hops.mit.test";

/// A folder of its own, removed when the test ends.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let name = format!("secur32-files-{}-{name}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir(&path).unwrap();
        Self(path)
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Runs a program with this input; its output, which must be that of a success.
fn run(command: &mut Command, input: &str) -> String {
    let program = command.get_program().to_string_lossy().into_owned();
    command.env("LC_ALL", "C").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap_or_else(|error| {
        panic!("{program}: {error} (Debian: krb5-user, krb5-kdc, krb5-admin-server, python3)")
    });
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {command:?}:\n{said}{complained}");
    said
}

/// Runs a shell script in a realm of its own; `$1` is the folder.
fn in_realm(scratch: &Scratch, script: &str) {
    let peers = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers");
    let mut command = Command::new("python3");
    command.env("PYTHONPATH", peers).env("PYTHONDONTWRITEBYTECODE", "1");
    command.args(["-m", "kerberos.mit_realm", "run", "sh", "-ec", script, "sh"]).arg(&scratch.0);
    run(&mut command, "");
}

/// A program of MIT's that can reach no KDC.
fn mit(scratch: &Scratch, program: &str, arguments: &[&str]) -> String {
    let conf = scratch.path("nowhere.conf");
    let text = format!("[libdefaults]\n default_realm = {REALM}\n dns_lookup_kdc = false\n");
    fs::write(&conf, text).unwrap();
    run(Command::new(program).args(arguments).env("KRB5_CONFIG", conf), "")
}

fn principal(text: &str) -> Principal {
    let components = text.split('/').map(str::to_owned).collect();
    Principal { name_type: 1, components, realm: REALM.into() }
}

fn cache(name: &str) -> Arc<dyn CredentialCache> {
    Caches::default().cache(name).unwrap()
}

fn find(cache: &dyn CredentialCache, server: &str) -> CachedTicket {
    let server = principal(server);
    let mut tickets = cache.tickets().unwrap().into_iter();
    tickets.find(|ticket| ticket.server == server).expect("a ticket for the service")
}

fn now() -> KerberosTime {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    KerberosTime(i64::try_from(since.as_secs()).unwrap())
}

/// The keyring caches of a test, destroyed when it ends.
struct Keyrings(Vec<String>);

impl Drop for Keyrings {
    fn drop(&mut self) {
        for name in &self.0 {
            let _ = Command::new("kdestroy").args(["-q", "-c", name]).status();
            // MIT leaves the collection behind.
            let collection = name.split(':').nth(2).unwrap_or_default();
            for (ring, anchor) in [("_krb_", "@s"), ("_krb_", "@u"), ("", "@s")] {
                let key = format!("%keyring:{ring}{collection}");
                let quiet = || Stdio::null();
                let mut unlink = Command::new("keyctl");
                unlink.args(["unlink", &key, anchor]).stdout(quiet()).stderr(quiet());
                // Most are not there.
                let _ = unlink.status();
            }
        }
    }
}

fn keyrings(what: &str) -> Keyrings {
    let own = format!("secur32-{}-{what}", std::process::id());
    // Of the persistent keyring of a user there is only one.
    let anchors = ["session:", "user:", "legacy:", "persistent::"];
    Keyrings(anchors.iter().map(|anchor| format!("KEYRING:{anchor}{own}")).collect())
}

#[test]
fn tickets_go_over_and_back() {
    let scratch = Scratch::new("tickets");
    let (theirs, ours) = (keyrings("mit"), keyrings("us"));
    let script = format!(
        "get() {{ echo {PASSWORD} | kinit -c \"$1\" alice; kvno -q -c \"$1\" {SERVICE}; }}
         get FILE:$1/v4
         mkdir -m 700 $1/dir; get DIR:$1/dir
         echo Build-er-8 | kinit -c DIR::$1/dir/tktbob bob
         for name in {}; do get $name; done
         sed 's/^.libdefaults.$/&\\n  ccache_type = 3/' $KRB5_CONFIG >$1/v3.conf
         export KRB5_CONFIG=$1/v3.conf; get FILE:$1/v3",
        theirs.0.join(" ")
    );
    in_realm(&scratch, &script);
    let file = |name: &str| format!("FILE:{}", scratch.path(name));
    assert_eq!(fs::read(scratch.path("v3")).unwrap()[..2], [5, 3]);
    for name in theirs.0.iter().cloned().chain([file("v3"), file("v4")]) {
        check_theirs(&*cache(&name));
    }
    check_theirs(&*cache(&format!("DIR:{}", scratch.path("dir"))));

    let source = cache(&file("v4"));
    let kinds = [file("ours"), format!("DIR:{}", scratch.path("our-dir"))];
    for name in ours.0.iter().chain(&kinds) {
        write_ours(&*source, name);
        check_ours(&scratch, name);
    }
    // What MIT appends and what we append are in one file.
    for name in ["v3", "v4"] {
        let cache = cache(&file(name));
        let again = CachedTicket { server: principal("again/h"), ..find(&*cache, SERVICE) };
        cache.store(&again).unwrap();
        cache.set_config("fast_avail", Some(&principal("krbtgt/MIT.TEST")), b"maybe").unwrap();
        let list = mit(&scratch, "klist", &["-C", "-c", &file(name)]);
        assert!(list.contains("again/h@MIT.TEST") && list.contains("= maybe"), "{list}");
        assert_eq!(list.matches("fast_avail").count(), 1, "{list}");
    }
}

fn check_theirs(cache: &dyn CredentialCache) {
    let name = cache.name();
    assert_eq!(cache.principal().unwrap(), principal("alice"), "{name}");
    let krbtgt = principal("krbtgt/MIT.TEST");
    let tgt = find(cache, "krbtgt/MIT.TEST");
    assert_eq!((&tgt.client, tgt.key.value.expose().len()), (&principal("alice"), 32), "{name}");
    assert!(tgt.end_time > now() && tgt.auth_time <= now() && tgt.ticket[0] == 0x61, "{name}");
    // INITIAL, PRE-AUTHENT.
    assert_eq!(tgt.flags & 0x0060_0000, 0x0060_0000, "{name}");
    assert_eq!(cache.tickets().unwrap().len(), 2, "{name}");
    let method = cache.config("pa_type", Some(&krbtgt)).unwrap();
    assert!(method.is_some_and(|method| !method.is_empty()), "{name}");
    drop(find(cache, SERVICE));
}

fn write_ours(source: &dyn CredentialCache, name: &str) {
    let cache = cache(name);
    let tgt = find(source, "krbtgt/MIT.TEST");
    cache.initialize(&source.principal().unwrap(), &[tgt]).unwrap();
    cache.store(&find(source, SERVICE)).unwrap();
    let krbtgt = principal("krbtgt/MIT.TEST");
    cache.set_config("fast_avail", Some(&krbtgt), b"no").unwrap();
    cache.set_config("fast_avail", Some(&krbtgt), b"yes").unwrap();
    assert_eq!(find(&*cache, SERVICE), find(source, SERVICE));
}

fn check_ours(scratch: &Scratch, name: &str) {
    let list = mit(scratch, "klist", &["-f", "-C", "-c", name]);
    for words in ["Default principal: alice@MIT.TEST", "krbtgt/MIT.TEST@MIT.TEST", SERVICE, "= yes"]
    {
        assert!(list.contains(words), "{name} lacks {words}:\n{list}");
    }
    assert_eq!(list.matches("fast_avail").count(), 1, "{list}");
    // It cannot ask anybody.
    mit(scratch, "kvno", &["-q", "-c", name, SERVICE]);
    mit(scratch, "kdestroy", &["-c", name]);
    assert!(cache(name).principal().is_err(), "{name} is destroyed");
}

#[test]
fn collections_are_mits() {
    let scratch = Scratch::new("collections");
    let own = format!("secur32-{}-col", std::process::id());
    let folder = scratch.path("d");
    let keyring = Keyrings(vec![
        format!("KEYRING:session:{own}:{own}"),
        format!("KEYRING:session:{own}:tktbob"),
    ]);
    for name in [format!("DIR:{folder}"), format!("KEYRING:session:{own}")] {
        cache(&name).initialize(&principal("alice"), &[]).unwrap();
        let second = if name.starts_with("DIR") {
            format!("DIR::{folder}/tktbob")
        } else {
            keyring.0[1].clone()
        };
        cache(&second).initialize(&principal("bob"), &[]).unwrap();
        let list = mit(&scratch, "klist", &["-l", "-c", &name]);
        assert!(list.contains("alice@MIT.TEST") || list.contains("expired"), "{list}");
        let mut all = Command::new("klist");
        all.args(["-l"]).env("KRB5CCNAME", &name);
        let list = run(&mut all, "");
        let lines: Vec<_> = list.lines().filter(|line| line.contains("@MIT.TEST")).collect();
        assert!(lines[0].starts_with("alice") && lines[1].starts_with("bob"), "{list}");
        // MIT makes the second the primary one, and we follow.
        let mut switch = Command::new("kswitch");
        run(switch.args(["-c", &second]).env("KRB5CCNAME", &name), "");
        assert_eq!(cache(&name).principal().unwrap(), principal("bob"));
        let caches = Caches::default().collection(&name).unwrap();
        let clients: Vec<_> = caches.iter().map(|cache| cache.principal().unwrap()).collect();
        assert_eq!(clients, [principal("bob"), principal("alice")]);
    }
}

#[test]
fn keytabs_go_over_and_back() {
    let scratch = Scratch::new("keytabs");
    in_realm(
        &scratch,
        "export KRB5_KDC_PROFILE=$REALM_DIRECTORY/kdc.conf PATH=$PATH:/usr/sbin
         for name in svc/aes256sha1.mit.test svc/hops.mit.test svc/rc4.mit.test; do
             kadmin.local -r MIT.TEST -q \"ktadd -norandkey -k $1/keytab $name\"
         done
         kadmin.local -r MIT.TEST -q \"ktremove -k $1/keytab svc/hops.mit.test all\"
         kadmin.local -r MIT.TEST -q \"ktadd -norandkey -k $1/keytab svc/aes128sha1.mit.test\"
         klist -ekK $1/keytab >$1/list",
    );
    let name = format!("FILE:{}", scratch.path("keytab"));
    let entries = Keytabs::default().named(&name).unwrap().entries().unwrap();
    let list = fs::read_to_string(scratch.path("list")).unwrap();
    let listed = list.lines().filter(|line| line.contains("(0x")).count();
    assert_eq!(entries.len(), listed, "{list}");
    assert!(entries.iter().all(|entry| is_listed(entry, &list)), "{list}");

    let ours = vec![entry("HTTP/a.example", 17, 16, 3), entry("svc/wide", 18, 32, 300)];
    fs::write(scratch.path("ours"), encode_keytab(&ours).unwrap().expose()).unwrap();
    let list = mit(&scratch, "klist", &["-k", "-K", &scratch.path("ours")]);
    assert!(ours.iter().all(|entry| is_listed(entry, &list)), "{list}");
    // MIT writes into our file.
    let commands = format!("rkt {0}\nwkt {0}\n", scratch.path("ours"));
    run(&mut Command::new("ktutil"), &commands);
    let name = format!("FILE:{}", scratch.path("ours"));
    assert_eq!(Keytabs::default().named(&name).unwrap().entries().unwrap().len(), 4);
}

fn entry(name: &str, enctype: i32, length: u8, kvno: u32) -> KeytabEntry {
    let key = KeyBlock { enctype, value: SecretBytes::new((0..length).collect()) };
    KeytabEntry { principal: principal(name), timestamp: 1_700_000_000, kvno, key }
}

/// Whether klist tells of this version, name and key.
fn is_listed(entry: &KeytabEntry, list: &str) -> bool {
    let name = format!("{:4} {}@{REALM} ", entry.kvno, entry.principal.components.join("/"));
    let mut key = "(0x".to_owned();
    for byte in entry.key.value.expose() {
        write!(key, "{byte:02x}").unwrap();
    }
    key.push(')');
    list.lines().any(|line| line.starts_with(&name) && line.ends_with(&key))
}

/// MIT's library stores the tags from one number to another, and says which were new.
const MIT_STORES: &str = r#"
import ctypes, struct, sys
lib = ctypes.CDLL("libkrb5.so.3")
class Data(ctypes.Structure):
    _fields_ = [("magic", ctypes.c_int32), ("length", ctypes.c_uint), ("data", ctypes.c_char_p)]
class EncData(ctypes.Structure):
    _fields_ = [("magic", ctypes.c_int32), ("enctype", ctypes.c_int32), ("kvno", ctypes.c_uint),
                ("ciphertext", Data)]
context, cache = ctypes.c_void_p(), ctypes.c_void_p()
assert lib.krb5_init_context(ctypes.byref(context)) == 0
name = sys.argv[1].encode()
assert lib.k5_rc_resolve(context, name, ctypes.byref(cache)) == 0
fresh = 0
for number in range(int(sys.argv[2]), int(sys.argv[3])):
    tag = struct.pack(">I", number) + b"Z" * 8
    # The last 12 bytes of the ciphertext are its checksum.
    ciphertext = b"the ciphertext of an authenticator" + tag
    result = lib.k5_rc_store(context, cache, ctypes.byref(
        EncData(0, 18, 0, Data(0, len(ciphertext), ciphertext))))
    assert result in (0, -1765328350), result
    fresh += result == 0
print(fresh)
"#;

fn mit_stores(name: &str, from: u32, to: u32) -> Command {
    let mut command = Command::new("python3");
    command.args(["-c", MIT_STORES, name, &from.to_string(), &to.to_string()]);
    command
}

fn we_store(cache: &Replays, from: u32, to: u32) -> usize {
    let fresh = |number: u32| {
        let mut tag = [b'Z'; 12];
        tag[..4].copy_from_slice(&number.to_be_bytes());
        let freshness = cache.remember(&tag, now(), Duration::from_secs(300)).unwrap();
        freshness == Freshness::Fresh
    };
    (from..to).filter(|number| fresh(*number)).count()
}

#[test]
fn k1_mits_acceptors_and_ours_share_what_they_have_seen() {
    let scratch = Scratch::new("replays");
    let name = format!("file2:{}", scratch.path("rc"));
    let ours = Replays::named(&name);
    let theirs = |from, to| run(&mut mit_stores(&name, from, to), "").trim().to_owned();
    // In files that MIT made, and into its second and third table.
    assert_eq!(theirs(0, 2000), "2000");
    assert_eq!(we_store(&ours, 0, 4000), 2000);
    assert_eq!(theirs(0, 6000), "2000");
    assert_eq!(we_store(&ours, 0, 6000), 0);
    assert_eq!(theirs(0, 6000), "0");
    // And in one that we made.
    fs::remove_file(scratch.path("rc")).unwrap();
    assert_eq!(we_store(&ours, 0, 100), 100);
    assert_eq!(theirs(50, 150), "50");
}

#[test]
fn k1_of_two_libraries_at_once_one_wins() {
    let scratch = Scratch::new("race");
    let name = format!("file2:{}", scratch.path("rc"));
    let mut child = mit_stores(&name, 0, 4000).stdout(Stdio::piped()).spawn().unwrap();
    let ours = Replays::named(&name);
    // Until the other has begun, so that the two meet.
    while fs::metadata(scratch.path("rc")).map_or(0, |file| file.len()) < 100 {
        assert!(child.try_wait().unwrap().is_none_or(|status| status.success()));
        std::thread::yield_now();
    }
    let fresh = we_store(&ours, 0, 4000);
    let output = child.wait_with_output().unwrap();
    let theirs: usize = String::from_utf8(output.stdout).unwrap().trim().parse().unwrap();
    assert_eq!(fresh + theirs, 4000);
}
