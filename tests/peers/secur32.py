"""libsecur32.so from Python: SSPI through ctypes, with nothing but the standard library.

The library has the interface and the struct layouts of secur32.dll on 64-bit Windows, so this is
also how any language with a foreign-function interface loads it. Three things to know:

* `unsigned long` of the Windows headers is 32 bits (`c_uint32`), strings of the W functions are
  UTF-16 in little-endian order, whatever `wchar_t` is on the machine;
* a status is a signed 32-bit number: negative is an error, 0x00090312 asks for another message;
* what the library allocated is given back with `FreeContextBuffer`, what it opened is closed with
  `FreeCredentialsHandle` and `DeleteSecurityContext`.

    with Credential(OUTBOUND, Identity("alice", "PEERS", "secret")) as credential:
        with Client(credential, target="HTTP/www.peers.test") as client:
            token = client.step(None)

`SECUR32_LIB` names the library; without it the one that `cargo build --release` makes is taken.
"""

import ctypes
import os
import pathlib
import struct
from ctypes import POINTER, Structure, byref, c_char_p, c_int32, c_int64, c_size_t, c_uint16
from ctypes import c_uint32, c_void_p

# ---------------------------------------------------------------------------- constants

INBOUND, OUTBOUND, BOTH = 1, 2, 3
NATIVE_DREP, NETWORK_DREP = 0x10, 0

OK = 0
CONTINUE_NEEDED = 0x00090312

# InitializeSecurityContext and AcceptSecurityContext share the low flags; above 0x1000 the same
# wish has another number on each side.
REPLAY_DETECT, SEQUENCE_DETECT, CONFIDENTIALITY = 0x4, 0x8, 0x10
ALLOCATE_MEMORY, DATAGRAM, CONNECTION = 0x100, 0x400, 0x800
ISC_INTEGRITY, ISC_IDENTIFY, ISC_NULL_SESSION = 0x10000, 0x20000, 0x40000
ASC_INTEGRITY, ASC_IDENTIFY, ASC_ALLOW_NULL_SESSION = 0x20000, 0x80000, 0x100000
ASC_ALLOW_MISSING_BINDINGS = 0x10000000

BUFFER_EMPTY, BUFFER_DATA, BUFFER_TOKEN, BUFFER_PADDING = 0, 1, 2, 9
BUFFER_STREAM, BUFFER_CHANNEL_BINDINGS = 10, 14

ATTR_SIZES, ATTR_NAMES, ATTR_KEY_INFO, ATTR_SESSION_KEY = 0, 1, 5, 9
ATTR_PACKAGE_INFO, ATTR_FLAGS, ATTR_CLIENT_SPECIFIED_TARGET = 10, 14, 27
CREDENTIAL_NAMES = 1

IDENTITY_ANSI, IDENTITY_UNICODE = 1, 2
IDENTITY_EX_VERSION = 0x200


# ---------------------------------------------------------------------------- layouts


class SecHandle(Structure):
    """CredHandle and CtxtHandle: opaque, two pointers wide."""

    _fields_ = [("dwLower", c_size_t), ("dwUpper", c_size_t)]


class SecBuffer(Structure):
    _fields_ = [("cbBuffer", c_uint32), ("BufferType", c_uint32), ("pvBuffer", c_void_p)]


class SecBufferDesc(Structure):
    _fields_ = [("ulVersion", c_uint32), ("cBuffers", c_uint32), ("pBuffers", POINTER(SecBuffer))]


class SecPkgInfo(Structure):
    """SecPkgInfoA and SecPkgInfoW; the two strings are pointers to text of the chosen kind."""

    _fields_ = [
        ("fCapabilities", c_uint32),
        ("wVersion", c_uint16),
        ("wRPCID", c_uint16),
        ("cbMaxToken", c_uint32),
        ("Name", c_void_p),
        ("Comment", c_void_p),
    ]


class SEC_WINNT_AUTH_IDENTITY(Structure):
    """The A and the W form are one layout: `Flags` says what the strings are."""

    _fields_ = [
        ("User", c_void_p),
        ("UserLength", c_uint32),
        ("Domain", c_void_p),
        ("DomainLength", c_uint32),
        ("Password", c_void_p),
        ("PasswordLength", c_uint32),
        ("Flags", c_uint32),
    ]


class SEC_WINNT_AUTH_IDENTITY_EX(Structure):
    _fields_ = [
        ("Version", c_uint32),
        ("Length", c_uint32),
        ("User", c_void_p),
        ("UserLength", c_uint32),
        ("Domain", c_void_p),
        ("DomainLength", c_uint32),
        ("Password", c_void_p),
        ("PasswordLength", c_uint32),
        ("Flags", c_uint32),
        ("PackageList", c_void_p),
        ("PackageListLength", c_uint32),
    ]


class SecPkgContext_Sizes(Structure):
    _fields_ = [
        ("cbMaxToken", c_uint32),
        ("cbMaxSignature", c_uint32),
        ("cbBlockSize", c_uint32),
        ("cbSecurityTrailer", c_uint32),
    ]


class SecPkgContext_Names(Structure):
    _fields_ = [("sUserName", c_void_p)]


class SecPkgContext_SessionKey(Structure):
    _fields_ = [("SessionKeyLength", c_uint32), ("SessionKey", c_void_p)]


class SecPkgContext_KeyInfo(Structure):
    _fields_ = [
        ("sSignatureAlgorithmName", c_void_p),
        ("sEncryptAlgorithmName", c_void_p),
        ("KeySize", c_uint32),
        ("SignatureAlgorithm", c_uint32),
        ("EncryptAlgorithm", c_uint32),
    ]


class SecPkgContext_PackageInfo(Structure):
    _fields_ = [("PackageInfo", POINTER(SecPkgInfo))]


class SecPkgContext_Flags(Structure):
    _fields_ = [("Flags", c_uint32)]


class SecPkgContext_ClientSpecifiedTarget(Structure):
    _fields_ = [("sTargetName", c_void_p)]


# ---------------------------------------------------------------------------- the library

_PROTOTYPES = {
    "EnumerateSecurityPackagesW": [POINTER(c_uint32), POINTER(POINTER(SecPkgInfo))],
    "EnumerateSecurityPackagesA": [POINTER(c_uint32), POINTER(POINTER(SecPkgInfo))],
    "QuerySecurityPackageInfoW": [c_void_p, POINTER(POINTER(SecPkgInfo))],
    "FreeContextBuffer": [c_void_p],
    "AcquireCredentialsHandleW": [
        c_void_p, c_void_p, c_uint32, c_void_p, c_void_p, c_void_p, c_void_p,
        POINTER(SecHandle), POINTER(c_int64),
    ],
    "FreeCredentialsHandle": [POINTER(SecHandle)],
    "QueryCredentialsAttributesW": [POINTER(SecHandle), c_uint32, c_void_p],
    "InitializeSecurityContextW": [
        POINTER(SecHandle), POINTER(SecHandle), c_void_p, c_uint32, c_uint32, c_uint32,
        POINTER(SecBufferDesc), c_uint32, POINTER(SecHandle), POINTER(SecBufferDesc),
        POINTER(c_uint32), POINTER(c_int64),
    ],
    "AcceptSecurityContext": [
        POINTER(SecHandle), POINTER(SecHandle), POINTER(SecBufferDesc), c_uint32, c_uint32,
        POINTER(SecHandle), POINTER(SecBufferDesc), POINTER(c_uint32), POINTER(c_int64),
    ],
    "DeleteSecurityContext": [POINTER(SecHandle)],
    "QueryContextAttributesW": [POINTER(SecHandle), c_uint32, c_void_p],
    "MakeSignature": [POINTER(SecHandle), c_uint32, POINTER(SecBufferDesc), c_uint32],
    "VerifySignature": [
        POINTER(SecHandle), POINTER(SecBufferDesc), c_uint32, POINTER(c_uint32),
    ],
    "EncryptMessage": [POINTER(SecHandle), c_uint32, POINTER(SecBufferDesc), c_uint32],
    "DecryptMessage": [POINTER(SecHandle), POINTER(SecBufferDesc), c_uint32, POINTER(c_uint32)],
    "ExportSecurityContext": [
        POINTER(SecHandle), c_uint32, POINTER(SecBuffer), POINTER(c_void_p),
    ],
    "ImportSecurityContextW": [c_void_p, POINTER(SecBuffer), c_void_p, POINTER(SecHandle)],
}

_library = None


def library_path():
    """The library that is loaded: `SECUR32_LIB`, or the build beside this file."""
    here = pathlib.Path(__file__).resolve()
    built = here.parents[2] / "target" / "release" / "libsecur32.so"
    return os.environ.get("SECUR32_LIB") or str(built)


def library():
    """The loaded library with its prototypes; loaded once."""
    global _library
    if _library is None:
        loaded = ctypes.CDLL(library_path())
        for name, arguments in _PROTOTYPES.items():
            function = getattr(loaded, name)
            function.restype = c_int32
            function.argtypes = arguments
        loaded.Secur32StatusName.restype = c_char_p
        loaded.Secur32StatusName.argtypes = [c_int32]
        loaded.Secur32LastErrorText.restype = c_size_t
        loaded.Secur32LastErrorText.argtypes = [c_char_p, c_size_t]
        _library = loaded
    return _library


class SspiError(Exception):
    """A negative status: which function, which status, and the library's own story."""

    def __init__(self, function, status):
        self.function = function
        self.status = status & 0xFFFFFFFF
        self.name = library().Secur32StatusName(status).decode()
        text = ctypes.create_string_buffer(1024)
        library().Secur32LastErrorText(text, len(text))
        self.story = text.value.decode(errors="replace")
        super().__init__(self.story or f"{function}: {self.name} (0x{self.status:08X})")


def call(function, *arguments):
    """Calls a function and raises on a negative status."""
    status = getattr(library(), function)(*arguments)
    if status < 0:
        raise SspiError(function, status)
    return status


def wide(text):
    """A terminated UTF-16 string in memory of its own; None stays None (a NULL pointer)."""
    return None if text is None else ctypes.create_string_buffer(text.encode("utf-16-le") + b"\0\0")


def wide_at(address):
    """Reads a terminated UTF-16 string."""
    if not address:
        return None
    units = []
    unit = c_uint16.from_address(address)
    while unit.value:
        units.append(unit.value)
        address += 2
        unit = c_uint16.from_address(address)
    return struct.pack(f"<{len(units)}H", *units).decode("utf-16-le")


def take_wide(address):
    """Reads a string that the library allocated and gives it back."""
    text = wide_at(address)
    call("FreeContextBuffer", address)
    return text


class Buffers:
    """A SecBufferDesc over buffers of its own: `Buffers((BUFFER_TOKEN, b"…"), …)`.

    A size instead of bytes makes an empty buffer to write into, None a NULL pointer.
    """

    def __init__(self, *parts):
        self.array = (SecBuffer * len(parts))()
        self.memory = []
        for slot, (kind, content) in zip(self.array, parts):
            slot.BufferType = kind
            if content is None:
                self.memory.append(None)
                continue
            size = content if isinstance(content, int) else len(content)
            memory = (ctypes.c_char * max(size, 1))()
            if not isinstance(content, int):
                ctypes.memmove(memory, bytes(content), size)
            self.memory.append(memory)
            slot.cbBuffer = size
            slot.pvBuffer = ctypes.addressof(memory)
        self.description = SecBufferDesc(0, len(parts), self.array)

    def __getitem__(self, index):
        """The bytes of a buffer as the library left it."""
        slot = self.array[index]
        return ctypes.string_at(slot.pvBuffer, slot.cbBuffer) if slot.cbBuffer else b""

    def pointer(self):
        return byref(self.description)


def packages():
    """What EnumerateSecurityPackagesW lists: (name, comment, capabilities, largest token)."""
    count, array = c_uint32(), POINTER(SecPkgInfo)()
    call("EnumerateSecurityPackagesW", byref(count), byref(array))
    found = [
        (wide_at(p.Name), wide_at(p.Comment), p.fCapabilities, p.cbMaxToken)
        for p in array[: count.value]
    ]
    call("FreeContextBuffer", array)
    return found


# ---------------------------------------------------------------------------- credentials


class Identity:
    """User, domain and password, as one of the structures that AcquireCredentialsHandle takes."""

    def __init__(self, user, domain, password, form="W"):
        self.form = form
        encode = (lambda text: text.encode()) if form == "A" else (lambda t: t.encode("utf-16-le"))
        unit = 1 if form == "A" else 2
        kind = IDENTITY_ANSI if form == "A" else IDENTITY_UNICODE
        structure = SEC_WINNT_AUTH_IDENTITY_EX if form == "EXW" else SEC_WINNT_AUTH_IDENTITY
        self.native = structure(Flags=kind)
        if form == "EXW":
            self.native.Version = IDENTITY_EX_VERSION
            self.native.Length = ctypes.sizeof(structure)
        self.memory = []
        for name, text in (("User", user), ("Domain", domain), ("Password", password)):
            if text is None:
                continue
            content = encode(text)
            memory = ctypes.create_string_buffer(content + b"\0\0")
            self.memory.append(memory)
            setattr(self.native, name, ctypes.addressof(memory))
            setattr(self.native, name + "Length", len(content) // unit)

    def wipe(self):
        """The library has its own copy: the caller's may go at once."""
        for memory in self.memory:
            ctypes.memset(memory, 0, len(memory))


class Credential:
    """A credentials handle; without an identity the machine's default ones."""

    def __init__(self, use, identity=None, package="NTLM", principal=None):
        self.handle = SecHandle()
        self.expiry = c_int64()
        self.open = False
        name, own = wide(package), wide(principal)
        data = ctypes.addressof(identity.native) if identity else None
        call(
            "AcquireCredentialsHandleW", own, name, use, None, data, None, None,
            byref(self.handle), byref(self.expiry),
        )
        self.open = True
        if identity:
            identity.wipe()

    def name(self):
        names = SecPkgContext_Names()
        call("QueryCredentialsAttributesW", byref(self.handle), CREDENTIAL_NAMES, byref(names))
        return take_wide(names.sUserName)

    def close(self):
        if self.open:
            self.open = False
            call("FreeCredentialsHandle", byref(self.handle))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


# ---------------------------------------------------------------------------- contexts


def channel_bindings(application_data):
    """A SEC_CHANNEL_BINDINGS with application data only, as TLS wants it: eight u32, then data."""
    return struct.pack("<8I", 0, 0, 0, 0, 0, 0, len(application_data), 32) + application_data


class Context:
    """What both sides share once, and while, a context is made."""

    def __init__(self):
        self.handle = SecHandle()
        self.live = False
        self.complete = False
        self.flags = 0
        self.expiry = c_int64()

    # -- handshake

    def _input(self, token, bindings):
        parts = []
        if token is not None:
            parts.append((BUFFER_TOKEN, token))
        if bindings is not None:
            parts.append((BUFFER_CHANNEL_BINDINGS, channel_bindings(bindings)))
        return Buffers(*parts) if parts else None

    def _finish(self, status, output, attributes):
        self.live = True
        self.flags = attributes.value
        self.complete = status == OK
        if status not in (OK, CONTINUE_NEEDED):
            raise RuntimeError(f"a status that no package of ours gives: 0x{status:08X}")
        token = output[0]
        if output.array[0].pvBuffer:
            call("FreeContextBuffer", output.array[0].pvBuffer)
        return token

    # -- attributes

    def query(self, attribute, structure):
        value = structure()
        call("QueryContextAttributesW", byref(self.handle), attribute, byref(value))
        return value

    def sizes(self):
        return self.query(ATTR_SIZES, SecPkgContext_Sizes)

    def user_name(self):
        return take_wide(self.query(ATTR_NAMES, SecPkgContext_Names).sUserName)

    def session_key(self):
        value = self.query(ATTR_SESSION_KEY, SecPkgContext_SessionKey)
        key = ctypes.string_at(value.SessionKey, value.SessionKeyLength)
        call("FreeContextBuffer", value.SessionKey)
        return key

    def key_info(self):
        """(signature algorithm, encryption algorithm, bits of the key)"""
        value = self.query(ATTR_KEY_INFO, SecPkgContext_KeyInfo)
        sign = take_wide(value.sSignatureAlgorithmName)
        return sign, take_wide(value.sEncryptAlgorithmName), value.KeySize

    def package(self):
        info = self.query(ATTR_PACKAGE_INFO, SecPkgContext_PackageInfo).PackageInfo
        name = wide_at(info.contents.Name)
        call("FreeContextBuffer", info)
        return name

    def attribute_flags(self):
        return self.query(ATTR_FLAGS, SecPkgContext_Flags).Flags

    def client_target(self):
        value = self.query(ATTR_CLIENT_SPECIFIED_TARGET, SecPkgContext_ClientSpecifiedTarget)
        return take_wide(value.sTargetName)

    # -- messages

    def sign(self, data):
        buffers = Buffers((BUFFER_DATA, data), (BUFFER_TOKEN, self.sizes().cbMaxSignature))
        call("MakeSignature", byref(self.handle), 0, buffers.pointer(), 0)
        return buffers[1]

    def verify(self, data, signature):
        buffers = Buffers((BUFFER_DATA, data), (BUFFER_TOKEN, signature))
        qop = c_uint32()
        call("VerifySignature", byref(self.handle), buffers.pointer(), 0, byref(qop))

    def seal_parts(self, data):
        """EncryptMessage: (signature, ciphertext)."""
        trailer = self.sizes().cbSecurityTrailer
        buffers = Buffers((BUFFER_TOKEN, trailer), (BUFFER_DATA, data))
        call("EncryptMessage", byref(self.handle), 0, buffers.pointer(), 0)
        return buffers[0], buffers[1]

    def seal(self, data):
        """EncryptMessage with both parts put together, as GSS_Wrap gives them."""
        signature, ciphertext = self.seal_parts(data)
        return signature + ciphertext

    def unseal_parts(self, signature, ciphertext):
        """DecryptMessage where the parts are known."""
        buffers = Buffers((BUFFER_DATA, ciphertext), (BUFFER_TOKEN, signature))
        qop = c_uint32()
        call("DecryptMessage", byref(self.handle), buffers.pointer(), 0, byref(qop))
        return buffers[0]

    def unseal(self, message):
        """DecryptMessage of a whole message: DATA comes back as a view into the STREAM."""
        buffers = Buffers((BUFFER_STREAM, message), (BUFFER_DATA, None))
        qop = c_uint32()
        call("DecryptMessage", byref(self.handle), buffers.pointer(), 0, byref(qop))
        stream, data = buffers.array
        start = ctypes.addressof(buffers.memory[0])
        end = start + len(message)
        if data.BufferType != BUFFER_DATA or not start <= data.pvBuffer <= end - data.cbBuffer:
            raise RuntimeError("DATA does not lie in the STREAM")
        return buffers[1]

    # -- life

    def export(self):
        """The context as bytes for another process; the context itself is gone afterwards."""
        packed = SecBuffer(0, BUFFER_EMPTY, None)
        delete_old = 2
        call("ExportSecurityContext", byref(self.handle), delete_old, byref(packed), None)
        blob = ctypes.string_at(packed.pvBuffer, packed.cbBuffer)
        call("FreeContextBuffer", packed.pvBuffer)
        self.live = False
        return blob

    @classmethod
    def from_export(cls, blob, package="NTLM"):
        context = Context()
        memory = ctypes.create_string_buffer(blob, len(blob))
        packed = SecBuffer(len(blob), BUFFER_TOKEN, ctypes.addressof(memory))
        call("ImportSecurityContextW", wide(package), byref(packed), None, byref(context.handle))
        context.live = context.complete = True
        return context

    def close(self):
        if self.live:
            self.live = False
            call("DeleteSecurityContext", byref(self.handle))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Client(Context):
    """The initiating side: `step(None)` gives the first token."""

    def __init__(self, credential, target=None, flags=ISC_INTEGRITY | CONFIDENTIALITY,
                 bindings=None):
        super().__init__()
        self.credential = credential
        self.target = wide(target)
        self.request = flags | ALLOCATE_MEMORY
        self.bindings = bindings

    def step(self, token):
        given = self._input(token, self.bindings)
        output, attributes = Buffers((BUFFER_TOKEN, None)), c_uint32()
        status = call(
            "InitializeSecurityContextW", byref(self.credential.handle),
            byref(self.handle) if self.live else None, self.target, self.request, 0, NATIVE_DREP,
            given.pointer() if given else None, 0, byref(self.handle), output.pointer(),
            byref(attributes), byref(self.expiry),
        )
        return self._finish(status, output, attributes)


class Server(Context):
    """The accepting side."""

    def __init__(self, credential, flags=ASC_INTEGRITY | CONFIDENTIALITY, bindings=None):
        super().__init__()
        self.credential = credential
        self.request = flags | ALLOCATE_MEMORY
        self.bindings = bindings

    def step(self, token):
        given = self._input(token, self.bindings)
        output, attributes = Buffers((BUFFER_TOKEN, None)), c_uint32()
        status = call(
            "AcceptSecurityContext", byref(self.credential.handle),
            byref(self.handle) if self.live else None, given.pointer(), self.request, NATIVE_DREP,
            byref(self.handle), output.pointer(), byref(attributes), byref(self.expiry),
        )
        return self._finish(status, output, attributes)
