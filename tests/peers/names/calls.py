"""GetUserNameEx, GetComputerObjectName and TranslateName of libsecur32.so."""

import ctypes

import secur32

UNKNOWN, DN, SAM, DISPLAY, GUID, CANONICAL, UPN = 0, 1, 2, 3, 6, 7, 8
CANONICAL_EX, SPN, DNS_DOMAIN, GIVEN_NAME, SURNAME = 9, 10, 12, 13, 14
INVALID_PARAMETER, INSUFFICIENT_BUFFER, MORE_DATA = 87, 122, 234
NO_SUCH_USER, NONE_MAPPED, NO_SUCH_DOMAIN = 1317, 1332, 1355
ROOM = 1024


class NoName(Exception):
    """FALSE: the last error, and the library's story."""

    def __init__(self, function, code):
        self.code = code
        super().__init__(f"{function}: last error {code}; {story()}")


def native():
    return secur32.default_library().native


def story():
    text = ctypes.create_string_buffer(1024)
    native().Secur32LastErrorText(text, len(text))
    return text.value.decode(errors="replace")


def _wide(text):
    return ctypes.create_string_buffer(text.encode("utf-16-le") + b"\0\0")


def _both(name, wide, narrow, terminator):
    """Calls the W and the A function: both must say the same, and count it right."""
    answers = []
    for suffix, arguments, encoding, unit in (("W", wide, "utf-16-le", 2), ("A", narrow, "utf-8", 1)):
        function = getattr(native(), name + suffix)
        function.restype = ctypes.c_uint8
        buffer = ctypes.create_string_buffer(b"\x5a" * ROOM * 2, ROOM * 2)
        size = ctypes.c_uint32(ROOM)
        native().Secur32SetLastError(7)
        if not function(*arguments, buffer, ctypes.byref(size)):
            answers.append((None, native().Secur32GetLastError(), story()))
            assert size.value == ROOM and buffer.raw == b"\x5a" * ROOM * 2, "it wrote"
            continue
        assert native().Secur32GetLastError() == 7, "success changed the last error"
        length = (size.value - terminator) * unit
        raw = buffer.raw
        assert raw[length:length + unit] == b"\0" * unit and raw[length + unit] == 0x5A
        answers.append((raw[:length].decode(encoding), None, None))
    (wide_name, code, what), (narrow_name, narrow_code, _) = answers
    assert wide_name == narrow_name and code == narrow_code, f"{answers}"
    if wide_name is None:
        raise NoName(name, code)
    return wide_name


def user_name(form):
    return _both("GetUserNameEx", (form,), (form,), 0)


def computer_name(form):
    return _both("GetComputerObjectName", (form,), (form,), 0)


def translate(name, source, target):
    wide, narrow = _wide(name), name.encode()
    return _both("TranslateName", (wide, source, target), (narrow, source, target), 1)


def needed(function, *arguments):
    """What a NULL buffer of size 0 is told: (answer, size)."""
    size = ctypes.c_uint32(0)
    call = getattr(native(), function)
    call.restype = ctypes.c_uint8
    return call(*arguments, None, ctypes.byref(size)), size.value
