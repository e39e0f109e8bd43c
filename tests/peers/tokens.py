"""Just enough of NTLM's messages ([MS-NLMP] 2.2.1) to look at what went over the wire."""

import struct

SIGN, SEAL, DATAGRAM, EXTENDED = 0x10, 0x20, 0x40, 0x80000
BITS_128, KEY_EXCHANGE, BITS_56 = 0x20000000, 0x40000000, 0x80000000
AV_EOL, AV_FLAGS, AV_TIMESTAMP, AV_TARGET, AV_BINDINGS = 0, 6, 7, 9, 10
FLAG_OFFSET = {1: 12, 2: 20, 3: 60}
MIC = slice(72, 88)


def kind(token):
    signature, number = struct.unpack_from("<8sI", token)
    assert signature == b"NTLMSSP\0", "not an NTLM message"
    return number


def flags(token):
    return struct.unpack_from("<I", token, FLAG_OFFSET[kind(token)])[0]


def with_flags(token, value):
    changed = bytearray(token)
    struct.pack_into("<I", changed, FLAG_OFFSET[kind(token)], value)
    return bytes(changed)


def _payload(token, at):
    length, _, offset = struct.unpack_from("<HHI", token, at)
    return token[offset : offset + length]


def lm_response(authenticate):
    return _payload(authenticate, 12)


def nt_response(authenticate):
    return _payload(authenticate, 20)


def nt_response_at(authenticate):
    """Where the NT response begins."""
    return struct.unpack_from("<HHI", authenticate, 20)[2]


def session_key_field(authenticate):
    return _payload(authenticate, 52)


def av_pairs(data):
    pairs, at = {}, 0
    while at + 4 <= len(data):
        name, length = struct.unpack_from("<HH", data, at)
        if name == AV_EOL:
            return pairs
        pairs[name] = data[at + 4 : at + 4 + length]
        at += 4 + length
    raise AssertionError("target information without an end")


def challenge_pairs(challenge):
    return av_pairs(_payload(challenge, 40))


def client_pairs(authenticate):
    """The pairs in the NTLMv2 response: 16 bytes of proof, 28 of header."""
    return av_pairs(nt_response(authenticate)[44:])


def has_mic(authenticate):
    """Whether the client says that the message has a MIC."""
    pairs = client_pairs(authenticate)
    promised = struct.unpack("<I", pairs.get(AV_FLAGS, bytes(4)))[0] & 2
    return bool(promised) and any(authenticate[MIC])
