"""A server that acts as its clients, users of a Samba domain: what they may, no more, on one thread.

Accounts of this machine come from a passwd and a group of the case's own, in mounts of its own, and
from the table `[mapping] Users`.
"""

import os
import pathlib
import subprocess
import threading
from dataclasses import dataclass

import secur32
from kerberos import ours, samba_cases
from kerberos.pair import Pair, fails
from kerberos.party import Place
from kerberos.sample_cases import Running, sample, settings
from kerberos.samba_dc import CLONE_NEWNS, LIBC, MS_BIND, MS_PRIVATE, MS_REC, REALM, check

WORLD = samba_cases.__name__
CASES = []
SERVICE = f"svc/aes.ad.test@{REALM}"
ALICE, BOB = samba_cases.ALICE, samba_cases.BOB
UIDS = {"alice": 4711, "bob": 4712}
GROUPS = {"alice": [4711, 4801, 4802], "bob": [4712]}
PASSWD = """root:x:0:0:root:/root:/bin/sh
alice:x:4711:4711:Alice:/home/alice:/bin/sh
bob:x:4712:4712:Bob:/home/bob:/bin/sh
"""
GROUP = "root:x:0:\nalice:x:4711:\nbob:x:4712:\nstaff:x:4801:alice\nwine:x:4802:alice\n"
MAPPING = f"""[mapping]
Users = {{ "alice@{REALM}" = "alice", "bob@{REALM}" = "bob", "svcaes@{REALM}" = "root" }}
# The DC's own has an id for everybody.
[winbind]
Enabled = false
"""


def case(title):
    return lambda function: CASES.append((title, function))


@dataclass(frozen=True)
class Mapped(Place):
    """A place with a secur32.conf."""

    settings: str = "/dev/null"

    def variables(self):
        return {**super().variables(), "SECUR32_CONFIG": self.settings}


class Machine:
    """A pair whose server knows accounts of this machine, and files that clients touch."""

    def __init__(self, pair):
        self.pair = pair
        open_to_all(pair.directory)
        settings = pair.directory / "secur32.conf"
        # The server's own: clients cannot read it.
        settings.write_text(MAPPING)
        settings.chmod(0o600)
        self.server_place = Mapped(
            pair.directory, pair.realm.krb5_conf, keytab=f"FILE:{pair.realm.keytab()}",
            settings=str(settings),
        )
        self.accounts()
        self.hers = pair.directory / "hers"

    def accounts(self):
        check(LIBC.unshare(CLONE_NEWNS), "unshare")
        check(LIBC.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None), "mount --make-rprivate /")
        for name, text in (("passwd", PASSWD), ("group", GROUP)):
            path = self.pair.directory / name
            path.write_text(text)
            check(LIBC.mount(str(path).encode(), f"/etc/{name}".encode(), None, MS_BIND, None),
                  f"mount --bind {path}")

    def logged_on(self, user, **options):
        """The server's context with this client."""
        session = self.pair.meet(SERVICE, client_options={"user": user},
                                 server_place=self.server_place, **options)
        return session.server

    def acting(self, server):
        return Acting(server)


def open_to_all(directory):
    """Every user may put files there; the way to it can be gone, and not looked around on."""
    directory.chmod(0o777)
    directory.parent.chmod(0o711)


class Acting:
    """The calling thread as a client, in the server's surroundings."""

    def __init__(self, server):
        self.server = server

    def __enter__(self):
        with self.server.own():
            self.block = self.server.context.impersonating()
            self.block.__enter__()

    def __exit__(self, *error):
        self.block.__exit__(None, None, None)


def identity():
    """What the kernel says of the calling thread: users, groups, others, capabilities in force."""
    lines = pathlib.Path("/proc/thread-self/status").read_text().splitlines()
    fields = dict(line.split(":\t", 1) for line in lines if ":\t" in line)
    numbers = lambda name: [int(word) for word in fields[name].split()]  # noqa: E731
    return numbers("Uid"), numbers("Gid"), numbers("Groups"), int(fields["CapEff"], 16)


def refused(path):
    try:
        path.read_bytes()
    except PermissionError:
        return True
    return False


@case("files are made, read and refused as the client's")
def files(machine):
    before = identity()
    alice, bob = machine.logged_on(ALICE), machine.logged_on(BOB)
    hers = machine.hers
    with machine.acting(alice):
        assert identity() == ([0, 4711, 0, 4711], [0, 4711, 0, 4711], GROUPS["alice"], 0), identity()
        hers.write_text("for alice alone")
        hers.chmod(0o600)
        assert refused(pathlib.Path("/etc/shadow")) and refused(machine.pair.directory / "secur32.conf")
    made = hers.stat()
    assert (made.st_uid, made.st_gid) == (4711, 4711), made
    with machine.acting(bob):
        assert identity()[0][1] == 4712 and identity()[2] == GROUPS["bob"]
        assert refused(hers)
        # From one client to the next, and back to none by one revert.
        with machine.acting(alice):
            assert hers.read_text() == "for alice alone"
        assert identity() == before
    assert identity() == before and not refused(hers)


@case("a file for a group of the client's")
def by_group(machine):
    shared = machine.pair.directory / "shared"
    shared.write_text("for the wine tasters")
    os.chown(shared, 0, 4802)
    shared.chmod(0o640)
    alice, bob = machine.logged_on(ALICE), machine.logged_on(BOB)
    with machine.acting(alice):
        assert shared.read_text() == "for the wine tasters"
    with machine.acting(bob):
        assert refused(shared)


@case("each thread is its own client, and the others are the server")
def threads(machine):
    servers = {user.name: machine.logged_on(user) for user in (ALICE, BOB)}
    for server in servers.values():
        with machine.acting(server):
            pass
    with machine.acting(servers["alice"]):
        machine.hers.write_text("for alice alone")
        machine.hers.chmod(0o600)
    before, wrong = identity(), []

    def client(name):
        context = servers[name].context
        for _ in range(200):
            with context.impersonating():
                if identity()[0][1] != UIDS[name] or refused(machine.hers) != (name == "bob"):
                    wrong.append(name)
            if identity() != before:
                wrong.append(f"after {name}")

    def server():
        for _ in range(200):
            if identity() != before or refused(machine.hers):
                wrong.append("the server")

    running = [threading.Thread(target=client, args=(name,)) for name in ("alice", "bob") * 2]
    running += [threading.Thread(target=server) for _ in range(2)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    assert not wrong, wrong


@case("whom nobody may act as: root, accounts that are not there, clients to be identified only")
def refusals(machine):
    before = identity()
    for user in ("svcaes", "svcold"):
        server = machine.logged_on(samba_cases.User(user, samba_cases.USERS[user], realm=REALM))
        with fails("server", "SEC_E_NO_IMPERSONATION"):
            with machine.acting(server):
                pass
        assert identity() == before
    server = machine.pair.server(place=machine.server_place)
    client = machine.pair.client(SERVICE, user=ALICE)
    client.context.request |= secur32.ISC_IDENTIFY
    machine.pair.join(client, server)
    with fails("server", "SEC_E_NO_IMPERSONATION"):
        with machine.acting(server):
            pass
    assert identity() == before


@case("a handshake goes on as the server on a thread that acts as a client")
def handshake(machine):
    alice = machine.logged_on(ALICE)
    keytab = pathlib.Path(machine.pair.realm.keytab())
    with machine.acting(alice):
        assert refused(keytab)
        bob = machine.logged_on(BOB)
        assert identity()[0][1] == 4711
        assert bob.client_name() == BOB.principal
    with machine.acting(bob):
        assert identity()[0][1] == 4712


class Files:
    """The sample file-server, and its clients."""

    def __init__(self, machine, clients):
        self.pair = machine.pair
        self.folder = self.pair.directory / "files"
        self.folder.mkdir()
        self.folder.chmod(0o1777)
        self.places = {user.name: self.pair.client_place(user) for user in (ALICE, BOB)}
        command = [sample("file-server"), "--package", "Kerberos", "--wait", "20",
                   "--count", str(clients), str(self.folder)]
        self.server = Running(self.pair, command, place=machine.server_place)

    def ask(self, user, *words, text=None):
        """What the client is told, or None when it is refused."""
        done = subprocess.run(
            [sample("file-client"), "--package", "Kerberos", "--port", str(self.server.port),
             "--target", f"svc/aes.ad.test@{REALM}", *words],
            input=text, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False,
            timeout=20, env={**os.environ, **settings(self.places[user])},
        )
        if done.returncode == 0:
            return done.stdout
        assert done.returncode == 1 and "the server says" in done.stderr, done.stderr
        return None


@case("the sample file-server gives each client what it may have")
def file_server(machine):
    files = Files(machine, 9)
    (files.folder / "public").write_text("for all\n" * 1000)
    (files.folder / "secret").write_text("for the server")
    (files.folder / "secret").chmod(0o600)
    with files.server:
        assert files.ask("alice", "who") == "uid 4711 gid 4711, 3 groups\n"
        assert files.ask("bob", "get", "public") == "for all\n" * 1000
        assert files.ask("alice", "get", "secret") is None
        assert files.ask("alice", "put", "hers", text="mine " * 1000) == ""
        made = (files.folder / "hers").stat()
        assert (made.st_uid, made.st_gid, made.st_mode & 0o777) == (4711, 4711, 0o600), made
        assert files.ask("alice", "get", "hers") == "mine " * 1000
        assert files.ask("bob", "get", "hers") is None
        assert files.ask("bob", "put", "hers", text="his") is None
        assert sorted(files.ask("bob", "list").split()) == ["hers", "public", "secret"]
        assert files.ask("alice", "get", "../secur32.conf") is None
        said = files.server.ends_with(0)
    assert "Permission denied" in said, said


def cases(among_peers):
    if among_peers:
        return
    for title, function in CASES:
        def run(directory, function=function):
            samba_cases.World.dc.enter()
            pair = Pair(samba_cases.World.dc, directory, ours.Client, ours.Server)
            function(Machine(pair))
            pair.close()

        yield f"In a Samba domain, a server acts as its clients: {title}", run
