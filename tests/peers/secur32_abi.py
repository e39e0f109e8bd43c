"""What Windows' SSPI headers say, for ctypes: constants, layouts on x64, prototypes."""

from ctypes import POINTER, Structure, c_int64, c_size_t, c_uint8, c_uint16, c_uint32, c_void_p

# ---------------------------------------------------------------------------- constants

INBOUND, OUTBOUND, BOTH = 1, 2, 3
NATIVE_DREP, NETWORK_DREP = 0x10, 0

OK = 0
CONTINUE_NEEDED = 0x00090312
# Other packages than this library's want CompleteAuthToken after a step.
COMPLETE_NEEDED, COMPLETE_AND_CONTINUE = 0x00090313, 0x00090314

# InitializeSecurityContext and AcceptSecurityContext share the low flags; above 0x1000 the same
# wish has another number on each side.
DELEGATE, MUTUAL_AUTH, REPLAY_DETECT, SEQUENCE_DETECT, CONFIDENTIALITY = 0x1, 0x2, 0x4, 0x8, 0x10
USE_SESSION_KEY, ALLOCATE_MEMORY, USE_DCE_STYLE = 0x20, 0x100, 0x200
DATAGRAM, CONNECTION = 0x400, 0x800
ISC_EXTENDED_ERROR, ASC_EXTENDED_ERROR = 0x4000, 0x8000
ISC_INTEGRITY, ISC_IDENTIFY, ISC_NULL_SESSION = 0x10000, 0x20000, 0x40000
ASC_INTEGRITY, ASC_IDENTIFY, ASC_ALLOW_NULL_SESSION = 0x20000, 0x80000, 0x100000
ASC_ALLOW_MISSING_BINDINGS = 0x10000000

BUFFER_EMPTY, BUFFER_DATA, BUFFER_TOKEN, BUFFER_PADDING = 0, 1, 2, 9
BUFFER_STREAM, BUFFER_CHANNEL_BINDINGS = 10, 14
# Attributes of a buffer that is signed but not sealed.
READONLY, READONLY_WITH_CHECKSUM = 0x80000000, 0x10000000
WRAP_NO_ENCRYPT = 0x80000001

ATTR_SIZES, ATTR_NAMES, ATTR_KEY_INFO, ATTR_SESSION_KEY = 0, 1, 5, 9
ATTR_LIFESPAN, ATTR_AUTHORITY, ATTR_NATIVE_NAMES = 2, 6, 13
ATTR_PACKAGE_INFO, ATTR_FLAGS, ATTR_CLIENT_SPECIFIED_TARGET = 10, 14, 27
ATTR_NEGOTIATION_INFO = 12
NEGOTIATION_COMPLETE, NEGOTIATION_OPTIMISTIC, NEGOTIATION_IN_PROGRESS = 0, 1, 2
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


class SecPkgContext_Lifespan(Structure):
    _fields_ = [("tsStart", c_int64), ("tsExpiry", c_int64)]


class SecPkgContext_NativeNames(Structure):
    _fields_ = [("sClientName", c_void_p), ("sServerName", c_void_p)]


class SecPkgContext_Authority(Structure):
    _fields_ = [("sAuthorityName", c_void_p)]


class SecPkgContext_PackageInfo(Structure):
    _fields_ = [("PackageInfo", POINTER(SecPkgInfo))]


class SecPkgContext_NegotiationInfo(Structure):
    _fields_ = [("PackageInfo", POINTER(SecPkgInfo)), ("NegotiationState", c_uint32)]


class SecPkgContext_Flags(Structure):
    _fields_ = [("Flags", c_uint32)]


class SecPkgContext_ClientSpecifiedTarget(Structure):
    _fields_ = [("sTargetName", c_void_p)]


# ---------------------------------------------------------------------------- functions

PROTOTYPES = {
    "EnumerateSecurityPackagesW": [POINTER(c_uint32), POINTER(POINTER(SecPkgInfo))],
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
    "CompleteAuthToken": [POINTER(SecHandle), POINTER(SecBufferDesc)],
    "DeleteSecurityContext": [POINTER(SecHandle)],
    "QueryContextAttributesW": [POINTER(SecHandle), c_uint32, c_void_p],
    "SetContextAttributesW": [POINTER(SecHandle), c_uint32, c_void_p, c_uint32],
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

# Not in every library's function table.
BY_NAME_ONLY = {
    "ImpersonateSecurityContext": [POINTER(SecHandle)],
    "RevertSecurityContext": [POINTER(SecHandle)],
    "AddCredentialsW": [
        POINTER(SecHandle), c_void_p, c_void_p, c_uint32, c_void_p, c_void_p, c_void_p,
        POINTER(c_int64),
    ],
    "ChangeAccountPasswordW": [
        c_void_p, c_void_p, c_void_p, c_void_p, c_void_p, c_uint8, c_uint32,
        POINTER(SecBufferDesc),
    ],
}

# SecurityFunctionTableW: dwVersion, then these slots. Reserved2 is NULL, Reserved3 and Reserved4
# are the older names of EncryptMessage and DecryptMessage.
SLOTS = (
    "EnumerateSecurityPackagesW", "QueryCredentialsAttributesW", "AcquireCredentialsHandleW",
    "FreeCredentialsHandle", "Reserved2", "InitializeSecurityContextW", "AcceptSecurityContext",
    "CompleteAuthToken", "DeleteSecurityContext", "ApplyControlToken", "QueryContextAttributesW",
    "ImpersonateSecurityContext", "RevertSecurityContext", "MakeSignature", "VerifySignature",
    "FreeContextBuffer", "QuerySecurityPackageInfoW", "Reserved3", "Reserved4",
    "ExportSecurityContext", "ImportSecurityContextW", "AddCredentialsW", "Reserved8",
    "QuerySecurityContextToken", "EncryptMessage", "DecryptMessage", "SetContextAttributesW",
)
