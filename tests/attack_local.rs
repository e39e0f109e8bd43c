//! This machine against the library: files that are no files, the environment of raised
//! privileges, inherited files, secrets in logs and memory (series L, B10 and B11 of
//! docs/attacks.md).
#![allow(unsafe_code)]

mod c_abi;

use std::fs;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use c_abi::process::*;
use c_abi::*;
use secur32::platform::Host;
use secur32::spi::environment::Environment;
use secur32::spi::kerberos::KerberosTime;

/// A folder of one test, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("secur32-{name}-{}", std::process::id()));
        fs::create_dir(&path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        Self(path)
    }

    fn file(&self, name: &str, mode: u32, text: &str) -> PathBuf {
        let path = self.0.join(name);
        let mut file = fs::OpenOptions::new();
        let file = file.write(true).create_new(true).mode(mode).open(&path).unwrap();
        std::io::Write::write_all(&mut &file, text.as_bytes()).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

const ACCOUNTS: &str = "EXAMPLE:alice:correct horse battery staple\n";

/// A logon between default credentials: the client's from the accounts file, the server's too.
fn default_logon() -> i32 {
    let parties = Parties {
        client: Credential::acquire(SECPKG_CRED_OUTBOUND, std::ptr::null_mut()).unwrap(),
        server: Credential::acquire(SECPKG_CRED_INBOUND, std::ptr::null_mut()).unwrap(),
    };
    let (client, negotiate) = parties.negotiate(PROTECTED);
    let (server, challenge) = parties.challenge(&negotiate);
    let (answer, token) = step(Side::Client, &parties.client, Some(client.0), &challenge, 0);
    if answer.status != SEC_E_OK {
        return answer.status;
    }
    step(Side::Server, &parties.server, Some(server.0), &token, 0).0.status
}

/// What is no regular file is refused, and nobody waits for it.
#[test]
fn l1_an_accounts_file_that_is_no_file() {
    const NAME: &str = "l1_an_accounts_file_that_is_no_file";
    if is_part(NAME) {
        assert_eq!(named(default_logon()), "SEC_E_NO_CREDENTIALS");
        return;
    }
    let folder = Folder::new("l1");
    let pipe = folder.0.join("pipe");
    let name = std::ffi::CString::new(pipe.to_str().unwrap()).unwrap();
    // SAFETY: a terminated path.
    assert_eq!(unsafe { libc::mkfifo(name.as_ptr(), 0o600) }, 0);
    let huge = folder.file("huge", 0o600, ACCOUNTS);
    fs::OpenOptions::new().write(true).open(&huge).unwrap().set_len(1 << 40).unwrap();
    let others = ["/dev/zero", "/dev/full", "/proc/self/mem", "/", "/nonexistent/accounts"];
    let others = others.map(PathBuf::from);
    for path in [pipe, huge, folder.0.clone()].into_iter().chain(others) {
        let mut command = part(NAME);
        command.env("NTLM_USER_FILE", &path);
        let said = run(command, &[]);
        assert!(said.success && said.output.contains("1 passed"), "{path:?}: {}", said.output);
    }
}

/// A configuration that cannot be read stops everything; it is not taken for an empty one.
#[test]
fn l5_a_configuration_that_is_no_configuration() {
    const NAME: &str = "l5_a_configuration_that_is_no_configuration";
    if is_part(NAME) {
        assert!(Credential::acquire(SECPKG_CRED_INBOUND, std::ptr::null_mut()).is_err());
        return;
    }
    let folder = Folder::new("l5");
    let pipe = folder.0.join("pipe");
    let name = std::ffi::CString::new(pipe.to_str().unwrap()).unwrap();
    // SAFETY: a terminated path.
    assert_eq!(unsafe { libc::mkfifo(name.as_ptr(), 0o600) }, 0);
    let nested = format!("a = {}", "[".repeat(200_000));
    let dotted = format!("{} = 1", "a.".repeat(100_000));
    let files = [
        ("misspelt", "[ntlm]\nLmCompatLevel = 3\n"),
        ("level", "[ntlm]\nLmCompatibilityLevel = 6\n"),
        ("type", "[ntlm]\nLmCompatibilityLevel = 'five'\n"),
        ("syntax", "[ntlm\n"),
        ("binary", "\0\u{1}\u{2}"),
        ("nested", &nested),
        ("dotted", &dotted),
    ];
    let files = files.map(|(name, text)| folder.file(name, 0o600, text));
    let huge = folder.file("huge", 0o600, "");
    fs::OpenOptions::new().write(true).open(&huge).unwrap().set_len(1 << 40).unwrap();
    let others = [pipe, huge, folder.0.clone(), folder.0.join("not there")];
    for path in files.into_iter().chain(others) {
        let mut command = part(NAME);
        command.env("SECUR32_CONFIG", &path);
        let said = run(command, &[]);
        assert!(said.success && said.output.contains("1 passed"), "{path:?}: {}", said.output);
    }
}

/// Secrets that others can read are warned of; what the library makes is for its user alone.
#[test]
fn l3_files_that_others_can_read() {
    const NAME: &str = "l3_files_that_others_can_read";
    if is_part(NAME) {
        assert_eq!(named(default_logon()), "SEC_E_OK");
        return;
    }
    let folder = Folder::new("l3");
    for (mode, warns) in [(0o600, false), (0o640, true), (0o604, true), (0o400, false)] {
        let accounts = folder.file(&format!("accounts-{mode:o}"), mode, ACCOUNTS);
        fs::set_permissions(&accounts, fs::Permissions::from_mode(mode)).unwrap();
        let log = folder.0.join(format!("log-{mode:o}"));
        let mut command = part(NAME);
        command.env("NTLM_USER_FILE", &accounts);
        command.env("SECUR32_LOG", "warn").env("SECUR32_LOG_FILE", &log);
        let said = run(command, &[]);
        assert!(said.success, "{}", said.output);
        let text = fs::read_to_string(&log).unwrap();
        assert_eq!(text.contains("can be read by others"), warns, "{mode:o}: {text}");
        assert!(!text.contains("correct horse"));
        let made = fs::metadata(&log).unwrap().permissions().mode() & 0o777;
        assert_eq!(made, 0o600, "{made:o}");
    }
}

/// A set-user-id program hears nothing of its caller's environment.
#[test]
fn l4_raised_privileges_ignore_the_environment() {
    const NAME: &str = "l4_raised_privileges_ignore_the_environment";
    if is_part(NAME) {
        say_what_the_environment_does();
        return;
    }
    // SAFETY: always succeeds.
    if unsafe { libc::geteuid() } != 0 {
        eprintln!("{NAME} needs root, to make a set-user-id program: nothing was tested");
        return;
    }
    let folder = Folder::new("l4");
    let accounts = folder.file("accounts", 0o644, ACCOUNTS);
    let config = folder.file("config", 0o644, "[machine]\nNetbiosDomainName = 'EVILDOMAIN'\n");
    let raised = folder.0.join("raised");
    fs::copy(std::env::current_exe().unwrap(), &raised).unwrap();
    fs::set_permissions(&raised, fs::Permissions::from_mode(0o4755)).unwrap();
    // Where nobody may write, so that only the raised program could make the files.
    let own = folder.0.join("own");
    fs::create_dir(&own).unwrap();
    let with = |program: &Path, level: &str| {
        let log = own.join(format!("log-{level}-{}", program == raised));
        let mut command = part_of(program, NAME);
        command.uid(65_534).gid(65_534).current_dir("/");
        command.env("NTLM_USER_FILE", &accounts).env("LM_COMPAT_LEVEL", level);
        command.env("SECUR32_CONFIG", &config).env("NETBIOS_COMPUTER_NAME", "EVILHOST");
        command.env("SECUR32_LOG", "trace").env("SECUR32_LOG_FILE", &log);
        command.env("XDG_RUNTIME_DIR", &folder.0);
        (run(command, &[]), log)
    };
    let plain = folder.0.join("plain");
    fs::copy(&raised, &plain).unwrap();
    fs::set_permissions(&plain, fs::Permissions::from_mode(0o755)).unwrap();
    fs::set_permissions(&own, fs::Permissions::from_mode(0o777)).unwrap();

    // The same program without the bit shows that each variable does something.
    let (said, log) = with(&plain, "5");
    assert!(said.success, "{}", said.output);
    assert!(
        said.output.contains("secure 0 logon SEC_E_OK host true domain true"),
        "{}",
        said.output
    );
    assert!(fs::read_to_string(log).unwrap().contains("AcquireCredentialsHandleW"));
    let (said, _) = with(&plain, "9");
    assert!(said.output.contains("acquired no credential"), "{}", said.output);

    for level in ["5", "9"] {
        let (said, log) = with(&raised, level);
        assert!(said.success, "{}", said.output);
        let expected = "secure 1 logon SEC_E_NO_CREDENTIALS host false domain false";
        assert!(said.output.contains(expected), "{}", said.output);
        assert!(!log.exists(), "a raised program wrote where its caller told it to");
    }
}

fn say_what_the_environment_does() {
    // SAFETY: a number of the kernel.
    let secure = unsafe { libc::getauxval(libc::AT_SECURE) };
    if let Err(status) = Credential::acquire(SECPKG_CRED_INBOUND, std::ptr::null_mut()) {
        println!("\nacquired no credential: {}", named(status));
        return;
    }
    let parties = Parties::new();
    let challenge = parties.challenge(&parties.negotiate(PROTECTED).1).1;
    let says = |name: &str| {
        let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        challenge.windows(name.len()).any(|window| window == name)
    };
    let (host, domain) = (says("EVILHOST"), says("EVILDOMAIN"));
    let logon = named(default_logon());
    println!("\nsecure {secure} logon {logon} host {host} domain {domain}");
}

/// Nor of its Kerberos: configuration, caches, keytabs, replay caches and the trace are the
/// machine's.
#[test]
fn l4_raised_privileges_ignore_the_variables_of_kerberos() {
    const NAME: &str = "l4_raised_privileges_ignore_the_variables_of_kerberos";
    if is_part(NAME) {
        say_whose_kerberos_it_is();
        return;
    }
    // SAFETY: always succeeds.
    if unsafe { libc::geteuid() } != 0 {
        eprintln!("{NAME} needs root, to make a set-user-id program: nothing was tested");
        return;
    }
    let folder = Folder::new("l4-kerberos");
    let at = folder.0.display().to_string();
    let conf = format!(
        "[libdefaults]\n default_realm = EVIL\n default_client_keytab_name = {at}/%{{TEMP}}\n"
    );
    let conf = folder.file("krb5.conf", 0o644, &conf);
    let [raised, plain] = [("raised", 0o4755), ("plain", 0o755)].map(|(name, mode)| {
        let program = folder.0.join(name);
        fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(mode)).unwrap();
        program
    });
    let own = folder.0.join("own");
    fs::create_dir(&own).unwrap();
    fs::set_permissions(&own, fs::Permissions::from_mode(0o777)).unwrap();
    let with = |program: &Path| {
        let mut command = part_of(program, NAME);
        command.uid(65_534).gid(65_534).current_dir("/");
        command.env("KRB5_CONFIG", &conf).env("KRB5CCNAME", format!("MEMORY:{at}"));
        command.env("KRB5_KTNAME", format!("{at}/kt"));
        command.env("KRB5_CLIENT_KTNAME", format!("MEMORY:{at}"));
        command.env("KRB5RCACHENAME", format!("file2:{at}/own/rcache"));
        command.env("KRB5_TRACE", own.join("trace"));
        let said = run(command, &[]);
        assert!(said.success, "{}", said.output);
        said.output
    };
    // The same program without the bit shows that each variable does something.
    let said = with(&plain);
    let everything = "secure 0 realm true cache true keytab true client true";
    assert!(said.contains(everything), "{said}");
    for made in ["rcache", "trace"] {
        fs::remove_file(own.join(made)).unwrap();
    }
    let said = with(&raised);
    assert!(said.contains("secure 1 realm false cache false keytab false client false"), "{said}");
    let made: Vec<_> = fs::read_dir(&own).unwrap().collect();
    assert!(made.is_empty(), "a raised program wrote where its caller told it to: {made:?}");
}

fn say_whose_kerberos_it_is() {
    // SAFETY: a number of the kernel.
    let secure = unsafe { libc::getauxval(libc::AT_SECURE) };
    let host = Host::current().unwrap();
    let kerberos = host.kerberos().unwrap();
    let evil = |name: &str| name.contains("l4-kerberos");
    let realm = kerberos.settings().default_realm.as_deref() == Some("EVIL");
    let cache = evil(&kerberos.default_cache().unwrap().name());
    let keytab = evil(&kerberos.acceptor_keytab().unwrap().name());
    let client = kerberos.client_keytab().unwrap().is_some_and(|keytab| evil(&keytab.name()));
    println!("\nsecure {secure} realm {realm} cache {cache} keytab {keytab} client {client}");
    kerberos.trace(format_args!("nothing"));
    let mut tag = [0; 12];
    host.random(&mut tag).unwrap();
    let now = KerberosTime::of(host.now());
    kerberos.replay_cache().remember(&tag, now, Duration::from_secs(300)).unwrap();
}

/// Nothing that the library opens is left to the programs that its program starts.
#[test]
fn l13_files_are_not_inherited() {
    const NAME: &str = "l13_files_are_not_inherited";
    if is_part(NAME) {
        let before = open_files();
        assert_eq!(named(default_logon()), "SEC_E_OK");
        let pair = Pair::new();
        import(NTLM, &export(pair.client.0, 0).unwrap()).unwrap();
        // What this process itself inherited is no file of the library.
        for number in open_files().into_iter().filter(|number| !before.contains(number)) {
            // SAFETY: any number may be asked for.
            let flags = unsafe { libc::fcntl(number, libc::F_GETFD) };
            let path = format!("/proc/self/fd/{number}");
            let target = fs::read_link(path).unwrap_or_default();
            println!("\nfile {number} {flags} {}", target.display());
        }
        return;
    }
    let folder = Folder::new("l13");
    let accounts = folder.file("accounts", 0o600, ACCOUNTS);
    let log = folder.0.join("log");
    let mut command = part(NAME);
    command.env("NTLM_USER_FILE", &accounts);
    command.env("SECUR32_LOG", "trace").env("SECUR32_LOG_FILE", &log);
    let said = run(command, &[]);
    assert!(said.success, "{}", said.output);
    let files: Vec<Vec<&str>> = said
        .output
        .lines()
        .filter_map(|line| Some(line.strip_prefix("file ")?.splitn(3, ' ').collect()))
        .collect();
    assert!(files.iter().any(|file| Path::new(file[2]) == log), "the log is open: {files:?}");
    for file in files.iter().filter(|file| file[0].parse::<i32>().unwrap() > 2) {
        assert_eq!(
            file[1].parse::<i32>().unwrap() & libc::FD_CLOEXEC,
            libc::FD_CLOEXEC,
            "{file:?}"
        );
        assert_ne!(Path::new(file[2]), accounts, "the accounts stay open");
    }
}

fn open_files() -> Vec<i32> {
    let entries = fs::read_dir("/proc/self/fd").unwrap();
    let mut numbers: Vec<i32> = entries
        .map(|entry| entry.unwrap().file_name().to_str().unwrap().parse().unwrap())
        .collect();
    // The listing's own is closed by now.
    // SAFETY: any number may be asked for.
    numbers.retain(|&number| unsafe { libc::fcntl(number, libc::F_GETFD) } >= 0);
    numbers
}
