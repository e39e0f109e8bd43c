"""curl against the web server of the samples: NTLM over HTTP, with a client of real life."""

import base64
import os
import pathlib
import re
import select
import shutil
import subprocess
import time

from party import Stage
from stage import ACCOUNTS, ALICE, BOB, LONG, NOBODY

if not shutil.which("curl"):
    raise ImportError("curl is not installed")

CASES = []
CURL_SECONDS = 15


def case(title):
    def register(function):
        def run(directory):
            with Server(directory) as server:
                function(server)

        CASES.append((f"curl -> http-server: {title}", run))
        return function

    return register


def server_path():
    root = pathlib.Path(__file__).resolve().parents[2]
    return os.environ.get("SECUR32_HTTP_SERVER") or str(root / "build/examples/http-server")


class Server:
    """The sample server on a free port, with the accounts of the tests."""

    def __init__(self, directory):
        stage = Stage(directory, ACCOUNTS)
        environment = dict(
            os.environ,
            NTLM_USER_FILE=stage.user_file(ACCOUNTS),
            SECUR32_CONFIG=stage.write(""),
        )
        self.directory = directory
        self.said = open(directory / "server.log", "w+", encoding="utf-8")
        self.process = subprocess.Popen(
            [server_path(), "--package", "NTLM", "--timeout", "10"], env=environment, stdout=subprocess.PIPE,
            stderr=self.said, text=True,
        )
        ready, _, _ = select.select([self.process.stdout], [], [], 10)
        line = self.process.stdout.readline() if ready else ""
        found = re.search(r"port (\d+)", line)
        assert found, f"the server does not say its port: {line!r}, {self.log()}"
        self.url = f"http://127.0.0.1:{found[1]}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(10)
        self.process.stdout.close()
        self.said.close()

    def log(self):
        return (self.directory / "server.log").read_text(encoding="utf-8")

    def refusal(self):
        """The status that the server complained of."""
        end = time.monotonic() + 5
        while not (found := re.findall(r"SEC_E_\w+", self.log())):
            assert time.monotonic() < end, f"no complaint in {self.log()!r}"
            time.sleep(0.02)
        return found[0]

    def curl(self, account, *more, paths=("/",)):
        """What curl got: for every path (status, number of new connections, body)."""
        config = self.directory / "curlrc"
        lines = ["ntlm"] if "--anyauth" not in more else []
        if account:
            name = f"{account.domain}\\{account.user}" if account.domain else account.user
            quoted = f"{name}:{account.password}".replace("\\", "\\\\").replace('"', '\\"')
            lines.append(f'user = "{quoted}"')
        config.write_text("\n".join(lines) + "\n", encoding="utf-8")
        done = subprocess.run(
            ["curl", "--disable", "--silent", "--show-error", "--noproxy", "*", "--verbose",
             "--max-time", str(CURL_SECONDS), "--config", str(config),
             "--write-out", "\\n%{http_code} %{num_connects}\\n", *more,
             *(self.url + path for path in paths)],
            stdin=subprocess.DEVNULL, capture_output=True, timeout=CURL_SECONDS + 5, check=False,
        )
        self.trace = done.stderr.decode(errors="replace")
        assert done.returncode == 0, f"curl ended with {done.returncode}: {self.trace[-500:]}"
        answers = re.findall(r"(.*)\n\n(\d+) (\d+)\n", done.stdout.decode())
        assert len(answers) == len(paths), f"curl printed {done.stdout!r}"
        return [(int(code), int(new), body) for body, code, new in answers]

    def sent_tokens(self):
        """The NTLM messages that curl sent, of its trace."""
        found = re.findall(r"> Authorization: NTLM (\S+)", self.trace)
        return [base64.b64decode(token) for token in found]


@case("right password; curl's 32-byte NEGOTIATE is understood")
def right_password(server):
    [(code, new, body)] = server.curl(ALICE)
    assert (code, new, body) == (200, 1, "hello PEERS\\alice, by NTLM"), (code, new, body)
    negotiate, authenticate = server.sent_tokens()
    assert len(negotiate) == 32, f"curl's NEGOTIATE has {len(negotiate)} bytes"
    assert authenticate[8] == 3


@case("other accounts: without a domain, in other case, with a long password")
def other_accounts(server):
    for account, user in (
        (BOB, "PEERS\\Bob"),
        (LONG, "PEERS\\longwinded"),
        (type(ALICE)("", "alice", ALICE.password), "alice"),
        (type(ALICE)("peers", "ALICE", ALICE.password), "alice"),
    ):
        [(code, _, body)] = server.curl(account)
        assert code == 200 and user.lower() in body.lower(), f"{account}: {code} {body}"


@case("wrong password: 401, SEC_E_LOGON_DENIED")
def wrong_password(server):
    [(code, _, body)] = server.curl(ALICE.with_password("Wonder-land-8"))
    assert code == 401 and "hello" not in body, (code, body)
    assert server.refusal() == "SEC_E_LOGON_DENIED"


@case("unknown user: 401, SEC_E_LOGON_DENIED")
def unknown_user(server):
    [(code, _, _)] = server.curl(NOBODY)
    assert code == 401
    assert server.refusal() == "SEC_E_LOGON_DENIED"


@case("no credentials: 401 and an offer")
def no_credentials(server):
    [(code, _, _)] = server.curl(None, "--anyauth")
    assert code == 401
    assert "< WWW-Authenticate: NTLM" in server.trace


@case("the method is chosen after the server's offer")
def any_method(server):
    [(code, _, body)] = server.curl(ALICE, "--anyauth")
    assert code == 200 and "by NTLM" in body, (code, body)


@case("keep-alive: one handshake for three requests")
def keep_alive(server):
    answers = server.curl(ALICE, paths=("/a", "/b", "/c"))
    assert [code for code, _, _ in answers] == [200, 200, 200], answers
    assert [new for _, new, _ in answers] == [1, 0, 0], f"new connections: {answers}"
    assert len(server.sent_tokens()) == 2, "more than one handshake"


@case("each connection has its own user, or none")
def two_connections(server):
    [(first, _, one)] = server.curl(ALICE)
    [(second, _, two)] = server.curl(BOB)
    assert (first, second) == (200, 200)
    assert "alice" in one and "Bob" in two
    [(code, _, _)] = server.curl(None)
    assert code == 401, "a new connection came in without a handshake"


@case("POST with a small and a large body")
def post(server):
    for size in (11, 200_000):
        body = server.directory / "body"
        body.write_bytes(b"x" * size)
        [(code, _, text)] = server.curl(ALICE, "--data-binary", f"@{body}")
        assert code == 200 and "hello" in text, (size, code, text)


@case("POST with a wrong password")
def post_refused(server):
    [(code, _, _)] = server.curl(ALICE.with_password("x"), "--data", "a=b")
    assert code == 401
    assert server.refusal() == "SEC_E_LOGON_DENIED"


@case("HEAD")
def head(server):
    done = server.curl(ALICE, "--head", paths=("/",))
    assert done[0][0] == 200, done
