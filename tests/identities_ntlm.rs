//! Identities of every form log on with NTLM; the same forms with a wrong secret do not.
#![allow(unsafe_code)]

mod c_abi;
mod identity;

use std::ffi::c_void;

use c_abi::{
    Context, Credential, DOMAIN, PASSWORD, PROTECTED, Side, USER, client_name, named, step,
};
use identity::{
    Aligned, Ex2, Id, NT_HASH, SEC_E_LOGON_DENIED, SEC_E_OK, SECPKG_CRED_INBOUND,
    SECPKG_CRED_OUTBOUND, SspiEncryptAuthIdentity, ex_w, marshal, packed, plain_a, plain_w, utf16,
};
use md4::{Digest, Md4};

/// What the server says, and whom it saw.
fn log_on(client: &Credential, server: &Credential) -> Result<String, i32> {
    let (answer, negotiate) = step(Side::Client, client, None, &[], PROTECTED);
    let client_context = Context(answer.handle);
    let (answer, challenge) = step(Side::Server, server, None, &negotiate, 0);
    let server_context = Context(answer.handle);
    let (answer, authenticate) =
        step(Side::Client, client, Some(client_context.0), &challenge, PROTECTED);
    assert_eq!(named(answer.status), "SEC_E_OK");
    let (answer, _) = step(Side::Server, server, Some(server_context.0), &authenticate, 0);
    if answer.status != SEC_E_OK {
        return Err(answer.status);
    }
    Ok(client_name(server_context.0).unwrap())
}

/// An identity of one form with this password, handed to a function.
type Form = fn(&str, &mut dyn FnMut(*mut c_void));

const FORMS: [(&str, Form); 11] = [
    ("plain, wide", |word, with| {
        let [user, domain, word] = [USER, DOMAIN, word].map(units);
        with((&raw mut *Box::new(plain_w(&user, &domain, &word))).cast());
    }),
    ("plain, narrow", |word, with| {
        let own = plain_a(USER.as_bytes(), DOMAIN.as_bytes(), word.as_bytes());
        with((&raw mut *Box::new(own)).cast());
    }),
    ("EX", |word, with| {
        let [user, domain, word, list] = [USER, DOMAIN, word, "NTLM"].map(units);
        with((&raw mut *Box::new(ex_w(&user, &domain, &word, &list))).cast());
    }),
    ("EX2 with text", |word, with| with(ex2(utf16(word)).pointer())),
    ("EX2 with a packed password", |word, with| {
        let kind = &identity::SEC_WINNT_AUTH_DATA_TYPE_PASSWORD;
        with(ex2(packed(kind, &utf16(word))).pointer());
    }),
    ("EX2 with a packed hash", |word, with| {
        with(ex2(packed(&NT_HASH, &Md4::digest(utf16(word)))).pointer());
    }),
    ("encoded", |word, with| with(encoded(word).0)),
    ("encrypted", |word, with| with(encrypted(encoded(word)).0)),
    ("encrypted and carried", |word, with| {
        let id = encrypted(encoded(word));
        with(Id::unmarshal(&marshal(id.0).unwrap()).unwrap().0);
    }),
    ("an encrypted hash", |word, with| {
        let hash = packed(&NT_HASH, &Md4::digest(utf16(word)));
        with(encrypted(Id::copy(ex2(hash).pointer()).unwrap()).0);
    }),
    ("without Kerberos", |word, with| {
        with(Id::exclude(encoded(word).0, "Kerberos").unwrap().0);
    }),
];

fn units(text: &str) -> Vec<u16> {
    text.encode_utf16().collect()
}

fn ex2(credentials: Vec<u8>) -> Aligned {
    Ex2 { user: utf16(USER), domain: utf16(DOMAIN), credentials, ..Ex2::default() }.build()
}

fn encoded(word: &str) -> Id {
    Id::encode(Some(USER), Some(DOMAIN), Some(word))
}

fn encrypted(id: Id) -> Id {
    // SAFETY: an identity of the library.
    assert_eq!(unsafe { SspiEncryptAuthIdentity(id.0) }, SEC_E_OK);
    id
}

fn credential(usage: u32, form: Form, word: &str) -> Credential {
    let mut credential = None;
    // Whatever the identity was is wiped and gone before the credential is used.
    form(word, &mut |identity| credential = Some(Credential::acquire(usage, identity).unwrap()));
    credential.unwrap()
}

#[test]
fn every_form_of_a_client_logs_on_with_its_own_secret_only() {
    let server = Credential::server(USER, DOMAIN, PASSWORD);
    for (name, form) in FORMS {
        let good = credential(SECPKG_CRED_OUTBOUND, form, PASSWORD);
        assert_eq!(log_on(&good, &server).as_deref(), Ok("EXAMPLE\\alice"), "{name}");
        let bad = credential(SECPKG_CRED_OUTBOUND, form, "Correct horse battery staple");
        assert_eq!(log_on(&bad, &server), Err(SEC_E_LOGON_DENIED), "{name}");
    }
}

#[test]
fn every_form_is_an_account_of_a_server() {
    let client = Credential::client(USER, DOMAIN, PASSWORD);
    for (name, form) in FORMS {
        let good = credential(SECPKG_CRED_INBOUND, form, PASSWORD);
        assert_eq!(log_on(&client, &good).as_deref(), Ok("EXAMPLE\\alice"), "{name}");
        let bad = credential(SECPKG_CRED_INBOUND, form, "");
        assert_eq!(log_on(&client, &bad), Err(SEC_E_LOGON_DENIED), "{name}");
    }
}

#[test]
fn n24_the_hash_as_a_password_does_not_log_on() {
    let server = Credential::server(USER, DOMAIN, PASSWORD);
    let hash: Vec<String> =
        Md4::digest(utf16(PASSWORD)).iter().map(|byte| format!("{byte:02x}")).collect();
    for word in [hash.concat(), hash.concat().to_uppercase()] {
        for (name, form) in FORMS {
            let client = credential(SECPKG_CRED_OUTBOUND, form, &word);
            assert_eq!(log_on(&client, &server), Err(SEC_E_LOGON_DENIED), "{name}");
        }
    }
}
