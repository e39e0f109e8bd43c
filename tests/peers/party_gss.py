"""gss-ntlmssp: a GSS-API mechanism in C, loaded by MIT's libgssapi_krb5."""

import struct

import gssapi
from gssapi.raw import (
    ChannelBindings,
    indicate_mechs,
    inquire_sec_context_by_oid,
    set_cred_option,
)

from party import TARGET_HOST, TARGET_SERVICE, Party

NTLMSSP = gssapi.OID.from_int_seq("1.3.6.1.4.1.311.2.2.10")
if NTLMSSP not in indicate_mechs():
    raise ImportError("libgssapi_krb5 knows no NTLMSSP: gss-ntlmssp is not installed")
SESSION_KEY = gssapi.OID.from_int_seq("1.2.840.113554.1.2.2.5.5")
# Of gssapi_ntlmssp.h, all below 1.3.6.1.4.1.7165.655.1: asking the context whether its MIC needs
# SPNEGO's tells it that SPNEGO can make one, and only then a client makes its own.
SPNEGO_REQUIRE_MIC = gssapi.OID.from_int_seq("1.3.6.1.4.1.7165.655.1.2")
NEG_FLAGS = gssapi.OID.from_int_seq("1.3.6.1.4.1.7165.655.1.5")

UNICODE, OEM, REQUEST_TARGET, NTLM, ALWAYS_SIGN = 0x1, 0x2, 0x4, 0x200, 0x8000
SIGN, SEAL = 0x10, 0x20
EXTENDED, VERSION = 0x80000, 0x2000000
BITS_128, KEY_EXCHANGE, BITS_56 = 0x20000000, 0x40000000, 0x80000000


class _Gss(Party):
    implementation = "gss-ntlmssp"
    limits = frozenset({"no empty messages", "NTLMv2 always extended", "zero pads only"})

    def _bindings(self):
        if self.wish.bindings is None:
            return None
        return ChannelBindings(application_data=self.wish.bindings)

    def _flags(self):
        wish = self.wish
        flags = UNICODE | OEM | REQUEST_TARGET | NTLM | ALWAYS_SIGN | VERSION
        flags |= EXTENDED if wish.extended else 0
        flags |= KEY_EXCHANGE if wish.key_exchange else 0
        flags |= BITS_128 if wish.bits_128 else 0
        flags |= BITS_56 if wish.bits_56 else 0
        return flags

    def _varies(self):
        wish = self.wish
        return not (wish.key_exchange and wish.bits_128 and wish.bits_56 and wish.extended)

    def reason(self, error):
        if not isinstance(error, gssapi.exceptions.GSSError):
            return None
        return " ".join(str(error).split())

    def step(self, token):
        with self.own():
            return self.context.step(token)

    @property
    def complete(self):
        return self.context.complete

    def session_key(self):
        with self.own():
            return inquire_sec_context_by_oid(self.context, SESSION_KEY)[0]

    def sign(self, data):
        with self.own():
            return self.context.get_signature(data)

    def verify(self, data, signature):
        with self.own():
            self.context.verify_signature(data, signature)

    def seal(self, data):
        with self.own():
            return self.context.wrap(data, True).message

    def unseal(self, message):
        with self.own():
            return self.context.unwrap(message).message


class Client(_Gss):
    role = "client"
    limits = _Gss.limits | {"always key exchange"}

    def __init__(self, stage, wish, account):
        super().__init__(stage, wish, NTLM_USER_FILE=stage.user_file([account]))
        # A flag without effect here: an empty list would mean python-gssapi's default.
        flags = [gssapi.RequirementFlag.delegate_to_peer]
        if wish.integrity:
            flags.append(gssapi.RequirementFlag.integrity)
        if wish.confidentiality:
            flags.append(gssapi.RequirementFlag.confidentiality)
        with self.surroundings():
            name = gssapi.Name(f"{account.domain}\\{account.user}", gssapi.NameType.user)
            target = gssapi.Name(
                f"{TARGET_SERVICE}@{TARGET_HOST}", gssapi.NameType.hostbased_service
            )
            self.credential = gssapi.Credentials(name=name, mechs=[NTLMSSP], usage="initiate")
            if self._varies():
                set_cred_option(NEG_FLAGS, self.credential, struct.pack("<I", self._flags()))
            self.context = gssapi.SecurityContext(
                name=target, creds=self.credential, mech=NTLMSSP, flags=flags,
                channel_bindings=self._bindings(), usage="initiate",
            )

    def step(self, token):
        out = super().step(token)
        if token is None and self.wish.mic:
            with self.own():
                inquire_sec_context_by_oid(self.context, SPNEGO_REQUIRE_MIC)
        return out

    def client_name(self):
        return None


class Server(_Gss):
    role = "server"
    limits = _Gss.limits | {
        "missing bindings pass",
        "zero bindings pass",
        "domain as in the file",
        "key exchange without messages",
    }

    def __init__(self, stage, wish, accounts):
        super().__init__(stage, wish, NTLM_USER_FILE=stage.user_file(accounts))
        with self.surroundings():
            self.credential = gssapi.Credentials(mechs=[NTLMSSP], usage="accept")
            if self._varies():
                flags = self._flags() | SIGN | SEAL
                set_cred_option(NEG_FLAGS, self.credential, struct.pack("<I", flags))
            self.context = gssapi.SecurityContext(
                creds=self.credential, usage="accept", channel_bindings=self._bindings()
            )

    def client_name(self):
        with self.own():
            # Its names end with the NUL of the C string.
            name = str(self.context.initiator_name).rstrip("\0")
            domain, _, user = name.rpartition("\\")
            return domain, user
