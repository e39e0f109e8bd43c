"""Our own side: the Sasl… functions of libsecur32.so through its C interface."""

from ctypes import POINTER, byref, c_int32, c_uint32, c_void_p, create_string_buffer

import secur32
from secur32_abi import PROTOTYPES, SecBufferDesc, SecHandle, SecPkgInfo

from .party import SaslSide

PACKAGES = {"GSSAPI": "Kerberos", "GSS-SPNEGO": "Negotiate", "NTLM": "NTLM"}
SEND_SIZE, RECV_SIZE, AUTHZ_STRING, AUTHZ_PROCESSING = 1, 2, 3, 4

FUNCTIONS = {
    "SaslInitializeSecurityContextW": PROTOTYPES["InitializeSecurityContextW"],
    "SaslAcceptSecurityContext": PROTOTYPES["AcceptSecurityContext"],
    "SaslSetContextOption": [POINTER(SecHandle), c_uint32, c_void_p, c_uint32],
    "SaslGetContextOption": [POINTER(SecHandle), c_uint32, c_void_p, c_uint32, POINTER(c_uint32)],
    "SaslGetProfilePackageW": [c_void_p, POINTER(POINTER(SecPkgInfo))],
    "SaslIdentifyPackageW": [POINTER(SecBufferDesc), POINTER(POINTER(SecPkgInfo))],
}


def library():
    """The library, with the functions of SASL."""
    loaded = secur32.default_library()
    for name, arguments in FUNCTIONS.items():
        function = getattr(loaded.native, name)
        function.restype, function.argtypes = c_int32, arguments
        loaded.functions[name] = function
    return loaded


def package_of(mechanism):
    """SaslGetProfilePackage"""
    info = POINTER(SecPkgInfo)()
    library().call("SaslGetProfilePackageW", secur32.wide(mechanism), byref(info))
    name = secur32.wide_at(info.contents.Name)
    library().call("FreeContextBuffer", info)
    return name


class _Options:
    def set_option(self, option, value):
        if isinstance(value, int):
            value = value.to_bytes(4, "little")
        memory = create_string_buffer(value, len(value))
        self.library.call("SaslSetContextOption", byref(self.handle), option, memory, len(value))

    def option(self, option):
        needed, memory = c_uint32(), create_string_buffer(4096)
        self.library.call("SaslGetContextOption", byref(self.handle), option, memory, 4096,
                          byref(needed))
        return memory.raw[: needed.value]

    def _step(self, function, output, *arguments):
        function = {"InitializeSecurityContextW": "SaslInitializeSecurityContextW",
                    "AcceptSecurityContext": "SaslAcceptSecurityContext"}[function]
        return super()._step(function, output, *arguments)


class SaslClient(_Options, secur32.Client):
    pass


class SaslServer(_Options, secur32.Server):
    pass


class _Secur32(SaslSide):
    implementation = "secur32"

    def __init__(self, place, options):
        super().__init__(place)
        # Set as soon as there is a context.
        self.options = options

    def reason(self, error):
        return error.name if isinstance(error, secur32.SspiError) else None

    def story(self, error):
        return str(error)

    @property
    def complete(self):
        return self.context.complete

    def step(self, token):
        with self.own():
            made = self.context.step(token)
            for option, value in self.options.items():
                self.context.set_option(option, value)
            self.options = {}
            return made

    def layer(self):
        integrity = secur32.ISC_INTEGRITY if self.role == "client" else secur32.ASC_INTEGRITY
        flags = self.context.flags
        assert self.context.attribute_flags() == flags & ~secur32.ALLOCATE_MEMORY
        if flags & secur32.CONFIDENTIALITY:
            assert flags & integrity
            return "confidentiality"
        return "integrity" if flags & integrity else "none"

    def number(self, option):
        return int.from_bytes(self.context.option(option), "little")

    def most(self):
        return self.number(SEND_SIZE)

    def client_name(self):
        with self.own():
            return self.context.user_name()

    def authorization(self):
        return self.context.option(AUTHZ_STRING).decode()

    def wrap(self, data, sealed=True):
        sizes = self.context.sizes()
        with self.own():
            return b"".join(self.context.encrypt(
                [(secur32.BUFFER_TOKEN, sizes.cbSecurityTrailer), (secur32.BUFFER_DATA, data),
                 (secur32.BUFFER_PADDING, sizes.cbBlockSize)],
                0 if sealed else secur32.WRAP_NO_ENCRYPT,
            ))

    def unwrap(self, token):
        with self.own():
            parts, protection = self.context.decrypt(
                [(secur32.BUFFER_STREAM, token), (secur32.BUFFER_DATA, None)]
            )
            return parts[1], protection != secur32.WRAP_NO_ENCRYPT

    def close(self):
        with self.own():
            self.context.close()
            self.credential.close()


# In SPNEGO the flags are the layer, and Kerberos has integrity unless it is told not to.
ISC_NO_INTEGRITY = 0x00800000


def flags(layer, integrity):
    return {"none": 0, "any": 0, "integrity": integrity,
            "confidentiality": integrity | secur32.CONFIDENTIALITY}[layer]


class Client(_Secur32):
    role = "client"

    def __init__(self, place, service, host, mechanism="GSSAPI", layer="any",
                 options=None):
        super().__init__(place, options or {})
        without = layer == "none" and mechanism == "GSS-SPNEGO"
        with self.own():
            self.credential = secur32.Credential(secur32.OUTBOUND, None, package_of(mechanism),
                                                 library=library())
            self.context = SaslClient(self.credential, f"{service}/{host}",
                                      flags(layer, secur32.ISC_INTEGRITY)
                                      | (ISC_NO_INTEGRITY if without else 0))


class Server(_Secur32):
    role = "server"

    def __init__(self, place, service, host, mechanism="GSSAPI", layer="any",
                 options=None):
        super().__init__(place, options or {})
        with self.own():
            self.credential = secur32.Credential(secur32.INBOUND, None, package_of(mechanism),
                                                 library=library())
            self.context = SaslServer(self.credential, flags(layer, secur32.ASC_INTEGRITY))
