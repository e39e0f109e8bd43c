"""Access tokens of libsecur32.so from Python: `Token.of(context)`, and what it says."""

import ctypes
from ctypes import POINTER, Structure, byref, c_char_p, c_int64, c_uint8, c_uint32, c_void_p
from dataclasses import dataclass

from secur32 import SspiError

DELEGATED = 4


class SID_AND_ATTRIBUTES(Structure):
    _fields_ = [("Sid", c_void_p), ("Attributes", c_uint32)]


class SECUR32_TOKEN(Structure):
    _fields_ = [
        ("Size", c_uint32), ("Flags", c_uint32), ("Type", c_uint32), ("Level", c_uint32),
        ("TokenId", c_uint32 * 2), ("LogonId", c_uint32 * 2), ("LogonType", c_uint32),
        ("GroupCount", c_uint32), ("User", c_void_p), ("PrimaryGroup", c_void_p),
        ("Groups", POINTER(SID_AND_ATTRIBUTES)), ("Package", c_char_p), ("Account", c_char_p),
        ("Domain", c_char_p), ("DnsDomain", c_char_p), ("Upn", c_char_p), ("Principal", c_char_p),
        ("FullName", c_char_p), ("LogonServer", c_char_p), ("StartTime", c_int64),
        ("ExpiryTime", c_int64), ("LogonTime", c_int64), ("KickOffTime", c_int64),
        ("PasswordLastSet", c_int64), ("PasswordMustChange", c_int64), ("UserFlags", c_uint32),
        ("UserAccountControl", c_uint32), ("LogonCount", c_uint32), ("BadPasswordCount", c_uint32),
        ("PacAttributes", c_uint32), ("TransitedCount", c_uint32),
        ("TransitedServices", POINTER(c_char_p)), ("DelegationTarget", c_char_p),
        ("ClientClaimsLength", c_uint32), ("DeviceClaimsLength", c_uint32),
        ("DeviceInfoLength", c_uint32), ("ClientClaims", POINTER(c_uint8)),
        ("DeviceClaims", POINTER(c_uint8)), ("DeviceInfo", POINTER(c_uint8)),
    ]


@dataclass(frozen=True)
class Said:
    """What a token says; SIDs as text, groups with their attributes."""

    account: str
    domain: str
    dns_domain: str
    upn: str
    principal: str
    logon_server: str
    package: str
    level: int
    flags: int
    user: str | None
    primary_group: str | None
    groups: dict
    logon_time: int
    password_last_set: int
    transited: tuple
    target: str


class Token:
    """A token's handle, closed at the end of a `with`."""

    def __init__(self, library, handle):
        self.library, self.handle = library, handle

    @classmethod
    def of(cls, context):
        """The client of a server's context."""
        handle, name = c_void_p(), "QuerySecurityContextToken"
        status = getattr(context.library.native, name)(byref(context.handle), byref(handle))
        if status:
            raise SspiError(name, status, *context.library._explain(status))
        return cls(context.library, handle)

    def read(self):
        native, block = self.library.native, POINTER(SECUR32_TOKEN)()
        status = native.Secur32QueryToken(self.handle, byref(block))
        assert status == 0, f"Secur32QueryToken: {status & 0xFFFFFFFF:#010x}"
        t = block.contents
        groups = {sid_text(g.Sid): g.Attributes for g in t.Groups[:t.GroupCount]}
        said = Said(
            *(text.decode() for text in (t.Account, t.Domain, t.DnsDomain, t.Upn, t.Principal,
                                         t.LogonServer, t.Package)),
            t.Level, t.Flags, sid_text(t.User), sid_text(t.PrimaryGroup), groups, t.LogonTime,
            t.PasswordLastSet,
            tuple(service.decode() for service in t.TransitedServices[:t.TransitedCount]),
            t.DelegationTarget.decode(),
        )
        self.library.call("FreeContextBuffer", block)
        return said

    def close(self):
        self.library.native.Secur32CloseHandle(self.handle)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def said_of(context):
    """What the token of a server's context says."""
    with Token.of(context) as token:
        return token.read()


def sid_text(address):
    """A SID where it lies, as text (`S-1-…`)."""
    if not address:
        return None
    count = ctypes.string_at(address + 1, 1)[0]
    raw = ctypes.string_at(address, 8 + 4 * count)
    authority = int.from_bytes(raw[2:8], "big")
    numbers = [int.from_bytes(raw[8 + 4 * i:12 + 4 * i], "little") for i in range(count)]
    return "-".join(str(part) for part in ("S", raw[0], authority, *numbers))
