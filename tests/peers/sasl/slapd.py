"""OpenLDAP's slapd, with SASL, on loopback and in a directory of its own."""

import os
import pathlib
import shutil

from kerberos.processes import NotStarted, Server, free_port, run

SUFFIX = "dc=mit,dc=test"


def program(name):
    found = shutil.which(name) or next(
        (path for path in (f"/usr/sbin/{name}", f"/usr/libexec/{name}") if os.path.exists(path)),
        None)
    if not found:
        raise NotStarted(f"{name} is not installed (Debian: slapd, libsasl2-modules-gssapi-mit)")
    return found


class Slapd:
    """A server that knows one realm. `properties` are its sasl-secprops."""

    def __init__(self, place, directory, host, realm, properties="none", most=None):
        self.directory = pathlib.Path(directory)
        self.place, self.host, self.realm = place, host, realm
        self.port = free_port()
        self.properties, self.most = properties, most

    def __enter__(self):
        self._write()
        variables = {k: v for k, v in self.place.variables().items() if v is not None}
        # Nothing of the machine's own SASL configuration.
        variables["SASL_CONF_PATH"] = str(self.directory)
        command = [program("slapd"), "-f", str(self.directory / "slapd.conf"),
                   "-h", f"ldap://127.0.0.1:{self.port}", "-d", "stats"]
        self.server = Server(command, self.directory / "slapd.log", variables)
        self.server.until_listening([self.port])
        return self

    def __exit__(self, *_):
        self.server.stop()

    def said(self):
        return (self.directory / "slapd.log").read_text(errors="replace")

    def _write(self):
        data = self.directory / "data"
        data.mkdir(parents=True, exist_ok=True)
        most = f",maxbufsize={self.most}" if self.most else ""
        (self.directory / "slapd.conf").write_text(
            "include /etc/ldap/schema/core.schema\n"
            "modulepath /usr/lib/ldap\nmoduleload back_mdb\n"
            f"pidfile {self.directory}/slapd.pid\n"
            f"sasl-host {self.host}\nsasl-realm {self.realm}\n"
            f"sasl-secprops {self.properties}{most}\n"
            "sasl-authz-policy to\n"
            f'authz-regexp "uid=([^,]+),cn={self.realm},cn=[^,]+,cn=auth" "uid=$1,{SUFFIX}"\n'
            f'authz-regexp "uid=([^,]+),cn=[^,]+,cn=auth" "uid=$1,{SUFFIX}"\n'
            "access to attrs=authzTo by * auth\naccess to * by users read by * none\n"
            f'database mdb\nsuffix "{SUFFIX}"\ndirectory {data}\nmaxsize 16777216\n'
        )
        big = "x" * 60000
        entries = (
            f"dn: {SUFFIX}\nobjectClass: dcObject\nobjectClass: organization\ndc: mit\no: MIT\n\n"
            f"dn: uid=alice,{SUFFIX}\nobjectClass: account\nobjectClass: simpleSecurityObject\n"
            f"objectClass: extensibleObject\nuid: alice\nuserPassword: none\n"
            f"authzTo: dn.exact:uid=bob,{SUFFIX}\ndescription: {big}\n\n"
            f"dn: uid=bob,{SUFFIX}\nobjectClass: account\nuid: bob\n"
        )
        (self.directory / "entries.ldif").write_text(entries)
        schema = pathlib.Path("/etc/ldap/schema/cosine.schema")
        conf = self.directory / "slapd.conf"
        conf.write_text(conf.read_text().replace(
            "core.schema\n", f"core.schema\ninclude {schema}\n", 1))
        run([program("slapadd"), "-f", str(conf), "-l", str(self.directory / "entries.ldif")])
