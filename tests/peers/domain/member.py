"""A computer that has joined the Samba domain: winbindd, accounts by nsswitch, a keytab. Needs root.

It is in the DC's network and has mounts of its own, so that /run/samba (winbindd's pipe is compiled
into libwbclient), /etc/nsswitch.conf and the linker's cache are the member's there and nobody else's.
It joins when the DC is provisioned; both are kept in one archive. `Member` can be started more than
once, which a case does that stops winbindd.
"""

import os
import pathlib
import shutil
import struct
import sys
import time
import zlib

import tdb

from kerberos.processes import NotStarted, Server, run
from kerberos.samba_dc import (
    ADMIN_PASSWORD, CLONE_NEWNET, CLONE_NEWNS, DNS, HOST, LIBC, MEMBER, MEMBER_ADDRESS, MS_BIND,
    MS_PRIVATE, MS_REC, REALM, WORKGROUP, check, krb5_conf, running,
)

# All state is below this path, which is in the member's mounts only.
HOME = "/run/samba/member"
# Ids of accounts that have none in the directory are refused: they have no account here.
DIRECTORY_IDS, OTHER_IDS = "20000-29999", "30000-39999"
SERVICES = ("HTTP", "cifs")
# A time of Unix: in the year 2100.
NEVER = 4_102_444_800
KEYTAB = f"  default_keytab_name = FILE:{HOME}/krb5.keytab\n"


def configuration():
    return f"""[global]
  security = ads
  realm = {REALM}
  workgroup = {WORKGROUP}
  netbios name = {MEMBER.upper()}
  password server = {HOST}.{DNS}
  name resolve order = host
  kerberos method = secrets and keytab
  interfaces = lo {MEMBER_ADDRESS}/24
  bind interfaces only = yes
  idmap config * : backend = tdb
  idmap config * : range = {OTHER_IDS}
  idmap config {WORKGROUP} : backend = ad
  idmap config {WORKGROUP} : schema_mode = rfc2307
  idmap config {WORKGROUP} : unix_nss_info = yes
  idmap config {WORKGROUP} : unix_primary_group = yes
  idmap config {WORKGROUP} : range = {DIRECTORY_IDS}
  idmap negative cache time = 1
  winbind cache time = 5
  winbind max domain connections = 4
  private dir = {HOME}/private
  lock directory = {HOME}/lock
  state directory = {HOME}/state
  cache directory = {HOME}/cache
  pid directory = {HOME}/pid
  ncalrpc dir = {HOME}/ncalrpc
  log file = {HOME}/log.%m
  max log size = 0
  load printers = no
  disable spoolss = yes
"""


def prepare_directory(directory):
    """What must be there before the mounts are."""
    home = directory / "run" / "member"
    (directory / "run" / "winbindd").mkdir(parents=True)
    (directory / "run" / "winbindd").chmod(0o755)
    for folder in ("private", "lock", "state", "cache", "pid", "ncalrpc"):
        (home / folder).mkdir(parents=True)
    (home / "smb.conf").write_text(configuration())
    krb5_conf(home / "krb5.conf", more=KEYTAB)


def join(directory):
    """Joins the domain of the DC that runs. In the DC's namespaces: run as a program of its own."""
    directory = pathlib.Path(directory)
    prepare_directory(directory)
    separate(directory)
    administrator = f"--user=Administrator%{ADMIN_PASSWORD}"
    tool = ["net", f"--configfile={HOME}/smb.conf", f"--server={HOST}.{DNS}", administrator]
    environment = {"KRB5_CONFIG": f"{HOME}/krb5.conf"}
    run([*tool, "ads", "join", "--no-dns-updates", f"dnshostname={MEMBER}.{DNS}"], environment)
    run([*tool, "ads", "keytab", "create"], environment)
    for service in SERVICES:
        run([*tool, "ads", "keytab", "add_update_ads", service], environment)
    remember_dc(pathlib.Path(HOME) / "lock" / "gencache.tdb")


def remember_dc(cache):
    """Samba forgets after 15 minutes which DC it joined at, and there is no DNS to ask: here it
    remembers for ever. A value is when it ends, the data, and a checksum that covers its key too."""
    mutex_locking = 4096
    database = tdb.Tdb(str(cache), 0, tdb.INCOMPATIBLE_HASH | mutex_locking, os.O_RDWR)
    for key in list(database):
        value = struct.pack("<q", NEVER) + database.get(key)[8:-4]
        database.store(key, value + struct.pack("<I", zlib.crc32(key + value)))
    database.close()


def separate(directory):
    """Goes into mounts in which /run/samba is `directory`'s."""
    check(LIBC.unshare(CLONE_NEWNS), "unshare")
    check(LIBC.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None), "mount --make-rprivate /")
    bind(directory / "run", "/run/samba")


def take_accounts(directory):
    """From here on accounts are those of the domain too."""
    bind(directory / "nsswitch.conf", "/etc/nsswitch.conf")
    cache = directory / "ld.so.cache"
    run(["ldconfig", "-X", "-C", str(cache), "-f", str(directory / "ld.so.conf")])
    bind(cache, "/etc/ld.so.cache")


def bind(source, target):
    check(LIBC.mount(str(source).encode(), target.encode(), None, MS_BIND, None),
          f"mount --bind {source} {target}")


class Member:
    """The computer, once `start` has returned.

    `prepared` is where tests/peers/run keeps what it has made (target/peers).
    """

    def __init__(self, dc, prepared, directory):
        self.dc = dc
        self.prepared = pathlib.Path(prepared)
        self.directory = pathlib.Path(directory)
        self.winbindd = None

    # These paths are in the member's mounts.
    smb_conf = pathlib.Path(HOME) / "smb.conf"
    krb5_conf = pathlib.Path(HOME) / "krb5.conf"
    # Keys of host/member.ad.test, HTTP/…, cifs/…, and of MEMBER$.
    machine_keytab = pathlib.Path(HOME) / "krb5.keytab"

    @property
    def services_keytab(self):
        """The keys of the services of the domain, which are not this computer's."""
        return self.dc.directory / "run" / "dc" / "services.keytab"

    def keytab(self):
        return self.machine_keytab

    def config(self, path, rc4=True):
        return krb5_conf(path, rc4, KEYTAB)

    def start(self):
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def _start(self):
        self.directory.mkdir(parents=True)
        run(["tar", "-xf", str(self.prepared / "dc" / "member.tar"), "-C", str(self.directory)])
        self._find_accounts()
        self.start_winbindd()

    def _find_accounts(self):
        """nsswitch and its library: where every user reads them, and not in the system's folders."""
        (self.directory / "nsswitch.conf").write_text(
            "passwd: files winbind\ngroup: files winbind\nshadow: files\nhosts: files\n"
        )
        library = self.prepared / "nss" / "libnss_winbind.so.2"
        if not library.exists():
            raise NotStarted(f"{library} is not there")
        folder = self.directory / "run" / "member" / "lib"
        folder.mkdir()
        shutil.copy(library, folder)
        (self.directory / "ld.so.conf").write_text(f"{HOME}/lib\ninclude /etc/ld.so.conf\n")

    def start_winbindd(self, tries=4):
        """winbindd that is asked for an id before it has found the domain never finds one: it is
        started anew then."""
        for _ in range(tries):
            self.winbindd = Server(
                ["unshare", "--pid", "--fork", "--kill-child", "winbindd", "--foreground",
                 "--no-process-group", f"--configfile={HOME}/smb.conf"],
                self.directory / "winbindd.log", {"KRB5_CONFIG": f"{HOME}/krb5.conf"},
                before=self._separate,
            )
            self.winbindd.until(self._is_online, "winbindd", 60)
            end = time.monotonic() + 5
            while time.monotonic() < end:
                if "/bin/sh" in self.inside(["getent", "passwd", f"{WORKGROUP}\\alice"]):
                    return
                time.sleep(0.1)
            self.stop_winbindd()
        raise NotStarted("winbindd finds no accounts")

    def _separate(self):
        enter(self.dc.server.process.pid)
        separate(self.directory)
        take_accounts(self.directory)

    def _is_online(self):
        """It is there, has a connection to the DC, and can look names up."""
        if not (self.directory / "run" / "winbindd" / "pipe").exists():
            return False
        return "succeeded" in self.inside(["wbinfo", "--ping-dc"]) \
            and "SID_USER" in self.inside(["wbinfo", "--name-to-sid", f"{WORKGROUP}\\alice"])

    def inside(self, command, check=False):
        """What a command says that runs on the member."""
        pid = self.winbindd.process.pid
        return run(["nsenter", "-t", str(pid), "-n", "-m", *command], check=check)

    def stop_winbindd(self):
        if not self.winbindd:
            return
        pid = self.winbindd.process.pid
        try:
            first = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().strip()
        except OSError:
            first = ""
        self.winbindd.stop(kill=True)
        self.winbindd = None
        end = time.monotonic() + 5
        while first and running(first) and time.monotonic() < end:
            time.sleep(0.02)

    stop = stop_winbindd

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def enter(self):
        """Takes this process onto the member, for good."""
        enter(self.winbindd.process.pid)


def enter(pid):
    """Takes this process into another's network and mounts."""
    directory = os.getcwd()
    for kind, flag in (("net", CLONE_NEWNET), ("mnt", CLONE_NEWNS)):
        with open(f"/proc/{pid}/ns/{kind}", "rb") as namespace:
            check(LIBC.setns(namespace.fileno(), flag), f"setns {kind}")
    os.chdir(directory)


if __name__ == "__main__":
    try:
        join(sys.argv[1])
    except NotStarted as problem:
        sys.exit(str(problem))
