"""Connectionless NTLM with gss-ntlmssp, signed messages both ways.

The mechanism is loaded itself, not through libgssapi_krb5, which takes no empty first token. Sealed
datagrams are not compared: gss-ntlmssp makes the key of a message between its data and its checksum,
where [MS-NLMP] 3.4.4 makes it before both.
"""

import ctypes
import glob
import struct
from ctypes import Structure, byref, c_char_p, c_size_t, c_uint32, c_void_p
from dataclasses import replace

import party_gss  # noqa: F401  (whether the mechanism is there)
import party_secur32
import tokens
from party import TARGET_HOST, TARGET_SERVICE, Party, Stage, Wish
from pair import flipped, refused
from stage import ACCOUNTS, ALICE

CASES = []
DATAGRAM = Wish(datagram=True)

CONTINUE_NEEDED = 1
CONF_FLAG, INTEG_FLAG, DATAGRAM_FLAG = 0x10, 0x20, 0x10000
INITIATE, ACCEPT = 1, 2


class Oid(Structure):
    _fields_ = [("length", c_uint32), ("elements", c_char_p)]

    @classmethod
    def of(cls, text):
        content = bytes.fromhex(text)
        return cls(len(content), content)


class Buffer(Structure):
    _fields_ = [("length", c_size_t), ("value", c_void_p)]

    @classmethod
    def of(cls, content):
        memory = ctypes.create_string_buffer(content, max(len(content), 1))
        buffer = cls(len(content), ctypes.addressof(memory))
        buffer.memory = memory
        return buffer

    def content(self):
        return ctypes.string_at(self.value, self.length) if self.length else b""


USER_NAME = Oid.of("2a864886f71201020101")
SERVICE_NAME = Oid.of("2a864886f71201020104")
SET_SEQUENCE_NUMBER = Oid.of("2b06010401b77d850f0101")


class GssError(Exception):
    pass


class _Gss(Party):
    implementation = "gss-ntlmssp"

    def __init__(self, stage, wish, accounts):
        super().__init__(stage, wish, NTLM_USER_FILE=stage.user_file(accounts))
        [path] = glob.glob("/usr/lib/*/gssntlmssp/gssntlmssp.so")
        self.native = ctypes.CDLL(path)
        self.context, self.credential = c_void_p(), c_void_p()
        self.done = False

    def _call(self, function, *arguments):
        native = getattr(self.native, function)
        native.restype = c_uint32
        minor = c_uint32()
        status = native(byref(minor), *arguments)
        if status & 0xFFFF0000:
            raise GssError(f"{function}: {status:#x}, {minor.value}")
        return status

    def _acquire(self, name, usage):
        self._call("gss_acquire_cred", name, 0, None, usage, byref(self.credential), None, None)

    def _name(self, text, kind):
        name = c_void_p()
        self._call("gss_import_name", byref(Buffer.of(text.encode())), byref(kind), byref(name))
        return name

    def reason(self, error):
        return str(error) if isinstance(error, GssError) else None

    @property
    def complete(self):
        return self.done

    def _number(self, number):
        value = Buffer.of(struct.pack("<I", number))
        option = byref(SET_SEQUENCE_NUMBER)
        self._call("gss_set_sec_context_option", byref(self.context), option, byref(value))

    def sign(self, data, number=0):
        signature = Buffer()
        with self.own():
            self._number(number)
            self._call("gss_get_mic", self.context, 0, byref(Buffer.of(data)), byref(signature))
        return signature.content()

    def verify(self, data, signature, number=0):
        with self.own():
            self._number(number)
            given = byref(Buffer.of(data)), byref(Buffer.of(signature))
            self._call("gss_verify_mic", self.context, *given, None)

    def session_key(self):
        raise NotImplementedError

    def client_name(self):
        raise NotImplementedError

    def seal(self, data):
        raise NotImplementedError

    def unseal(self, message):
        raise NotImplementedError


class GssClient(_Gss):
    role = "client"

    def __init__(self, stage, wish, account):
        super().__init__(stage, wish, [account])
        with self.surroundings():
            self._acquire(self._name(f"{account.domain}\\{account.user}", USER_NAME), INITIATE)
            self.target = self._name(f"{TARGET_SERVICE}@{TARGET_HOST}", SERVICE_NAME)

    def step(self, token):
        out, flags = Buffer(), CONF_FLAG | INTEG_FLAG | DATAGRAM_FLAG
        with self.own():
            status = self._call(
                "gss_init_sec_context", self.credential, byref(self.context), self.target, None,
                flags, 0, None, byref(Buffer.of(token or b"")), None, byref(out), None, None,
            )
        self.done = status != CONTINUE_NEEDED
        return out.content()


class GssServer(_Gss):
    role = "server"

    def __init__(self, stage, wish, accounts):
        super().__init__(stage, wish, accounts)
        with self.surroundings():
            self._acquire(None, ACCEPT)

    def step(self, token):
        out = Buffer()
        with self.own():
            status = self._call(
                "gss_accept_sec_context", byref(self.context), self.credential,
                byref(Buffer.of(token or b"")), None, None, None, byref(out), None, None, None,
            )
        self.done = status != CONTINUE_NEEDED
        return out.content()


def meet(directory, client_class, server_class, account=ALICE, change=lambda token: token):
    """The three steps of [MS-NLMP] 1.3.1.4: the server speaks first."""
    stage = Stage(directory, ACCOUNTS)
    client = client_class(stage, DATAGRAM, account)
    server = server_class(stage, DATAGRAM, ACCOUNTS)
    assert not client.step(None), "a datagram client has nothing to say first"
    challenge = server.step(None)
    assert tokens.kind(challenge) == 2 and tokens.flags(challenge) & tokens.DATAGRAM
    authenticate = client.step(challenge)
    assert tokens.kind(authenticate) == 3 and tokens.flags(authenticate) & tokens.DATAGRAM
    assert not server.step(change(authenticate))
    assert client.complete and server.complete
    return client, server


def signed(side, data, number):
    if side.implementation == "secur32":
        side.context.sent = number
        return side.sign(data)
    return side.sign(data, number)


def verify(side, data, signature, number):
    if side.implementation == "secur32":
        side.context.received = number
        side.verify(data, signature)
    else:
        side.verify(data, signature, number)


def messages_in_any_order(directory, client_class, server_class):
    client, server = meet(directory, client_class, server_class)
    for sender, receiver in ((client, server), (server, client)):
        sent = [(n, b"datagram %d" % n) for n in (0, 1, 2, 7, 7, 1000, 3)]
        sent = [(n, data, signed(sender, data, n)) for n, data in sent]
        for number, data, signature in reversed(sent):
            verify(receiver, data, signature, number)


def altered(directory, client_class, server_class):
    client, server = meet(directory, client_class, server_class)
    for sender, receiver in ((client, server), (server, client)):
        signature = signed(sender, b"as it was", 5)
        for data, given, number in (
            (b"As it was", signature, 5),
            (b"as it was", flipped(signature, 6), 5),
            (b"as it was", signature, 6),
        ):
            with refused(receiver.role, "SEC_E_MESSAGE_ALTERED"):
                verify(receiver, data, given, number)
        verify(receiver, b"as it was", signature, 5)


def wrong_password(directory, client_class, server_class):
    with refused("server", "SEC_E_LOGON_DENIED"):
        meet(directory, client_class, server_class, replace(ALICE, password="x"))


def mic_changed(directory, client_class, server_class):
    with refused("server", "SEC_E_MESSAGE_ALTERED"):
        meet(directory, client_class, server_class,
             change=lambda token: flipped(token, tokens.MIC.start))


for _client, _server in (
    (party_secur32.Client, GssServer),
    (GssClient, party_secur32.Server),
):
    for _title, _function in (
        ("datagrams signed, in any order", messages_in_any_order),
        ("datagrams changed or under another number are refused", altered),
        ("datagram: wrong password", wrong_password),
        ("datagram: the MIC is needed to be right", mic_changed),
    ):
        # gss-ntlmssp's client makes no MIC outside SPNEGO.
        if _function is mic_changed and _client is GssClient:
            continue
        _pair = f"{_client.implementation} -> {_server.implementation}"
        CASES.append((
            f"{_pair}: {_title}",
            lambda directory, f=_function, c=_client, s=_server: f(directory, c, s),
        ))
