//! The domain that this machine is a member of, as winbindd knows it.
//!
//! libwbclient waits for minutes when winbindd or the domain is silent. Each question is asked by
//! a thread of its own, which is not waited for longer than the administrator allows; so many of
//! them at once, so that silence does not fill the process with threads.
#![forbid(unsafe_code)]

mod refusal;
mod waiting;

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use self::waiting::within;
use super::config::{MachineSection, WinbindSection};
use super::machine;
pub use super::sys::wbclient::UnixEntry;
use super::sys::wbclient::{self, Failure, Interface, Question, UserInfo};
use crate::spi::environment::{DomainAuthority, DomainLogon, MachineNames};
use crate::spi::error::{Error, LocalFault, PeerFault, Result};
use crate::spi::logon::NetworkLogon;
use crate::spi::secret::Secret;
use crate::spi::sid::Sid;
use crate::spi::time::FileTime;
use crate::spi::token::{Authorization, ClientIdentity, Membership};

const DEFAULT_TIMEOUT: Duration = Duration::from_secs(15);
/// winbindd answers what it is called without asking anybody else.
const PRESENCE: Duration = Duration::from_secs(5);
/// How long it is believed to be there, and to be gone.
const BELIEVED: [Duration; 2] = [Duration::from_secs(60), Duration::from_secs(5)];

/// `LOGON_GUEST`
const GUEST: u32 = 1;
/// `SE_GROUP_MANDATORY | SE_GROUP_ENABLED_BY_DEFAULT | SE_GROUP_ENABLED`
const PLAIN_GROUP: u32 = 7;

/// winbindd, of which this machine's administrator approves.
#[derive(Debug)]
pub struct Winbind {
    timeout: Duration,
    names: Option<MachineNames>,
}

impl Winbind {
    /// winbindd as the configuration has it: `None` when it is not to be asked, or when it is not
    /// there and nobody demanded it.
    pub fn find(section: &WinbindSection, machine: &MachineSection) -> Option<Self> {
        if section.enabled == Some(false) {
            return None;
        }
        let demanded = section.enabled == Some(true);
        let timeout = section.timeout.map_or(DEFAULT_TIMEOUT, Duration::from_secs);
        match presence(timeout.min(PRESENCE)) {
            Ok(known) => {
                let names = Some(machine::names_in_domain(machine, &known));
                Some(Self { timeout, names })
            }
            Err(failure) => {
                log::debug!("winbindd: {}", refusal::story(&failure));
                demanded.then_some(Self { timeout, names: None })
            }
        }
    }

    /// The account of this machine that it has for a SID; `None` when it has none.
    pub fn unix_entry(&self, sid: &Sid) -> Result<Option<UnixEntry>> {
        let sid = sid.clone();
        match within(self.timeout, move || wbclient::entry_of(&sid)) {
            Ok(entry) => Ok(Some(entry)),
            Err(Failure::Unknown) => Ok(None),
            Err(failure) => Err(refusal::error(&failure)),
        }
    }

    /// The groups of this machine that it has for SIDs; those that are none are left out.
    pub fn unix_groups(&self, sids: &[Sid]) -> Result<Vec<u32>> {
        if sids.is_empty() {
            return Ok(Vec::new());
        }
        let sids = sids.to_vec();
        within(self.timeout, move || known_groups(&sids))
            .map_err(|failure| refusal::error(&failure))
    }
}

/// One SID that no domain of winbindd's has (S-1-18-1: that the KDC knows its client) spoils the
/// question for all: then each is asked for alone.
fn known_groups(sids: &[Sid]) -> Result<Vec<u32>, Failure> {
    let alone = |sid: &Sid| match wbclient::groups_of(std::slice::from_ref(sid)) {
        Err(Failure::Unknown) => Ok(Vec::new()),
        answer => answer,
    };
    match wbclient::groups_of(sids) {
        Err(Failure::Unknown) => {
            let each: Vec<Vec<u32>> = sids.iter().map(alone).collect::<Result<_, _>>()?;
            Ok(each.concat())
        }
        answer => answer,
    }
}

impl DomainAuthority for Winbind {
    fn verify(&self, logon: &NetworkLogon) -> Result<DomainLogon> {
        let domain = match logon.domain.as_str() {
            "" => presence(self.timeout).map_err(|f| refusal::error(&f))?.netbios_domain,
            domain => domain.to_owned(),
        };
        let (user, workstation) = (logon.user.clone(), logon.workstation.clone());
        let (nt, lm) = (logon.nt_response.clone(), logon.lm_response.clone());
        let (challenge, control) = (logon.challenge, logon.control);
        let ask = move || {
            wbclient::authenticate(&Question {
                user: &user,
                domain: &domain,
                workstation: &workstation,
                control,
                challenge,
                nt: &nt,
                lm: &lm,
            })
        };
        within(self.timeout, ask).map_err(|failure| refusal::error(&failure)).and_then(believed)
    }

    fn machine(&self) -> Option<&MachineNames> {
        self.names.as_ref()
    }
}

/// What winbindd calls the machine; asked again after a while only.
fn presence(time: Duration) -> Result<Interface, Failure> {
    static KNOWN: Mutex<Option<(Instant, Result<Interface, Failure>)>> = Mutex::new(None);
    let known = || KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((since, answer)) = &*known() {
        let [there, gone] = BELIEVED;
        if since.elapsed() < if answer.is_ok() { there } else { gone } {
            return answer.clone();
        }
    }
    let answer = within(time, wbclient::interface).and_then(|known| {
        let is_member = !known.netbios_domain.is_empty() && !known.netbios_name.is_empty();
        is_member.then_some(known).ok_or(Failure::Nonsense("the machine is in no domain"))
    });
    *known() = Some((Instant::now(), answer.clone()));
    answer
}

/// A client is only believed with a name and a key that nobody else can know.
fn believed(info: UserInfo) -> Result<DomainLogon> {
    if info.user_flags & GUEST != 0 {
        let story = "the domain would let the client in as a guest";
        return Err(Error::new(PeerFault::LogonDenied, story));
    }
    if info.account.is_empty() || info.domain.is_empty() {
        let story = "the domain accepted the client and did not say who it is";
        return Err(Error::new(LocalFault::NoAuthority, story));
    }
    if info.session_key == Secret::new([0; 16]) {
        let story = "the domain gave no session key (the challenge was not this machine's?)";
        return Err(Error::new(PeerFault::LogonDenied, story));
    }
    let authorization = authorization(&info);
    let present = |text: String| Some(text).filter(|text| !text.is_empty());
    Ok(DomainLogon {
        lm_session_key: Some(info.lm_session_key).filter(|key| *key != Secret::new([0; 8])),
        session_key: info.session_key,
        client: ClientIdentity {
            account: info.account,
            domain: info.domain,
            principal: None,
            upn: present(info.upn),
            dns_domain: present(info.dns_domain),
            anonymous: false,
            authorization: Some(authorization),
        },
    })
}

fn authorization(info: &UserInfo) -> Authorization {
    let mut sids = info.sids.iter();
    let user = sids.next().map(|(sid, _)| sid.clone());
    let primary_group = sids.next().map(|(sid, _)| sid.clone());
    let mut groups: Vec<Membership> = Vec::with_capacity(info.sids.len());
    let primary = primary_group.clone().map(|sid| (sid, PLAIN_GROUP));
    // The list's own entry, which has the attributes, stands before ours.
    for (sid, attributes) in sids.cloned().chain(primary) {
        let known = groups.iter().any(|group| group.sid == sid) || user.as_ref() == Some(&sid);
        if !known {
            groups.push(Membership { sid, attributes });
        }
    }
    Authorization {
        user,
        primary_group,
        groups,
        full_name: info.full_name.clone(),
        logon_server: info.logon_server.clone(),
        logon_time: file_time(info.logon_time),
        kickoff_time: file_time(info.kickoff_time),
        password_last_set: file_time(info.password_last_set),
        password_must_change: file_time(info.password_must_change),
        user_flags: info.user_flags,
        user_account_control: info.account_control,
        logon_count: info.logon_count,
        bad_password_count: info.bad_password_count,
        ..Authorization::default()
    }
}

/// Seconds of Unix: 0 is "not set", and what lies beyond all calendars, or before 1970, "never".
fn file_time(seconds: u64) -> FileTime {
    /// The last second of the year 9999.
    const END: u64 = 253_402_300_799;
    match seconds {
        0 => FileTime(0),
        1..=END => FileTime::UNIX_EPOCH.plus(Duration::from_secs(seconds)),
        _ => FileTime::NEVER,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn info() -> UserInfo {
        let sid = |rid| format!("S-1-5-21-1-2-3-{rid}").parse().unwrap();
        UserInfo {
            user_flags: 0x100,
            account: "alice".into(),
            upn: String::new(),
            full_name: String::new(),
            domain: "ADDOM".into(),
            dns_domain: "ad.test".into(),
            account_control: 0x10,
            session_key: Secret::new([7; 16]),
            lm_session_key: Secret::new([0; 8]),
            logon_count: 1,
            bad_password_count: 0,
            logon_time: 1,
            kickoff_time: u64::MAX,
            password_last_set: 0,
            password_must_change: i64::MAX as u64,
            logon_server: "DC1".into(),
            sids: vec![(sid(1104), 0), (sid(513), 0), (sid(1110), 7), (sid(1110), 7)],
        }
    }

    #[test]
    fn the_domain_says_who_it_is() {
        let logon = believed(info()).unwrap();
        let authorization = logon.client.authorization.unwrap();
        assert_eq!(authorization.user.unwrap().to_string(), "S-1-5-21-1-2-3-1104");
        let groups: Vec<String> = authorization.groups.iter().map(|g| g.sid.to_string()).collect();
        assert_eq!(groups, ["S-1-5-21-1-2-3-1110", "S-1-5-21-1-2-3-513"]);
        assert_eq!(logon.client.upn, None);
        assert_eq!(logon.lm_session_key, None);
        assert_eq!(authorization.kickoff_time, FileTime::NEVER);
        assert_eq!(authorization.password_must_change, FileTime::NEVER);
        assert_eq!(authorization.password_last_set, FileTime(0));
        let second = FileTime::UNIX_EPOCH.plus(Duration::from_secs(1));
        assert_eq!(authorization.logon_time, second);
    }

    #[test]
    fn n9_n15_guests_and_clients_without_a_name_or_a_key_are_not_believed() {
        let refused = |change: fn(&mut UserInfo)| {
            let mut info = info();
            change(&mut info);
            believed(info).unwrap_err().fault()
        };
        assert_eq!(refused(|info| info.user_flags |= GUEST), PeerFault::LogonDenied.into());
        let key = refused(|info| info.session_key = Secret::new([0; 16]));
        assert_eq!(key, PeerFault::LogonDenied.into());
        assert_eq!(refused(|info| info.account.clear()), LocalFault::NoAuthority.into());
        assert_eq!(refused(|info| info.domain.clear()), LocalFault::NoAuthority.into());
    }
}
