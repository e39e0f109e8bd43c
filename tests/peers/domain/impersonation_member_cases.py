"""A server on a computer that has joined a Samba domain acts as its clients: their accounts are the
domain's, by nsswitch and winbindd, and nothing is configured."""

import os

from kerberos import ours
from kerberos.mit_realm import User
from kerberos.pair import Pair, fails
from kerberos.samba_dc import DNS, MEMBER, REALM
from kerberos.samba_people import UNIX, USERS

from . import member_cases
from .impersonation_cases import ALICE, BOB, Acting, identity, open_to_all, refused

WORLD = member_cases.__name__
CASES = []
SERVICE = f"HTTP/{MEMBER}.{DNS}@{REALM}"


def case(title):
    return lambda function: CASES.append((title, function))


def logged_on(pair, user):
    return pair.meet(SERVICE, client_options={"user": user}).server


@case("files are the client's, by the ids and groups that the directory gives")
def files(pair):
    open_to_all(pair.directory)
    before = identity()
    (alice_id, group), (bob_id, _) = UNIX["alice"], UNIX["bob"]
    alice, bob = logged_on(pair, ALICE), logged_on(pair, BOB)
    hers, shared = pair.directory / "hers", pair.directory / "shared"
    shared.write_text("for readers")
    os.chown(shared, 0, 20001)
    shared.chmod(0o640)
    with Acting(alice):
        hers.write_text("for alice alone")
        hers.chmod(0o600)
        assert identity()[2] == [20001, 20002, 20003, group], identity()
        assert shared.read_text() == "for readers"
    made = hers.stat()
    assert (made.st_uid, made.st_gid) == (alice_id, group), made
    with Acting(bob):
        assert identity()[0][1] == bob_id
        assert refused(hers) and refused(shared)
    assert identity() == before


@case("whom the directory gives no ids nobody can act as")
def without_ids(pair):
    before = identity()
    server = logged_on(pair, User("svcaes", USERS["svcaes"], realm=REALM))
    with fails("server", "SEC_E_NO_IMPERSONATION"):
        with Acting(server):
            pass
    assert identity() == before


def cases(among_peers):
    if among_peers:
        return
    for title, function in CASES:
        def run(directory, function=function):
            member_cases.World.member.enter()
            pair = Pair(member_cases.World.member, directory, ours.Client, ours.Server)
            function(pair)
            pair.close()

        yield f"On a member of a Samba domain, a server acts as its clients: {title}", run
