"""A small SMB client ([MS-SMB2]), dialects 2.1, 3.0 and 3.1.1: enough to set a session up, to sign
with its key, and to encrypt with what is made of it."""

import hashlib
import hmac
import os
import socket
import struct
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.cmac import CMAC

SECONDS = 10
NEGOTIATE, SESSION_SETUP, LOGOFF, TREE_CONNECT = 0, 1, 2, 3
SIGNED, RESPONSE = 0x8, 0x1
SIGNING_REQUIRED = 2
# Capabilities: encryption, which 3.1.1 tells in a context instead.
CAN_ENCRYPT = 0x40
SMB_2_1, SMB_3_0, SMB_3_1_1 = 0x0210, 0x0300, 0x0311
PREAUTH, CIPHERS, SIGNINGS = 1, 2, 8
SHA_512, AES_128_GCM = 1, 2
HMAC_SHA256, AES_CMAC, AES_GMAC = 0, 1, 2
OK, MORE = 0, 0xC0000016
SIGNATURE = slice(48, 64)


class SmbError(Exception):
    """An NTSTATUS of the server's."""

    def __init__(self, status, token=b""):
        self.status, self.token = status, token
        super().__init__(f"NTSTATUS {status:#010x}")


@dataclass(frozen=True)
class Style:
    """A dialect; how messages are signed; whether they are encrypted once there is a key."""

    dialect: int
    signing: int
    encrypts: bool = False


STYLES = (
    Style(SMB_2_1, HMAC_SHA256), Style(SMB_3_0, AES_CMAC), Style(SMB_3_1_1, AES_CMAC),
    Style(SMB_3_1_1, AES_GMAC), Style(SMB_3_1_1, AES_GMAC, encrypts=True),
)


class Connection:
    def __init__(self, host, style=STYLES[0], port=445):
        self.socket = socket.create_connection((host, port), SECONDS)
        self.style = style
        self.number = self.session = self.tree = 0
        self.key = self.ciphers = None
        # What has been said before the session has a key (3.1.4.4.1).
        self.preauth = bytes(64)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    # -- messages

    def _call(self, command, body):
        """The status, and the answer from its header on."""
        protected = self.key and not self.ciphers
        header = struct.pack(
            "<4sHHIHHIIQIIQ16s", b"\xfeSMB", 64, 1, 0, command, 31, SIGNED if protected else 0, 0,
            self.number, 0xFEFF, self.tree, self.session, bytes(16),
        )
        message = header + body
        if protected:
            message = message[:48] + self._signature(message) + message[64:]
        if not self.key:
            self._hash(message)
        if self.ciphers:
            message = self._encrypted(message)
        self.socket.sendall(struct.pack(">I", len(message)) + message)
        self.number += 1
        answer = self._receive(struct.unpack(">I", self._receive(4))[0])
        if self.ciphers:
            answer = self._decrypted(answer)
        elif self.key:
            self._verify(answer)
        self.session = struct.unpack_from("<Q", answer, 40)[0]
        return struct.unpack_from("<I", answer, 8)[0], answer

    def _receive(self, size):
        data = b""
        while len(data) < size:
            more = self.socket.recv(size - len(data))
            assert more, "the SMB server closed the connection"
            data += more
        return data

    def _hash(self, message):
        self.preauth = hashlib.sha512(self.preauth + message).digest()

    # -- protection

    def _signature(self, message):
        """[MS-SMB2] 3.1.4.1"""
        blank = message[:48] + bytes(16) + message[64:]
        if self.style.signing == HMAC_SHA256:
            return hmac.digest(self.key, blank, hashlib.sha256)[:16]
        if self.style.signing == AES_CMAC:
            mac = CMAC(AES(self.key))
            mac.update(blank)
            return mac.finalize()
        number, flags = message[24:32], struct.unpack_from("<I", message, 16)[0]
        return AESGCM(self.key).encrypt(number + struct.pack("<I", flags & RESPONSE), b"", blank)

    def _verify(self, answer):
        flags = struct.unpack_from("<I", answer, 16)[0]
        assert flags & SIGNED, "the server did not sign"
        assert answer[SIGNATURE] == self._signature(answer), "the server signs with another key"

    def _encrypted(self, message):
        """[MS-SMB2] 2.2.41"""
        nonce = os.urandom(12)
        header = nonce + bytes(4) + struct.pack("<IHHQ", len(message), 0, 1, self.session)
        sealed = self.ciphers[0].encrypt(nonce, message, header)
        return b"\xfdSMB" + sealed[-16:] + header + sealed[:-16]

    def _decrypted(self, answer):
        assert answer[:4] == b"\xfdSMB", "the server did not encrypt"
        tag, header = answer[4:20], answer[20:52]
        return self.ciphers[1].decrypt(header[:12], answer[52:] + tag, header)

    def _take_key(self, key):
        """[MS-SMB2] 3.2.5.3"""
        if self.style.dialect == SMB_2_1:
            self.key = key
        elif self.style.dialect == SMB_3_0:
            self.key = derived(key, b"SMB2AESCMAC\0", b"SmbSign\0")
        else:
            self.key = derived(key, b"SMBSigningKey\0", self.preauth)

    def _encrypt_from_now_on(self, key):
        self.ciphers = tuple(AESGCM(derived(key, label, self.preauth))
                             for label in (b"SMBC2SCipherKey\0", b"SMBS2CCipherKey\0"))

    # -- commands

    def negotiate(self):
        """The server's hint of what it can do: a NegTokenInit2."""
        dialect = self.style.dialect
        contexts = self._contexts() if dialect == SMB_3_1_1 else []
        # The contexts begin where eight divides: behind the header, these 36 bytes, the dialect.
        start, packed = struct.pack("<IHH", 104, len(contexts), 0), b""
        for context in contexts:
            packed += bytes(-len(packed) % 8) + context
        body = struct.pack("<HHHHI16s8sH", 36, 1, SIGNING_REQUIRED, 0,
                           0 if dialect == SMB_2_1 else CAN_ENCRYPT, os.urandom(16),
                           start if contexts else bytes(8), dialect)
        status, answer = self._call(NEGOTIATE, body + (bytes(2) + packed if contexts else b""))
        assert status == OK, f"NEGOTIATE: {status:#x}"
        self._hash(answer)
        chosen, = struct.unpack_from("<H", answer, 68)
        assert chosen == dialect, f"the dialect is {chosen:#x}"
        if contexts:
            self._check_contexts(answer)
        offset, size = struct.unpack_from("<HH", answer, 64 + 56)
        return answer[offset : offset + size]

    def _contexts(self):
        """[MS-SMB2] 2.2.3.1"""
        salt = os.urandom(32)
        wanted = {
            PREAUTH: struct.pack("<HHH", 1, len(salt), SHA_512) + salt,
            CIPHERS: struct.pack("<HH", 1, AES_128_GCM),
            SIGNINGS: struct.pack("<HH", 1, self.style.signing),
        }
        return [struct.pack("<HHI", kind, len(data), 0) + data for kind, data in wanted.items()]

    def _check_contexts(self, answer):
        """The server agrees to all that was offered."""
        count, = struct.unpack_from("<H", answer, 64 + 6)
        at, = struct.unpack_from("<I", answer, 64 + 60)
        chosen = {}
        for _ in range(count):
            at += -at % 8
            kind, size = struct.unpack_from("<HH", answer, at)
            # The algorithm is the last of two or (with a salt's length) of three numbers.
            chosen[kind], = struct.unpack_from("<H", answer, at + 8 + (4 if kind == PREAUTH else 2))
            at += 8 + size
        wanted = {PREAUTH: SHA_512, CIPHERS: AES_128_GCM, SIGNINGS: self.style.signing}
        assert chosen == wanted, f"the server chooses {chosen}"

    def log_on(self, side, hint=None):
        """SESSION_SETUP with a side's tokens; its session key protects from then on."""
        token, tokens = side.step(hint), []
        while True:
            tokens.append(token)
            status, answer = self._setup(token)
            offset, size = struct.unpack_from("<HH", answer, 68)
            told = answer[offset : offset + size]
            if status not in (OK, MORE):
                raise SmbError(status)
            if told:
                tokens.append(told)
            token = side.step(told) if told and not side.complete else None
            if status == OK:
                break
            self._hash(answer)
        assert side.complete and not token, "the client wants more"
        key = side.session_key()[:16].ljust(16, b"\0")
        self._take_key(key)
        # The server signed what told of the success, unless the session is a guest's.
        assert struct.unpack_from("<H", answer, 66)[0] == 0, "a guest or nobody"
        self._verify(answer)
        if self.style.encrypts:
            self._encrypt_from_now_on(key)
        return tokens

    def _setup(self, token):
        body = struct.pack("<HBBIIHHQ", 25, 0, SIGNING_REQUIRED, 0, 0, 64 + 24, len(token), 0)
        return self._call(SESSION_SETUP, body + token)

    def connect(self, share):
        name = share.encode("utf-16-le")
        body = struct.pack("<HHHH", 9, 0, 64 + 8, len(name)) + name
        status, answer = self._call(TREE_CONNECT, body)
        if status != OK:
            raise SmbError(status)
        self.tree, = struct.unpack_from("<I", answer, 36)

    def log_off(self):
        status, _ = self._call(LOGOFF, struct.pack("<HH", 4, 0))
        if status != OK:
            raise SmbError(status)


def derived(key, label, context):
    """SP800-108 in counter mode with HMAC-SHA256: 128 bits ([MS-SMB2] 3.1.4.2)."""
    data = struct.pack(">I", 1) + label + b"\0" + context + struct.pack(">I", 128)
    return hmac.digest(key, data, hashlib.sha256)[:16]
