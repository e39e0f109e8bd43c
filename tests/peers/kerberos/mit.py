"""MIT's libgssapi_krb5, through python3-gssapi, in this process."""

import gssapi
from gssapi.raw import (
    IOV, ChannelBindings, IOVBufferType, acquire_cred_with_password, inquire_sec_context_by_oid,
    unwrap_iov, wrap_iov,
)

from .party import KerberosSide

KRB5 = gssapi.OID.from_int_seq("1.2.840.113554.1.2.2")
SESSION_KEY = gssapi.OID.from_int_seq("1.2.840.113554.1.2.2.5.5")
PRINCIPAL = gssapi.OID.from_int_seq("1.2.840.113554.1.2.2.1")
Flag = gssapi.RequirementFlag


class _Mit(KerberosSide):
    implementation = "mit"

    def _bindings(self):
        if self.wish.bindings is None:
            return None
        return ChannelBindings(application_data=self.wish.bindings)

    def reason(self, error):
        if not isinstance(error, gssapi.exceptions.GSSError):
            return None
        return " ".join(str(error).split())

    def step(self, token):
        with self.own():
            # Else a refusal that comes with a token would be told at the next call only.
            self.context.__DEFER_STEP_ERRORS__ = False
            return self.context.step(token)

    @property
    def complete(self):
        return self.context.complete

    def session_key(self):
        with self.own():
            return inquire_sec_context_by_oid(self.context, SESSION_KEY)[0]

    def enctype(self):
        """Of the key that messages are protected with: the last arc of an OID."""
        with self.own():
            told = inquire_sec_context_by_oid(self.context, SESSION_KEY)[1]
        return told[-1]

    def client_name(self):
        with self.own():
            return str(self.context.initiator_name)

    def sign(self, data):
        with self.own():
            return self.context.get_signature(data)

    def verify(self, data, signature):
        with self.own():
            self.context.verify_signature(data, signature)

    def wrap(self, data, sealed=True):
        with self.own():
            wrapped = self.context.wrap(data, sealed)
            assert wrapped.encrypted == sealed
            return wrapped.message

    def unwrap(self, token):
        with self.own():
            # MIT turns a rotated token back where it lies.
            opened = self.context.unwrap(bytes(bytearray(token)))
            return opened.message, opened.encrypted

    def wrap_parts(self, data, sealed=True, before=b"", after=b""):
        with self.own():
            parts = self._parts(IOVBufferType.header, data, before, after)
            iov = IOV(*parts, std_layout=False)
            assert wrap_iov(self.context, iov, sealed) == sealed
            return iov[0].value, next(b.value for b in iov if b.type == IOVBufferType.data)

    def unwrap_parts(self, header, data, before=b"", after=b""):
        with self.own():
            iov = IOV(*self._parts((IOVBufferType.header, False, header), data, before, after),
                      std_layout=False)
            opened = unwrap_iov(self.context, iov)
            plain = next(b.value for b in iov if b.type == IOVBufferType.data)
            return plain, opened.encrypted

    @staticmethod
    def _parts(header, data, before, after):
        only = IOVBufferType.sign_only
        parts = [header]
        if before:
            parts.append((only, before))
        parts.append((IOVBufferType.data, data))
        if after:
            parts.append((only, after))
        return parts

    def close(self):
        self.context = None

    def flags(self):
        return self.context.actual_flags

    def lifetime(self):
        with self.own():
            return self.context.lifetime

    def move_to_import(self):
        with self.own():
            self.context = gssapi.SecurityContext(token=self.context.export())


class Client(_Mit):
    role = "client"
    mech = KRB5

    def __init__(self, place, wish, target, user=None, credential=None):
        super().__init__(place, wish)
        # A flag without effect here keeps an empty list from meaning python-gssapi's default.
        flags = [Flag.transferable]
        for wanted, flag in (
            (wish.mutual, Flag.mutual_authentication), (wish.dce, Flag.dce_style),
            (wish.integrity, Flag.integrity), (wish.confidentiality, Flag.confidentiality),
            (wish.replay, Flag.replay_detection), (wish.sequence, Flag.out_of_sequence_detection),
            (wish.delegate, Flag.delegate_to_peer), (wish.extended_error, Flag.extended_error),
        ):
            if wanted:
                flags.append(flag)
        with self.own():
            self.credential = credential or self._credential(user)
            self.context = gssapi.SecurityContext(
                name=self._target(target), creds=self.credential, mech=self.mech,
                flags=flags, channel_bindings=self._bindings(), usage="initiate",
            )

    def _target(self, target):
        return gssapi.Name(target, PRINCIPAL)

    def _credential(self, user):
        if user is None:
            return gssapi.Credentials(mechs=[KRB5], usage="initiate")
        name = gssapi.Name(user.principal, PRINCIPAL)
        acquired = acquire_cred_with_password(
            name, user.password.encode(), mechs=[KRB5], usage="initiate"
        )
        return gssapi.Credentials(acquired.creds)


class Server(_Mit):
    role = "server"

    def __init__(self, place, wish, service=None, user=None):
        super().__init__(place, wish)
        assert user is None, "MIT's acceptor has keytabs only"
        with self.own():
            self.credential = self._acquire(service)
            self.context = gssapi.SecurityContext(
                creds=self.credential, usage="accept", channel_bindings=self._bindings()
            )

    def _acquire(self, service):
        name = gssapi.Name(service, PRINCIPAL) if service else None
        return gssapi.Credentials(name=name, mechs=[KRB5], usage="accept")

    def delegated(self, place, target, wish):
        """A client with the credential that was delegated."""
        credential = self.context.delegated_creds
        assert credential is not None, "nothing was delegated"
        return Client(place, wish, target, credential=credential)
