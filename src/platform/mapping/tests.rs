use std::cell::RefCell;
use std::collections::HashMap;
use std::path::Path;

use super::*;
use crate::platform::config::Config;
use crate::platform::krb5_conf::{Krb5Conf, read};
use crate::spi::error::LocalFault;
use crate::spi::sid::Sid;
use crate::spi::token::{Authorization, Membership};

/// A machine with accounts of its own, and those that winbind or SSSD would add.
struct Machine {
    logins: Vec<Login>,
    ids: HashMap<&'static str, u32>,
    winbind: Winbind,
    conf: Krb5Conf,
    mapping: Mapping,
    asked: RefCell<Vec<String>>,
}

#[derive(PartialEq)]
enum Winbind {
    None,
    Up,
    Down,
}

const ALICE: &str = "S-1-5-21-1-2-3-1103";
const USERS: &str = "S-1-5-21-1-2-3-513";

impl Machine {
    fn new(config: &str, krb5_conf: &str) -> Self {
        let logins = [
            ("root", 0),
            ("daemon", 1),
            ("host", 990),
            ("alice", 1000),
            ("bob", 1001),
            ("1002", 1002),
            ("nobody", 65_534),
            ("nobody2", 65_534),
            ("ADDOM\\alice", 20_000),
            ("bob@ad.test", 20_001),
            ("ADDOM\\administrator", 0),
            ("broken", u32::MAX),
            ("krbtgt@ad.test", 3),
        ];
        let login = |(name, user): (&str, u32)| Login {
            name: name.to_owned(),
            user,
            group: user,
            home: format!("/home/{name}"),
        };
        let text = format!("[libdefaults]\n default_realm = AD.TEST\n[realms]\n{krb5_conf}");
        let profile = read(text.as_bytes(), Path::new("t")).unwrap();
        let config = Config::parse(&format!("[mapping]\n{config}"), Path::new("t")).unwrap();
        Self {
            logins: logins.map(login).into(),
            ids: [(ALICE, 20_000), (USERS, 30_000)].into(),
            winbind: Winbind::None,
            conf: Krb5Conf::from_profile(&profile).unwrap(),
            mapping: Mapping::of(&config.mapping).unwrap(),
            asked: RefCell::default(),
        }
    }

    fn account(&self, client: &ClientIdentity) -> Result<UnixAccount> {
        let machine = MachineNames {
            netbios_computer: "WS7".to_owned(),
            netbios_domain: "ADDOM".to_owned(),
            ..MachineNames::default()
        };
        let local_names = || Ok(&self.conf.local_names);
        let sids = || (self.winbind != Winbind::None).then_some(self as &dyn SidService);
        let world =
            World { logins: self, sids: &sids, local_names: &local_names, machine: &machine };
        self.mapping.unix_account(client, &world)
    }

    fn uid(&self, client: &ClientIdentity) -> u32 {
        self.account(client).unwrap().user
    }

    /// Why a client is nobody.
    fn refusal(&self, client: &ClientIdentity) -> String {
        let error = self.account(client).unwrap_err();
        assert_eq!(error.fault(), CallerFault::NoImpersonation.into());
        error.story().unwrap().to_owned()
    }
}

impl Logins for Machine {
    fn by_name(&self, name: &str) -> Result<Option<Login>> {
        self.asked.borrow_mut().push(name.to_owned());
        Ok(self.logins.iter().find(|login| login.name == name).cloned())
    }

    fn groups(&self, login: &Login) -> Result<Vec<u32>> {
        Ok(vec![login.group, 100])
    }
}

impl SidService for Machine {
    fn account(&self, user: &Sid) -> Result<Option<Login>> {
        if self.winbind == Winbind::Down {
            return Err(none("winbindd does not answer"));
        }
        let id = self.ids.get(&*user.to_string());
        Ok(self.logins.iter().find(|login| Some(&login.user) == id).cloned())
    }

    fn groups(&self, sids: &[Sid]) -> Result<Vec<u32>> {
        Ok(sids.iter().filter_map(|sid| self.ids.get(&*sid.to_string()).copied()).collect())
    }
}

fn ticket(components: &[&str], realm: &str) -> ClientIdentity {
    ClientIdentity {
        account: components.join("/"),
        domain: realm.to_owned(),
        dns_domain: Some(realm.to_owned()),
        principal: Some(Principal {
            name_type: 1,
            components: components.iter().map(|&c| c.to_owned()).collect(),
            realm: realm.to_owned(),
        }),
        ..ClientIdentity::default()
    }
}

fn ntlm(domain: &str, account: &str) -> ClientIdentity {
    ClientIdentity {
        account: account.to_owned(),
        domain: domain.to_owned(),
        ..ClientIdentity::default()
    }
}

/// What a domain vouches for, of a ticket or of NTLM.
fn vouched(client: ClientIdentity, account: &str, sid: &str) -> ClientIdentity {
    let groups = vec![Membership { sid: USERS.parse().unwrap(), attributes: 7 }];
    ClientIdentity {
        account: account.to_owned(),
        domain: "ADDOM".to_owned(),
        dns_domain: Some("ad.test".to_owned()),
        authorization: Some(Authorization {
            user: Some(sid.parse().unwrap()),
            groups,
            ..Authorization::default()
        }),
        ..client
    }
}

#[test]
fn an_account_is_whole() {
    let account = Machine::new("", "").account(&ticket(&["alice"], "AD.TEST")).unwrap();
    let expected = UnixAccount {
        name: "alice".to_owned(),
        user: 1000,
        group: 1000,
        groups: vec![100, 1000],
        home: "/home/alice".to_owned(),
    };
    assert_eq!(account, expected);
}

#[test]
fn what_is_written_stands_above_all_else() {
    let names = "AD.TEST = {\n auth_to_local_names = {\n alice = bob\n }\n \
        auth_to_local = RULE:[1:$1@$0](carol@AD.TEST)s/.*/bob/\n auth_to_local = DEFAULT\n}";
    let mut machine = Machine::new("", names);
    machine.winbind = Winbind::Up;
    let alice = vouched(ticket(&["alice"], "AD.TEST"), "alice", ALICE);
    assert_eq!(machine.uid(&alice), 1001, "auth_to_local_names before the SID");
    assert_eq!(machine.uid(&ticket(&["carol"], "AD.TEST")), 1001);
    assert_eq!(machine.uid(&ticket(&["alice"], "AD.TEST")), 1001);
    for users in [
        "Users = {'S-1-5-21-1-2-3-1103' = 'daemon'}",
        "Users = {'addom\\Alice' = 'daemon'}",
        "Users = {'ALICE@ad.test' = 'daemon'}",
    ] {
        let machine = Machine { winbind: Winbind::Up, ..Machine::new(users, names) };
        assert_eq!(machine.uid(&alice), 1, "{users}");
        // Names without a SID are those of the ticket, letter by letter.
        let named = ClientIdentity { authorization: None, ..alice.clone() };
        assert_ne!(machine.uid(&named), 1, "{users}");
    }
    let machine = Machine::new("Users = {'alice@AD.TEST' = 'bob', 'W\\x' = 'daemon'}", "");
    assert_eq!(machine.uid(&ticket(&["alice"], "AD.TEST")), 1001);
    assert_eq!(machine.uid(&ntlm("w", "X")), 1);
}

#[test]
fn a_sid_stands_above_names() {
    let mut machine = Machine::new("", "");
    let alice = vouched(ticket(&["alice"], "AD.TEST"), "alice", ALICE);
    assert_eq!(machine.uid(&alice), 20_000, "by ADDOM\\alice before DEFAULT");
    machine.winbind = Winbind::Up;
    let account = machine.account(&alice).unwrap();
    assert_eq!((account.user, &*account.groups), (20_000, &[100, 20_000, 30_000][..]));
    assert!(machine.asked.take().iter().all(|name| !name.contains('\\') || name == "ADDOM\\alice"));
    assert_eq!(machine.uid(&vouched(ntlm("ADDOM", "x"), "x", ALICE)), 20_000);
    // Somebody else by now has the name.
    let other = vouched(ticket(&["alice"], "AD.TEST"), "alice", "S-1-5-21-1-2-3-9");
    assert!(machine.refusal(&other).contains("no account for S-1-5-21-1-2-3-9"));
    machine.winbind = Winbind::Down;
    assert!(machine.refusal(&alice).contains("winbindd does not answer"));
    assert_eq!(machine.uid(&ticket(&["alice"], "AD.TEST")), 1000, "nothing to ask winbind");
}

#[test]
fn names_that_carry_their_domain() {
    let machine = Machine::new("", "");
    assert_eq!(machine.uid(&ticket(&["bob"], "AD.TEST")), 20_001, "bob@ad.test before DEFAULT");
    assert_eq!(machine.uid(&ntlm("ADDOM", "alice")), 20_000);
    assert_eq!(machine.uid(&ntlm("ws7", "alice")), 1000, "the machine's own");
    assert!(machine.refusal(&ntlm("OTHER", "alice")).contains("nobody here"));
    assert!(machine.refusal(&ntlm("", "alice")).contains("nobody here"));
    // A domain that is called as this machine, and vouches for it.
    let other = vouched(ntlm("WS7", "alice"), "alice", "S-1-5-21-9-9-9-9");
    let other = ClientIdentity { domain: "WS7".to_owned(), ..other };
    assert!(machine.refusal(&other).contains("nobody here"));
}

/// Nobody becomes root, the system, nobody, or a number.
#[test]
fn l11_root_and_who_is_nobody_are_refused() {
    let machine = Machine::new("", "");
    let refused = |client: &ClientIdentity, word: &str| {
        let story = machine.refusal(client);
        assert!(story.contains(word), "{story}");
    };
    refused(&ticket(&["root"], "AD.TEST"), "AllowRoot");
    refused(&ntlm("ADDOM", "administrator"), "AllowRoot");
    refused(&ntlm("WS7", "root"), "AllowRoot");
    refused(&ticket(&["nobody"], "AD.TEST"), "nobody");
    refused(&ticket(&["nobody2"], "AD.TEST"), "nobody");
    refused(&ticket(&["broken"], "AD.TEST"), "no change");
    refused(&ticket(&["deleted"], "AD.TEST"), "no account \"deleted\"");
    refused(&ClientIdentity { anonymous: true, ..ClientIdentity::default() }, "anonymous");
    for number in ["1002", "0", "-1", "+0", "0x0", "65534"] {
        refused(&ticket(&[number], "AD.TEST"), "number");
        refused(&ntlm("WS7", number), "number");
    }
}

#[test]
fn l11_what_is_allowed_explicitly() {
    let root = "Users = {'root@AD.TEST' = 'root', 'n@AD.TEST' = 'nobody', 'x@AD.TEST' = '1002',\
        'gone@AD.TEST' = 'deleted', 'minus@AD.TEST' = 'broken'}";
    let machine = Machine::new(root, "");
    assert!(machine.refusal(&ticket(&["root"], "AD.TEST")).contains("AllowRoot"));
    assert_eq!(machine.uid(&ticket(&["n"], "AD.TEST")), 65_534);
    assert_eq!(machine.uid(&ticket(&["x"], "AD.TEST")), 1002);
    assert!(machine.refusal(&ticket(&["gone"], "AD.TEST")).contains("[mapping] Users"));
    assert!(machine.refusal(&ticket(&["minus"], "AD.TEST")).contains("no change"));
    let machine = Machine::new(&format!("AllowRoot = true\n{root}"), "");
    assert_eq!(machine.uid(&ticket(&["root"], "AD.TEST")), 0);
    // What is allowed to one is not to others whose name leads there.
    assert!(machine.refusal(&ntlm("WS7", "root")).contains("MinUid"));
    let machine = Machine::new("AllowRoot = true\nMinUid = 0", "");
    assert_eq!(machine.uid(&ntlm("WS7", "root")), 0);
    assert!(Machine::new("MinUid = 0", "").refusal(&ntlm("WS7", "root")).contains("AllowRoot"));
}

/// Accounts that somebody in the domain named after those of this machine.
#[test]
fn p8_names_of_the_system_lead_nowhere() {
    let mut machine = Machine::new("", "");
    for name in ["root", "daemon", "host"] {
        let named = ticket(&[name], "AD.TEST");
        assert!(machine.refusal(&named).contains(name));
        assert!(machine.refusal(&vouched(named, name, "S-1-5-21-1-2-3-1200")).contains(name));
    }
    assert!(machine.refusal(&ticket(&["krbtgt"], "AD.TEST")).contains("MinUid"));
    // The name is alice's, the SID that the domain vouches for is not.
    machine.winbind = Winbind::Up;
    let other = vouched(ticket(&["alice"], "AD.TEST"), "mallory", "S-1-5-21-1-2-3-1200");
    assert!(machine.refusal(&other).contains("S-1-5-21-1-2-3-1200"));
    // A system account's number by a SID.
    machine.ids.insert("S-1-5-21-1-2-3-500", 0);
    machine.ids.insert("S-1-5-21-1-2-3-1300", 990);
    for (sid, word) in [("S-1-5-21-1-2-3-500", "AllowRoot"), ("S-1-5-21-1-2-3-1300", "MinUid")] {
        let client = vouched(ticket(&["administrator"], "AD.TEST"), "administrator", sid);
        assert!(machine.refusal(&client).contains(word));
    }
}

#[test]
fn p8_the_realm_is_part_of_every_decision() {
    let conf = "AD.TEST = {\n auth_to_local_names = {\n carol = bob\n }\n \
        auth_to_local = RULE:[2:$1](dave)\n auth_to_local = RULE:[1:$1@$0](.*@MIT.TEST)s/@.*//\n \
        auth_to_local = RULE:[1:$1]\n}\n OTHER = {\n auth_to_local = RULE:[1:$1]\n}";
    let machine = Machine::new("Users = {'erin@AD.TEST' = 'bob'}", conf);
    assert_eq!(machine.uid(&ticket(&["carol"], "AD.TEST")), 1001);
    assert_eq!(machine.uid(&ticket(&["alice"], "MIT.TEST")), 1000);
    for name in ["alice", "carol", "erin", "bob"] {
        assert!(machine.refusal(&ticket(&[name], "OTHER")).contains("nobody here"));
    }
    for realm in ["ad.test", "AD.TEST.", "", "AD.TEST@AD.TEST"] {
        machine.refusal(&ticket(&["alice"], realm));
    }
    // The two of its realm that DEFAULT takes, and no third.
    let machine = Machine::new("", "");
    assert_eq!(machine.uid(&ticket(&["alice", "AD.TEST"], "AD.TEST")), 1000);
    assert!(machine.refusal(&ticket(&["alice", "admin"], "AD.TEST")).contains("nobody here"));
}

/// A user principal name that is another account's name (CVE-2020-25719): whoever may write it gets
/// tickets in that name, with a PAC of its own account.
#[test]
fn p8_a_ticket_in_another_accounts_name_is_not_that_account() {
    let conf = "AD.TEST = {\n auth_to_local_names = {\n carol = bob\n }\n \
        auth_to_local = RULE:[1:$1@$0](.*@AD.TEST)s/@.*//\n}";
    for machine in [
        Machine::new("", ""),
        Machine::new("Users = {'alice@AD.TEST' = 'bob', 'carol@AD.TEST' = 'bob'}", conf),
    ] {
        for name in [&["alice"][..], &["bob"], &["carol"], &["alice", "AD.TEST"]] {
            let named = vouched(ticket(name, "AD.TEST"), "mallory", "S-1-5-21-1-2-3-1200");
            assert!(machine.refusal(&named).contains("nobody here"));
        }
        let asked = machine.asked.take();
        assert!(asked.iter().all(|name| name.contains("mallory")), "{asked:?}");
    }
    let mallory = vouched(ticket(&["alice"], "AD.TEST"), "mallory", "S-1-5-21-1-2-3-1200");
    let machine = Machine::new("Users = {'ADDOM\\mallory' = 'bob'}", "");
    assert_eq!(machine.uid(&mallory), 1001, "her own name still counts");
}

/// Names that would be read as those of another domain's accounts.
#[test]
fn p8_names_with_a_domain_inside() {
    let machine = Machine::new("", "AD.TEST = {\n auth_to_local = RULE:[1:$1]\n}");
    for name in ["ADDOM\\alice", "bob@ad.test", "alice\0", "alice\n", "", " alice", "a:b", "a/b"] {
        for realm in ["AD.TEST", "MIT.TEST"] {
            assert!(machine.refusal(&ticket(&[name], realm)).contains("character"), "{name:?}");
        }
        assert!(machine.refusal(&ntlm("WS7", name)).contains("character"), "{name:?}");
    }
    machine.refusal(&ntlm("X\\ADDOM", "alice"));
    assert!(machine.asked.take().is_empty());
    let machine = Machine::new("Users = {'a\\@b@AD.TEST' = 'alice'}", "");
    assert_eq!(machine.uid(&ticket(&["a@b"], "AD.TEST")), 1000, "the table can say so");
}

#[test]
fn l5_rules_that_cannot_be_read_refuse() {
    for (rule, word) in [
        ("RULE:[1:$1", "does not end"),
        ("RULE:[x:$1]", "number"),
        ("RULE:[1:$2]", "more components"),
        ("RULE:[1:$99999999999999999999]", "too large"),
        ("RULE:[1:$1](alice", "does not end"),
        ("RULE:[1:$1](a\\1)", "back-references"),
        ("RULE:[1:$1]s/a", "s/"),
        ("RULE:[1:$1]s/x*/y/g", "without end"),
        ("RULE:[1:$1]s/((a{99}){99}){99}/y/", "too large"),
        ("RULE", "neither"),
        ("DB:/etc/passwd", "neither"),
        ("rule:[1:$1]", "neither"),
    ] {
        let conf = format!("AD.TEST = {{\n auth_to_local = {rule}\n auth_to_local = DEFAULT\n}}");
        let story = Machine::new("", &conf).refusal(&ticket(&["alice"], "AD.TEST"));
        assert!(story.contains(word) && story.contains("auth_to_local"), "{story}");
    }
    let doubled = "s/a/aa/g".repeat(60);
    let conf = format!("AD.TEST = {{\n auth_to_local = RULE:[1:$1]{doubled}\n}}");
    let story = Machine::new("", &conf).refusal(&ticket(&["alice"], "AD.TEST"));
    assert!(story.contains("too long"), "{story}");
    let blow_up = "AD.TEST = {\n auth_to_local = RULE:[1:$1](((a+)+)+$)s/x/y/\n}";
    let machine = Machine::new("", blow_up);
    assert!(machine.refusal(&ticket(&[&"a".repeat(200)], "AD.TEST")).contains("nobody here"));
}

#[test]
fn tables_that_cannot_be_read() {
    for (users, word) in [
        ("'alice' = 'bob'", "neither"),
        ("'\\alice' = 'bob'", "neither"),
        ("'A\\b\\c' = 'bob'", "neither"),
        ("'alice@' = 'bob'", "realm"),
        ("'S-1-x' = 'bob'", "no SID"),
        ("'A\\b' = ' '", "login name"),
        ("'A\\b' = 'x', 'a\\B' = 'y'", "twice"),
    ] {
        let config = format!("[mapping]\nUsers = {{{users}}}");
        let config = Config::parse(&config, Path::new("t")).unwrap();
        let error = Mapping::of(&config.mapping).unwrap_err();
        assert_eq!(error.fault(), LocalFault::Configuration.into());
        assert!(error.story().unwrap().contains(word), "{error}");
    }
    let users = "Users = {'a@AD.TEST' = 'alice', 'A@AD.TEST' = 'bob'}";
    let machine = Machine::new(users, "");
    let client = |name| vouched(ticket(&[name], "AD.TEST"), "a", ALICE);
    assert_eq!((machine.uid(&client("a")), machine.uid(&client("A"))), (1000, 1001));
    assert!(machine.refusal(&client("a").tap_realm("ad.test")).contains("several cases"));
}

impl ClientIdentity {
    fn tap_realm(mut self, realm: &str) -> Self {
        self.principal.as_mut().unwrap().realm = realm.to_owned();
        self
    }
}
