//! What the machine tells Kerberos: krb5.conf, answers of DNS, durations.

use std::collections::HashMap;
use std::fmt::Write;
use std::path::Path;

use secur32::platform::kdc::{read_srv, read_txt};
use secur32::platform::krb5_conf::{Krb5Conf, Section, duration, read};
use secur32::platform::mapping::{By, Effort, Ere, LocalNames};
use secur32::spi::kerberos::Principal;

use super::Sample;

/// What can be read can be written, and is read as the same; what is not understood is told with
/// its line. Other files are left out of it.
pub fn krb5_conf(data: &[u8]) {
    let path = Path::new("/krb5.conf");
    if data.windows(7).any(|word| word == b"include") || data.len() > 1 << 14 {
        return;
    }
    let profile = match read(data, path) {
        Ok(profile) => profile,
        Err(error) => return assert!(error.story().unwrap().starts_with("/krb5.conf line ")),
    };
    match Krb5Conf::from_profile(&profile) {
        Ok(conf) => drop((conf.names.ccache(), conf.names.keytab(), conf.names.rcache())),
        Err(error) => assert!(error.story().unwrap().starts_with("/krb5.conf line ")),
    }
    let mut written = String::new();
    for (name, section) in profile.root.sections() {
        writeln!(written, "[{name}]").unwrap();
        if !write_section(&mut written, section) {
            return;
        }
    }
    let again = read(written.as_bytes(), path).unwrap();
    let mut rewritten = String::new();
    for (name, section) in again.root.sections() {
        writeln!(rewritten, "[{name}]").unwrap();
        write_section(&mut rewritten, section);
    }
    assert_eq!(written, rewritten);
}

/// False where there is a tag without a letter, which can be read only as a final one.
fn write_section(out: &mut String, section: &Section) -> bool {
    for (tag, values) in section.relations() {
        for value in values {
            let text = value.text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
            writeln!(out, " {tag} = \"{text}\"").unwrap();
        }
    }
    for (tag, inner) in section.sections() {
        writeln!(out, " {tag} = {{").unwrap();
        if !write_section(out, inner) {
            return false;
        }
        writeln!(out, " }}").unwrap();
    }
    let named = |tag: &str| !tag.is_empty();
    section.relations().all(|(tag, _)| named(tag)) && section.sections().all(|(tag, _)| named(tag))
}

/// The first line is a principal, each other one a rule. Whatever the rules are, the local name is
/// found soon, is not long, and is the same again.
pub fn local_names(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut lines = text.lines();
    let (name, realm) = lines.next().and_then(|line| line.rsplit_once('@')).unwrap_or_default();
    let who = Principal {
        name_type: 1,
        components: name.split('/').map(str::to_owned).collect(),
        realm: realm.to_owned(),
    };
    let names = LocalNames {
        default_realm: Some("R".to_owned()),
        names: HashMap::new(),
        rules: lines.take(8).map(str::to_owned).collect(),
    };
    let found = names.local_name(&who);
    if let Ok(Some(found)) = &found {
        assert!(found.by == By::Default || found.name.len() <= 1024);
    }
    assert_eq!(names.local_name(&who), found);
    if let Some(rule) = names.rules.first()
        && let Ok(pattern) = Ere::new(rule)
    {
        let place = pattern.find(name, &mut Effort::usual()).ok().flatten();
        assert!(place.is_none_or(|(from, to)| name.get(from..to).is_some()));
    }
}

/// Names are those of hosts, texts are printable.
pub fn dns_answer(data: &[u8]) {
    let usual = |c: char| c.is_ascii_alphanumeric() || ".-_".contains(c);
    for record in read_srv(data).unwrap_or_default() {
        assert!(record.target.len() < 255 && record.target.chars().all(usual));
    }
    for text in read_txt(data).unwrap_or_default() {
        assert!(text.len() < 256 && text.bytes().all(|byte| byte.is_ascii_graphic()));
    }
    if let Some(time) = std::str::from_utf8(data).ok().and_then(duration) {
        assert!(time.as_secs() < 1 << 31);
    }
}

/// A configuration with everything in it, and answers.
pub fn samples() -> Vec<Sample> {
    let conf = b"# ours\n[libdefaults]\n default_realm = EXAMPLE.COM\n clockskew = 1d2h3m4s\n \
        rdns = no\n default_ccache_name = \"FILE:/tmp/%{uid}\\t\\\"\\\\\"\n[realms]*\n EXAMPLE.COM = {\n  \
        kdc = kdc.example.com:88\n  kdc* = tcp/[::1]:750\n  v4 =\n  {\n   a = b\n  }*\n }\n\
        [domain_realm]\n .example.com = EXAMPLE.COM\n[capaths]\n A = {\n B = .\n }\n";
    let srv = b"\x12\x34\x81\x80\0\x01\0\x02\0\0\0\0\x09_kerberos\x04_udp\x01R\0\0\x21\0\x01\
        \xc0\x0c\0\x21\0\x01\0\0\0\x3c\0\x0d\0\x0a\0\x05\0\x58\x04kdc1\xc0\x1b\
        \xc0\x0c\0\x10\0\x01\0\0\0\x3c\0\x03\x02TX";
    vec![
        (krb5_conf, conf.to_vec()),
        (local_names, b"ab/R@R\nRULE:[2:$1@$0](a.*@[R]+)s/@.*//s/a{1,2}|b/xy/g\nDEFAULT".to_vec()),
        (dns_answer, srv.to_vec()),
        (dns_answer, b"1d2h3m4s".to_vec()),
        (dns_answer, b"2-03:04:05".to_vec()),
    ]
}
