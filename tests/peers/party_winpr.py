"""WinPR: FreeRDP's SSPI, in C. It has our interface, so that our own binding drives it."""

import os
from ctypes import byref

import secur32
from spnego._ntlm_raw.crypto import ntowfv1

from party import TARGET_HOST, TARGET_SERVICE, Party

# WinPR's own attribute: the file with the accounts, for one context.
ATTR_SAM_FILE = 1004
LIBRARIES = ("libwinpr3.so.3", "libwinpr2.so.2")


def load():
    for name in LIBRARIES:
        try:
            return secur32.Library(name, by_table=True)
        except OSError:
            continue
    raise ImportError(f"none of {', '.join(LIBRARIES)} is installed")


LIBRARY = load()


class _WinPR(Party):
    implementation = "winpr"
    limits = frozenset({"no signatures", "no session key", "NTLMv2 only", "strongest only"})

    def __init__(self, stage, wish):
        super().__init__(stage, wish, WLOG_LEVEL="OFF")

    def reason(self, error):
        return error.name if isinstance(error, secur32.SspiError) else None

    def step(self, token):
        with self.own():
            return self.context.step(token) or None

    @property
    def complete(self):
        return self.context.complete

    def session_key(self):
        return None

    def client_name(self):
        return None

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
        with self.own():
            return self.context.unseal_parts(message[:16], message[16:])


class Client(_WinPR):
    role = "client"
    limits = _WinPR.limits | {"always signs", "always MIC"}

    def __init__(self, stage, wish, account):
        super().__init__(stage, wish)
        flags = secur32.ISC_INTEGRITY if wish.integrity else 0
        flags |= secur32.CONFIDENTIALITY if wish.confidentiality else 0
        with self.surroundings():
            identity = secur32.Identity(account.user, account.domain, account.password)
            self.credential = secur32.Credential(secur32.OUTBOUND, identity, library=LIBRARY)
            target = f"{TARGET_SERVICE}/{TARGET_HOST}"
            self.context = secur32.Client(self.credential, target, flags, None, True)

    def step(self, token):
        # It takes the bindings with the server's token, and no input before.
        self.context.bindings = self.wish.bindings if token else None
        return super().step(token)


class Server(_WinPR):
    role = "server"
    limits = _WinPR.limits | {"ASCII names", "no bindings", "key exchange without messages"}

    def __init__(self, stage, wish, accounts):
        super().__init__(stage, wish)
        self.sam = stage.write("".join(
            f"{a.user}:{a.domain}::{ntowfv1(a.password).hex()}:::\n" for a in accounts
        ))
        flags = secur32.ASC_INTEGRITY if wish.integrity else 0
        flags |= secur32.CONFIDENTIALITY if wish.confidentiality else 0
        with self.surroundings():
            self.credential = secur32.Credential(secur32.INBOUND, library=LIBRARY)
            self.context = secur32.Server(self.credential, flags, wish.bindings, True)

    def step(self, token):
        first = not self.context.live
        out = super().step(token)
        if first:
            name = os.fsencode(self.sam)
            LIBRARY.call("SetContextAttributesW", byref(self.context.handle),
                         ATTR_SAM_FILE, name, len(name))
        return out
