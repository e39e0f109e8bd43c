//! Delegated tickets (K25, K27).

use secur32::crypto::kerberos::Enctype;
use secur32::spi::error::PeerFault;
use secur32::spi::flags::ContextFlags;
use secur32::spi::kerberos::{KerberosTime, KeyBlock, Principal};
use secur32::spi::package::{Opening, Step, StepInput};
use secur32::spi::secret::SecretBytes;
use secur32::wire::kerberos::numbers::{kdc_options, key_usage, ticket_flags};
use secur32::wire::kerberos::{
    EncKrbCredPart, EncryptedData, KdcReq, KrbCred, KrbCredInfo, PrincipalName,
};

use super::{AES, refused, serve};
use crate::support::ap::{Forger, Loop, SERVICE, TicketMaker, after, judge, key};
use crate::support::kdc::Kdcs;
use crate::support::kerberos::{FixedKerberos, principal};

/// A KRB-CRED, every part of which can be changed.
struct Delegation {
    client: Option<Principal>,
    server: Option<Principal>,
    tickets: usize,
    infos: usize,
    /// Enctype and byte of the key; `None` is the null enctype.
    key: Option<(Enctype, u8)>,
}

impl Delegation {
    fn new() -> Self {
        Self {
            client: Some(principal("alice@EXAMPLE.COM")),
            server: Some(principal("krbtgt/EXAMPLE.COM@EXAMPLE.COM")),
            tickets: 1,
            infos: 1,
            key: Some((AES, 0x52)),
        }
    }

    fn message(&self) -> Vec<u8> {
        let info = |_| KrbCredInfo {
            key: KeyBlock { enctype: 18, value: SecretBytes::new(vec![5; 32]) },
            prealm: self.client.as_ref().map(|client| client.realm.clone()),
            pname: self.client.as_ref().map(PrincipalName::of),
            flags: Some(ticket_flags::FORWARDED),
            authtime: Some(after(-60)),
            starttime: None,
            endtime: Some(after(3600)),
            renew_till: None,
            srealm: self.server.as_ref().map(|server| server.realm.clone()),
            sname: self.server.as_ref().map(PrincipalName::of),
            caddr: Vec::new(),
        };
        let part = EncKrbCredPart {
            ticket_info: (0..self.infos).map(info).collect(),
            nonce: None,
            timestamp: Some(KerberosTime(0)),
            usec: None,
            s_address: None,
            r_address: None,
        };
        let plain = part.to_der_secret();
        let (etype, cipher) = match self.key {
            None => (0, plain.expose().to_vec()),
            Some((enctype, byte)) => {
                let key = key(enctype, byte);
                (enctype.number(), key.encrypt(key_usage::KRB_CRED, &[1; 16], plain.expose()))
            }
        };
        let tgt = TicketMaker::new(AES).tgt().mint();
        let tickets = vec![tgt; self.tickets];
        KrbCred { tickets, enc_part: EncryptedData { etype, kvno: None, cipher } }.to_der()
    }

    fn forger(&self) -> Forger {
        let mut forger = Forger::new(&TicketMaker::new(AES));
        forger.set_gss(|gss| gss.delegation = Some(self.message()));
        forger
    }
}

fn judged(
    change: impl FnOnce(&mut Delegation),
) -> Result<ContextFlags, secur32::spi::error::Error> {
    let mut delegation = Delegation::new();
    change(&mut delegation);
    let setup = Loop::new(&TicketMaker::new(AES));
    let context = serve(&setup, &delegation.forger()).map_err(|refusal| refusal.error)?;
    Ok(context.flags)
}

#[test]
fn delegated_tickets_in_every_known_form_are_taken() {
    for key in [Some((AES, 0x52)), Some((AES, 0x53)), None] {
        let flags = judged(|delegation| delegation.key = key).unwrap();
        assert!(flags.contains(ContextFlags::DELEGATE));
    }
    // Names that are left out are those of the exchange.
    assert!(judged(|delegation| delegation.client = None).is_ok());
}

#[test]
fn k25_a_delegated_ticket_of_another_client_is_refused() {
    for name in ["bob@EXAMPLE.COM", "alice@OTHER.COM", "alice/admin@EXAMPLE.COM"] {
        let result = judged(|delegation| delegation.client = Some(principal(name)));
        super::failed(result, PeerFault::UnexpectedToken);
    }
}

#[test]
fn k25_a_delegation_that_does_not_fit_is_refused() {
    let refuse = |change: &dyn Fn(&mut Delegation)| {
        super::failed(judged(change), PeerFault::UnexpectedToken);
    };
    refuse(&|delegation| delegation.tickets = 0);
    refuse(&|delegation| delegation.tickets = 2);
    refuse(&|delegation| delegation.infos = 0);
    refuse(&|delegation| delegation.key = Some((AES, 0x54)));
    refuse(&|delegation| delegation.key = Some((Enctype::Aes128CtsHmacSha1, 0x52)));
    refuse(&|delegation| delegation.server = None);
    refuse(&|delegation| delegation.server = Some(principal("cifs/x@EXAMPLE.COM")));
    let setup = Loop::new(&TicketMaker::new(AES));
    let message = Delegation::new().message();
    for length in 0..message.len() {
        let mut forger = Forger::new(&TicketMaker::new(AES));
        forger.confounder = length as u8;
        forger.set_gss(|gss| gss.delegation = Some(message[..length].to_vec()));
        refused(serve(&setup, &forger), PeerFault::MalformedToken, None);
    }
}

/// Alice and her service, in a realm whose KDC is there.
fn in_a_realm(forwardable: bool, enforce: bool, service_flags: u32) -> (Kdcs, Loop) {
    let kdcs = Kdcs::new();
    kdcs.account(SERVICE, |account| account.flags = service_flags);
    let host = FixedKerberos::new()
        .with_exchange(kdcs.exchange())
        .with_settings(|settings| settings.enforce_ok_as_delegate = enforce);
    if !forwardable {
        kdcs.lie(|lies| {
            lies.part = Some(Box::new(|part| part.flags &= !ticket_flags::FORWARDABLE));
        });
    }
    host.keytab.replace(kdcs.keytab(SERVICE));
    let mut setup = Loop::on(host);
    setup.user = Some(("alice", "secret"));
    (kdcs, setup)
}

#[test]
fn k27_only_what_may_be_forwarded_goes_only_to_who_is_trusted() {
    let (mutual, delegate) = (ContextFlags::MUTUAL_AUTH, ContextFlags::DELEGATE);
    let trusted = ticket_flags::OK_AS_DELEGATE;
    for (asked, forwardable, enforce, flags, expected) in [
        (mutual | delegate, true, true, trusted, true),
        (ContextFlags::DCE_STYLE | delegate, true, true, trusted, true),
        (mutual | delegate, true, true, 0, false),
        (mutual | delegate, true, false, 0, true),
        (mutual | delegate, false, true, trusted, false),
        (delegate, true, true, trusted, false),
        (mutual, true, true, trusted, false),
        (ContextFlags::empty(), true, true, trusted, false),
    ] {
        let (kdcs, mut setup) = in_a_realm(forwardable, enforce, flags);
        setup.asked = asked;
        let outcome = setup.run().unwrap();
        let case = format!("{asked:?} {forwardable} {enforce} {flags:x}");
        assert_eq!(outcome.delegated.is_some(), expected, "{case}");
        for context in [&outcome.client, &outcome.server] {
            assert_eq!(context.flags.contains(delegate), expected, "{case}");
        }
        let forwarded = kdc_options::FORWARDED;
        let asked_kdc = kdcs.requests().iter().any(|r| r.2.req_body.kdc_options & forwarded != 0);
        assert_eq!(asked_kdc, expected, "{case}");
    }
}

#[test]
fn k27_a_kdc_that_forwards_nothing_ends_no_handshake() {
    let (kdcs, mut setup) = in_a_realm(true, true, ticket_flags::OK_AS_DELEGATE);
    setup.asked |= ContextFlags::DELEGATE;
    kdcs.lie(|lies| {
        lies.bytes = Some(Box::new(|request, reply| match KdcReq::from_der(request) {
            Ok(request) if request.req_body.kdc_options & kdc_options::FORWARDED != 0 => vec![0],
            _ => reply,
        }));
    });
    let outcome = setup.run().unwrap();
    assert!(outcome.delegated.is_none());
    assert!(!outcome.client.flags.contains(ContextFlags::DELEGATE));
    assert!(setup.kerberos.traced().contains("nothing is delegated to HTTP/www.example.com"));
}

#[test]
fn what_was_delegated_is_good_for_the_next_hop() {
    let (kdcs, mut setup) = in_a_realm(true, true, ticket_flags::OK_AS_DELEGATE);
    kdcs.add_service("cifs/files.example.com@EXAMPLE.COM");
    setup.asked |= ContextFlags::DELEGATE;
    let delegated = setup.run().unwrap().delegated.unwrap();
    assert_eq!(delegated.name(&setup.server_env).unwrap(), "alice@EXAMPLE.COM");
    setup.kerberos.keytab.replace(kdcs.keytab("cifs/files.example.com@EXAMPLE.COM"));
    let target = Some("cifs/files.example.com".to_owned());
    let opening = Opening { target, flags: ContextFlags::empty() };
    let client = delegated.initiate(opening, &setup.server_env).unwrap();
    let step = client.step(StepInput::default(), &setup.server_env);
    let Ok(Step::Done { token, .. }) = step else { panic!("no ticket for the next hop") };
    let (context, _) = judge(setup.server(), &token, None, &setup.server_env).unwrap();
    assert_eq!(context.client_name, "alice@EXAMPLE.COM");
    assert_eq!(context.client_target.as_deref(), Some("cifs/files.example.com"));
    // It is a client's, and no server's.
    assert!(delegated.accept(Opening::default(), &setup.server_env).is_err());
}

const FILES: &str = "cifs/files.example.com@EXAMPLE.COM";

/// The same, where the KDC lets the service go on to another one, or does not.
fn constrained(forwardable: bool, permitted: bool) -> (Kdcs, Loop) {
    let (kdcs, setup) = in_a_realm(forwardable, true, 0);
    kdcs.add_service(FILES);
    if permitted {
        let to = vec![principal(FILES).components];
        kdcs.account(SERVICE, |account| account.delegation.to = to);
    }
    (kdcs, setup)
}

#[test]
fn a_clients_ticket_is_evidence_where_the_kdc_permits_it() {
    let (kdcs, mut setup) = constrained(true, true);
    setup.asked |= ContextFlags::DELEGATE;
    let outcome = setup.run().unwrap();
    assert!(outcome.delegated.is_none());
    assert!(!outcome.server.flags.contains(ContextFlags::DELEGATE));
    let evidence = outcome.evidence.unwrap();
    let asked = kdcs.requests().len();
    // No file is opened any more: the thread may be the client by now.
    setup.kerberos.keytab.replace(kdcs.keytab(FILES));
    for _ in 0..2 {
        let target = Some("cifs/files.example.com".to_owned());
        let opening = Opening { target, flags: ContextFlags::empty() };
        let client = evidence.initiate(opening, &setup.server_env).unwrap();
        let step = client.step(StepInput::default(), &setup.server_env);
        let Ok(Step::Done { token, .. }) = step else { panic!("no ticket for the next hop") };
        let (context, _) = judge(setup.server(), &token, None, &setup.server_env).unwrap();
        assert_eq!(context.client_name, "alice@EXAMPLE.COM");
    }
    let exchanges = kdcs.requests().len();
    assert!(asked > 0 && exchanges <= 3, "{exchanges} exchanges for one ticket");
}

#[test]
fn k29_who_may_not_be_delegated_leaves_no_way_on() {
    for (forwardable, permitted) in [(false, true), (true, false)] {
        let (kdcs, setup) = constrained(forwardable, permitted);
        let evidence = setup.run().unwrap().evidence.unwrap();
        kdcs.requests();
        let target = Some("cifs/files.example.com".to_owned());
        let opening = Opening { target, flags: ContextFlags::empty() };
        let client = evidence.initiate(opening, &setup.server_env).unwrap();
        let error = client.step(StepInput::default(), &setup.server_env).err().unwrap().error;
        assert_eq!(error.fault(), PeerFault::DelegationRefused.into(), "{error}");
        // Not even the KDC sees a ticket that is not forwardable.
        assert!(forwardable || kdcs.requests().is_empty());
    }
}
