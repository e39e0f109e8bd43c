"""KRB-CRED as MIT's library makes and reads it (krb5_mk_ncred, krb5_rd_cred), by ctypes."""

import ctypes
from ctypes import POINTER, byref, c_char_p, c_int32, c_uint, c_void_p


class Data(ctypes.Structure):
    _fields_ = [("magic", c_int32), ("length", c_uint), ("data", c_void_p)]


class Krb5:
    """A context of libkrb5. `check` raises with MIT's words."""

    def __init__(self):
        # Heimdal's has another number.
        self.native = ctypes.CDLL("libkrb5.so.3")
        self.native.krb5_get_error_message.restype = c_char_p
        self.context = c_void_p()
        self("krb5_init_context", byref(self.context), without_context=True)
        self.auth = c_void_p()
        self("krb5_auth_con_init", byref(self.auth))
        # No time stamps: those would want a replay cache.
        self("krb5_auth_con_setflags", self.auth, c_int32(0))

    def __call__(self, name, *arguments, without_context=False):
        first = () if without_context else (self.context,)
        code = getattr(self.native, name)(*first, *arguments)
        if code:
            raise OSError(code, self.native.krb5_get_error_message(self.context, code).decode())

    def message(self, cache, server):
        """A ticket of a cache; without a key in the context it is in the clear."""
        ccache, wanted = c_void_p(), c_void_p()
        self("krb5_cc_resolve", cache.encode(), byref(ccache))
        self("krb5_parse_name", server.encode(), byref(wanted))
        # krb5_creds: magic, client and server come first; the whole is smaller than this.
        match, found = (c_void_p * 64)(), (c_void_p * 64)()
        match[2] = wanted
        self("krb5_cc_retrieve_cred", ccache, c_int32(0), match, found)
        out, replay = POINTER(Data)(), (c_void_p * 8)()
        self("krb5_mk_1cred", self.auth, found, byref(out), replay)
        return ctypes.string_at(out.contents.data, out.contents.length)

    def servers(self, message):
        """The services of the tickets of a message."""
        kept = ctypes.create_string_buffer(message, len(message))
        data = Data(0, len(message), ctypes.addressof(kept))
        creds, replay = POINTER(c_void_p)(), (c_void_p * 8)()
        self("krb5_rd_cred", self.auth, byref(data), byref(creds), replay)
        found, number = [], 0
        while creds[number]:
            server = (c_void_p * 3).from_address(creds[number])[2]
            name = c_char_p()
            self("krb5_unparse_name", c_void_p(server), byref(name))
            found.append(name.value.decode())
            number += 1
        return found
