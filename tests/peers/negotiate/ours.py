"""Our own side: libsecur32.so's package Negotiate through its C interface."""

import secur32
from kerberos import ours

from .party import KERBEROS, NTLM, Negotiator

NAMES = {KERBEROS: "kerberos", NTLM: "ntlm"}


class _Ours(Negotiator):
    package = "Negotiate"
    # Beside a user: whether the mechanisms are limited by PackageList, or by "!" of the others.
    excludes = True

    def _identity(self, user, form):
        mechanisms = self.wish.mechanisms
        missing = [name for name in NAMES if name not in mechanisms]
        if not missing:
            return super()._identity(user, form)
        listed = ["!" + NAMES[m] for m in missing] if self.excludes else \
            [NAMES[m] for m in mechanisms]
        strings = (user.name, user.realm, user.password) if user else (None, None, None)
        return secur32.Identity(*strings, "EXW", packages=",".join(listed))

    def mechanism(self):
        with self.own():
            name, state = self.context.negotiation()
            assert state == secur32.NEGOTIATION_COMPLETE, f"NegotiationState is {state}"
            assert name == self.context.package(), (name, self.context.package())
            return name

    def client_name(self):
        with self.own():
            return self.context.user_name()


class Client(_Ours, ours.Client):
    pass


class Server(_Ours, ours.Server):
    def delegated(self, place, target, wish):
        with self.own():
            logon = self.context.logon_id()
        return Client(place, wish, target, logon=logon)
