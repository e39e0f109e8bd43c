"""Our own side: libsecur32.so through its C interface, the package Kerberos unless told."""

import secur32

from .party import KerberosSide


class _Secur32(KerberosSide):
    implementation = "secur32"
    package = "Kerberos"

    def _start(self, make_credential, make_context):
        with self.own():
            self.credential = make_credential()
            self.context = make_context(self.credential)

    def _identity(self, user, form):
        if user is None:
            return None
        return secur32.Identity(user.name, user.realm, user.password, form)

    def reason(self, error):
        return error.name if isinstance(error, secur32.SspiError) else None

    def story(self, error):
        return str(error)

    def step(self, token):
        with self.own():
            return self.context.step(token) or None

    @property
    def complete(self):
        return self.context.complete

    def session_key(self):
        with self.own():
            return self.context.session_key()

    def lifetime(self):
        """Seconds from now until the ticket ends."""
        with self.own():
            begin, end = self.context.lifespan()
            return end - begin

    def client_name(self):
        with self.own():
            return self.context.native_names()[0]

    def sign(self, data):
        with self.own():
            return self.context.sign(data)

    def verify(self, data, signature):
        with self.own():
            self.context.verify(data, signature)

    def wrap(self, data, sealed=True):
        """TOKEN, DATA and PADDING in a row are the token of GSS_Wrap."""
        sizes = self.context.sizes()
        with self.own():
            parts = self.context.encrypt(
                [(secur32.BUFFER_TOKEN, sizes.cbSecurityTrailer), (secur32.BUFFER_DATA, data),
                 (secur32.BUFFER_PADDING, sizes.cbBlockSize)],
                0 if sealed else secur32.WRAP_NO_ENCRYPT,
            )
            return b"".join(parts)

    def unwrap(self, token):
        with self.own():
            parts, protection = self.context.decrypt(
                [(secur32.BUFFER_STREAM, token), (secur32.BUFFER_DATA, None)]
            )
            return parts[1], protection != secur32.WRAP_NO_ENCRYPT

    def wrap_parts(self, data, sealed=True, before=b"", after=b""):
        trailer = self.context.sizes().cbSecurityTrailer
        with self.own():
            parts = self.context.encrypt(
                self._parts(trailer, data, before, after),
                0 if sealed else secur32.WRAP_NO_ENCRYPT,
            )
            return parts[0], parts[2 if before else 1]

    def unwrap_parts(self, header, data, before=b"", after=b""):
        with self.own():
            parts, protection = self.context.decrypt(self._parts(header, data, before, after))
            return parts[2 if before else 1], protection != secur32.WRAP_NO_ENCRYPT

    @staticmethod
    def _parts(token, data, before, after):
        only_signed = secur32.BUFFER_DATA | secur32.READONLY_WITH_CHECKSUM
        parts = [(secur32.BUFFER_TOKEN, token)]
        if before:
            parts.append((only_signed, before))
        parts.append((secur32.BUFFER_DATA, data))
        if after:
            parts.append((only_signed, after))
        return parts

    def move_to_import(self):
        with self.own():
            blob, library = self.context.export(), self.context.library
            self.context = secur32.Context.from_export(blob, library, self.package)

    def close(self):
        with self.own():
            self.context.close()
            self.credential.close()


class Client(_Secur32):
    role = "client"

    def __init__(self, place, wish, target, user=None, form="W", logon=None):
        super().__init__(place, wish)
        flags = 0
        for wanted, flag in (
            (wish.mutual, secur32.MUTUAL_AUTH), (wish.dce, secur32.USE_DCE_STYLE),
            (wish.integrity, secur32.ISC_INTEGRITY),
            (wish.confidentiality, secur32.CONFIDENTIALITY),
            (wish.replay, secur32.REPLAY_DETECT), (wish.sequence, secur32.SEQUENCE_DETECT),
            (wish.delegate, secur32.DELEGATE), (wish.user_to_user, secur32.USE_SESSION_KEY),
            (wish.extended_error, secur32.ISC_EXTENDED_ERROR),
        ):
            flags |= flag if wanted else 0

        def make_credential():
            identity = self._identity(user, form)
            return secur32.Credential(secur32.OUTBOUND, identity, self.package, logon=logon)

        self._start(make_credential,
                    lambda own: secur32.Client(own, target, flags, wish.bindings))


class Server(_Secur32):
    role = "server"

    def __init__(self, place, wish, service=None, user=None):
        super().__init__(place, wish)
        flags = 0
        for wanted, flag in (
            (wish.integrity, secur32.ASC_INTEGRITY),
            (wish.confidentiality, secur32.CONFIDENTIALITY),
            (wish.replay, secur32.REPLAY_DETECT), (wish.sequence, secur32.SEQUENCE_DETECT),
            (wish.delegate, secur32.DELEGATE), (wish.mutual, secur32.MUTUAL_AUTH),
            (wish.dce, secur32.USE_DCE_STYLE), (wish.user_to_user, secur32.USE_SESSION_KEY),
            (wish.extended_error, secur32.ASC_EXTENDED_ERROR),
            (wish.bindings_may_miss, secur32.ASC_ALLOW_MISSING_BINDINGS),
        ):
            flags |= flag if wanted else 0

        def make_credential():
            identity = self._identity(user, "W")
            return secur32.Credential(secur32.INBOUND, identity, self.package, service)

        self._start(make_credential, lambda own: secur32.Server(own, flags, wish.bindings))

    def delegated(self, place, target, wish):
        """A client with the credential that was delegated."""
        with self.own():
            logon = self.context.logon_id()
        return Client(place, wish, target, logon=logon)
