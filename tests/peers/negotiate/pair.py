"""A client and a server brought together over the MIT realm of the run."""

import json

from kerberos import pair as kerberos
from kerberos.mit_realm import ALICE, HOPS, User
from kerberos.pair import fails, same_keys  # noqa: F401  (for the cases)
from party import Account
from stage import ACCOUNTS

from . import wire
from .party import KERBEROS, NTLM, Place, Wish

TARGET = f"svc/{HOPS}"
# Of NTLM's accounts.
WALKER = User("alice", "Wonder-land-7", realm="PEERS")
# Alice as NTLM's client names her when she gave a Kerberos name.
SAME = (Account(ALICE.realm, ALICE.name, ALICE.password),
        Account("", ALICE.principal, ALICE.password))
NAMES = {KERBEROS: ALICE.principal, NTLM: f"{WALKER.realm}\\{WALKER.name}"}
KERBEROS_ONLY, NTLM_ONLY = Wish(mechanisms=(KERBEROS,)), Wish(mechanisms=(NTLM,))


class Pair(kerberos.Pair):
    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.files = 0

    def place(self, **changes):
        return Place(self.directory, **{"config": self.realm.krb5_conf, **changes})

    def accounts(self, *accounts):
        return self.write("".join(account.line() for account in accounts))

    def policy(self, **settings):
        """Settings of NTLM, as TOML has them."""
        lines = [f"{name} = {json.dumps(value)}\n" for name, value in settings.items()]
        return self.write("[ntlm]\n" + "".join(lines))

    def write(self, text):
        self.files += 1
        path = self.directory / f"file{self.files}"
        path.write_text(text)
        path.chmod(0o600)
        return str(path)

    def client_place(self, user=ALICE, *options):
        """Where a user has a ticket, and an account for NTLM."""
        place = super().client_place(user, *options) if user else self.place()
        return place.but(accounts=self.accounts(ACCOUNTS[0]))

    def server_place(self, keytab=None, **changes):
        changes.setdefault("accounts", self.accounts(*ACCOUNTS, *SAME))
        return super().server_place(keytab, **changes)

    def client(self, target=TARGET, wish=Wish(), place=None, **options):
        return super().client(target, wish, place, **options)

    def server(self, wish=Wish(), place=None, **options):
        return super().server(wish, place, **options)

    def meet(self, target=TARGET, wish=Wish(), **options):
        return super().meet(target, wish, **options)

    def with_ntlm(self, target=TARGET, wish=NTLM_ONLY, user=WALKER, **options):
        """NTLM from the first token on, with a password."""
        return self.meet(target, wish, client_options={"user": user}, **options)


def legs(session):
    return [wire.read(token) for token in session.tokens]


def chosen(session, mechanism, name=None):
    """Both sides say that it is this one, and who the client is; the keys are the same."""
    name = name or NAMES[mechanism]
    for side in (session.client, session.server):
        told = side.mechanism()
        assert told in (mechanism, None), f"the {side.role} has {told}"
    told = session.server.client_name()
    assert told.lower() == name.lower(), f"the client is {told!r}"
    same_keys(session)
    inside = [leg.inside() for leg in legs(session) if leg.inside()]
    assert inside[-1] == mechanism, f"the tokens are of {inside}"


def exchange(session, mechanism, sizes=kerberos.SIZES):
    """Messages of all kinds both ways. NTLM seals all that it wraps."""
    sealed = (True, False) if mechanism == KERBEROS else (True,)
    kerberos.exchange(session, sizes, sealed)


def with_mics(session):
    """Both sides sent one."""
    mics = [len(leg.mic) for leg in legs(session)]
    sent = [any(mics[0::2]), any(mics[1::2])]
    assert all(sent), f"mechListMIC in the tokens: {mics}"


def without_mics(session):
    assert not any(leg.mic for leg in legs(session)), "a mechListMIC was sent"
