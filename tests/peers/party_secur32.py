"""Our own side: libsecur32.so through its C interface."""

import secur32
from party import TARGET_HOST, TARGET_SERVICE, Party



LAX = "[ntlm]\nNtlmMinClientSec = 0\nNtlmMinServerSec = 0\n"


class _Secur32(Party):
    implementation = "secur32"

    def __init__(self, stage, wish, by_file):
        # An empty file, so that the machine's own configuration has no say.
        config = stage.write(LAX if wish.lax else "")
        super().__init__(stage, wish, NTLM_USER_FILE=by_file, SECUR32_CONFIG=config)

    def _start(self, make_credential, make_context):
        with self.surroundings():
            self.credential = make_credential()
            self.context = make_context(self.credential)

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

    def client_name(self):
        with self.own():
            domain, _, user = self.context.user_name().rpartition("\\")
            return domain, user

    def sign(self, data):
        with self.own():
            return self.context.sign(data)

    def verify(self, data, signature):
        with self.own():
            self.context.verify(data, signature)

    def seal(self, data):
        with self.own():
            return self.context.seal(data)

    def unseal(self, message):
        """Both forms of DecryptMessage in turn; they are one to the wire."""
        self.turn = not getattr(self, "turn", False)
        with self.own():
            if self.turn:
                return self.context.unseal(message)
            return self.context.unseal_parts(message[:16], message[16:])

    def move_to_import(self):
        """Export the context and go on with the import, as another process would."""
        with self.own():
            blob, library = self.context.export(), self.context.library
            self.context = secur32.Context.from_export(blob, library)

    def close(self):
        with self.own():
            self.context.close()
            self.credential.close()


class Client(_Secur32):
    role = "client"

    def __init__(self, stage, wish, account, form="W", by_table=False):
        # The form "file" takes the account from NTLM_USER_FILE, as a program does that passes no
        # identity. Programs that use the function table bring buffers of their own.
        by_file = stage.user_file([account]) if form == "file" else None
        super().__init__(stage, wish, by_file)
        flags = secur32.ISC_INTEGRITY if wish.integrity else 0
        flags |= secur32.CONFIDENTIALITY if wish.confidentiality else 0
        flags |= secur32.DATAGRAM if wish.datagram else 0

        def make_credential():
            identity = None
            if account is None:
                # An identity without any string is nobody's.
                identity = secur32.Identity(None, None, None)
            elif by_file is None:
                identity = secur32.Identity(account.user, account.domain, account.password, form)
            library = secur32.default_library(by_table)
            return secur32.Credential(secur32.OUTBOUND, identity, library=library)

        def make_context(credential):
            target = f"{TARGET_SERVICE}/{TARGET_HOST}" if wish.target else None
            return secur32.Client(credential, target, flags, wish.bindings, by_table)

        self._start(make_credential, make_context)


class Server(_Secur32):
    role = "server"

    def __init__(self, stage, wish, accounts, identity=None, by_table=False):
        by_file = None if identity else stage.user_file(accounts)
        super().__init__(stage, wish, by_file)
        flags = secur32.ASC_INTEGRITY if wish.integrity else 0
        flags |= secur32.CONFIDENTIALITY if wish.confidentiality else 0
        flags |= secur32.DATAGRAM if wish.datagram else 0
        flags |= secur32.ASC_ALLOW_MISSING_BINDINGS if wish.bindings_may_miss else 0
        flags |= secur32.ASC_ALLOW_NULL_SESSION if wish.anonymous else 0

        def make_credential():
            given = None
            if identity:
                given = secur32.Identity(identity.user, identity.domain, identity.password)
            library = secur32.default_library(by_table)
            return secur32.Credential(secur32.INBOUND, given, library=library)

        self._start(
            make_credential, lambda own: secur32.Server(own, flags, wish.bindings, by_table)
        )
