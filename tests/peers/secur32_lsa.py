"""LSA calls of libsecur32.so from Python: tickets of the caller's session, and logons.

As `secur32.py` does for SSPI: ctypes and nothing else. `with Lsa() as lsa:` connects; every call
raises `LsaError` when the call does not reach the package, or when the package says no.
"""

import contextlib
import ctypes
import datetime
from ctypes import POINTER, Structure, byref, c_int16, c_int32, c_int64, c_uint16, c_uint32, c_void_p
from dataclasses import dataclass

from secur32 import default_library
from secur32_abi import SecHandle

QUERY_CACHE_EX3, RETRIEVE_TICKET, PURGE_CACHE, RETRIEVE_ENCODED = 25, 4, 6, 8
CHANGE_PASSWORD, ADD_BINDING, SET_PASSWORD, SUBMIT, QUERY_BINDINGS, PURGE_BINDINGS = 7, 10, 11, 21, 28, 29
DONT_USE_CACHE, USE_CACHE_ONLY, USE_CREDHANDLE = 1, 2, 4
AS_KERB_CRED, CACHE_TICKET = 8, 0x20
USE_LOGONID, SET_USE_CREDHANDLE = 1, 2
INTERACTIVE_LOGON, LOGON_INTERACTIVE = 2, 2
TICKET_LOGON, S4U_LOGON, LOGON_NETWORK = 10, 12, 3
S4U_CHECK_LOGONHOURS, S4U_IDENTIFY = 2, 8
FORWARDABLE, FORWARDED = 0x40000000, 0x20000000

NO_CREDENTIALS, OBJECT_NAME_NOT_FOUND = 0x8009030E, 0xC0000034
INVALID_PARAMETER, LOGON_FAILURE, NO_LOGON_SERVERS = 0xC000000D, 0xC000006D, 0xC000005E
WRONG_PASSWORD, NO_SUCH_USER, PASSWORD_RESTRICTION = 0xC000006A, 0xC0000064, 0xC000006C
ACCESS_DENIED, PORT_CONNECTION_REFUSED = 0xC0000022, 0xC0000041


class LUID(Structure):
    _fields_ = [("LowPart", c_uint32), ("HighPart", c_int32)]


class UNICODE_STRING(Structure):
    _fields_ = [("Length", c_uint16), ("MaximumLength", c_uint16), ("Buffer", c_void_p)]

    @property
    def text(self):
        return ctypes.string_at(self.Buffer, self.Length).decode("utf-16-le") if self.Length else ""


class LSA_STRING(Structure):
    _fields_ = UNICODE_STRING._fields_


class TICKET_CACHE_INFO_EX3(Structure):
    _fields_ = [
        ("ClientName", UNICODE_STRING), ("ClientRealm", UNICODE_STRING),
        ("ServerName", UNICODE_STRING), ("ServerRealm", UNICODE_STRING),
        ("StartTime", c_int64), ("EndTime", c_int64), ("RenewTime", c_int64),
        ("EncryptionType", c_int32), ("TicketFlags", c_uint32), ("SessionKeyType", c_uint32),
        ("BranchId", c_uint32), ("CacheFlags", c_uint32), ("KdcCalled", UNICODE_STRING),
    ]


class EXTERNAL_NAME(Structure):
    _fields_ = [("NameType", c_int16), ("NameCount", c_uint16), ("Names", UNICODE_STRING * 1)]


class EXTERNAL_TICKET(Structure):
    _fields_ = [
        ("ServiceName", c_void_p), ("TargetName", c_void_p), ("ClientName", c_void_p),
        ("DomainName", UNICODE_STRING), ("TargetDomainName", UNICODE_STRING),
        ("AltTargetDomainName", UNICODE_STRING),
        ("KeyType", c_int32), ("KeyLength", c_uint32), ("KeyValue", c_void_p),
        ("TicketFlags", c_uint32), ("Flags", c_uint32),
        ("KeyExpirationTime", c_int64), ("StartTime", c_int64), ("EndTime", c_int64),
        ("RenewUntil", c_int64), ("TimeSkew", c_int64),
        ("EncodedTicketSize", c_uint32), ("EncodedTicket", c_void_p),
    ]


class BINDING_ENTRY(Structure):
    _fields_ = [
        ("DiscoveryTime", c_int64), ("RealmName", UNICODE_STRING), ("KdcAddress", UNICODE_STRING),
        ("AddressType", c_uint32), ("Flags", c_uint32), ("DcFlags", c_uint32),
        ("CacheFlags", c_uint32), ("KdcName", UNICODE_STRING),
    ]


@dataclass(frozen=True)
class Listed:
    client: str
    server: str
    start: datetime.datetime
    end: datetime.datetime
    enctype: int
    key_enctype: int
    flags: int


@dataclass(frozen=True)
class External:
    service: str
    target: str
    client: str
    key: tuple
    flags: int
    encoded: bytes


class LsaError(Exception):
    def __init__(self, call, status, story):
        self.status = status & 0xFFFFFFFF
        # Why an account is restricted, where LsaLogonUser says so.
        self.sub_status = 0
        super().__init__(f"{call}: {self.status:#010x}, {story}")


class Message:
    """A request: fixed fields, and the strings behind them in the same buffer."""

    def __init__(self, size):
        self.size, self.fields, self.behind = size, [], b""

    def put(self, offset, kind, value):
        self.fields.append((offset, kind, value))
        return self

    def text(self, offset, text):
        return self.put(offset, "text", text)

    def pointer(self, offset, data):
        """A pointer to these bytes, which lie behind the structure."""
        return self.put(offset, "bytes", data)

    def bytes_behind(self, data):
        """Where these bytes will lie."""
        while (self.size + len(self.behind)) % 8:
            self.behind += b"\0"
        place = self.size + len(self.behind)
        self.behind += data
        return place

    def build(self):
        texts = [(o, v, self.bytes_behind(v.encode("utf-16-le")))
                 for o, k, v in self.fields if k == "text"]
        pointers = [(o, self.bytes_behind(v)) for o, k, v in self.fields if k == "bytes"]
        buffer = ctypes.create_string_buffer(self.size + len(self.behind))
        base = ctypes.addressof(buffer)
        ctypes.memmove(base + self.size, self.behind, len(self.behind))
        for offset, kind, value in self.fields:
            if kind not in ("text", "bytes"):
                native = kind(value)
                ctypes.memmove(base + offset, byref(native), ctypes.sizeof(native))
        for offset, value, place in texts:
            size = len(value.encode("utf-16-le"))
            ctypes.memmove(base + offset, byref(UNICODE_STRING(size, size, base + place)), 16)
        for offset, place in pointers:
            ctypes.memmove(base + offset, byref(c_void_p(base + place)), 8)
        return buffer


class Logon:
    """A session that LsaLogonUser began: its number, and its token."""

    def __init__(self, library, session, token):
        self.library, self.session, self.token = library, session, token

    @contextlib.contextmanager
    def impersonating(self):
        """The calling thread, and no other, is the user in the block."""
        native, name = self.library.native, "Secur32ImpersonateLoggedOnUser"
        if not native.Secur32ImpersonateLoggedOnUser(c_void_p(self.token)):
            text = ctypes.create_string_buffer(1024)
            native.Secur32LastErrorText(text, len(text))
            raise LsaError(name, native.Secur32GetLastError(), text.value.decode())
        try:
            yield
        finally:
            assert native.Secur32RevertToSelf()

    def close(self):
        if self.token:
            self.library.native.Secur32CloseHandle(c_void_p(self.token))
            self.token = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Lsa:
    """`trusted`: connected as a logon process, which only root may be."""

    def __init__(self, library=None, trusted=False):
        self.library = library or default_library()
        native = self.library.native
        self.handle = c_void_p()
        for name, arguments in (
            ("LsaConnectUntrusted", [POINTER(c_void_p)]),
            ("LsaRegisterLogonProcess",
             [POINTER(LSA_STRING), POINTER(c_void_p), POINTER(c_uint32)]),
            ("LsaDeregisterLogonProcess", [c_void_p]),
            ("LsaFreeReturnBuffer", [c_void_p]),
            ("LsaLookupAuthenticationPackage", [c_void_p, POINTER(LSA_STRING), POINTER(c_uint32)]),
            ("LsaCallAuthenticationPackage",
             [c_void_p, c_uint32, c_void_p, c_uint32, POINTER(c_void_p), POINTER(c_uint32),
              POINTER(c_int32)]),
            ("LsaLogonUser",
             [c_void_p, POINTER(LSA_STRING), c_uint32, c_uint32, c_void_p, c_uint32, c_void_p,
              c_void_p, POINTER(c_void_p), POINTER(c_uint32), POINTER(LUID), POINTER(c_void_p),
              c_void_p, POINTER(c_int32)]),
        ):
            function = getattr(native, name)
            function.argtypes, function.restype = arguments, c_int32
        if trusted:
            text = ctypes.create_string_buffer(b"peers")
            name, mode = LSA_STRING(5, 5, ctypes.addressof(text)), c_uint32()
            self._check("LsaRegisterLogonProcess", native.LsaRegisterLogonProcess(
                byref(name), byref(self.handle), byref(mode)))
        else:
            self._check("LsaConnectUntrusted", native.LsaConnectUntrusted(byref(self.handle)))
        self.package = self.lookup("Kerberos")

    def close(self):
        self.library.native.LsaDeregisterLogonProcess(self.handle)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _check(self, name, status):
        if status < 0:
            text = ctypes.create_string_buffer(1024)
            self.library.native.Secur32LastErrorText(text, len(text))
            raise LsaError(name, status, text.value.decode(errors="replace"))

    def lookup(self, name):
        text, number = name.encode(), c_uint32()
        kept = ctypes.create_string_buffer(text)
        string = LSA_STRING(len(text), len(text), ctypes.addressof(kept))
        native = self.library.native
        self._check("LsaLookupAuthenticationPackage",
                    native.LsaLookupAuthenticationPackage(self.handle, byref(string), byref(number)))
        return number.value

    def call(self, message, read=lambda address, size: None):
        """`read` looks at the answer before it is given back."""
        buffer = message.build()
        out, size, protocol = c_void_p(), c_uint32(), c_int32()
        native, name = self.library.native, "LsaCallAuthenticationPackage"
        self._check(name, native.LsaCallAuthenticationPackage(
            self.handle, self.package, buffer, len(buffer), byref(out), byref(size),
            byref(protocol)))
        try:
            self._check(name, protocol.value)
            return read(out.value, size.value)
        finally:
            if out:
                native.LsaFreeReturnBuffer(out)

    # -- tickets

    def list(self, logon=0):
        """The tickets of the caller's session, or of another one of this process."""
        def read(address, _):
            count = c_uint32.from_address(address + 4).value
            entries = (TICKET_CACHE_INFO_EX3 * count).from_address(address + 8)
            return [
                Listed(f"{e.ClientName.text}@{e.ClientRealm.text}",
                       f"{e.ServerName.text}@{e.ServerRealm.text}", time(e.StartTime),
                       time(e.EndTime), e.EncryptionType, e.SessionKeyType, e.TicketFlags)
                for e in entries
            ]
        return self.call(Message(12).put(0, c_uint32, QUERY_CACHE_EX3).put(4, luid, logon), read)

    def granting_ticket(self):
        return self.call(Message(12).put(0, c_uint32, RETRIEVE_TICKET), external)

    def retrieve(self, target, options=0, flags=0, enctype=0, credential=None):
        message = (Message(64).put(0, c_uint32, RETRIEVE_ENCODED).text(16, target)
                   .put(32, c_uint32, flags).put(36, c_uint32, options)
                   .put(40, c_int32, enctype))
        if credential:
            message.put(36, c_uint32, options | USE_CREDHANDLE).put(48, same, credential.handle)
        return self.call(message, external)

    def purge(self, server="", realm=""):
        self.call(Message(48).put(0, c_uint32, PURGE_CACHE).text(16, server).text(32, realm))

    def submit(self, message, enctype=0, key=b""):
        request = Message(36)
        at, key_at = request.bytes_behind(message), request.bytes_behind(key)
        for offset, kind, value in (
            (0, c_uint32, SUBMIT), (16, c_int32, enctype), (20, c_uint32, len(key)),
            (24, c_uint32, key_at if key else 0), (28, c_uint32, len(message)), (32, c_uint32, at),
        ):
            request.put(offset, kind, value)
        self.call(request)

    def change_password(self, account, domain, old, new):
        self.call(Message(80).put(0, c_uint32, CHANGE_PASSWORD).text(8, domain).text(24, account)
                  .text(40, old).text(56, new))

    def set_password(self, account, domain, new, credential=None):
        message = (Message(88).put(0, c_uint32, SET_PASSWORD).put(32, c_uint32, USE_LOGONID)
                   .text(40, domain).text(56, account).text(72, new))
        if credential:
            message.put(16, same, credential.handle).put(32, c_uint32, SET_USE_CREDHANDLE)
        self.call(message)

    # -- KDCs

    def bind(self, realm, address):
        self.call(Message(48).put(0, c_uint32, ADD_BINDING).text(8, realm).text(24, address)
                  .put(40, c_uint32, 1))

    def bindings(self):
        def read(address, _):
            count = c_uint32.from_address(address + 4).value
            entries = c_void_p.from_address(address + 8).value
            entries = (BINDING_ENTRY * count).from_address(entries) if count else ()
            return [(e.RealmName.text, e.KdcAddress.text) for e in entries]
        return self.call(Message(4).put(0, c_uint32, QUERY_BINDINGS), read)

    def purge_bindings(self):
        self.call(Message(4).put(0, c_uint32, PURGE_BINDINGS))

    # -- logons

    def log_on(self, user, domain, password):
        """The number of the new session."""
        message = (Message(56).put(0, c_uint32, INTERACTIVE_LOGON).text(8, domain).text(24, user)
                   .text(40, password))
        return self._log_on(message, LOGON_INTERACTIVE).session

    def s4u_log_on(self, user, realm="", flags=0, kind=LOGON_NETWORK):
        """Without a proof of the user's: the session with its token."""
        message = (Message(40).put(0, c_uint32, S4U_LOGON).put(4, c_uint32, flags).text(8, user)
                   .text(24, realm))
        return self._log_on(message, kind)

    def ticket_log_on(self, ticket):
        """With a ticket for this machine and none to get others with."""
        message = (Message(32).put(0, c_uint32, TICKET_LOGON).put(8, c_uint32, len(ticket))
                   .pointer(16, ticket))
        return self._log_on(message, LOGON_NETWORK)

    def _log_on(self, message, kind):
        buffer = message.build()
        text = ctypes.create_string_buffer(b"peers")
        origin = LSA_STRING(5, 5, ctypes.addressof(text))
        source = ctypes.create_string_buffer(16)
        profile, size, logon = c_void_p(), c_uint32(), LUID()
        token, quotas, sub = c_void_p(), ctypes.create_string_buffer(64), c_int32()
        native = self.library.native
        status = native.LsaLogonUser(
            self.handle, byref(origin), kind, self.package, buffer, len(buffer), None,
            source, byref(profile), byref(size), byref(logon), byref(token), quotas, byref(sub))
        try:
            self._check("LsaLogonUser", status)
        except LsaError as refusal:
            refusal.sub_status = sub.value & 0xFFFFFFFF
            raise
        if profile:
            native.LsaFreeReturnBuffer(profile)
        return Logon(self.library, logon.LowPart | logon.HighPart << 32, token.value)


def luid(number):
    return LUID(number & 0xFFFFFFFF, number >> 32)


def same(handle):
    return SecHandle(handle.dwLower, handle.dwUpper)


def time(filetime):
    """The tickets' times are UTC."""
    return datetime.datetime.fromtimestamp(filetime // 10_000_000 - 11_644_473_600,
                                           datetime.timezone.utc)


def name_at(address):
    name = EXTERNAL_NAME.from_address(address)
    strings = (UNICODE_STRING * name.NameCount).from_address(address + EXTERNAL_NAME.Names.offset)
    return "/".join(s.text for s in strings)


def external(address, _):
    t = EXTERNAL_TICKET.from_address(address)
    return External(
        f"{name_at(t.ServiceName)}@{t.DomainName.text}", name_at(t.TargetName),
        name_at(t.ClientName), (t.KeyType, ctypes.string_at(t.KeyValue, t.KeyLength)),
        t.TicketFlags, ctypes.string_at(t.EncodedTicket, t.EncodedTicketSize),
    )
