//! `setgroups(2)`, `setresgid(2)`, `setresuid(2)`, `capset(2)` on the calling thread alone.
//!
//! The C library's functions of these names change every thread of the process (nptl(7)): only the
//! bare system calls change one.

use std::ffi::{c_int, c_long, c_ulong};
use std::io;

/// What the kernel lets a thread do: user, groups, capabilities.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThreadIdentity {
    /// Effective user.
    pub user: u32,
    /// Saved user.
    pub saved_user: u32,
    /// Effective group.
    pub group: u32,
    /// Saved group.
    pub saved_group: u32,
    /// Supplementary groups, in the kernel's order.
    pub groups: Vec<u32>,
    /// Capabilities, a bit for each.
    pub capabilities: Capabilities,
}

/// The sets of capabilities(7) that a thread can lower and raise again, a bit for each capability.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Capabilities {
    /// Those that are in force.
    pub effective: u64,
    /// Those that can be put in force.
    pub permitted: u64,
    /// Those that programs with file capabilities may get.
    pub inheritable: u64,
    /// Those that any program gets that is started; none where they could not be raised again.
    pub ambient: u64,
}

/// The system call that failed, and why.
#[derive(Debug)]
pub struct Failed {
    /// Its name.
    pub call: &'static str,
    /// What the kernel said.
    pub error: io::Error,
}

impl Capabilities {
    /// Whether a thread with these may become any user.
    pub const fn may_become_anyone(&self) -> bool {
        let needed = 1 << CAP_SETGID | 1 << CAP_SETUID;
        self.permitted & needed == needed
    }

    /// What stays while a thread acts as a client: the way back, and nothing that is in force.
    const fn dormant(self) -> Self {
        Self { effective: 0, ..self }
    }

    /// Everything in force that can be.
    const fn awake(self) -> Self {
        Self { effective: self.permitted, ..self }
    }
}

impl ThreadIdentity {
    /// The calling thread's.
    pub fn current() -> Result<Self, Failed> {
        let (mut real, mut user, mut saved_user) = (0, 0, 0);
        // SAFETY: three numbers to write to.
        let result = unsafe { libc::getresuid(&raw mut real, &raw mut user, &raw mut saved_user) };
        checked("getresuid", result.into())?;
        let (mut group, mut saved_group) = (0, 0);
        // SAFETY: likewise.
        let result =
            unsafe { libc::getresgid(&raw mut real, &raw mut group, &raw mut saved_group) };
        checked("getresgid", result.into())?;
        let (groups, capabilities) = (groups()?, capabilities()?);
        Ok(Self { user, saved_user, group, saved_group, groups, capabilities })
    }

    /// Makes the calling thread, which is this, act as an account; its real ids stay, and so do the
    /// saved ones with what it is permitted, for the way back. The thread may be anything between
    /// the two after a failure.
    pub fn leave_for(&self, user: u32, group: u32, groups: &[u32]) -> Result<(), Failed> {
        // To the kernel this number means "as it is".
        if [user, group].iter().chain(groups).any(|&id| id == u32::MAX) {
            return Err(Failed { call: "ids", error: io::ErrorKind::InvalidInput.into() });
        }
        set_capabilities(self.capabilities.awake())?;
        set_groups(groups)?;
        // The own ids are what the thread can come back to.
        set_ids("setresgid", libc::SYS_setresgid, group, self.group)?;
        set_ids("setresuid", libc::SYS_setresuid, user, self.user)?;
        self.lower()
    }

    /// Takes the calling thread's capabilities out of force.
    pub fn lower(&self) -> Result<(), Failed> {
        set_capabilities(self.capabilities.dormant())?;
        if self.capabilities.ambient == 0 {
            return Ok(());
        }
        checked("prctl", ambient(libc::PR_CAP_AMBIENT_CLEAR_ALL, 0).into())
    }

    /// Puts capabilities in force as they were before [`lower`](Self::lower).
    pub fn raise(&self) -> Result<(), Failed> {
        set_capabilities(self.capabilities)?;
        for capability in bits(self.capabilities.ambient) {
            raise_ambient(capability)?;
        }
        Ok(())
    }

    /// Makes the calling thread this again, which it was before [`leave_for`](Self::leave_for).
    pub fn come_back(&self) -> Result<(), Failed> {
        set_capabilities(self.capabilities.awake())?;
        set_ids("setresuid", libc::SYS_setresuid, self.user, self.saved_user)?;
        set_ids("setresgid", libc::SYS_setresgid, self.group, self.saved_group)?;
        set_groups(&self.groups)?;
        self.raise()
    }
}

// linux/capability.h
const CAP_SETGID: u32 = 6;
const CAP_SETUID: u32 = 7;
// linux/securebits.h
const SECBIT_NO_CAP_AMBIENT_RAISE: c_int = 1 << 6;
const LINUX_CAPABILITY_VERSION_3: u32 = 0x2008_0522;

/// `__user_cap_header_struct`
#[repr(C)]
struct Header {
    version: u32,
    /// 0 is the calling thread.
    thread: c_int,
}

/// `__user_cap_data_struct`
#[repr(C)]
#[derive(Clone, Copy, Default)]
struct Data {
    effective: u32,
    permitted: u32,
    inheritable: u32,
}

fn capabilities() -> Result<Capabilities, Failed> {
    let header = Header { version: LINUX_CAPABILITY_VERSION_3, thread: 0 };
    let mut data = [Data::default(); 2];
    // SAFETY: this version writes two elements.
    let result = unsafe { libc::syscall(libc::SYS_capget, &raw const header, data.as_mut_ptr()) };
    checked("capget", result)?;
    let [low, high] = data;
    let whole = |low: u32, high: u32| u64::from(high) << 32 | u64::from(low);
    let mut set = Capabilities {
        effective: whole(low.effective, high.effective),
        permitted: whole(low.permitted, high.permitted),
        inheritable: whole(low.inheritable, high.inheritable),
        ambient: 0,
    };
    // Only what is both can be ambient.
    let possible = set.permitted & set.inheritable;
    if possible != 0 && may_raise_ambient() {
        let ambient = bits(possible).filter(|&capability| is_ambient(capability));
        set.ambient = ambient.fold(0, |set, capability| set | 1 << capability);
    }
    Ok(set)
}

fn set_capabilities(set: Capabilities) -> Result<(), Failed> {
    let header = Header { version: LINUX_CAPABILITY_VERSION_3, thread: 0 };
    let half = |shift: u32| Data {
        effective: (set.effective >> shift) as u32,
        permitted: (set.permitted >> shift) as u32,
        inheritable: (set.inheritable >> shift) as u32,
    };
    let data = [half(0), half(32)];
    // SAFETY: this version reads two elements.
    let result = unsafe { libc::syscall(libc::SYS_capset, &raw const header, data.as_ptr()) };
    checked("capset", result)
}

fn bits(set: u64) -> impl Iterator<Item = u32> {
    (0..u64::BITS).filter(move |bit| set >> bit & 1 == 1)
}

fn is_ambient(capability: u32) -> bool {
    ambient(libc::PR_CAP_AMBIENT_IS_SET, capability) == 1
}

fn may_raise_ambient() -> bool {
    // SAFETY: no memory is involved.
    let bits = unsafe { libc::prctl(libc::PR_GET_SECUREBITS) };
    bits >= 0 && bits & SECBIT_NO_CAP_AMBIENT_RAISE == 0
}

fn raise_ambient(capability: u32) -> Result<(), Failed> {
    checked("prctl", ambient(libc::PR_CAP_AMBIENT_RAISE, capability).into())
}

fn ambient(order: c_int, capability: u32) -> c_int {
    let unused: c_ulong = 0;
    let [order, capability] = [c_ulong::from(order.unsigned_abs()), c_ulong::from(capability)];
    // SAFETY: no memory is involved.
    unsafe { libc::prctl(libc::PR_CAP_AMBIENT, order, capability, unused, unused) }
}

fn groups() -> Result<Vec<u32>, Failed> {
    // SAFETY: a size of 0 asks for the number, nothing is written.
    let count = unsafe { libc::getgroups(0, std::ptr::null_mut()) };
    checked("getgroups", count.into())?;
    let mut groups = vec![0; usize::try_from(count).unwrap_or(0)];
    // SAFETY: that many fit. Nobody else changes the groups of this thread meanwhile.
    let count = unsafe { libc::getgroups(count, groups.as_mut_ptr()) };
    checked("getgroups", count.into())?;
    groups.truncate(usize::try_from(count).unwrap_or(0));
    Ok(groups)
}

fn set_groups(groups: &[u32]) -> Result<(), Failed> {
    // SAFETY: the length is the slice's.
    let result = unsafe { libc::syscall(libc::SYS_setgroups, groups.len(), groups.as_ptr()) };
    checked("setgroups", result)
}

/// Sets the effective and the saved id, and leaves the real one.
fn set_ids(call: &'static str, number: c_long, effective: u32, saved: u32) -> Result<(), Failed> {
    // SAFETY: numbers only.
    checked(call, unsafe { libc::syscall(number, u32::MAX, effective, saved) })
}

fn checked(call: &'static str, result: c_long) -> Result<(), Failed> {
    if result < 0 {
        return Err(Failed { call, error: io::Error::last_os_error() });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_knows_who_it_is() {
        let identity = ThreadIdentity::current().unwrap();
        assert_eq!(identity.user, super::super::effective_user());
        let status = std::fs::read_to_string("/proc/thread-self/status").unwrap();
        let field = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
            line.split_whitespace().map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(
            field("Gid:")[1..3],
            [identity.group, identity.saved_group].map(|id| id.to_string())
        );
        let mut groups = identity.groups.clone();
        groups.sort_unstable();
        assert_eq!(field("Groups:"), groups.iter().map(u32::to_string).collect::<Vec<_>>());
        let set = |name| u64::from_str_radix(&field(name)[0], 16).unwrap();
        let known = Capabilities {
            effective: set("CapEff:"),
            permitted: set("CapPrm:"),
            inheritable: set("CapInh:"),
            ambient: set("CapAmb:"),
        };
        assert_eq!(identity.capabilities, known);
    }

    #[test]
    fn l8_the_number_that_means_as_it_is_is_nobodys() {
        let identity = ThreadIdentity::current().unwrap();
        for (user, group, groups) in [(u32::MAX, 1, [1]), (1, u32::MAX, [1]), (1, 1, [u32::MAX])] {
            let failed = identity.leave_for(user, group, &groups).unwrap_err();
            assert_eq!(failed.error.kind(), io::ErrorKind::InvalidInput);
            assert_eq!(ThreadIdentity::current().unwrap(), identity);
        }
    }
}
