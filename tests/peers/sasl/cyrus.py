"""Cyrus SASL through ctypes: its plugin for GSSAPI and GSS-SPNEGO sits on MIT's libgssapi."""

import ctypes
import ctypes.util
import struct
from ctypes import (
    CFUNCTYPE, POINTER, Structure, byref, c_char_p, c_int, c_uint, c_ulong, c_void_p, cast,
)

from .party import SaslSide


OK, CONTINUE = 0, 1
# SASL_CB_…
LIST_END, GETOPT, LOG, USER, AUTHNAME, PROXY_POLICY = 0, 1, 2, 0x4001, 0x4002, 0x8001
# Properties of a connection.
USERNAME, SSF, MAXOUTBUF, AUTHUSER, SEC_PROPS = 0, 1, 2, 16, 101
# From which strength on a message is encrypted.
ENCRYPTED = 56
LAYERS = {"none": (0, 0), "integrity": (1, 1), "confidentiality": (ENCRYPTED, 256), "any": (0, 256)}

VOID = CFUNCTYPE(c_int)


class Callback(Structure):
    _fields_ = [("id", c_ulong), ("proc", VOID), ("context", c_void_p)]


class Properties(Structure):
    _fields_ = [
        ("min_ssf", c_uint), ("max_ssf", c_uint), ("maxbufsize", c_uint),
        ("security_flags", c_uint), ("names", c_void_p), ("values", c_void_p),
    ]


class CyrusError(Exception):
    """A negative result, and what the library says of it."""


LOG_TYPE = CFUNCTYPE(c_int, c_void_p, c_int, c_char_p)
USER_TYPE = CFUNCTYPE(c_int, c_void_p, c_int, POINTER(c_char_p), POINTER(c_uint))
PROXY_TYPE = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_uint, c_void_p, c_uint, c_void_p,
                       c_uint, c_void_p)


class Native:
    """The library, loaded and initialised once in a process."""

    loaded = None

    @classmethod
    def get(cls):
        if cls.loaded is None:
            cls.loaded = cls()
        return cls.loaded

    def __init__(self):
        name = ctypes.util.find_library("sasl2")
        if not name:
            raise ImportError("libsasl2 is not there (Debian: libsasl2-modules-gssapi-mit)")
        self.library = ctypes.CDLL(name)
        self.library.sasl_errdetail.restype = c_char_p
        self.log = LOG_TYPE(lambda *_: OK)
        self.common = (Callback * 2)(
            Callback(LOG, cast(self.log, VOID), None), Callback(LIST_END, VOID(), None),
        )
        assert self.library.sasl_client_init(self.common) == OK
        assert self.library.sasl_server_init(self.common, b"secur32-peers") == OK

    def check(self, result, connection):
        if result not in (OK, CONTINUE):
            detail = self.library.sasl_errdetail(connection).decode(errors="replace")
            raise CyrusError(f"{result}: {detail}")
        return result


class _Cyrus(SaslSide):
    implementation = "cyrus-sasl"

    def __init__(self, place, mechanism, layer, size):
        super().__init__(place)
        self.native = Native.get()
        self.mechanism = mechanism.encode()
        self.connection = c_void_p()
        self.complete = False
        self.started = False
        low, high = LAYERS[layer]
        self.properties = Properties(low, high, size, 0, None, None)

    def reason(self, error):
        return str(error) if isinstance(error, CyrusError) else None

    def _check(self, result):
        return self.native.check(result, self.connection)

    def _configure(self):
        self._check(self.native.library.sasl_setprop(
            self.connection, SEC_PROPS, byref(self.properties)))

    def _number(self, property):
        value = POINTER(c_uint)()
        self._check(self.native.library.sasl_getprop(self.connection, property, byref(value)))
        return value.contents.value

    def _text(self, property):
        value = c_char_p()
        self._check(self.native.library.sasl_getprop(self.connection, property, byref(value)))
        return value.value.decode()

    def layer(self):
        ssf = self._number(SSF)
        return "none" if ssf == 0 else "integrity" if ssf == 1 else "confidentiality"

    def most(self):
        """The most data that it sends in one message."""
        return self._number(MAXOUTBUF)

    def wrap(self, data, sealed=True):
        """One protected message, without the length in front."""
        output, length = c_void_p(), c_uint()
        with self.own():
            self._check(self.native.library.sasl_encode(
                self.connection, bytes(data), len(data), byref(output), byref(length)))
        framed = ctypes.string_at(output, length.value)
        (size,) = struct.unpack(">I", framed[:4])
        assert len(framed) == 4 + size, "more than one message"
        return framed[4:]

    def unwrap(self, token):
        output, length = c_void_p(), c_uint()
        framed = struct.pack(">I", len(token)) + token
        with self.own():
            self._check(self.native.library.sasl_decode(
                self.connection, framed, len(framed), byref(output), byref(length)))
        return ctypes.string_at(output, length.value) if length.value else b""

    def close(self):
        self.native.library.sasl_dispose(byref(self.connection))


class Client(_Cyrus):
    role = "client"

    def __init__(self, place, service, host, mechanism="GSSAPI", layer="any", size=65535,
                 authorization=""):
        super().__init__(place, mechanism, layer, size)
        name = authorization.encode()

        def user(_, what, result, length):
            result[0] = name
            if length:
                length[0] = len(name)
            return OK

        self.user = USER_TYPE(user)
        self.callbacks = (Callback * 3)(
            Callback(USER, cast(self.user, VOID), None),
            Callback(AUTHNAME, cast(self.user, VOID), None), Callback(LIST_END, VOID(), None),
        )
        with self.own():
            self._check(self.native.library.sasl_client_new(
                service.encode(), host.encode(), None, None, self.callbacks, 0,
                byref(self.connection)))
            self._configure()

    def step(self, token):
        output, length = c_void_p(), c_uint()
        with self.own():
            if not self.started:
                self.started = True
                result = self.native.library.sasl_client_start(
                    self.connection, self.mechanism, None, byref(output), byref(length), None)
            else:
                result = self.native.library.sasl_client_step(
                    self.connection, token or b"", len(token or b""), None, byref(output),
                    byref(length))
            self.complete = self._check(result) == OK
        return ctypes.string_at(output, length.value) if output.value else b""


class Server(_Cyrus):
    role = "server"

    def __init__(self, place, service, host, mechanism="GSSAPI", layer="any", size=65535):
        super().__init__(place, mechanism, layer, size)
        self.asked = None

        def proxy(_connection, _context, requested, requested_length, *_):
            self.asked = ctypes.string_at(requested, requested_length).decode()
            return OK

        self.proxy = PROXY_TYPE(proxy)
        self.callbacks = (Callback * 2)(
            Callback(PROXY_POLICY, cast(self.proxy, VOID), None), Callback(LIST_END, VOID(), None),
        )
        with self.own():
            self._check(self.native.library.sasl_server_new(
                service.encode(), host.encode(), None, None, None, self.callbacks, 0,
                byref(self.connection)))
            self._configure()

    def step(self, token):
        output, length = c_void_p(), c_uint()
        token = token or b""
        with self.own():
            if not self.started:
                self.started = True
                result = self.native.library.sasl_server_start(
                    self.connection, self.mechanism, token, len(token), byref(output),
                    byref(length))
            else:
                result = self.native.library.sasl_server_step(
                    self.connection, token, len(token), byref(output), byref(length))
            self.complete = self._check(result) == OK
        return ctypes.string_at(output, length.value) if output.value else b""

    def client_name(self):
        return self._text(AUTHUSER)

    def authorization(self):
        return self._text(USERNAME)
