"""Samba's GENSEC: its SPNEGO with its NTLMSSP inside, checked against a sam.ldb."""

import pathlib

import party_samba
from kerberos import mit_cases
from party import Account, Stage, Wish
from stage import SAMBA_WORKGROUP

from .party import NTLM, Negotiator


class _Gensec(Negotiator):
    limits = frozenset({"no Kerberos", "no bindings"})
    start_by = "spnego"

    def _adopt(self, place, wish):
        """A place of NTLM's stage, whose sam.ldb is prepared for all."""
        self.place = place
        directory = pathlib.Path(place.directory)
        return (Stage(directory, (), mit_cases.World.prepared / "samba"),
                Wish(integrity=wish.integrity, confidentiality=wish.confidentiality))

    def mechanism(self):
        return NTLM

    def wrap(self, data, sealed=True):
        return self.seal(data)

    def unwrap(self, token):
        return self.unseal(token), True


class Client(_Gensec, party_samba.Client):
    def __init__(self, place, wish, target, user=None):
        stage, old = self._adopt(place, wish)
        super().__init__(stage, old, Account(user.realm, user.name, user.password))


class Server(_Gensec, party_samba.Server):
    def __init__(self, place, wish, service=None):
        stage, old = self._adopt(place, wish)
        super().__init__(stage, old, ())

    def client_name(self):
        # Whatever domain the client named, the accounts are those of the machine.
        domain, user = super().client_name()
        assert domain == self.domain, f"the domain is {domain!r}"
        return f"{SAMBA_WORKGROUP}\\{user}"
