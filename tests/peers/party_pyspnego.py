"""pyspnego: NTLM in pure Python, by another author, under the MIT licence."""

import sys
import types

# It needs PyPI's krb5, which has to be compiled, for passwords and caches that are named. Here its
# tickets come from the default cache, and it is enough that there is such a module.
sys.modules.setdefault("krb5", types.ModuleType("krb5"))

import spnego  # noqa: E402
from spnego._ntlm_raw.messages import NegotiateFlags  # noqa: E402
from spnego.channel_bindings import GssChannelBindings  # noqa: E402
from spnego.exceptions import NegotiateOptions, SpnegoError  # noqa: E402

from party import TARGET_HOST, TARGET_SERVICE, Party  # noqa: E402


class _Pyspnego(Party):
    implementation = "pyspnego"

    def __init__(self, stage, wish, make, **environment):
        super().__init__(stage, wish, **environment)
        request = spnego.ContextReq.none
        request |= spnego.ContextReq.integrity if wish.integrity else 0
        request |= spnego.ContextReq.confidentiality if wish.confidentiality else 0
        bindings = None
        if wish.bindings is not None:
            bindings = GssChannelBindings(application_data=wish.bindings)
        with self.surroundings():
            self.context = make(
                context_req=request,
                channel_bindings=bindings,
                protocol="ntlm",
                # Its own Python code, never a library that happens to be there.
                options=NegotiateOptions.use_ntlm,
            )
            self._leave_out()

    def _leave_out(self):
        """It has no public switch for these flags; they are an attribute before the first step."""
        for wanted, flag in (
            (self.wish.key_exchange, NegotiateFlags.key_exch),
            (self.wish.bits_128, NegotiateFlags.key_128),
            (self.wish.bits_56, NegotiateFlags.key_56),
            (self.wish.extended, NegotiateFlags.extended_session_security),
        ):
            if not wanted:
                self.context._context_req &= ~flag

    def reason(self, error):
        return type(error).__name__ if isinstance(error, SpnegoError) else None

    def step(self, token):
        with self.own():
            return self.context.step(token)

    @property
    def complete(self):
        return self.context.complete

    def session_key(self):
        return self.context.session_key

    def sign(self, data):
        with self.own():
            return self.context.sign(data)

    def verify(self, data, signature):
        with self.own():
            self.context.verify(data, signature)

    def seal(self, data):
        with self.own():
            return self.context.wrap(data).data

    def unseal(self, message):
        with self.own():
            return self.context.unwrap(message).data


class Client(_Pyspnego):
    role = "client"
    limits = frozenset({"always MIC", "dummy session key", "zero pads only"})

    def __init__(self, stage, wish, account):
        def make(**options):
            return spnego.client(
                username=f"{account.domain}\\{account.user}",
                password=account.password,
                hostname=TARGET_HOST if wish.target else None,
                service=TARGET_SERVICE if wish.target else None,
                **options,
            )

        super().__init__(stage, wish, make)

    def client_name(self):
        return None


class Server(_Pyspnego):
    role = "server"
    limits = frozenset({"fixed flags", "zero bindings pass", "zero pads only"})

    def __init__(self, stage, wish, accounts):
        super().__init__(stage, wish, spnego.server, NTLM_USER_FILE=stage.user_file(accounts))

    def client_name(self):
        with self.own():
            domain, _, user = self.context.client_principal.rpartition("\\")
            return domain, user
