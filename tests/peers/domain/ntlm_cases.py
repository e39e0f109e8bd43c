"""NTLM of a Samba domain's accounts, verified by winbindd: on the DC, and on a member."""

import contextlib
import os
import pathlib
import signal
import time

import party_pyspnego
import party_samba
import party_secur32
import secur32
from kerberos import samba_cases
from kerberos.samba_dc import DNS, HOST, MEMBER, REALM, WORKGROUP
from kerberos.samba_people import USERS
from pair import Pair, Session, exchange, refused, same_keys
from party import Account, Stage, Wish
from secur32_lsa import Lsa, LsaError

from . import member_cases, pac_cases
from .member import Member

WORLD = member_cases.__name__
CASES = []
DENIED, NO_AUTHORITY = "SEC_E_LOGON_DENIED", "SEC_E_NO_AUTHENTICATING_AUTHORITY"
RESTRICTED = 0xC000006E
MSV1_0 = "MICROSOFT_AUTHENTICATION_PACKAGE_V1_0"
# Of an account that may not log on: the status of LsaLogonUser, its SubStatus, and the log's word.
REFUSALS = {
    "locked": (RESTRICTED, 0xC0000072, "disabled"),
    "lockedout": (0xC0000234, 0, "locked out"),
    "expired": (0xC0000193, 0, "account has expired"),
    "stale": (RESTRICTED, 0xC0000071, "password has expired"),
    "mustchange": (0xC0000224, 0, "must be changed"),
    "offhours": (RESTRICTED, 0xC000006F, "may not log on now"),
    "elsewhere": (RESTRICTED, 0xC0000070, "from that machine"),
}
CLIENTS = (party_secur32, party_pyspnego, party_samba)


def account(user, password=None, domain=WORKGROUP):
    return Account(domain, user, USERS.get(user, "x") if password is None else password)


ALICE = account("alice")


class Server(party_secur32._Secur32):
    """Ours, without any accounts of its own."""

    role = "server"

    def __init__(self, stage, wish, _, config=""):
        super().__init__(stage, wish, None)
        self.variables["NETBIOS_COMPUTER_NAME"] = None
        self.variables["SECUR32_CONFIG"] = stage.write(config)
        flags = secur32.ASC_INTEGRITY | secur32.CONFIDENTIALITY
        self._start(lambda: secur32.Credential(secur32.INBOUND),
                    lambda own: secur32.Server(own, flags))


def everywhere(title):
    """On the DC, and on the member."""
    def register(function):
        for name, enter in (("the DC", lambda: samba_cases.World.dc.enter()),
                            ("a member", lambda: member_cases.World.member.enter())):
            CASES.append((f"on {name}: {title}", enter, function))

    return register


def on_a_member(title):
    enter = lambda: member_cases.World.member.enter()  # noqa: E731
    return lambda function: CASES.append((f"on a member: {title}", enter, function))


def pair_of(stage, client=party_secur32):
    return Pair(stage, client.Client, Server)


def log_on(stage, who, client=party_secur32, config="", wish=Wish()):
    with contextlib.closing(pair_of(stage, client)) as both:
        session = both.meet(wish, who, server_options={"config": config})
        same_keys(session)
        exchange(session, sizes=(1, 100))
        return session.server.client_name()


@everywhere("clients of three implementations; the domain's key protects messages")
def clients(stage, truth):
    for client in CLIENTS:
        assert log_on(stage, ALICE, client) == (WORKGROUP, "alice")
    # However the client writes who it is.
    for domain, user in ((WORKGROUP.lower(), "ALICE"), (DNS, "alice"), ("", "alice"),
                         ("", f"alice@{DNS}")):
        said = log_on(stage, account(user, ALICE.password, domain))
        assert said == (WORKGROUP, "alice"), f"{domain}\\{user} is {said}"


@everywhere("the client's SIDs and groups are those of the domain's database")
def sids(stage, truth):
    import secur32_token

    for user in ("alice", "bob"):
        with contextlib.closing(pair_of(stage)) as both:
            session = both.meet(Wish(), account(user))
            said = secur32_token.said_of(session.server.context)
        sid, groups = truth[user]
        assert said.user == sid, f"{said.user}, not {sid}"
        assert pac_cases.of_the_domain(said.groups, sid) == groups, (said.groups, groups)
        assert all(said.groups[group] & 7 == 7 for group in groups), said.groups
        assert (said.account, said.domain, said.package) == (user, WORKGROUP, "NTLM"), said
        assert said.logon_server.lower() == HOST and said.password_last_set > 0, said


@everywhere("each account that may not log on is refused for its own reason, by SSPI and by LSA")
def refusals(stage, truth):
    for user, (status, sub_status, word) in REFUSALS.items():
        told = refused_for(stage, account(user))
        assert word in told, f"{user}: {told}"
        assert lsa_status(stage, user, USERS[user]) == (status, sub_status), (
            user, [hex(number) for number in lsa_status(stage, user, USERS[user])])
    for who in (account("bob", "Build-er-9"), account("nobody-here"),
                account("alice", domain="NOWHERE"), account("bob", "")):
        refused_for(stage, who)
    assert lsa_status(stage, "bob", "Build-er-9") == (0xC000006D, 0)
    assert lsa_status(stage, "nobody-here", "x") == (0xC000006D, 0)


def refused_for(stage, who, status=DENIED, config=""):
    """The story of the refusal."""
    with contextlib.closing(pair_of(stage)) as both:
        try:
            both.meet(Wish(), who, server_options={"config": config})
        except Exception as refusal:
            assert getattr(refusal, "reason", None) == status, refusal
            return str(refusal)
    raise AssertionError(f"{who.user} was let in")


def lsa_status(stage, user, password, config="", package=MSV1_0, domain=WORKGROUP):
    os.environ["SECUR32_CONFIG"] = stage.write(config)
    os.environ.pop("NTLM_USER_FILE", None)
    with Lsa() as lsa:
        lsa.package = lsa.lookup(package)
        try:
            lsa.log_on(user, domain, password)
        except LsaError as refusal:
            return refusal.status, refusal.sub_status
    return 0, 0


@everywhere("the KDC says why, too, to LsaLogonUser of Kerberos")
def by_kerberos(stage, truth):
    os.environ["KRB5_CONFIG"] = str(samba_cases.World.dc.krb5_conf)
    asked = {"package": "Kerberos", "domain": REALM}
    wanted = {user: (status, sub) for user, (status, sub, _) in REFUSALS.items()}
    # Samba's KDC does not say which of the reasons for KDC_ERR_CLIENT_REVOKED it is, and asks for no
    # workstation.
    wanted["lockedout"] = (RESTRICTED, 0)
    del wanted["elsewhere"]
    said = {user: lsa_status(stage, user, USERS[user], **asked) for user in wanted}
    assert said == wanted, {
        user: [hex(number) for number in numbers] for user, numbers in said.items()}
    assert lsa_status(stage, "bob", "Build-er-9", **asked) == (0xC000006D, 0)


@everywhere("LsaLogonUser of MSV1_0 with a password; the session goes on as a client")
def lsa_logon(stage, truth):
    os.environ["SECUR32_CONFIG"] = stage.write("")
    os.environ.pop("NTLM_USER_FILE", None)
    with Lsa() as lsa:
        lsa.package = lsa.lookup(MSV1_0)
        logon = lsa.log_on("alice", WORKGROUP, ALICE.password)
        flags = secur32.ISC_INTEGRITY | secur32.CONFIDENTIALITY
        with secur32.Credential(secur32.OUTBOUND, logon=logon) as own:
            client, server = secur32.Client(own, None, flags), Server(stage, Wish(), ())
            token = server.step(client.step(None))
            server.step(client.step(token))
            assert server.client_name() == (WORKGROUP, "alice")
            client.close()
            server.close()


@everywhere("policy: domain accounts are not asked for; winbindd is not asked beside a file")
def policy(stage, truth):
    told = refused_for(stage, ALICE, config="[ntlm]\nRestrictReceivingNTLMTraffic = 1\n")
    assert "RestrictReceivingNTLMTraffic" in told, told
    users = stage.user_file([account("somebody")])
    beside = f"[ntlm]\nUserFile = '{users}'\n"
    refused_for(stage, ALICE, config=beside)
    assert log_on(stage, ALICE, config=f"{beside}[winbind]\nEnabled = true\n")[1] == "alice"
    refused_for(stage, ALICE, config="[winbind]\nEnabled = false\n")


@on_a_member("a challenge in another machine's name has no key")
def another_name(stage, truth):
    assert log_on(stage, ALICE, config=f"[machine]\nNetbiosComputerName = '{MEMBER}'\n")
    for name in ("NetbiosComputerName", "NetbiosDomainName"):
        refused_for(stage, ALICE, config=f"[machine]\n{name} = 'OTHER'\n")


@on_a_member("a process that winbindd does not trust is told so")
def unprivileged(stage, truth):
    secur32.default_library()
    os.setgroups([])
    os.setresgid(65534, 65534, 65534)
    os.setresuid(65534, 65534, 65534)
    # Nothing of the case's directory can be read any longer.
    stage.write = lambda _: "/dev/null"
    told = refused_for(stage, ALICE, NO_AUTHORITY)
    assert "winbindd_priv" in told, told


def winbindds(member):
    """All processes of its winbindd."""
    found, waiting = [], [member.winbindd.process.pid]
    while waiting:
        pid = waiting.pop()
        children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        waiting += [int(child) for child in children]
        found += [int(child) for child in children]
    return found


def tell(member, number):
    for pid in winbindds(member):
        os.kill(pid, number)


def in_the_middle(stage, happens, config):
    """What becomes of a client if this happens after the server's challenge; and after how long."""
    with contextlib.closing(pair_of(stage)) as both:
        client = party_secur32.Client(stage, Wish(), ALICE)
        server = Server(stage, Wish(), (), config)
        both.open += [client, server]
        token = client.step(server.step(client.step(None)))
        happens()
        began = time.monotonic()
        with refused("server", NO_AUTHORITY):
            server.step(token)
        return time.monotonic() - began


def stopped(stage, directory):
    """A winbindd of its own, so that nobody else's stops."""
    dc, prepared = samba_cases.World.dc, member_cases.World.member.prepared
    config = "[winbind]\nEnabled = true\nTimeout = 2\n"
    with Member(dc, prepared, directory / "member") as member:
        member.enter()
        assert log_on(stage, ALICE, config=config) == (WORKGROUP, "alice")
        # Silent: whoever waits gives up in time.
        waited = in_the_middle(stage, lambda: tell(member, signal.SIGSTOP), config)
        assert 1.5 < waited < 6, f"{waited:.1f} seconds"
        assert lsa_status(stage, "alice", ALICE.password, config) == (0xC000005E, 0)
        tell(member, signal.SIGCONT)
        assert log_on(stage, ALICE, config=config) == (WORKGROUP, "alice")
        # Gone: at once.
        waited = in_the_middle(stage, member.stop_winbindd, config)
        assert waited < 4, f"{waited:.1f} seconds"


def cases(among_peers):
    if among_peers:
        return
    for title, enter, function in CASES:

        def run(directory, enter=enter, function=function):
            samba_cases.World.dc.enter()
            database, *_ = pac_cases.database(samba_cases.World.dc)
            truth = {user: pac_cases.sids_of(database, user) for user in ("alice", "bob")}
            enter()
            function(stage(directory), truth)

        yield f"NTLM of a Samba domain, {title}", run

    def run_stopped(directory):
        stopped(stage(directory), directory)

    yield "NTLM of a Samba domain, on a member: winbindd stops in the middle", run_stopped


def stage(directory):
    return Stage(directory, (), member_cases.World.member.prepared / "samba")
