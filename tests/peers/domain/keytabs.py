"""Keytabs (MIT's format 0x0502): what one service is given of a keytab of many."""

import pathlib
import struct


def entries(path):
    """(principal, the entry's bytes with its length) of each key."""
    data = pathlib.Path(path).read_bytes()
    assert data[:2] == b"\x05\x02", "not a keytab"
    at = 2
    while at < len(data):
        (size,) = struct.unpack_from(">i", data, at)
        if size > 0:
            yield principal(data[at + 4:at + 4 + size]), data[at:at + 4 + size]
        at += 4 + abs(size)


def principal(entry):
    (count,) = struct.unpack_from(">H", entry)
    at, parts = 2, []
    for _ in range(count + 1):
        (size,) = struct.unpack_from(">H", entry, at)
        parts.append(entry[at + 2:at + 2 + size].decode())
        at += 2 + size
    return f"{'/'.join(parts[1:])}@{parts[0]}"


def extract(source, target, *principals):
    """Writes the keys of these principals."""
    kept = [entry for name, entry in entries(source) if name in principals]
    assert kept, f"{source} has no key of {' or '.join(principals)}"
    target = pathlib.Path(target)
    target.write_bytes(b"\x05\x02" + b"".join(kept))
    target.chmod(0o600)
    return target
