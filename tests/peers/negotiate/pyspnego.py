"""pyspnego's own SPNEGO with its own NTLM, and with Kerberos of python3-gssapi inside."""

import party_pyspnego  # noqa: F401  (prepares it)
import spnego
from spnego._context import GSSMech
from spnego._negotiate import NegotiateProxy
from spnego.channel_bindings import GssChannelBindings
from spnego.exceptions import SpnegoError

from kerberos.party import KerberosSide

from .party import KERBEROS, NTLM, Negotiator, service_and_host

MECHS = {KERBEROS: GSSMech.kerberos, NTLM: GSSMech.ntlm}
Req = spnego.ContextReq


class _Limited(NegotiateProxy):
    """It has no public switch for what is offered."""

    mechanisms = tuple(MECHS)

    def _preferred_mech_list(self):
        return [MECHS[m] for m in self.mechanisms]


class _Pyspnego(Negotiator, KerberosSide):
    implementation = "pyspnego"
    limits = frozenset({"no passwords for Kerberos", "nothing delegated"})

    def __init__(self, place, wish, **options):
        super().__init__(place, wish)
        request = Req.none
        for wanted, flag in (
            (wish.integrity, Req.integrity), (wish.confidentiality, Req.confidentiality),
            (wish.mutual, Req.mutual_auth), (wish.replay, Req.replay_detect),
            (wish.sequence, Req.sequence_detect), (wish.delegate, Req.delegate),
            (wish.dce, Req.dce_style),
        ):
            request |= flag if wanted else 0
        bindings = None
        if wish.bindings is not None:
            bindings = GssChannelBindings(application_data=wish.bindings)
        with self.own():
            self.context = _Limited(context_req=request, channel_bindings=bindings, **options)
            self.context.mechanisms = wish.mechanisms

    def reason(self, error):
        # When MIT refuses with a token it goes on and reads what is not there.
        unread = isinstance(error, AttributeError) and "not yet been started" in str(error)
        return type(error).__name__ if unread or isinstance(error, SpnegoError) else None

    def story(self, error):
        return " ".join(str(error).split())

    def step(self, token):
        with self.own():
            return self.context.step(token)

    @property
    def complete(self):
        return self.context.complete

    def mechanism(self):
        return {"kerberos": KERBEROS, "ntlm": NTLM}[self.context.negotiated_protocol]

    def session_key(self):
        with self.own():
            return self.context.session_key

    def client_name(self):
        with self.own():
            return self.context.client_principal

    def sign(self, data):
        with self.own():
            return self.context.sign(data)

    def verify(self, data, signature):
        with self.own():
            self.context.verify(data, signature)

    def wrap(self, data, sealed=True):
        with self.own():
            return self.context.wrap(data, encrypt=sealed).data

    def unwrap(self, token):
        with self.own():
            # MIT turns a rotated token back where it lies.
            opened = self.context.unwrap(bytes(bytearray(token)))
            return opened.data, opened.encrypted

    def close(self):
        self.context = None


class Client(_Pyspnego):
    role = "client"
    limits = _Pyspnego.limits | {"dummy session key", "no one-way"}

    def __init__(self, place, wish, target, user=None):
        """Without a user: Kerberos' cache and the first of NTLM's accounts."""
        credentials = []
        if user is None:
            credentials.append(spnego.CredentialCache())
        elif wish.mechanisms == (NTLM,):
            credentials.append(spnego.Password(f"{user.realm}\\{user.name}", user.password))
        else:
            credentials.append(spnego.Password(user.principal, user.password))
        service, host = service_and_host(target)
        super().__init__(place, wish, username=credentials, hostname=host, service=service,
                         usage="initiate")

    def client_name(self):
        return None


class Server(_Pyspnego):
    role = "server"
    limits = _Pyspnego.limits | {"takes any first token"}

    def __init__(self, place, wish, service=None):
        service, host = service_and_host(service) if service else ("svc", "hops.mit.test")
        super().__init__(place, wish, hostname=host, service=service, usage="accept")
