"""A throw-away MIT realm whose KDC keeps its principals in LDAP, on loopback and a Unix socket.

MIT's plain data base refuses S4U2Proxy whatever is asked; with the LDAP back end a service may go
on to those that `krbAllowedToDelegateTo` lists. No root is needed.
"""

import gzip
import pathlib
import shutil
from urllib.parse import quote

from kerberos.mit_realm import SBIN, User
from kerberos.processes import NotStarted, Server, free_port, listens, run

REALM, DOMAIN = "LDAP.TEST", "ldap.test"
SUFFIX, PASSWORD = "dc=ldap,dc=test", "only-for-this-run"
ADMIN = f"cn=admin,{SUFFIX}"
SCHEMA = pathlib.Path("/usr/share/doc/krb5-kdc-ldap/kerberos.schema.gz")

ALICE = User("alice", "Wonder-land-7", realm=REALM)
# Whose tickets nobody may go on with.
GUARDED = User("guarded", "Guard-ed-9", "-allow_forwardable", realm=REALM)

# Goes on in the name of whomever it says (protocol transition), and in that of its clients.
TRANSITION = f"svc/front.{DOMAIN}"
# Goes on in the name of its clients alone.
CLIENTS_ONLY = f"svc/plain.{DOMAIN}"
# Goes nowhere.
NOWHERE = f"svc/nowhere.{DOMAIN}"
# To which the first two go on; and one to which nobody does.
BACK, ELSEWHERE = f"svc/back.{DOMAIN}", f"svc/elsewhere.{DOMAIN}"
SERVICES = (TRANSITION, CLIENTS_ONLY, NOWHERE, BACK, ELSEWHERE)


def program(name):
    found = shutil.which(name) or next(
        (str(p) for p in (pathlib.Path(d) / name for d in SBIN) if p.exists()), None
    )
    if not found:
        packages = "krb5-kdc, krb5-kdc-ldap, slapd, ldap-utils"
        raise NotStarted(f"{name} is not installed (Debian: {packages})")
    return found


class LdapRealm:
    """The realm, once `start` has returned."""

    def __init__(self, directory):
        self.directory = pathlib.Path(directory)
        self.servers = []
        self.port = free_port()

    # -- what cases use

    @property
    def krb5_conf(self):
        return self.directory / "krb5.conf"

    def keytab(self, name="services"):
        """All services' keys; or those of one service, by its host's first name."""
        return self.directory / f"{name}.keytab"

    def config(self, path, libdefaults=None):
        settings = {
            "default_realm": REALM, "dns_lookup_kdc": "false", "dns_lookup_realm": "false",
            "dns_canonicalize_hostname": "false", "rdns": "false", "forwardable": "true",
            **(libdefaults or {}),
        }
        lines = "\n".join(f"  {name} = {value}" for name, value in settings.items())
        path = pathlib.Path(path)
        path.write_text(
            f"[libdefaults]\n{lines}\n[realms]\n  {REALM} = {{\n    kdc = 127.0.0.1:{self.port}\n"
            f"  }}\n[domain_realm]\n  .{DOMAIN} = {REALM}\n"
        )
        return path

    def log(self):
        return (self.directory / "kdc.log").read_text(errors="replace")

    # -- life

    def __enter__(self):
        try:
            self.directory.mkdir(parents=True)
            self.directory.chmod(0o700)
            self._start_slapd()
            self._create()
            self._start_kdc()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for server in reversed(self.servers):
            server.stop()
        self.servers = []

    @property
    def _socket(self):
        return self.directory / "ldapi"

    @property
    def _url(self):
        return f"ldapi://{quote(str(self._socket), safe='')}"

    def _environment(self):
        return {
            "KRB5_CONFIG": str(self.krb5_conf),
            "KRB5_KDC_PROFILE": str(self.directory / "kdc.conf"),
            "LDAPNOINIT": "1", "LC_ALL": "C",
        }

    def _start_slapd(self):
        d = self.directory
        if not SCHEMA.exists():
            raise NotStarted(f"{SCHEMA} is not there (Debian: krb5-kdc-ldap)")
        (d / "kerberos.schema").write_bytes(gzip.decompress(SCHEMA.read_bytes()))
        (d / "data").mkdir()
        (d / "slapd.conf").write_text(
            "include /etc/ldap/schema/core.schema\ninclude /etc/ldap/schema/cosine.schema\n"
            f"include {d}/kerberos.schema\nmodulepath /usr/lib/ldap\nmoduleload back_mdb\n"
            f"pidfile {d}/slapd.pid\ndatabase mdb\nsuffix {SUFFIX}\ndirectory {d}/data\n"
            f"maxsize 16777216\ndbnosync\nrootdn {ADMIN}\nrootpw {PASSWORD}\naccess to * by * none\n"
        )
        (d / "suffix.ldif").write_text(
            f"dn: {SUFFIX}\nobjectClass: dcObject\nobjectClass: organization\no: test\ndc: ldap\n"
        )
        run([program("slapadd"), "-f", f"{d}/slapd.conf", "-l", f"{d}/suffix.ldif"])
        server = Server([program("slapd"), "-f", f"{d}/slapd.conf", "-h", self._url, "-d", "0"],
                        d / "slapd.log")
        self.servers.append(server)
        server.until(lambda: listens(self._socket), "its socket")

    def _create(self):
        d = self.directory
        self.config(self.krb5_conf)
        (d / "kdc.conf").write_text(f"""[kdcdefaults]
  kdc_listen = 127.0.0.1:{self.port}
  kdc_tcp_listen = 127.0.0.1:{self.port}
[realms]
  {REALM} = {{
    database_module = ldap
    key_stash_file = {d}/stash
    supported_enctypes = aes256-sha1:normal aes128-sha1:normal
    max_life = 10h
    kdc_listen = 127.0.0.1:{self.port}
    kdc_tcp_listen = 127.0.0.1:{self.port}
  }}
[dbmodules]
  ldap = {{
    db_library = kldap
    disable_last_success = true
    disable_lockout = true
    ldap_kerberos_container_dn = cn=krb,{SUFFIX}
    ldap_kdc_dn = {ADMIN}
    ldap_kadmind_dn = {ADMIN}
    ldap_service_password_file = {d}/ldap.password
    ldap_servers = {self._url}
    ldap_conns_per_server = 2
  }}
[logging]
  kdc = FILE:{d}/kdc.log
  default = FILE:{d}/krb5.log
""")
        own, environment = program("kdb5_ldap_util"), self._environment()
        run([own, "stashsrvpw", "-f", f"{d}/ldap.password", ADMIN], environment,
            f"{PASSWORD}\n{PASSWORD}\n")
        run([own, "-D", ADMIN, "-w", PASSWORD, "-H", self._url, "create", "-subtrees", SUFFIX,
             "-r", REALM, "-s", "-P", PASSWORD], environment)
        self._add_principals()
        self._may_go_on(TRANSITION, BACK)
        self._may_go_on(CLIENTS_ONLY, BACK)

    def _add_principals(self):
        # MIT lets only those go on whose own ticket was got with preauthentication.
        add = "addprinc +requires_preauth"
        commands = [f"{add} {u.options} -pw {u.password} {u.name}" for u in (ALICE, GUARDED)]
        for service in SERVICES:
            options = "+ok_to_auth_as_delegate" if service == TRANSITION else ""
            own = self.keytab(service.partition("/")[2].partition(".")[0])
            commands.append(f"{add} -randkey {options} {service}")
            commands += [f"ktadd -norandkey -k {file} {service}" for file in (self.keytab(), own)]
        said = run([program("kadmin.local"), "-r", REALM], self._environment(),
                   "".join(command + "\n" for command in commands))
        for line in said.splitlines():
            if any(word in line for word in ("rror", "ailed", "nvalid", "while", "usage:")):
                raise NotStarted(f"kadmin.local: {line}\n{said}")

    def _may_go_on(self, service, target):
        entry = f"krbPrincipalName={service}@{REALM},cn={REALM},cn=krb,{SUFFIX}"
        change = (f"dn: {entry}\nchangetype: modify\nadd: krbAllowedToDelegateTo\n"
                  f"krbAllowedToDelegateTo: {target}@{REALM}\n")
        run([program("ldapmodify"), "-x", "-D", ADMIN, "-w", PASSWORD, "-H", self._url],
            self._environment(), change)

    def _start_kdc(self):
        server = Server([program("krb5kdc"), "-n", "-r", REALM], self.directory / "krb5kdc.out",
                        self._environment())
        self.servers.append(server)
        server.until_listening([self.port], [self.port])
