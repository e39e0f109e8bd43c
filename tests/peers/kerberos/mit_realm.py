"""Two throw-away MIT realms that trust each other, on loopback, in a directory of their own.

No root is needed. As a program it runs a command inside the realm and takes it down again:

    mit_realm.py run [--directory DIR] COMMAND [ARGUMENT…]

The command finds KRB5_CONFIG, KRB5_KTNAME (the services' keys), KRB5RCACHEDIR and REALM_DIRECTORY
set; KRB5CCNAME names a cache that does not exist yet.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass

from .processes import NotStarted, Server, free_port, run

REALM, OTHER_REALM = "MIT.TEST", "OTHER.TEST"
DOMAIN, OTHER_DOMAIN = "mit.test", "other.test"
MASTER_PASSWORD = "only-for-the-stash"
TRUST_PASSWORD = "Both-kingdoms-1"
SBIN = ("/usr/sbin", "/sbin", "/usr/local/sbin")


@dataclass(frozen=True)
class Enctype:
    """An encryption type: MIT's name, its number, how a service for it is called."""

    name: str
    number: int
    label: str

    @property
    def host(self):
        return f"{self.label}.{DOMAIN}"


ENCTYPES = (
    Enctype("aes256-cts-hmac-sha1-96", 18, "aes256sha1"),
    Enctype("aes128-cts-hmac-sha1-96", 17, "aes128sha1"),
    Enctype("aes256-cts-hmac-sha384-192", 20, "aes256sha2"),
    Enctype("aes128-cts-hmac-sha256-128", 19, "aes128sha2"),
    Enctype("arcfour-hmac", 23, "rc4"),
)


@dataclass(frozen=True)
class User:
    name: str
    password: str
    options: str = ""
    realm: str = REALM

    @property
    def principal(self):
        return f"{self.name}@{self.realm}"


ALICE = User("alice", "Wonder-land-7")
BOB = User("bob", "Build-er-8")
# Not every KDC asks for proof of the password first.
NO_PREAUTH = User("nopreauth", "Open-door-1", "-requires_preauth")
MUST_CHANGE = User("mustchange", "Old-pass-1", "+needchange")
EXPIRED = User("expired", "Past-date-1", '-pwexpire "2001-01-01 00:00:00"')
DISABLED = User("disabled", "Locked-out-1", "-allow_tix")
GONE = User("gone", "Long-gone-1", '-expire "2001-01-01 00:00:00"')
# Tickets for a few seconds only.
BRIEF = User("brief", "Short-lived-1", '-maxlife "3 seconds"')
# Changes its password in a test.
CHANGER = User("changer", "Before-it-1")
NOT_FORWARDED = User("stayhome", "Stay-home-1", "-allow_forwardable")
USERS = (ALICE, BOB, NO_PREAUTH, MUST_CHANGE, EXPIRED, DISABLED, GONE, BRIEF, CHANGER,
         NOT_FORWARDED)
CAROL = User("carol", "Other-side-1", realm=OTHER_REALM)
# Whose key is of one enctype only: the password, not the ticket, is what is tried.
KEYED = {e.label: User(f"user-{e.label}", "Keyed-pass-1", f"-e {e.name}:normal") for e in ENCTYPES}

HOPS = f"hops.{DOMAIN}"
DELEGATED = f"deleg.{DOMAIN}"
OTHER_HOST = f"svc.{OTHER_DOMAIN}"
ADMIN = User("keeper/admin", "Keys-of-all-1")


def tool(name):
    found = shutil.which(name) or next(
        (str(p) for p in (pathlib.Path(d) / name for d in SBIN) if p.exists()), None
    )
    if not found:
        packages = "krb5-kdc, krb5-admin-server, krb5-user, krb5-gss-samples"
        raise NotStarted(f"{name} is not installed (Debian: {packages})")
    return found


class Realm:
    """The realms, once `start` has returned."""

    def __init__(self, directory):
        self.directory = pathlib.Path(directory)
        self.servers = []
        self.port = free_port()
        self.udp_port, self.tcp_port, self.small_port = free_port(), free_port(), free_port()
        self.admin_port, self.kpasswd_port = free_port(), free_port()
        # Nobody listens here.
        self.dead_port = free_port()

    # -- what cases use

    @property
    def krb5_conf(self):
        return self.directory / "krb5.conf"

    def keytab(self, name="services"):
        return self.directory / f"{name}.keytab"

    def config(self, path, kdcs=None, libdefaults=None, rc4=True):
        """Writes a krb5.conf with other KDCs of the realm, or with further settings."""
        settings = {
            "default_realm": REALM,
            "dns_lookup_kdc": "false",
            "dns_lookup_realm": "false",
            "dns_canonicalize_hostname": "false",
            "rdns": "false",
            "forwardable": "true",
            "allow_rc4": "true" if rc4 else "false",
        }
        permitted = [e.name for e in ENCTYPES if rc4 or e.label != "rc4"]
        settings["permitted_enctypes"] = " ".join(permitted)
        settings.update(libdefaults or {})
        settings = {name: value for name, value in settings.items() if value is not None}
        kdcs = kdcs or [self.address(self.port)]
        lines = ["[libdefaults]", *(f"  {k} = {v}" for k, v in settings.items()), "[realms]"]
        for realm, servers in ((REALM, kdcs), (OTHER_REALM, [self.address(self.port)])):
            lines += [f"  {realm} = {{", *(f"    kdc = {kdc}" for kdc in servers)]
            lines += [
                f"    admin_server = {self.address(self.admin_port)}",
                f"    kpasswd_server = {self.address(self.kpasswd_port)}",
                "  }",
            ]
        lines += [
            "[domain_realm]",
            f"  .{DOMAIN} = {REALM}", f"  {DOMAIN} = {REALM}",
            f"  .{OTHER_DOMAIN} = {OTHER_REALM}", f"  {OTHER_DOMAIN} = {OTHER_REALM}",
            "",
        ]
        path = pathlib.Path(path)
        path.write_text("\n".join(lines))
        return path

    @staticmethod
    def address(port):
        return f"127.0.0.1:{port}"

    def environment(self):
        """For tools of the administrator."""
        return {
            "KRB5_CONFIG": str(self.krb5_conf),
            "KRB5_KDC_PROFILE": str(self.directory / "kdc.conf"),
            "LC_ALL": "C",
        }

    def admin(self, *commands, realm=REALM):
        """Commands of kadmin.local, which must all succeed."""
        said = run([tool("kadmin.local"), "-r", realm], self.environment(),
                   "".join(command + "\n" for command in commands))
        for line in said.splitlines():
            if any(word in line for word in ("rror", "ailed", "nvalid", "while", "usage:")):
                raise NotStarted(f"kadmin.local: {line}\n{said}")
        return said

    def log(self):
        return (self.directory / "kdc.log").read_text(errors="replace")

    # -- life

    def start(self):
        try:
            self._write()
            self._create()
            self._serve()
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self):
        for server in reversed(self.servers):
            server.stop()
        self.servers = []

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def _write(self):
        self.directory.mkdir(parents=True, exist_ok=True)
        self.directory.chmod(0o700)
        self.config(self.krb5_conf)
        (self.directory / "acl").write_text(f"{ADMIN.principal} *\n")
        listen = self.address(self.port)
        self._write_kdc_conf("kdc.conf", listen, listen)
        self._write_kdc_conf("udp.conf", self.address(self.udp_port), '""')
        self._write_kdc_conf("tcp.conf", '""', self.address(self.tcp_port))
        small = self.address(self.small_port)
        self._write_kdc_conf("small.conf", small, small, "kdc_max_dgram_reply_size = 300")

    def _write_kdc_conf(self, name, udp, tcp, more=""):
        d = self.directory
        enctypes = " ".join(f"{e.name}:normal" for e in ENCTYPES)
        realms = modules = ""
        for realm in (REALM, OTHER_REALM):
            realms += f"""
  {realm} = {{
    database_module = {realm}
    key_stash_file = {d}/{realm}.stash
    acl_file = {d}/acl
    kadmind_listen = {self.address(self.admin_port)}
    kpasswd_listen = {self.address(self.kpasswd_port)}
    iprop_enable = false
    max_life = 10h
    max_renewable_life = 7d
    supported_enctypes = {enctypes}
    default_principal_flags = +preauth
    kdc_listen = {udp}
    kdc_tcp_listen = {tcp}
  }}"""
            modules += f"""
  {realm} = {{
    db_library = db2
    database_name = {d}/{realm}.db
    disable_last_success = true
    disable_lockout = true
  }}"""
        (d / name).write_text(
            f"[kdcdefaults]\n  kdc_listen = {udp}\n  kdc_tcp_listen = {tcp}\n  {more}\n"
            f"[realms]{realms}\n[dbmodules]{modules}\n"
            f"[logging]\n  kdc = FILE:{d}/kdc.log\n  admin_server = FILE:{d}/kadmind.log\n"
            f"  default = FILE:{d}/krb5.log\n"
        )

    def _create(self):
        for realm in (REALM, OTHER_REALM):
            run([tool("kdb5_util"), "-r", realm, "create", "-s", "-P", MASTER_PASSWORD],
                self.environment())
        keytab, trust = self.keytab(), f"-pw {TRUST_PASSWORD}"
        # Else tickets got without preauthentication would not do.
        plain = "-requires_preauth"
        services = []
        commands = [f"addprinc {u.options} -pw {u.password} {u.name}"
                    for u in (*USERS, *KEYED.values(), ADMIN)]
        for enctype in ENCTYPES:
            service = f"svc/{enctype.host}"
            services.append(service)
            commands += [f"addprinc -randkey {plain} +ok_as_delegate -e {enctype.name}:normal "
                         f"{service}",
                         f"setstr {service} session_enctypes {enctype.name}"]
        for service, options in (
            (f"HTTP/{HOPS}", plain), (f"host/{HOPS}", plain), (f"svc/{HOPS}", plain),
            (f"ldap/{HOPS}", plain),
            (f"svc/{DELEGATED}", "+ok_as_delegate"), (f"host/demo.{DOMAIN}", plain),
        ):
            services.append(service)
            commands.append(f"addprinc -randkey {options} {service}")
        commands += [f"ktadd -norandkey -k {keytab} {service}" for service in services]
        commands.append(f"ktadd -norandkey -k {self.keytab('alice')} {ALICE.name}")
        trusts = [f"addprinc {trust} krbtgt/{OTHER_REALM}@{REALM}",
                  f"addprinc {trust} krbtgt/{REALM}@{OTHER_REALM}"]
        self.admin(*commands, *trusts)
        self.admin(
            f"addprinc -pw {CAROL.password} {CAROL.name}", f"addprinc -randkey svc/{OTHER_HOST}",
            f"ktadd -norandkey -k {self.keytab('other')} svc/{OTHER_HOST}", *trusts,
            realm=OTHER_REALM,
        )

    def _serve(self):
        for config, tcp, udp in (
            ("kdc.conf", [self.port], [self.port]), ("udp.conf", [], [self.udp_port]),
            ("tcp.conf", [self.tcp_port], []),
            ("small.conf", [self.small_port], [self.small_port]),
        ):
            environment = {**self.environment(),
                           "KRB5_KDC_PROFILE": str(self.directory / config)}
            command = [tool("krb5kdc"), "-n", "-r", REALM, "-r", OTHER_REALM]
            server = Server(command, self.directory / f"krb5kdc-{config}.out", environment)
            self.servers.append(server)
            server.until_listening(tcp, udp)
        server = Server([tool("kadmind"), "-nofork", "-r", REALM],
                        self.directory / "kadmind.out", self.environment())
        self.servers.append(server)
        server.until_listening([self.admin_port, self.kpasswd_port], [self.kpasswd_port])


def main(arguments):
    if len(arguments) < 2 or arguments[0] != "run":
        sys.exit(__doc__)
    arguments = arguments[1:]
    with tempfile.TemporaryDirectory(prefix="mit-realm-") as temporary:
        directory = temporary
        if arguments[0] == "--directory":
            directory, arguments = arguments[1], arguments[2:]
        try:
            with Realm(directory) as realm:
                environment = {
                    "KRB5_CONFIG": str(realm.krb5_conf),
                    "KRB5CCNAME": f"FILE:{directory}/cache",
                    "KRB5_KTNAME": f"FILE:{realm.keytab()}",
                    "KRB5RCACHEDIR": str(directory),
                    "REALM_DIRECTORY": str(directory),
                }
                sys.exit(subprocess.call(arguments, env={**os.environ, **environment}))
        except NotStarted as problem:
            sys.exit(f"the realm could not be started: {problem}")


if __name__ == "__main__":
    main(sys.argv[1:])
