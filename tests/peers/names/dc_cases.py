"""Names by the directory of a Samba DC, compared with what its own database says."""

import contextlib
import os
import pathlib
import time

import ldb
import samba.dckeytab  # noqa: F401  (adds export_keytab to Net)
from kerberos import samba_cases
from kerberos.samba_dc import DNS, HOST, REALM, WORKGROUP
from samba import credentials, param
from samba.auth import system_session
from samba.ndr import ndr_unpack
from samba.dcerpc import misc
from samba.net import Net
from samba.samdb import SamDB

from . import calls
from .calls import (
    CANONICAL, CANONICAL_EX, DISPLAY, DN, DNS_DOMAIN, GIVEN_NAME, GUID, INVALID_PARAMETER,
    NO_SUCH_DOMAIN, NONE_MAPPED, SAM, SPN, SURNAME, UNKNOWN, UPN,
)

WORLD = samba_cases.__name__
CASES = []
BASE, COMPUTER = "DC=ad,DC=test", "NAMESHOST"
ALICE = samba_cases.ALICE
# Names that no part of a question may be made of, and some beyond ASCII.
LIDDELL = {
    "displayName": "Älice (*) Liddell \\2a", "givenName": "Älice", "sn": "Liddell-Größe",
    "servicePrincipalName": "names/alice.ad.test",
}
ODD_OU, ODD_CN = "Wonder/land", "Mad*Hatter, (the) 1st"
FORMS = (DN, SAM, DISPLAY, GUID, CANONICAL, UPN, CANONICAL_EX, SPN, DNS_DOMAIN)


def case(title):
    return lambda function: CASES.append((title, function))


@contextlib.contextmanager
def fails(code):
    try:
        yield
    except calls.NoName as error:
        assert error.code == code, f"{error}, and not {code}"
    else:
        raise AssertionError(f"no error, {code} was expected")


class Place:
    """A process of a user of the domain, and the DC's database beside it."""

    def __init__(self, directory):
        self.dc = samba_cases.World.dc
        self.directory = pathlib.Path(directory)
        settings = param.LoadParm()
        settings.load(str(self.dc.smb_conf))
        self.own = credentials.Credentials()
        self.own.guess(settings)
        self.settings = settings
        self.database = SamDB(settings.samdb_url(), session_info=system_session(),
                              credentials=self.own, lp=settings)
        self.place = samba_cases.Pair(self.dc, directory, samba_cases.ours.Client,
                                      samba_cases.ours.Server)
        self.prepare()
        self.config = self.directory / "secur32.conf"
        self.configure()

    def configure(self, directory="", joined=True):
        domain = f'NetbiosDomainName = "{WORKGROUP}"\n' if joined else ""
        self.config.write_text(
            f'[machine]\nNetbiosComputerName = "{COMPUTER}"\n{domain}'
            f'DnsDomainName = "{DNS}"\n{directory}'
        )
        for name in ("NETBIOS_DOMAIN_NAME", "NETBIOS_COMPUTER_NAME"):
            os.environ.pop(name, None)

    def prepare(self):
        """Cases share the DC: what one has made, another finds."""
        change = ldb.Message(ldb.Dn(self.database, f"CN=alice,CN=Users,{BASE}"))
        for name, value in LIDDELL.items():
            change[name] = ldb.MessageElement(value, ldb.FLAG_MOD_REPLACE, name)
        self.database.modify(change)
        parent = ldb.Dn(self.database, f"OU=x,{BASE}")
        parent.set_component(0, "OU", ODD_OU)
        child = ldb.Dn(self.database, f"CN=x,{parent}")
        child.set_component(0, "CN", ODD_CN)
        for dn, values in (
            (parent, {"objectClass": "organizationalUnit"}),
            (child, {"objectClass": "user", "sAMAccountName": "hatter"}),
            (ldb.Dn(self.database, f"CN={COMPUTER},CN=Computers,{BASE}"),
             {"objectClass": "computer", "sAMAccountName": f"{COMPUTER}$",
              "userAccountControl": str(4096), "displayName": f"{COMPUTER}$",
              "unicodePwd": '"Machine-pass-1"'.encode("utf-16-le")}),
        ):
            try:
                self.database.add({"dn": dn, **values})
            except ldb.LdbError as error:
                if error.args[0] != ldb.ERR_ENTRY_ALREADY_EXISTS:
                    raise

    def as_user(self, user=ALICE):
        self.enter(self.place.client_place(user))
        return self

    def enter(self, place):
        for name, value in place.variables().items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        os.environ["SECUR32_CONFIG"] = str(self.config)

    def machine_keytab(self):
        path = self.directory / "machine.keytab"
        net = Net(self.own, self.settings)
        net.export_keytab(keytab=str(path), principal=f"{COMPUTER}$@{REALM}")
        return path

    def expected(self, account):
        """All names of an account, by the database."""
        found = self.database.search(
            BASE, ldb.SCOPE_SUBTREE, f"(sAMAccountName={ldb.binary_encode(account)})",
            ["*", "canonicalName"],
        )
        assert len(found) == 1
        entry = found[0]

        def text(name):
            return str(entry[name][0]) if name in entry and len(entry[name]) == 1 else None

        canonical = text("canonicalName")
        above, slash, last = canonical.rpartition("/")
        while above.endswith("\\"):
            more, _, end = above.rpartition("/")
            above, last = more, f"{end}/{last}"
        guid = ndr_unpack(misc.GUID, bytes(entry["objectGUID"][0]))
        return {
            DN: str(entry.dn), SAM: f"{WORKGROUP}\\{account}", DISPLAY: text("displayName"),
            GUID: f"{{{guid}}}", CANONICAL: canonical, CANONICAL_EX: f"{above}\n{last}",
            UPN: text("userPrincipalName") or f"{account}@{DNS}",
            SPN: text("servicePrincipalName"), DNS_DOMAIN: f"{DNS}\\{account}",
            GIVEN_NAME: text("givenName"), SURNAME: text("sn"),
        }


@case("GetUserNameEx gives every name of the user with tickets")
def user(place):
    place.as_user()
    for form, name in place.expected("alice").items():
        # The user's own principal name is that of the tickets.
        name = ALICE.principal if form == UPN else name
        found = calls.user_name(form)
        assert found == name, f"{form}: {found!r}, and not {name!r}"
    given = place.expected("alice")
    assert given[GIVEN_NAME] == "Älice" and given[SURNAME] == "Liddell-Größe"
    assert calls.needed("GetUserNameExW", DISPLAY) == (0, len(given[DISPLAY]) + 1)


@case("GetUserNameEx has no name where the directory has none")
def user_without(place):
    place.as_user(samba_cases.BOB)
    for form in (DISPLAY, SPN, SURNAME):
        assert place.expected("bob")[form] is None
        with fails(NONE_MAPPED):
            calls.user_name(form)
    assert calls.user_name(DN) == place.expected("bob")[DN]


@case("TranslateName between all forms, each direction")
def translation(place):
    place.as_user()
    for account in ("alice", "hatter", f"{COMPUTER}$", "Domain Admins"):
        names = place.expected(account)
        for source in FORMS:
            if names[source] is None:
                continue
            for target in FORMS:
                if names[target] is None:
                    with fails(NONE_MAPPED):
                        calls.translate(names[source], source, target)
                    continue
                found = calls.translate(names[source], source, target)
                assert found == names[target], f"{source}->{target}: {found!r}, {names[target]!r}"
            assert calls.translate(names[source], UNKNOWN, DN) == names[DN], f"guessed {source}"


@case("TranslateName of the domain itself")
def domain(place):
    place.as_user()
    names = {DN: BASE, SAM: f"{WORKGROUP}\\", CANONICAL: f"{DNS}/", CANONICAL_EX: f"{DNS}\n",
             DNS_DOMAIN: f"{DNS}\\"}
    for source, name in names.items():
        for target, wanted in names.items():
            found = calls.translate(name, source, target)
            assert found == wanted, f"{name!r} -> {target}: {found!r}, and not {wanted!r}"


@case("TranslateName tells the size, and what cannot be mapped")
def not_mapped(place):
    place.as_user()
    name = place.expected("alice")[DN]
    sam = calls._wide(f"{WORKGROUP}\\alice")
    assert calls.needed("TranslateNameW", sam, SAM, DN) == (1, len(name) + 1)
    for source, unknown in (
        (SAM, f"{WORKGROUP}\\nobody"), (SAM, "ELSEWHERE\\alice"), (SAM, "alice"),
        (SAM, f"{WORKGROUP}\\*"), (SAM, f"{WORKGROUP}\\a*)(objectClass=*"),
        (SAM, f"{WORKGROUP}\\alice)(|(cn=*"), (DNS_DOMAIN, "other.test\\alice"),
        (DN, f"CN=nobody,{BASE}"), (DN, "no DN"), (DN, "CN=,,="), (DN, "DC=other,DC=test"),
        (DISPLAY, "*"), (DISPLAY, "Nobody"), (GUID, "{00000000-0000-0000-0000-000000000001}"),
        (GUID, "no guid"), (UPN, f"nobody@{DNS}"), (UPN, "alice@other.test"), (UPN, "*@*"),
        (CANONICAL, f"{DNS}/Users/nobody"), (CANONICAL, f"{DNS}/alice"), (CANONICAL, "x/y"),
        (CANONICAL_EX, f"{DNS}/Users/alice"), (SPN, "names/nobody"), (SPN, "*/*"), (UNKNOWN, "*"),
    ):
        with fails(NONE_MAPPED):
            found = calls.translate(unknown, source, DN)
            print(source, unknown, found)


@case("TranslateName does not choose among several")
def ambiguous(place):
    place.as_user()
    for account in ("svcaes", "svcrc4"):
        change = ldb.Message(ldb.Dn(place.database, f"CN={account},CN=Users,{BASE}"))
        change["displayName"] = ldb.MessageElement("Twins", ldb.FLAG_MOD_REPLACE, "displayName")
        place.database.modify(change)
    with fails(NONE_MAPPED):
        calls.translate("Twins", DISPLAY, DN)


@case("GetComputerObjectName by the machine's keytab, and by the caller's tickets")
def computer(place):
    place.as_user()
    names = place.expected(f"{COMPUTER}$")
    nobody = place.place.place(keytab=f"FILE:{place.machine_keytab()}")
    for other in (None, nobody):
        if other:
            place.enter(other)
        for form in FORMS:
            if names[form] is None:
                with fails(NONE_MAPPED):
                    calls.computer_name(form)
            else:
                found = calls.computer_name(form)
                assert found == names[form], f"{form}: {found!r}, and not {names[form]!r}"
    for form in (UNKNOWN, GIVEN_NAME, SURNAME, 5, 99):
        with fails(INVALID_PARAMETER):
            calls.computer_name(form)


@case("nobody to ask, nobody to ask for, a wrong server")
def no_domain(place):
    # No tickets, no keytab.
    place.enter(place.place.place())
    with fails(NO_SUCH_DOMAIN):
        calls.translate(f"{WORKGROUP}\\alice", SAM, DN)
    with fails(NO_SUCH_DOMAIN):
        calls.computer_name(DN)
    place.as_user()
    # Nobody listens there; then somebody who is no directory (the KDC).
    for server in ("127.0.0.1:9", "10.77.0.1:88"):
        place.configure(f'[directory]\nServers = ["{server}"]\nTimeout = 3\n')
        begin = time.monotonic()
        with fails(NO_SUCH_DOMAIN):
            calls.user_name(DN)
        assert time.monotonic() - begin < 15
        assert calls.user_name(SAM) == f"{WORKGROUP}\\alice", "no network is needed"
    place.configure(f'[directory]\nServers = ["127.0.0.1:9", "{HOST}.{DNS}"]\n')
    assert calls.user_name(DN) == place.expected("alice")[DN], "the second server"


def cases(among_peers):
    if among_peers:
        return
    for title, function in CASES:

        def run(directory, function=function):
            samba_cases.World.dc.enter()
            function(Place(directory))

        yield f"Names in a Samba domain: {title}", run
