//! PACs: recorded ones of Samba and MIT, and what attackers make of them, by the ids of the attack
//! catalogue (series P). All of them go through the server of the AP exchange, or a logon.

#[path = "../support/mod.rs"]
mod support;

mod contents;
mod golden;
mod layout;
mod place;
mod signatures;

use secur32::crypto::kerberos::{Enctype, Key};
use secur32::spi::error::{Error, PeerFault};
use secur32::spi::packed::PackedContext;
use secur32::spi::token::ClientIdentity;
use secur32::wire::kerberos::numbers::error_code;

use support::ap::{Forger, Loop, TicketMaker, judge, key, krb_error};
use support::kerberos::{keytab_entry, principal};
use support::pac::{PacMaker, in_ticket};

const AES: Enctype = Enctype::Aes256CtsHmacSha1;
const KDC: u8 = 0x4B;

/// The key of a ticket's service.
fn service_key(ticket: &TicketMaker) -> Key {
    key(ticket.enctype, ticket.service_key)
}

fn kdc_key() -> Key {
    key(AES, KDC)
}

/// As the KDC makes it for alice's ticket.
fn maker(ticket: &TicketMaker) -> PacMaker {
    PacMaker::new("alice", ticket.auth_time, &service_key(ticket), &kdc_key())
}

fn sign(maker: &PacMaker, ticket: &TicketMaker) -> Vec<u8> {
    maker.signed(&service_key(ticket), &kdc_key(), Some(ticket.part()))
}

/// What the server says of a ticket with this PAC.
fn serve(ticket: &TicketMaker, pac: Vec<u8>) -> Result<PackedContext, Error> {
    let mut ticket = ticket.clone();
    ticket.authorization_data = in_ticket(pac);
    serve_ticket(&ticket)
}

/// What the server says of a ticket.
fn serve_ticket(ticket: &TicketMaker) -> Result<PackedContext, Error> {
    serve_on(&Loop::new(ticket), ticket)
}

/// The same, of a server with the key of the KDC in its keytab.
fn serve_with_kdc_key(ticket: &TicketMaker, pac: Vec<u8>) -> Result<PackedContext, Error> {
    let mut ticket = ticket.clone();
    ticket.authorization_data = in_ticket(pac);
    let setup = Loop::new(&ticket);
    let kdc = principal("krbtgt/EXAMPLE.COM@EXAMPLE.COM");
    let entry = keytab_entry(kdc, 1, AES.number(), kdc_key().expose());
    setup.kerberos.keytab.replace(vec![ticket.service_entry(), entry]);
    serve_on(&setup, &ticket)
}

fn serve_on(setup: &Loop, ticket: &TicketMaker) -> Result<PackedContext, Error> {
    let judged = judge(setup.server(), &Forger::new(ticket).token(), None, &setup.server_env);
    judged.map(|(context, _)| context).map_err(|refusal| {
        if refusal.error.fault() == PeerFault::PacRefused.into() {
            let told = refusal.token.map(|token| krb_error(&token).error_code);
            let codes = [error_code::KRB_AP_ERR_MODIFIED, error_code::KRB_ERR_GENERIC];
            assert!(told.is_some_and(|code| codes.contains(&code)), "{told:?}");
        }
        refusal.error
    })
}

/// Who a context's client is.
fn client(context: Result<PackedContext, Error>) -> ClientIdentity {
    *context.unwrap().client.unwrap()
}

/// Fails unless the PAC was refused, for this reason.
#[track_caller]
fn refused(result: Result<PackedContext, Error>, why: &str) {
    let error = result.err().unwrap_or_else(|| panic!("accepted, although {why}"));
    assert_eq!(error.fault(), PeerFault::PacRefused.into(), "{error}");
    let story = error.story().unwrap_or_default();
    assert!(story.contains(why), "{story:?} does not say {why:?}");
}
