"""WinPR's Negotiate: of 2.11 the client takes NTLM without SPNEGO around, as Windows' may."""

import party as old
import party_winpr
import secur32

from .party import NTLM, Negotiator


class Client(Negotiator, party_winpr.Client):
    limits = party_winpr.Client.limits | {"no Kerberos", "no hints"}

    def __init__(self, place, wish, target, user):
        self.place = place
        super(party_winpr.Client, self).__init__(None, old.Wish())
        library = party_winpr.LIBRARY
        with self.surroundings():
            identity = secur32.Identity(user.name, user.realm, user.password)
            self.credential = secur32.Credential(secur32.OUTBOUND, identity, "Negotiate",
                                                 library=library)
            flags = secur32.ISC_INTEGRITY | secur32.CONFIDENTIALITY
            self.context = secur32.Client(self.credential, target, flags, None, True)

    def mechanism(self):
        return NTLM

    def wrap(self, data, sealed=True):
        return self.seal(data)

    def unwrap(self, token):
        return self.unseal(token), True
