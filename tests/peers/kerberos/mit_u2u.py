"""User-to-user over MIT's libkrb5: mit_u2u.c, with the tokens of [MS-KILE] and RFC 4121 made here.

MIT's libgssapi has no user-to-user; its KDC and libkrb5 have. So this is a peer for the exchange,
the AP messages, the keys, and the cryptography of messages.
"""

import ctypes
import os
import pathlib
import struct
from ctypes import byref, c_char_p, c_int, c_size_t, c_uint, c_void_p

from .party import KerberosSide

ROOM = 70000
U2U_OID = bytes.fromhex("060a2a864886f71201020203")
TGT_REQ, TGT_REP, AP_REQ, AP_REP = b"\x04\x00", b"\x04\x01", b"\x01\x00", b"\x02\x00"
# Key usages of RFC 4121 2: what an acceptor and an initiator send.
SEAL = {"server": 22, "client": 24}
SIGN = {"server": 23, "client": 25}
SENT_BY_ACCEPTOR, SEALED, ACCEPTOR_SUBKEY = 1, 2, 4


def library():
    built = pathlib.Path(__file__).resolve().parents[3] / "target" / "peers" / "u2u"
    loaded = ctypes.CDLL(os.environ.get("SECUR32_MIT_U2U", str(built / "mit_u2u.so")))
    for name in ("u2u_error", "u2u_client"):
        getattr(loaded, name).restype = c_char_p
    return loaded


LIBRARY = library()


class KrbError(Exception):
    """What libkrb5 said."""


# ---------------------------------------------------------------------------- DER, framing


def der(tag, *contents):
    body = b"".join(contents)
    if len(body) < 0x80:
        return bytes((tag, len(body))) + body
    length = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + body


def der_parts(data):
    """(tag, content) of each element in a row."""
    while data:
        tag, length, at = data[0], data[1], 2
        if length & 0x80:
            at = 2 + (length & 0x7F)
            length = int.from_bytes(data[2:at], "big")
        assert len(data) >= at + length, "an element is cut"
        yield tag, data[at : at + length]
        data = data[at + length :]


def integer(number):
    return der(2, bytes((number,)))


def framed(kind, body):
    return der(0x60, U2U_OID, kind + body)


def unframed(token, kind):
    ((tag, content),) = der_parts(token)
    assert tag == 0x60, f"not a GSS token: {token[:16].hex()}"
    assert content.startswith(U2U_OID), f"another mechanism: {content[:14].hex()}"
    content = content[len(U2U_OID) :]
    assert content[:2] == kind, f"the token is {content[:2].hex()}, not {kind.hex()}"
    return content[2:]


def tgt_request(user, realm):
    name = der(0x30, der(0xA0, integer(1)), der(0xA1, der(0x30, der(0x1B, user.encode()))))
    return der(0x30, der(0xA0, integer(5)), der(0xA1, integer(16)), der(0xA2, name),
               der(0xA3, der(0x1B, realm.encode())))


def tgt_reply(ticket):
    return der(0x30, der(0xA0, integer(5)), der(0xA1, integer(17)), der(0xA2, ticket))


def fields(sequence):
    ((tag, content),) = der_parts(sequence)
    assert tag == 0x30
    return {tag & 0x1F: value for tag, value in der_parts(content)}


# ---------------------------------------------------------------------------- the sides


class _User(KerberosSide):
    implementation = "mit-u2u"

    def __init__(self, place, wish):
        super().__init__(place, wish)
        self.done = False
        self.handle = c_void_p()
        self.subkey_flag = 0
        self.sent = self.received = None
        with self.own():
            self.call("open", byref(self.handle), to_handle=False)

    def call(self, function, *arguments, to_handle=True):
        arguments = (self.handle, *arguments) if to_handle else arguments
        if getattr(LIBRARY, f"u2u_{function}")(*arguments):
            raise KrbError(LIBRARY.u2u_error(self.handle).decode(errors="replace"))

    def filled(self, function, *arguments, more=()):
        """A call whose last arguments are room for bytes."""
        room, size = ctypes.create_string_buffer(ROOM), c_size_t(ROOM)
        self.call(function, *arguments, room, byref(size), *more)
        return room.raw[: size.value]

    def crypt(self, function, usage, data):
        return self.filled(function, usage, data, c_size_t(len(data)))

    def reason(self, error):
        return str(error) if isinstance(error, KrbError) else None

    @property
    def complete(self):
        return self.done

    def finish(self):
        local, remote = c_uint(), c_uint()
        self.call("sequence", byref(local), byref(remote))
        self.sent, self.received = local.value, remote.value
        self.done = True

    def session_key(self):
        return self.filled("key")

    def enctype(self):
        return LIBRARY.u2u_enctype(self.handle)

    # -- messages: RFC 4121 4.2

    def _flags(self, sealed):
        flags = SEALED if sealed else 0
        return flags | self.subkey_flag | (SENT_BY_ACCEPTOR if self.role == "server" else 0)

    def _peer(self):
        return "client" if self.role == "server" else "server"

    def wrap(self, data, sealed=True):
        header = struct.pack(">HBBHHQ", 0x0504, self._flags(sealed), 0xFF, 0, 0, self.sent)
        self.sent += 1
        with self.own():
            if sealed:
                return header + self.crypt("encrypt", SEAL[self.role], data + header)
            checksum = self.crypt("checksum", SEAL[self.role], data + header)
        return header[:4] + struct.pack(">H", len(checksum)) + header[6:] + data + checksum

    def unwrap(self, token):
        kind, flags, filler, extra, rotation, number = struct.unpack_from(">HBBHHQ", token)
        assert (kind, filler) == (0x0504, 0xFF), token[:16].hex()
        assert number == self.received, f"the number is {number}, not {self.received}"
        assert flags & ~SEALED == self._expected(), f"the flags are {flags:#x}"
        self.received += 1
        body = token[16:]
        rotation %= max(len(body), 1)
        body = body[rotation:] + body[:rotation]
        with self.own():
            if flags & SEALED:
                opened = self.crypt("decrypt", SEAL[self._peer()], body)
                copy = token[:6] + bytes(2) + token[8:16]
                assert opened.endswith(copy), "the header is not at the end"
                return opened[: len(opened) - 16 - extra], True
            data, checksum = body[: len(body) - extra], body[len(body) - extra :]
            header = token[:4] + bytes(4) + token[8:16]
            assert self.crypt("checksum", SEAL[self._peer()], data + header) == checksum
            return data, False

    def _expected(self):
        return self.subkey_flag | (SENT_BY_ACCEPTOR if self._peer() == "server" else 0)

    def sign(self, data):
        header = struct.pack(">HB5sQ", 0x0404, self._flags(False), b"\xff" * 5, self.sent)
        self.sent += 1
        with self.own():
            return header + self.crypt("checksum", SIGN[self.role], data + header)

    def verify(self, data, signature):
        header = signature[:16]
        kind, flags, _, number = struct.unpack(">HB5sQ", header)
        assert (kind, flags, number) == (0x0404, self._expected(), self.received), header.hex()
        self.received += 1
        with self.own():
            assert self.crypt("checksum", SIGN[self._peer()], data + header) == signature[16:]

    def close(self):
        LIBRARY.u2u_close(self.handle)


class Client(_User):
    role = "client"

    def __init__(self, place, wish, target):
        super().__init__(place, wish)
        self.target = target
        self.leg = 0

    def step(self, token):
        self.leg += 1
        with self.own():
            if self.leg == 1:
                user, _, realm = self.target.partition("@")
                return framed(TGT_REQ, tgt_request(user, realm))
            if self.leg == 2:
                reply = fields(unframed(token, TGT_REP))
                assert reply[1] == integer(17), "not a TGT-REP"
                # The checksum of RFC 4121 4.1.1: no bindings; mutual, replay, sequence, both.
                checksum = struct.pack("<I16sI", 16, bytes(16), 0x3E)
                request = self.filled(
                    "request", self.target.encode(), reply[2], c_size_t(len(reply[2])), checksum,
                    c_size_t(len(checksum)),
                )
                return framed(AP_REQ, request)
            theirs = c_int()
            reply = unframed(token, AP_REP)
            self.call("reply", reply, c_size_t(len(reply)), byref(theirs))
            self.subkey_flag = ACCEPTOR_SUBKEY if theirs.value else 0
            self.finish()
            return None

    def client_name(self):
        return None


class Server(_User):
    """A user with a TGT in the cache."""

    role = "server"

    def __init__(self, place, wish):
        super().__init__(place, wish)
        self.leg = 0

    def step(self, token):
        self.leg += 1
        with self.own():
            if self.leg == 1:
                request = fields(unframed(token, TGT_REQ))
                assert request[0] == integer(5) and request[1] == integer(16)
                return framed(TGT_REP, tgt_reply(self.filled("tgt")))
            request, flags = unframed(token, AP_REQ), c_uint()
            reply = self.filled("accept", request, c_size_t(len(request)), more=(byref(flags),))
            assert flags.value & 2, "the client does not ask for mutual authentication"
            # We always choose a key.
            self.subkey_flag = ACCEPTOR_SUBKEY
            self.finish()
            return framed(AP_REP, reply)

    def client_name(self):
        return LIBRARY.u2u_client(self.handle).decode()
