//! Identities that are encrypted for the logon, opened by other processes of it.
//!
//! One test, which runs itself again in the roles of its processes.
#![allow(unsafe_code)]

mod identity;

use std::fs::{DirBuilder, Permissions, set_permissions};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::Path;
use std::process::{Command, Output};

use identity::*;

const NAME: &str = "every_process_of_the_logon_opens_what_one_of_them_sealed";

#[test]
fn every_process_of_the_logon_opens_what_one_of_them_sealed() {
    match std::env::var("IDENTITY_TEST_ROLE").as_deref() {
        Ok("seal") => return seal(),
        Ok(sealed) => return open(sealed),
        Err(_) => {}
    }
    let base = std::env::temp_dir().join(format!("secur32-logon-{}", std::process::id()));
    let (ours, other) = (base.join("ours"), base.join("other"));
    for directory in [&base, &ours, &other] {
        DirBuilder::new().mode(0o700).create(directory).unwrap();
    }
    let sealed = said(&play("seal", &ours), "sealed ");
    assert_eq!(said(&play(&sealed, &ours), "opened "), "password");
    // Another logon's key, and no logon at all.
    let refused = format!("{SEC_E_UNKNOWN_CREDENTIALS:#x}");
    assert_eq!(said(&play(&sealed, &other), "refused "), refused);
    let unsupported = format!("{SEC_E_UNSUPPORTED_FUNCTION:#x}");
    assert_eq!(said(&play("seal", &base.join("none")), "refused "), unsupported);
    // A directory that others may enter is not the user's own.
    set_permissions(&ours, Permissions::from_mode(0o755)).unwrap();
    assert_eq!(said(&play(&sealed, &ours), "refused "), unsupported);
    std::fs::remove_dir_all(base).unwrap();
}

fn play(role: &str, runtime_directory: &Path) -> Output {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", NAME, "--nocapture"])
        .env("IDENTITY_TEST_ROLE", role)
        .env("XDG_RUNTIME_DIR", runtime_directory)
        .output()
        .unwrap()
}

fn said(output: &Output, what: &str) -> String {
    let text = String::from_utf8_lossy(&output.stdout);
    let found = text.split_once(what).map(|(_, rest)| rest.lines().next().unwrap().to_owned());
    found.unwrap_or_else(|| panic!("{text}\n{}", String::from_utf8_lossy(&output.stderr)))
}

fn seal() {
    let id = Id::encode(Some("user"), Some("domain"), Some("password"));
    // SAFETY: an identity of the library.
    let status = unsafe { SspiEncryptAuthIdentityEx(1, id.0) };
    if status != SEC_E_OK {
        return println!("refused {status:#x}");
    }
    assert_eq!(id.ex().Flags, MARSHALLED | SEC_WINNT_AUTH_IDENTITY_FLAGS_USER_PROTECTED);
    assert_eq!(password(&explicit(id.0)), "password");
    print!("sealed ");
    for byte in marshal(id.0).unwrap() {
        print!("{byte:02x}");
    }
    println!();
}

fn open(sealed: &str) {
    let digits = sealed.as_bytes().chunks(2).map(|pair| str::from_utf8(pair).unwrap());
    let bytes: Vec<u8> = digits.map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect();
    let id = Id::unmarshal(&bytes).unwrap();
    // SAFETY: an identity of the library.
    let status = unsafe { SspiDecryptAuthIdentityEx(1, id.0) };
    if status != SEC_E_OK {
        return println!("refused {status:#x}");
    }
    println!("opened {}", strings(id.0).unwrap()[2].as_deref().unwrap());
}
