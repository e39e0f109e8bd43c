//! A machine with tickets and keys in files: what the library's Kerberos finds in this process.

use std::fs;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::SystemTime;

use secur32::crypto::kerberos::Enctype;
use secur32::spi::kerberos::KerberosTime;
use secur32::wire::kerberos::ccache::{Version, encode_credential, encode_header};
use secur32::wire::kerberos::keytab::encode_keytab;

use crate::support::ap::{ALL_ENCTYPES, TicketMaker};
use crate::support::kerberos::principal;

/// Sets the process up, once: a ticket for a service of each enctype, and the services' keys.
pub fn set_up() {
    static MACHINE: OnceLock<PathBuf> = OnceLock::new();
    MACHINE.get_or_init(|| {
        let folder = std::env::temp_dir().join(format!("secur32-sasl-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        write_files(&folder);
        let path = |name: &str| folder.join(name).to_str().unwrap().to_owned();
        let variables = [
            ("KRB5_CONFIG", path("krb5.conf")),
            ("KRB5CCNAME", format!("FILE:{}", path("cache"))),
            ("KRB5_KTNAME", format!("FILE:{}", path("keytab"))),
            ("KRB5RCACHENAME", format!("file2:{}", path("replays"))),
        ];
        for (name, value) in variables {
            // SAFETY: once, before the library is called in this process; tests that run beside
            // this one wait here.
            unsafe { std::env::set_var(name, value) };
        }
        folder
    });
}

/// The service of an enctype.
pub fn target(enctype: Enctype) -> String {
    format!("ldap/etype{}.example.com", enctype.number())
}

fn write_files(folder: &std::path::Path) {
    let tickets: Vec<TicketMaker> = ALL_ENCTYPES.into_iter().map(ticket).collect();
    let first = tickets.first().unwrap();
    let mut cache = encode_header(Version::V4, None, &first.client);
    for ticket in std::iter::once(&first.tgt()).chain(&tickets) {
        let credential = encode_credential(Version::V4, &ticket.cached()).unwrap();
        cache.extend_from_slice(credential.expose());
    }
    let entries: Vec<_> = tickets.iter().map(TicketMaker::service_entry).collect();
    let conf = "[libdefaults]\n default_realm = EXAMPLE.COM\n dns_lookup_kdc = false\n \
                allow_rc4 = true\n rdns = false\n dns_canonicalize_hostname = false\n\
                [domain_realm]\n .example.com = EXAMPLE.COM\n";
    fs::write(folder.join("krb5.conf"), conf).unwrap();
    fs::write(folder.join("cache"), cache).unwrap();
    fs::write(folder.join("keytab"), encode_keytab(&entries).unwrap().expose()).unwrap();
    for name in ["cache", "keytab"] {
        let only_ours = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        fs::set_permissions(folder.join(name), only_ours).unwrap();
    }
}

fn ticket(enctype: Enctype) -> TicketMaker {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    let now = i64::try_from(since.as_secs()).unwrap();
    let mut ticket = TicketMaker::new(enctype);
    ticket.server = principal(&format!("{}@EXAMPLE.COM", target(enctype)));
    ticket.auth_time = KerberosTime(now - 60);
    ticket.end_time = KerberosTime(now + 36_000);
    ticket
}
