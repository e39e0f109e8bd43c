"""Which account of a member of a Samba domain a client is: the directory's, by its SID, and not that
of a namesake; what the administrator writes stands above. What a thread that acts as a client is
called."""

import os
import pathlib

from kerberos import ours
from kerberos.pair import Pair, fails
from kerberos.samba_dc import CLONE_NEWNS, DNS, LIBC, MEMBER, MS_PRIVATE, MS_REC, REALM, WORKGROUP, check
from kerberos.samba_people import UNIX
from names import calls

from . import member_cases
from .impersonation_cases import ALICE, BOB, Acting, Mapped, identity
from .member import bind

WORLD = member_cases.__name__
CASES = []
SERVICE = f"HTTP/{MEMBER}.{DNS}@{REALM}"
# Accounts of the computer's own, with names that the domain has too.
NAMESAKE, WRITTEN = 4711, 4712
PASSWD = f"""root:x:0:0:root:/root:/bin/sh
daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
alice:x:{NAMESAKE}:{NAMESAKE}:Not Alice:/home/alice:/bin/sh
written:x:{WRITTEN}:{WRITTEN}:Written Down:/home/written:/bin/sh
"""


def case(title):
    return lambda function: CASES.append((title, function))


class Machine:
    """A server on the member, with the namesakes, and settings of the case's."""

    def __init__(self, pair):
        self.pair = pair
        self.places = 0
        check(LIBC.unshare(CLONE_NEWNS), "unshare")
        check(LIBC.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None), "mount --make-rprivate /")
        passwd = pair.directory / "passwd"
        passwd.write_text(PASSWD)
        bind(passwd, "/etc/passwd")

    def place(self, settings="", names=""):
        """Where a server is: a secur32.conf, and what krb5.conf says of names."""
        self.places += 1
        paths = [self.pair.directory / f"{name}{self.places}" for name in ("secur32", "krb5")]
        paths[0].write_text(settings)
        paths[1].write_text(f"{self.pair.realm.krb5_conf.read_text()}\n[realms]\n {REALM} = {{\n{names} }}\n")
        return Mapped(self.pair.directory, paths[1], keytab=f"FILE:{self.pair.realm.keytab()}",
                      settings=str(paths[0]))

    def logged_on(self, user=ALICE, **place):
        """The server's context with a client."""
        return self.pair.meet(SERVICE, client_options={"user": user},
                              server_place=self.place(**place)).server

    def uid(self, user=ALICE, **place):
        with Acting(self.logged_on(user, **place)):
            return identity()[0][1]

    def nobody(self, word, user=ALICE, **place):
        """The client has no account, for this reason."""
        before = identity()
        server = self.logged_on(user, **place)
        with fails("server", "SEC_E_NO_IMPERSONATION"):
            with Acting(server):
                pass
        told = calls.story()
        assert word in told, told
        assert identity() == before


@case("by the SID of the ticket, and not by its name")
def by_sid(machine):
    assert machine.uid() == UNIX["alice"][0]
    assert machine.uid(BOB) == UNIX["bob"][0]


@case("what the administrator writes stands above the SID")
def written(machine):
    for key in (f"alice@{REALM}", f"{WORKGROUP}\\alice", f"{WORKGROUP.lower()}\\ALICE"):
        settings = f"[mapping]\nUsers = {{ '{key}' = 'written' }}\n"
        assert machine.uid(settings=settings) == WRITTEN, key
    names = "  auth_to_local_names = {\n   alice = written\n  }\n"
    assert machine.uid(names=names) == WRITTEN
    rule = f"  auth_to_local = RULE:[1:$1@$0](alice@{REALM})s/.*/written/\n  auth_to_local = DEFAULT\n"
    assert machine.uid(names=rule) == WRITTEN
    assert machine.uid(BOB, names=rule) == UNIX["bob"][0], "DEFAULT does not stand above the SID"


@case("nobody becomes the system or root by a rule")
def system(machine):
    rule = "  auth_to_local = RULE:[1:$1]s/.*/{}/\n"
    machine.nobody("MinUid", names=rule.format("daemon"))
    machine.nobody("AllowRoot", names=rule.format("root"))
    machine.nobody("AllowRoot", settings=f"[mapping]\nUsers = {{ 'alice@{REALM}' = 'root' }}\n")
    machine.nobody("no such account", settings=f"[mapping]\nUsers = {{ 'alice@{REALM}' = 'gone' }}\n")


@case("no client is its namesake because winbindd is silent")
def silent(machine):
    nothing = machine.pair.directory / "nothing"
    nothing.mkdir()
    # winbindd is gone for this process, and its nsswitch.
    bind(nothing, "/run/samba/winbindd")
    demanded = "[winbind]\nEnabled = true\nTimeout = 5\n"
    machine.nobody("winbindd cannot be asked", settings=demanded)
    assert machine.uid(settings=f"{demanded}[mapping]\nUsers = {{ 'alice@{REALM}' = 'written' }}\n") == WRITTEN


@case("a thread that acts as a client has the client's names, by the directory too")
def names(machine):
    conf = (f'[machine]\nNetbiosComputerName = "{MEMBER.upper()}"\nNetbiosDomainName = "{WORKGROUP}"\n'
            f'DnsDomainName = "{DNS}"\n')
    server = machine.logged_on(settings=conf)
    with server.own():
        before = calls.user_name(calls.SAM)
        assert before == f"{WORKGROUP}\\root", before
        with server.context.impersonating():
            assert os.geteuid() == UNIX["alice"][0] or identity()[0][1] == UNIX["alice"][0]
            assert calls.user_name(calls.SAM) == f"{WORKGROUP}\\alice"
            assert calls.user_name(calls.UPN).lower() == f"alice@{DNS}"
            assert calls.user_name(calls.DNS_DOMAIN) == f"{DNS}\\alice"
            # The computer's account asks for her: she let nobody go on in her name.
            dn = calls.user_name(calls.DN)
            assert dn.lower().startswith("cn=alice,"), dn
            assert calls.computer_name(calls.SAM) == f"{WORKGROUP}\\{MEMBER.upper()}$"
        assert calls.user_name(calls.SAM) == before


def cases(among_peers):
    if among_peers:
        return
    for title, function in CASES:
        def run(directory, function=function):
            member_cases.World.member.enter()
            pair = Pair(member_cases.World.member, pathlib.Path(directory), ours.Client, ours.Server)
            function(Machine(pair))
            pair.close()

        yield f"On a member of a Samba domain, a client's account: {title}", run
