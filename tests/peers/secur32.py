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

The functions are looked up by name, or taken from the table that `InitSecurityInterfaceW` gives:
programs do either. With the table, other libraries that offer one (FreeRDP's WinPR) can be loaded
in the same way.
"""

import contextlib
import ctypes
import functools
import os
import pathlib
import struct
from ctypes import POINTER, byref, c_char_p, c_int32, c_int64, c_size_t, c_uint16, c_uint32, c_void_p

from secur32_abi import *  # what a C program gets from <sspi.h>

# ---------------------------------------------------------------------------- the library


class SspiError(Exception):
    """A negative status: which function, which status, and the library's own story."""

    def __init__(self, function, status, name, story):
        self.function = function
        self.status = status & 0xFFFFFFFF
        # What may be sent to the other side in spite of it (ISC_REQ_EXTENDED_ERROR).
        self.token = b""
        self.name = name or f"0x{self.status:08X}"
        super().__init__(story or f"{function}: {self.name}")


class Library:
    """A loaded library: `call` calls a function and raises on a negative status."""

    def __init__(self, path, by_table=False):
        self.native = ctypes.CDLL(path)
        find = self._of_table if by_table else lambda name: getattr(self.native, name)
        self.functions = {}
        if by_table:
            get_table = self.native.InitSecurityInterfaceW
            get_table.restype = c_void_p
            # dwVersion takes a whole place, as the pointers behind it are aligned.
            self.table = (c_void_p * (1 + len(SLOTS))).from_address(get_table())
        known = PROTOTYPES if by_table else {**PROTOTYPES, **BY_NAME_ONLY}
        for name, arguments in known.items():
            function = find(name)
            function.restype = c_int32
            function.argtypes = arguments
            self.functions[name] = function
        # Not of Windows: names and stories for a status, where the library has them.
        self.texts = hasattr(self.native, "Secur32StatusName")
        if self.texts:
            self.native.Secur32StatusName.restype = c_char_p
            self.native.Secur32StatusName.argtypes = [c_int32]
            self.native.Secur32LastErrorText.restype = c_size_t
            self.native.Secur32LastErrorText.argtypes = [c_char_p, c_size_t]
            self.functions["Secur32QueryContextLogonId"] = logon_id = (
                self.native.Secur32QueryContextLogonId
            )
            logon_id.restype, logon_id.argtypes = c_int32, [POINTER(SecHandle), c_void_p]

    def _of_table(self, name):
        address = self.table[1 + SLOTS.index(name)]
        return ctypes.CFUNCTYPE(c_int32, *PROTOTYPES[name])(address)

    def call(self, name, *arguments):
        status = self.functions[name](*arguments)
        if status < 0:
            raise SspiError(name, status, *self._explain(status))
        return status

    def _explain(self, status):
        if not self.texts:
            return None, None
        text = ctypes.create_string_buffer(1024)
        self.native.Secur32LastErrorText(text, len(text))
        name = self.native.Secur32StatusName(status).decode()
        return name, text.value.decode(errors="replace")

    def take_wide(self, address):
        """Reads a string that the library allocated and gives it back."""
        text = wide_at(address)
        self.call("FreeContextBuffer", address)
        return text

    def packages(self):
        """What EnumerateSecurityPackagesW lists: (name, comment, capabilities, largest token)."""
        count, array = c_uint32(), POINTER(SecPkgInfo)()
        self.call("EnumerateSecurityPackagesW", byref(count), byref(array))
        found = [
            (wide_at(p.Name), wide_at(p.Comment), p.fCapabilities, p.cbMaxToken)
            for p in array[: count.value]
        ]
        self.call("FreeContextBuffer", array)
        return found

    def largest_token(self, package):
        info = POINTER(SecPkgInfo)()
        self.call("QuerySecurityPackageInfoW", wide(package), byref(info))
        size = info.contents.cbMaxToken
        self.call("FreeContextBuffer", info)
        return size


def library_path():
    """The library that is loaded: `SECUR32_LIB`, or the build beside this file."""
    here = pathlib.Path(__file__).resolve()
    built = here.parents[2] / "target" / "release" / "libsecur32.so"
    return os.environ.get("SECUR32_LIB") or str(built)


@functools.cache
def default_library(by_table=False):
    """libsecur32.so, loaded once."""
    return Library(library_path(), by_table)


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


# ---------------------------------------------------------------------------- credentials


class Identity:
    """User, domain and password, as one of the structures that AcquireCredentialsHandle takes.

    `packages`, which needs the form "EXW", is what Negotiate may use: "kerberos", "!ntlm".
    """

    def __init__(self, user, domain, password, form="W", packages=None):
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
        for name, text in (("User", user), ("Domain", domain), ("Password", password),
                           ("PackageList", packages)):
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

    def __init__(self, use, identity=None, package="NTLM", principal=None, library=None,
                 logon=None):
        """`logon`: the number of a logon session, as `Context.logon_id` gives it."""
        self.library = library or default_library()
        self.package = package
        self.handle = SecHandle()
        self.expiry = c_int64()
        self.open = False
        data = ctypes.addressof(identity.native) if identity else None
        session = None if logon is None else byref(c_int64(logon))
        self.library.call(
            "AcquireCredentialsHandleW", wide(principal), wide(package), use, session, data, None,
            None, byref(self.handle), byref(self.expiry),
        )
        self.open = True
        if identity:
            identity.wipe()

    def add(self, package, identity):
        """AddCredentialsW: beside what Negotiate has, an identity for one package."""
        self.library.call(
            "AddCredentialsW", byref(self.handle), None, wide(package), OUTBOUND,
            ctypes.addressof(identity.native), None, None, byref(self.expiry),
        )
        identity.wipe()

    def name(self):
        names = SecPkgContext_Names()
        self.library.call(
            "QueryCredentialsAttributesW", byref(self.handle), CREDENTIAL_NAMES, byref(names)
        )
        return self.library.take_wide(names.sUserName)

    def close(self):
        if self.open:
            self.open = False
            self.library.call("FreeCredentialsHandle", byref(self.handle))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def change_password(package, domain, user, old, new, library=None):
    """ChangeAccountPasswordW, as the user itself."""
    library = library or default_library()
    nothing = Buffers((BUFFER_TOKEN, None))
    library.call(
        "ChangeAccountPasswordW", wide(package), wide(domain), wide(user), wide(old), wide(new),
        0, 0, nothing.pointer(),
    )


# ---------------------------------------------------------------------------- contexts


def channel_bindings(application_data):
    """A SEC_CHANNEL_BINDINGS with application data only, as TLS wants it: eight u32, then data."""
    return struct.pack("<8I", 0, 0, 0, 0, 0, 0, len(application_data), 32) + application_data


class Context:
    """What both sides share once, and while, a context is made.

    Tokens come in memory of the library's (ISC_REQ_ALLOCATE_MEMORY), or with `own_buffers` in
    buffers of the caller's that are as large as the package's largest token.
    """

    def __init__(self, library, own_buffers=False, package="NTLM"):
        self.library = library
        self.package_name = package
        self.room = library.largest_token(package) if own_buffers else None
        self.handle = SecHandle()
        self.live = False
        self.complete = False
        self.flags = 0
        self.expiry = c_int64()
        # The library counts by itself; some others take the caller's word.
        self.sent = self.received = 0

    # -- handshake

    def _input(self, token, bindings):
        parts = []
        if token is not None:
            parts.append((BUFFER_TOKEN, token))
        if bindings is not None:
            parts.append((BUFFER_CHANNEL_BINDINGS, channel_bindings(bindings)))
        return Buffers(*parts) if parts else None

    def _output(self):
        return Buffers((BUFFER_TOKEN, self.room))

    def _allocate(self):
        return 0 if self.room else ALLOCATE_MEMORY

    def _step(self, function, output, *arguments):
        """One call of the handshake; a refusal keeps the token that it came with."""
        try:
            return self.library.call(function, *arguments)
        except SspiError as refusal:
            refusal.token = self._take(output)
            raise

    def _take(self, output):
        token = output[0]
        if not self.room and output.array[0].pvBuffer:
            self.library.call("FreeContextBuffer", output.array[0].pvBuffer)
        return token

    def _finish(self, status, output, attributes):
        self.live = True
        self.flags = attributes.value
        if status in (COMPLETE_NEEDED, COMPLETE_AND_CONTINUE):
            done = self.library.call("CompleteAuthToken", byref(self.handle), output.pointer())
            status = CONTINUE_NEEDED if status == COMPLETE_AND_CONTINUE else done
        self.complete = status == OK
        return self._take(output)

    # -- attributes

    def query(self, attribute, structure):
        value = structure()
        self.library.call("QueryContextAttributesW", byref(self.handle), attribute, byref(value))
        return value

    def sizes(self):
        return self.query(ATTR_SIZES, SecPkgContext_Sizes)

    def user_name(self):
        return self.library.take_wide(self.query(ATTR_NAMES, SecPkgContext_Names).sUserName)

    def session_key(self):
        value = self.query(ATTR_SESSION_KEY, SecPkgContext_SessionKey)
        key = ctypes.string_at(value.SessionKey, value.SessionKeyLength)
        self.library.call("FreeContextBuffer", value.SessionKey)
        return key

    def key_info(self):
        """(signature algorithm, encryption algorithm, bits of the key)"""
        value = self.query(ATTR_KEY_INFO, SecPkgContext_KeyInfo)
        sign = self.library.take_wide(value.sSignatureAlgorithmName)
        return sign, self.library.take_wide(value.sEncryptAlgorithmName), value.KeySize

    def package(self):
        info = self.query(ATTR_PACKAGE_INFO, SecPkgContext_PackageInfo).PackageInfo
        name = wide_at(info.contents.Name)
        self.library.call("FreeContextBuffer", info)
        return name

    def negotiation(self):
        """Of Negotiate: (the package that was chosen, SECPKG_NEGOTIATION_COMPLETE or how far it
        is)."""
        value = self.query(ATTR_NEGOTIATION_INFO, SecPkgContext_NegotiationInfo)
        info = value.PackageInfo
        name = wide_at(info.contents.Name) if info else None
        if info:
            self.library.call("FreeContextBuffer", info)
        return name, value.NegotiationState

    def lifespan(self):
        """From when to when, in seconds since 1970."""
        value = self.query(ATTR_LIFESPAN, SecPkgContext_Lifespan)
        return tuple(t / 10_000_000 - 11_644_473_600 for t in (value.tsStart, value.tsExpiry))

    def native_names(self):
        value = self.query(ATTR_NATIVE_NAMES, SecPkgContext_NativeNames)
        client = self.library.take_wide(value.sClientName)
        return client, self.library.take_wide(value.sServerName)

    def authority(self):
        return self.library.take_wide(self.query(ATTR_AUTHORITY, SecPkgContext_Authority)
                                      .sAuthorityName)

    def logon_id(self):
        """The logon session with what the client delegated."""
        number = c_int64()
        self.library.call("Secur32QueryContextLogonId", byref(self.handle), byref(number))
        return number.value

    def attribute_flags(self):
        return self.query(ATTR_FLAGS, SecPkgContext_Flags).Flags

    def client_target(self):
        value = self.query(ATTR_CLIENT_SPECIFIED_TARGET, SecPkgContext_ClientSpecifiedTarget)
        return self.library.take_wide(value.sTargetName)

    # -- acting as the client

    @contextlib.contextmanager
    def impersonating(self):
        """The calling thread, and no other, is the client in the block."""
        self.library.call("ImpersonateSecurityContext", byref(self.handle))
        try:
            yield
        finally:
            self.library.call("RevertSecurityContext", byref(self.handle))

    # -- messages

    def sign(self, data):
        buffers = Buffers((BUFFER_DATA, data), (BUFFER_TOKEN, self.sizes().cbMaxSignature))
        self._send("MakeSignature", buffers)
        return buffers[1]

    def verify(self, data, signature):
        buffers = Buffers((BUFFER_DATA, data), (BUFFER_TOKEN, signature))
        self._receive("VerifySignature", buffers)

    def seal_parts(self, data):
        """EncryptMessage: (signature, ciphertext)."""
        trailer = self.sizes().cbSecurityTrailer
        buffers = Buffers((BUFFER_TOKEN, trailer), (BUFFER_DATA, data))
        self._send("EncryptMessage", buffers)
        return buffers[0], buffers[1]

    def seal(self, data):
        """EncryptMessage with both parts put together, as GSS_Wrap gives them."""
        signature, ciphertext = self.seal_parts(data)
        return signature + ciphertext

    def unseal_parts(self, signature, ciphertext):
        """DecryptMessage where the parts are known."""
        buffers = Buffers((BUFFER_DATA, ciphertext), (BUFFER_TOKEN, signature))
        self._receive("DecryptMessage", buffers)
        return buffers[0]

    def encrypt(self, parts, protection=0):
        """EncryptMessage of (type, content) parts, as Kerberos' layouts need them; the contents
        as the call left them."""
        buffers = Buffers(*parts)
        self._send("EncryptMessage", buffers, protection)
        return [buffers[index] for index in range(len(parts))]

    def decrypt(self, parts):
        """DecryptMessage of such parts: the contents, and the quality of protection."""
        buffers = Buffers(*parts)
        protection = self._receive("DecryptMessage", buffers)
        return [buffers[index] for index in range(len(parts))], protection

    def unseal(self, message):
        """DecryptMessage of a whole message: DATA comes back as a view into the STREAM."""
        buffers = Buffers((BUFFER_STREAM, message), (BUFFER_DATA, None))
        self._receive("DecryptMessage", buffers)
        stream, data = buffers.array
        start = ctypes.addressof(buffers.memory[0])
        end = start + len(message)
        if data.BufferType != BUFFER_DATA or not start <= data.pvBuffer <= end - data.cbBuffer:
            raise RuntimeError("DATA does not lie in the STREAM")
        return buffers[1]

    def _send(self, function, buffers, protection=0):
        self.library.call(
            function, byref(self.handle), protection, buffers.pointer(), self.sent
        )
        self.sent += 1

    def _receive(self, function, buffers):
        qop = c_uint32()
        self.library.call(
            function, byref(self.handle), buffers.pointer(), self.received, byref(qop)
        )
        self.received += 1
        return qop.value

    # -- life

    def export(self):
        """The context as bytes for another process; the context itself is gone afterwards."""
        packed = SecBuffer(0, BUFFER_EMPTY, None)
        delete_old = 2
        self.library.call(
            "ExportSecurityContext", byref(self.handle), delete_old, byref(packed), None
        )
        blob = ctypes.string_at(packed.pvBuffer, packed.cbBuffer)
        self.library.call("FreeContextBuffer", packed.pvBuffer)
        self.live = False
        return blob

    @classmethod
    def from_export(cls, blob, library, package="NTLM"):
        context = Context(library, package=package)
        memory = ctypes.create_string_buffer(blob, len(blob))
        packed = SecBuffer(len(blob), BUFFER_TOKEN, ctypes.addressof(memory))
        library.call(
            "ImportSecurityContextW", wide(package), byref(packed), None, byref(context.handle)
        )
        context.live = context.complete = True
        return context

    def close(self):
        if self.live:
            self.live = False
            self.library.call("DeleteSecurityContext", byref(self.handle))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Client(Context):
    """The initiating side: `step(None)` gives the first token."""

    def __init__(self, credential, target=None, flags=ISC_INTEGRITY | CONFIDENTIALITY,
                 bindings=None, own_buffers=False):
        super().__init__(credential.library, own_buffers, credential.package)
        self.credential = credential
        self.target = wide(target)
        self.request = flags | self._allocate()
        self.bindings = bindings

    def step(self, token):
        given = self._input(token, self.bindings)
        output, attributes = self._output(), c_uint32()
        status = self._step(
            "InitializeSecurityContextW", output, byref(self.credential.handle),
            byref(self.handle) if self.live else None, self.target, self.request, 0, NATIVE_DREP,
            given.pointer() if given else None, 0, byref(self.handle), output.pointer(),
            byref(attributes), byref(self.expiry),
        )
        return self._finish(status, output, attributes)


class Server(Context):
    """The accepting side."""

    def __init__(self, credential, flags=ASC_INTEGRITY | CONFIDENTIALITY, bindings=None,
                 own_buffers=False):
        super().__init__(credential.library, own_buffers, credential.package)
        self.credential = credential
        self.request = flags | self._allocate()
        self.bindings = bindings

    def step(self, token):
        given = self._input(token, self.bindings)
        output, attributes = self._output(), c_uint32()
        status = self._step(
            "AcceptSecurityContext", output, byref(self.credential.handle),
            byref(self.handle) if self.live else None, given.pointer() if given else None,
            self.request, NATIVE_DREP, byref(self.handle), output.pointer(), byref(attributes),
            byref(self.expiry),
        )
        return self._finish(status, output, attributes)
