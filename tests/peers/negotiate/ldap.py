"""A small LDAP client (RFC 4511) with SASL GSS-SPNEGO or GSSAPI, whoever makes the tokens."""

import socket
import struct

SECONDS = 10
SUCCESS, SASL_IN_PROGRESS = 0, 14


class LdapError(Exception):
    """A result code other than success, and what the server says of it."""


def ber(tag, *contents):
    body = b"".join(contents)
    if len(body) < 0x80:
        return bytes([tag, len(body)]) + body
    size = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size)]) + size + body


def integer(number, tag=0x02):
    return ber(tag, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def items(data):
    """(tag, content) of what lies in a row."""
    at, found = 0, []
    while at < len(data):
        tag, size, at = data[at], data[at + 1], at + 2
        if size & 0x80:
            count = size & 0x7F
            size, at = int.from_bytes(data[at : at + count], "big"), at + count
        assert at + size <= len(data), "an LDAP message that is cut"
        found.append((tag, data[at : at + size]))
        at += size
    return found


def equals(attribute, value):
    """An equalityMatch filter."""
    return ber(0xA3, ber(0x04, attribute.encode()), ber(0x04, value.encode()))


PRESENT = ber(0x87, b"objectClass")
BASE, SUBTREE = 0, 2


class Connection:
    def __init__(self, host, port=389):
        self.socket = socket.create_connection((host, port), SECONDS)
        self.side = None
        self.number = 0
        self.data = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    # -- messages

    def _send(self, operation):
        self.number += 1
        message = ber(0x30, integer(self.number), operation)
        if self.side:
            token = self.side.wrap(message, self.sealed)
            message = struct.pack(">I", len(token)) + token
        self.socket.sendall(message)

    def _more(self):
        more = self.socket.recv(1 << 16)
        assert more, "the LDAP server closed the connection"
        return more

    def _plain(self):
        """One message, and what came behind it stays."""
        while True:
            try:
                if len(self.data) >= 2:
                    (_, content), *_ = items(self._first())
                    return items(content)
            except IndexError:
                pass
            self.received()

    def received(self):
        if not self.side:
            self.data += self._more()
            return
        while len(self.wrapped) < 4 or len(self.wrapped) < 4 + self._size():
            self.wrapped += self._more()
        size = self._size()
        token, self.wrapped = self.wrapped[4 : 4 + size], self.wrapped[4 + size :]
        plain, sealed = self.side.unwrap(token)
        assert sealed == self.sealed, "not protected as agreed"
        self.data += plain

    def _size(self):
        return struct.unpack(">I", self.wrapped[:4])[0]

    def _first(self):
        size, at = self.data[1], 2
        if size & 0x80:
            count = size & 0x7F
            if len(self.data) < 2 + count:
                raise IndexError
            size, at = int.from_bytes(self.data[2 : 2 + count], "big"), 2 + count
        if len(self.data) < at + size:
            raise IndexError
        message, self.data = self.data[: at + size], self.data[at + size :]
        return message

    def _answers(self, last):
        """The operations of the answer, to the one with this tag."""
        found = []
        while True:
            (_, number), (tag, content), *_ = self._plain()
            assert int.from_bytes(number, "big") == self.number, "an answer to another message"
            found.append((tag, items(content)))
            if tag == last:
                return found

    # -- operations

    def bind(self, side, mechanism="GSS-SPNEGO", layer=True, sealed=True):
        """Authenticates with a side's tokens; messages are protected from then on."""
        token, tokens = side.step(None), []
        while True:
            tokens.append(token)
            credentials = ber(0x04, mechanism.encode()) + (ber(0x04, token) if token else b"")
            self._send(ber(0x60, integer(3), ber(0x04, b""), ber(0xA3, credentials)))
            [(_, answer)] = self._answers(0x61)
            code = answer[0][1][0]
            told = next((content for tag, content in answer if tag == 0x87), None)
            if code not in (SUCCESS, SASL_IN_PROGRESS):
                raise LdapError(f"{code}: {answer[2][1].decode(errors='replace')}")
            if told:
                tokens.append(told)
            token = side.step(told) if told and not side.complete else None
            if code == SUCCESS:
                break
        assert side.complete and not token, "the client wants more"
        if layer:
            self.side, self.sealed, self.wrapped = side, sealed, b""
        return tokens

    def search(self, base, scope, rule, *attributes):
        """(DN, {attribute: [values]}) of each entry."""
        names = ber(0x30, *(ber(0x04, name.encode()) for name in attributes))
        self._send(ber(0x63, ber(0x04, base.encode()), integer(scope, 0x0A), integer(0, 0x0A),
                       integer(0), integer(SECONDS), b"\x01\x01\x00", rule, names))
        *entries, (_, done) = self._answers(0x65)
        if done[0][1] != b"\0":
            raise LdapError(f"{done[0][1][0]}: {done[2][1].decode(errors='replace')}")
        return [self._entry(content) for tag, content in entries if tag == 0x64]

    @staticmethod
    def _entry(content):
        values = {}
        for _, attribute in items(content[1][1]):
            (_, name), (_, members) = items(attribute)
            values[name.decode()] = [value for _, value in items(members)]
        return content[0][1].decode(), values
