"""A small SMB 2.1 client ([MS-SMB2]): enough to set a session up, and to sign with its key."""

import hashlib
import hmac
import os
import socket
import struct

SECONDS = 10
NEGOTIATE, SESSION_SETUP, LOGOFF, TREE_CONNECT = 0, 1, 2, 3
SIGNED, RESPONSE = 0x8, 0x1
SIGNING_REQUIRED = 2
DIALECT = 0x0210
OK, MORE = 0, 0xC0000016
SIGNATURE = slice(48, 64)


class SmbError(Exception):
    """An NTSTATUS of the server's."""

    def __init__(self, status, token=b""):
        self.status, self.token = status, token
        super().__init__(f"NTSTATUS {status:#010x}")


class Connection:
    def __init__(self, host, port=445):
        self.socket = socket.create_connection((host, port), SECONDS)
        self.number = self.session = self.tree = 0
        self.key = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    # -- messages

    def _call(self, command, body):
        """The status, and the answer from its header on."""
        header = struct.pack(
            "<4sHHIHHIIQIIQ16s", b"\xfeSMB", 64, 1, 0, command, 31, SIGNED if self.key else 0, 0,
            self.number, 0xFEFF, self.tree, self.session, bytes(16),
        )
        message = header + body
        if self.key:
            message = message[:48] + self._signature(message) + message[64:]
        self.socket.sendall(struct.pack(">I", len(message)) + message)
        self.number += 1
        answer = self._receive(struct.unpack(">I", self._receive(4))[0])
        if self.key:
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

    def _signature(self, message):
        """[MS-SMB2] 3.1.4.1 for the dialects before 3.0."""
        blank = message[:48] + bytes(16) + message[64:]
        return hmac.digest(self.key, blank, hashlib.sha256)[:16]

    def _verify(self, answer):
        flags = struct.unpack_from("<I", answer, 16)[0]
        assert flags & SIGNED, "the server did not sign"
        assert answer[SIGNATURE] == self._signature(answer), "the server signs with another key"

    # -- commands

    def negotiate(self):
        """The server's hint of what it can do: a NegTokenInit2."""
        body = struct.pack("<HHHHI16sQH", 36, 1, SIGNING_REQUIRED, 0, 0, os.urandom(16), 0, DIALECT)
        status, answer = self._call(NEGOTIATE, body)
        assert status == OK, f"NEGOTIATE: {status:#x}"
        dialect, = struct.unpack_from("<H", answer, 68)
        assert dialect == DIALECT, f"the dialect is {dialect:#x}"
        offset, size = struct.unpack_from("<HH", answer, 64 + 56)
        return answer[offset : offset + size]

    def log_on(self, side, hint=None):
        """SESSION_SETUP with a side's tokens; its session key signs from then on."""
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
        assert side.complete and not token, "the client wants more"
        self.key = side.session_key()[:16].ljust(16, b"\0")
        # The server signed what told of the success, unless the session is a guest's.
        assert struct.unpack_from("<H", answer, 66)[0] == 0, "a guest or nobody"
        self._verify(answer)
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
