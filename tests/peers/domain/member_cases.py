"""On a computer that has joined a Samba domain: its keytab, its accounts, its winbindd."""

import contextlib
import os
import pathlib
import pwd
import subprocess

from kerberos import mit, ours, samba_cases
from kerberos.lsa_cases import lsa, refused
from kerberos.pair import exchange, same_keys, sided
from kerberos.processes import NeedsRoot, NotStarted
from kerberos.samba_dc import DNS, MEMBER, REALM, WORKGROUP
from kerberos.samba_people import UNIX
from kerberos.sample_cases import settings
from negotiate.web import Sample
from secur32_lsa import LOGON_FAILURE, LsaError

from .member import Member
from .pair import Pair

INSIDE = samba_cases.__name__
CASES = []
ALICE = samba_cases.ALICE
HOST = f"{MEMBER}.{DNS}"


def case(title, client=ours, server=ours, portable=True):
    """`portable`: MIT's side can take the place of ours."""
    return lambda function: CASES.append((title, client, server, portable, function))


def all_roles(title):
    def register(function):
        for client, server in ((ours, ours), (ours, mit), (mit, ours)):
            CASES.append((title, client, server, server is not client, function))

    return register


@all_roles("the computer's keytab serves host, HTTP and cifs, by the long name and the short")
def machine_keytab(pair):
    for service in ("host", "HTTP", "cifs"):
        for host in (HOST, MEMBER):
            session = pair.meet(f"{service}/{host}@{REALM}", client_options={"user": ALICE})
            assert session.server.client_name() == ALICE.principal
            same_keys(session)
        exchange(session, sizes=(20,))


@case("the computer itself is a client, by its keytab", ours, mit)
def machine_as_client(pair):
    machine = f"FILE:{pair.realm.machine_keytab}"
    place = pair.place(cache=pair.fresh_cache())
    place.run("kinit", "-k", "-t", machine, f"{MEMBER.upper()}$@{REALM}")
    server_place = pair.server_place(pair.realm.services_keytab)
    session = pair.meet(f"svc/aes.{DNS}@{REALM}", place=place, server_place=server_place)
    assert session.server.client_name() == f"{MEMBER.upper()}$@{REALM}"
    exchange(session, sizes=(20,))


@case("interactive logons, which the computer's keytab believes", portable=False)
def logons(pair):
    with lsa(pair.server_place()) as calls:
        for name, domain in (
            ("alice", WORKGROUP), ("alice", REALM), ("Alice", DNS), (f"alice@{DNS}", ""),
        ):
            assert calls.log_on(name, domain, ALICE.password), f"{domain}\\{name}"
        for name in ("alice", "nobody-here"):
            with refused(LOGON_FAILURE):
                calls.log_on(name, WORKGROUP, "wrong")
    with lsa(pair.place()) as calls:
        try:
            raise AssertionError(calls.log_on("alice", WORKGROUP, ALICE.password))
        except LsaError as error:
            assert "prove" in str(error), error


@case("curl at our web server: Kerberos by the computer's keytab, NTLM by winbindd", portable=False)
def web_server(pair):
    with Sample(pair, pair.server_place()) as web:
        for arguments, place, by in (
            (("--negotiate", "--user", ":"), pair.client_place(ALICE), "Kerberos"),
            (("--ntlm", "--user", f"{WORKGROUP}\\alice:{ALICE.password}"), pair.place(), "NTLM"),
        ):
            code, body = curl(web, place, *arguments)
            assert code == 200 and body.endswith(f"by {by}"), f"{code} {body}\n{web.log()}"
            web.let_in("alice" if by == "NTLM" else ALICE.principal)
        for wrong in (f"{WORKGROUP}\\alice:Wonder-land-8", f"{WORKGROUP}\\nobody:x"):
            assert curl(web, pair.place(), "--ntlm", "--user", wrong)[0] == 401
        assert set(web.refusal()) == {"SEC_E_LOGON_DENIED"}, web.log()


def curl(web, place, *arguments):
    """Status and text of the page that curl got."""
    done = subprocess.run(
        ["curl", "--disable", "--silent", "--noproxy", "*", "--max-time", "15",
         "--write-out", "\n%{http_code}", "--resolve", f"{HOST}:{web.port}:127.0.0.1", *arguments,
         f"http://{HOST}:{web.port}/"],
        stdin=subprocess.DEVNULL, capture_output=True, timeout=20, check=True,
        env={**os.environ, **settings(place)},
    )
    body, _, code = done.stdout.decode().rpartition("\n")
    return int(code), body.strip()


@case("accounts of the domain are accounts here, where the directory gives them an id",
      portable=False)
def accounts(pair):
    uid, gid = UNIX["alice"]
    for name in (f"{WORKGROUP}\\alice", f"alice@{DNS}"):
        account = pwd.getpwnam(name)
        assert (account.pw_name, account.pw_uid, account.pw_gid) == (
            f"{WORKGROUP}\\alice", uid, gid), account
        # Herself, the group of all, and those that have an id: in two of them she is through others.
        assert sorted(os.getgrouplist(name, gid)) == [20001, 20002, 20003, gid]
    # Every user may ask, here root as her.
    said = pair.realm.inside(["setpriv", f"--reuid={uid}", f"--regid={gid}", "--clear-groups", "id"])
    assert f"uid={uid}({WORKGROUP}\\alice) gid={gid}({WORKGROUP}\\domain users)" in said, said
    for name in ("alice", f"{WORKGROUP}\\svcaes"):
        try:
            raise AssertionError(f"{name} has an account: {pwd.getpwnam(name)}")
        except KeyError:
            pass


class OnMember(Pair):
    """A domain controller gives no key for an answer to another computer's challenge."""

    computer = MEMBER.upper()


def cases(among_peers):
    for title, sides, function in sided(CASES, among_peers, ours, mit):
        def run(directory, function=function, sides=sides):
            World.member.enter()
            both = OnMember(World.member, directory, sides[0].Client, sides[1].Server)
            function(both)
            both.close()

        names = f"{sides[0].Client.implementation} -> {sides[1].Server.implementation}"
        yield f"On a member of a Samba domain, {names}: {title}", run


class World:
    """The computer, which is started once for all cases."""

    member = None


@contextlib.contextmanager
def world(root, prepared):
    """The computer, as long as cases run."""
    if os.geteuid() != 0:
        raise NeedsRoot("a member of a Samba domain needs root: namespaces")
    dc = samba_cases.World.dc
    if dc is None:
        raise NotStarted("there is no DC")
    with Member(dc, prepared, pathlib.Path(root) / "member") as World.member:
        yield
