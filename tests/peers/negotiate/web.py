"""HTTP with "Authorization: Negotiate": servers and clients, ours and others'."""

import base64
import http.client
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import time

from kerberos.mit_realm import HOPS, tool
from kerberos.processes import NotStarted, Server, end_with_parent, free_port
from kerberos.sample_cases import sample, settings

SECONDS = 15
NOBODY = 65534
MODULES = pathlib.Path("/usr/lib/apache2/modules")
TARGET = f"HTTP/{HOPS}"


def become_nobody():
    """In a server's process. Who changes its user is no longer told of its parent's end."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
        end_with_parent()


def programs():
    """What is needed, or ImportError: the runner tells of it."""
    for name, found in (("curl", shutil.which("curl")),
                        ("mod_auth_gssapi", (MODULES / "mod_auth_gssapi.so").exists())):
        if not found:
            raise ImportError(f"{name} is not installed")


programs()


class _Web:
    """A server on a port of its own; `user` is the last one that it let in."""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.stop()

    def let_in(self, name):
        """The last one that it let in is this one; a server may write that down later."""
        end = time.monotonic() + 5
        while not (self.user() or "").lower().endswith(name.lower()):
            assert time.monotonic() < end, f"{self.user()} was let in, not {name}"
            time.sleep(0.01)

    def log(self):
        return self.said.read_text(encoding="utf-8", errors="replace")


class Sample(_Web):
    """Our sample, examples/http-server. It offers Negotiate, then NTLM."""

    implementation = "http-server"

    def __init__(self, pair, place, *options):
        program = os.environ.get("SECUR32_HTTP_SERVER") or sample("http-server")
        self.said = pair.directory / f"http{len(list(pair.directory.iterdir()))}.log"
        self.server = Server([program, *options], self.said, settings(place))
        self.server.until(lambda: self._port(), "the server's port")
        self.port = int(self._port()[1])

    def _port(self):
        return re.search(r"port (\d+)", self.log())

    def user(self):
        found = re.findall(r"^logged on: (.*)$", self.log(), re.MULTILINE)
        return found[-1].strip('"') if found else None

    def refusal(self):
        return re.findall(r"SEC_E_\w+", self.log())


class Apache(_Web):
    """Apache with mod_auth_gssapi. It will not be root, so that its files lie apart."""

    implementation = "apache"
    MODULES = ("mpm_event", "dir", "authn_core", "authz_core", "authz_user", "auth_gssapi")

    def __init__(self, pair, place, mechanisms=("krb5", "ntlmssp")):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="secur32-apache-"))
        self.said = self.directory / "users"
        try:
            self._write(pair, place, mechanisms)
            self.server = Server([tool("apache2"), "-X", "-f", str(self.directory / "conf")],
                                 self.directory / "out", settings(self.place),
                                 before=become_nobody)
            self.server.until_listening([self.port])
        except NotStarted as problem:
            errors = self.directory / "errors"
            said = errors.read_text() if errors.exists() else ""
            shutil.rmtree(self.directory)
            raise NotStarted(f"{problem}\n{said}") from None

    def _write(self, pair, place, mechanisms):
        own = self.directory
        self.place = place.but(directory=own, config=own / "krb5.conf",
                               accounts=str(own / "accounts"), keytab=f"FILE:{own}/keytab")
        shutil.copy(pair.realm.krb5_conf, own / "krb5.conf")
        shutil.copy(place.keytab.removeprefix("FILE:"), own / "keytab")
        shutil.copy(place.accounts, own / "accounts")
        (own / "www").mkdir()
        (own / "www" / "index.html").write_text("hello")
        self.port = free_port()
        modules = "".join(f"LoadModule {name}_module {MODULES}/mod_{name}.so\n"
                          for name in self.MODULES)
        allowed = "".join(f"  GssapiAllowedMech {name}\n" for name in mechanisms)
        (own / "conf").write_text(
            f"ServerRoot {own}\nServerName {HOPS}\nListen 127.0.0.1:{self.port}\n"
            f"PidFile {own}/pid\nDefaultRuntimeDir {own}\nErrorLog {own}/errors\n"
            f"LogLevel auth_gssapi:debug\n{modules}"
            f'DocumentRoot {own}/www\nLogFormat "%u %>s" users\nCustomLog {own}/users users\n'
            f"<Location />\n  AuthType GSSAPI\n  AuthName tests\n  GssapiConnectionBound On\n"
            f"{allowed}  Require valid-user\n</Location>\n"
        )
        for path in (own, *own.rglob("*")):
            if os.geteuid() == 0:
                os.chown(path, NOBODY, NOBODY)

    def user(self):
        found = re.findall(r"^(.*) 200$", self.log(), re.MULTILINE)
        return found[-1] if found else None

    def __exit__(self, *_):
        super().__exit__()
        shutil.rmtree(self.directory, ignore_errors=True)


# ---------------------------------------------------------------------------- clients


def tokens(lines):
    """The tokens of headers, in their order."""
    return [base64.b64decode(text) for text in re.findall(r"Negotiate (\S+)", lines)]


class Answer:
    """What a client got for its paths, and the tokens that went."""

    def __init__(self, codes, bodies, sent, received, connections=None):
        self.codes, self.bodies, self.connections = codes, bodies, connections
        self.sent, self.received = sent, received


def curl(web, place, *more, paths=("/",)):
    """curl has the place's default credentials only."""
    base = f"http://{HOPS}:{web.port}"
    done = subprocess.run(
        ["curl", "--disable", "--silent", "--show-error", "--noproxy", "*", "--verbose",
         "--negotiate", "--user", ":", "--resolve", f"{HOPS}:{web.port}:127.0.0.1",
         "--max-time", str(SECONDS), "--write-out", "\\n%{http_code} %{num_connects}\\n", *more,
         *(base + path for path in paths)],
        stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS + 5, check=False,
        env={**os.environ, **settings(place)},
    )
    trace = done.stderr.decode(errors="replace")
    assert done.returncode == 0, f"curl ended with {done.returncode}: {trace[-700:]}"
    told = re.findall(r"((?:.|\n)*?)\n(\d+) (\d+)\n", done.stdout.decode())
    assert len(told) == len(paths), f"curl printed {done.stdout!r}"
    return Answer(
        [int(code) for _, code, _ in told], [body for body, _, _ in told],
        tokens("".join(re.findall(r"^> Authorization: .*$", trace, re.MULTILINE))),
        tokens("".join(re.findall(r"^< WWW-Authenticate: .*$", trace, re.MULTILINE))),
        [int(new) for _, _, new in told],
    )


def http_client(web, place, status=0, user=None, password=None):
    """What our sample, examples/http-client, says."""
    command = [sample("http-client"), "--connect", "127.0.0.1"]
    environment = {**os.environ, **settings(place)}
    if user:
        command += ["--user", user]
        environment["SSPI_PASSWORD"] = password
    done = subprocess.run(
        [*command, f"http://{HOPS}:{web.port}/"], stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=SECONDS + 5,
        check=False, env=environment,
    )
    assert done.returncode == status, f"http-client ended with {done.returncode}:\n{done.stdout}"
    return done.stdout


def get(web, client, path="/"):
    """One request with the tokens of a `Side`, as often as the server wants."""
    connection = http.client.HTTPConnection("127.0.0.1", web.port, timeout=SECONDS)
    sent, received, token = [], [], client.step(None)
    while True:
        headers = {"Host": HOPS}
        if token:
            sent.append(token)
            headers["Authorization"] = "Negotiate " + base64.b64encode(token).decode()
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        body = response.read().decode()
        told = tokens(response.getheader("WWW-Authenticate") or "")
        received += told
        token = client.step(told[0]) if told and not client.complete else None
        if response.status != 401 or not token:
            connection.close()
            return Answer([response.status], [body], sent, received)
