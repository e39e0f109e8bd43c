//! A machine with accounts of its own, in a mount namespace that ends with the process.

use std::ffi::CString;
use std::fs;
use std::io::{Error, Result};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::c_abi::process::alone_with;

pub const ALICE: u32 = 4711;
pub const BOB: u32 = 4712;
/// Alice's, in order.
pub const GROUPS: [u32; 3] = [4711, 4801, 4802];

const PASSWD: &str = "root:x:0:0:root:/root:/bin/sh\n\
    alice:x:4711:4711:Alice:/home/alice:/bin/sh\n\
    bob:x:4712:4712:Bob:/home/bob:/bin/sh\n";
const GROUP: &str =
    "root:x:0:\nalice:x:4711:\nbob:x:4712:\nstaff:x:4801:alice\nwine:x:4802:alice\n";
const CONFIG: &str = "[mapping]\nUsers = {\n\
    'EXAMPLE\\alice' = 'alice', 'EXAMPLE\\bob' = 'bob', 'EXAMPLE\\admin' = 'root' }\n";

/// Runs a test in a process of its own on that machine: true in there. Only root can.
pub fn on_a_machine(test: &str) -> bool {
    on_a_machine_with(test, |_| {})
}

/// With a configuration that is changed, or another environment.
pub fn on_a_machine_with(test: &str, prepare: impl FnOnce(&mut Command)) -> bool {
    if crate::c_abi::process::is_part(test) {
        return true;
    }
    if !crate::ids::is_root(test) {
        return false;
    }
    let folder = Folder::new(test);
    for (name, text) in [("passwd", PASSWD), ("group", GROUP), ("config", CONFIG)] {
        fs::write(folder.0.join(name), text).unwrap();
    }
    // The configuration is for root alone.
    fs::set_permissions(folder.0.join("config"), PermissionsExt::from_mode(0o600)).unwrap();
    alone_with(test, |command| {
        let [passwd, group] = ["passwd", "group"].map(|name| folder.0.join(name));
        command.env("SECUR32_CONFIG", folder.0.join("config")).env("FOLDER", &folder.0);
        let binds = [(passwd, "/etc/passwd"), (group, "/etc/group")];
        let binds = binds.map(|(from, to)| (text(&from), CString::new(to).unwrap()));
        // SAFETY: system calls alone.
        unsafe { command.pre_exec(move || separate(&binds)) };
        prepare(command);
    })
}

/// Where the test may put files: everybody may.
pub fn folder() -> PathBuf {
    std::env::var_os("FOLDER").unwrap().into()
}

struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        let name = test.rsplit("::").next().unwrap();
        let path = std::env::temp_dir().join(format!("secur32-{name}-{}", std::process::id()));
        fs::create_dir(&path).unwrap();
        fs::set_permissions(&path, PermissionsExt::from_mode(0o777)).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

fn separate(binds: &[(CString, CString)]) -> Result<()> {
    let null = std::ptr::null();
    let check = |result| if result == 0 { Ok(()) } else { Err(Error::last_os_error()) };
    // SAFETY: terminated strings.
    unsafe {
        check(libc::unshare(libc::CLONE_NEWNS))?;
        let private = libc::MS_REC | libc::MS_PRIVATE;
        check(libc::mount(null, c"/".as_ptr(), null, private, null.cast()))?;
        for (from, to) in binds {
            check(libc::mount(from.as_ptr(), to.as_ptr(), null, libc::MS_BIND, null.cast()))?;
        }
    }
    Ok(())
}

fn text(path: &Path) -> CString {
    CString::new(path.to_str().unwrap()).unwrap()
}
