"""A Samba AD DC (Heimdal's KDC is in it) in network and mount namespaces of its own. Needs root.

It is provisioned once and kept as an archive; a run unpacks that and starts it. libwbclient's pipe
is compiled in as /run/samba/winbindd/pipe, and a client's krb5.conf names 10.77.0.1: both exist in
the namespaces only, and a case goes there with `enter`.
"""

import contextlib
import ctypes
import os
import pathlib
import shutil
import signal
import sys
import time

from .processes import NeedsRoot, NotStarted, Server, run

REALM, WORKGROUP, DNS, HOST = "AD.TEST", "ADDOM", "ad.test", "dc1"
ADDRESS = "10.77.0.1"
# A computer of the domain, in the same network.
MEMBER, MEMBER_ADDRESS = "member", "10.77.0.2"
ADMIN_PASSWORD = "Keys-of-all-1"
CLONE_NEWNS, CLONE_NEWNET = 0x00020000, 0x40000000
MS_BIND, MS_REC, MS_PRIVATE = 0x1000, 0x4000, 0x40000
# All state is below this path, which is in the namespace only.
HOME = "/run/samba/dc"
PYTHON = "/usr/bin/python3"
LIBC = ctypes.CDLL(None, use_errno=True)


def check(result, what):
    if result != 0:
        raise NotStarted(f"{what}: {os.strerror(ctypes.get_errno())}")


def running(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] != "Z"
    except OSError:
        return False


def separate(directory):
    """Goes into new namespaces, in which /run/samba is `directory`, and brings the network up."""
    check(LIBC.unshare(CLONE_NEWNET | CLONE_NEWNS), "unshare")
    check(LIBC.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None), "mount --make-rprivate /")
    for source, target in ((f"{directory}/run", "/run/samba"),
                           (f"{directory}/hosts", "/etc/hosts")):
        check(LIBC.mount(source.encode(), target.encode(), None, MS_BIND, None),
              f"mount --bind {source} {target}")
    for command in (
        "ip link set lo up", "ip link add eth0 type veth peer name eth1",
        f"ip address add {ADDRESS}/24 dev eth0",
        f"ip address add {MEMBER_ADDRESS}/24 dev eth0", "ip link set eth0 up", "ip link set eth1 up",
    ):
        run(command.split())


def prepare_directory(directory):
    """What must be there before the namespaces are."""
    (directory / "run" / "winbindd").mkdir(parents=True)
    (directory / "run" / "winbindd").chmod(0o755)
    (directory / "run" / "dc").mkdir()
    (directory / "hosts").write_text(
        f"127.0.0.1 localhost\n{ADDRESS} {HOST}.{DNS} {HOST} {DNS} "
        f"aes.{DNS} rc4.{DNS} old.{DNS} s4u.{DNS} kcd.{DNS} unc.{DNS}\n"
        f"{MEMBER_ADDRESS} {MEMBER}.{DNS} {MEMBER}\n"
    )
    pathlib.Path("/run/samba").mkdir(exist_ok=True)


def provision(directory):
    """Makes the domain. In the namespaces: run as a program of its own."""
    separate(directory)
    home = pathlib.Path(HOME)
    (home / "empty.conf").write_text("")
    folders = {
        "private dir": "private", "lock directory": "lock", "state directory": "state",
        "cache directory": "cache", "pid directory": "pid", "ncalrpc dir": "ncalrpc",
        "binddns dir": "binddns", "ntp signd socket directory": "ntp", "usershare path": "shares",
    }
    for folder in (*folders.values(), "log"):
        (home / folder).mkdir()
    options = {
        **{name: home / folder for name, folder in folders.items()},
        "log file": home / "log/log.%m", "max log size": "0", "interfaces": f"lo {ADDRESS}/24",
        "bind interfaces only": "yes", "dns forwarder": "127.0.0.1",
        "server services": "s3fs rpc ldap cldap kdc winbindd", "load printers": "no",
        "printing": "bsd", "disable spoolss": "yes",
        # The ids that accounts have in the directory, where they have some.
        "idmap_ldb:use rfc2307": "yes",
    }
    run([
        "samba-tool", "domain", "provision", f"--configfile={home}/empty.conf",
        f"--realm={REALM}", f"--domain={WORKGROUP}", "--server-role=dc", "--dns-backend=NONE",
        "--use-rfc2307",
        f"--adminpass={ADMIN_PASSWORD}", f"--host-name={HOST}", f"--host-ip={ADDRESS}",
        f"--targetdir={home}", *(f"--option={name}={value}" for name, value in options.items()),
    ], seconds=180)
    run_python("kerberos.samba_domain", HOME)


class Dc:
    """The DC, once `start` has returned."""

    def __init__(self, archive, directory):
        self.archive = pathlib.Path(archive)
        self.directory = pathlib.Path(directory)
        self.server = None

    @property
    def home(self):
        return pathlib.Path(HOME)

    @property
    def krb5_conf(self):
        return self.directory / "krb5.conf"

    def keytab(self):
        return self.home / "services.keytab"

    @property
    def krbtgt_keytab(self):
        """The KDC's own key, in the namespaces."""
        return self.home / "krbtgt.keytab"

    @property
    def smb_conf(self):
        return self.home / "etc" / "smb.conf"

    def start(self):
        if os.geteuid() != 0:
            raise NeedsRoot("a Samba DC needs root: ports below 1024, namespaces")
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def _start(self):
        self.directory.mkdir(parents=True)
        run(["tar", "-xf", str(self.archive), "-C", str(self.directory)])
        self.config(self.krb5_conf)
        self._serve(before=lambda: separate(self.directory))

    def _serve(self, before=None):
        self.server = Server(
            # Samba is many processes: with the first of their namespace all of them end.
            ["unshare", "--pid", "--fork", "--kill-child",
             "samba", "--foreground", "--no-process-group", "-s", f"{HOME}/etc/smb.conf"],
            self.directory / "samba.log", before=before,
        )
        self.server.until(self._answers, "the KDC and LDAP", 60)

    @contextlib.contextmanager
    def here(self):
        """The DC of a directory that is there, in the namespaces of this process; ended gently."""
        self._serve()
        try:
            yield self
            os.kill(int(self._first_process()), signal.SIGTERM)
            self.server.process.wait(10)
        finally:
            self.stop()

    def _answers(self):
        """In the server's network: the ports of Kerberos, kpasswd and LDAP, and winbind's pipe."""
        table = pathlib.Path(f"/proc/{self.server.process.pid}/net/tcp")
        try:
            lines = [line.split() for line in table.read_text().splitlines()[1:]]
        except OSError:
            return False
        open_ports = {int(f[1].rpartition(":")[2], 16) for f in lines if f[3] == "0A"}
        pipe = self.directory / "run" / "winbindd" / "pipe"
        return {88, 389, 464} <= open_ports and pipe.exists()

    def stop(self):
        if self.server:
            first = self._first_process()
            self.server.stop(kill=True)
            self.server = None
            end = time.monotonic() + 5
            while first and running(first) and time.monotonic() < end:
                time.sleep(0.02)

    def _first_process(self):
        pid = self.server.process.pid
        try:
            return pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().strip()
        except OSError:
            return ""

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def enter(self):
        """Takes this process into the DC's namespaces, for good."""
        for kind, flag in (("net", CLONE_NEWNET), ("mnt", CLONE_NEWNS)):
            with open(f"/proc/{self.server.process.pid}/ns/{kind}", "rb") as namespace:
                directory = os.getcwd()
                check(LIBC.setns(namespace.fileno(), flag), f"setns {kind}")
                os.chdir(directory)

    def config(self, path, rc4=True):
        """Writes a krb5.conf for clients and servers of the domain."""
        return krb5_conf(path, rc4)


def krb5_conf(path, rc4=True, more=""):
    """Writes a krb5.conf for clients and servers of the domain; `more` are lines of libdefaults."""
    rc4 = "true" if rc4 else "false"
    path = pathlib.Path(path)
    path.write_text(f"""[libdefaults]
  default_realm = {REALM}
  dns_lookup_kdc = false
  dns_lookup_realm = false
  dns_canonicalize_hostname = false
  rdns = false
  allow_rc4 = {rc4}
  forwardable = true
{more}[realms]
  {REALM} = {{
    kdc = {ADDRESS}
    admin_server = {ADDRESS}
    kpasswd_server = {ADDRESS}
  }}
[domain_realm]
  .{DNS} = {REALM}
  {DNS} = {REALM}
""")
    return path


def make_archives(folder):
    """Provisions a domain, has a computer join it, and packs both."""
    archives = {name: folder / f"{name}.tar" for name in ("dc", "member")}
    directories = {name: folder / f"{name}.work" for name in archives}
    for directory in directories.values():
        shutil.rmtree(directory, ignore_errors=True)
    prepare_directory(directories["dc"])
    provision(directories["dc"])
    with Dc(archives["dc"], directories["dc"]).here():
        run_python("domain.member", str(directories["member"]))
    # Inside the namespace /run/samba is the directory's; its sockets are no one's.
    for name, directory in directories.items():
        run(["tar", "--xattrs", "-cf", str(archives[name]), "-C", str(directory), "."])
        shutil.rmtree(directory, ignore_errors=True)


def run_python(module, *arguments):
    here = str(pathlib.Path(__file__).resolve().parents[1])
    run([PYTHON, "-m", module, *arguments], {"PYTHONPATH": here}, seconds=60)


if __name__ == "__main__":
    try:
        make_archives(pathlib.Path(sys.argv[1]).resolve())
    except (NeedsRoot, NotStarted) as problem:
        sys.exit(str(problem))
