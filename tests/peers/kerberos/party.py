"""What both sides of a Kerberos authentication have in common, whoever implements them."""

import os
import pathlib
import re
from dataclasses import dataclass, replace

from party import Side

from .mit_realm import tool
from .processes import run


@dataclass(frozen=True)
class Place:
    """Where a side lives: its krb5.conf, caches, keytabs, as environment variables name them."""

    directory: pathlib.Path
    config: pathlib.Path
    cache: str | None = None
    keytab: str | None = None
    client_keytab: str | None = None
    # A directory (MIT's default file is in it) or, with a colon, a cache by name.
    replays: str | None = None
    trace: str | None = None

    def variables(self):
        replays = self.replays or str(self.directory)
        return {
            "KRB5_CONFIG": str(self.config),
            "KRB5CCNAME": self.cache or f"FILE:{self.directory}/no-such-cache",
            "KRB5_KTNAME": self.keytab or f"FILE:{self.directory}/no-such-keytab",
            "KRB5_CLIENT_KTNAME": self.client_keytab or f"FILE:{self.directory}/no-client-keytab",
            "KRB5RCACHEDIR": None if ":" in replays else replays,
            "KRB5RCACHENAME": replays if ":" in replays else None,
            "KRB5_TRACE": self.trace,
            "KRB5RCACHETYPE": None,
            "SECUR32_CONFIG": "/dev/null",
        }

    def but(self, **changes):
        return replace(self, **changes)

    def run(self, program, *arguments, text=None, check=True):
        """One of MIT's tools in this place; what it said."""
        environment = {k: v for k, v in self.variables().items() if v is not None}
        for name in ("KRB5RCACHEDIR", "KRB5RCACHENAME", "KRB5_TRACE"):
            if name not in environment:
                os.environ.pop(name, None)
        return run([tool(program), *arguments], {**environment, "LC_ALL": "C"}, text, check=check)

    def kinit(self, user, *options):
        self.run("kinit", *options, user.principal, text=user.password + "\n")
        return self

    def kvno(self, *services):
        self.run("kvno", *services)
        return self

    def tickets(self, *options):
        """What klist sees: service principals and, of each, its enctypes (session, ticket)."""
        said = self.run("klist", "-e", *options)
        entry = r"^\S+ \S+  \S+ \S+  (\S+)\n(?:.*\n)??.*Etype \(skey, tkt\): (.*?), (\S*)"
        return re.findall(entry, said, re.MULTILINE)

    def services(self):
        return [service for service, _, _ in self.tickets()]


@dataclass(frozen=True)
class Wish:
    """What a side is asked to do."""

    mutual: bool = True
    dce: bool = False
    integrity: bool = True
    confidentiality: bool = True
    replay: bool = True
    sequence: bool = True
    delegate: bool = False
    user_to_user: bool = False
    extended_error: bool = False
    bindings: bytes | None = None
    bindings_may_miss: bool = False


class KerberosSide(Side):
    """A side with Kerberos. `place` is where it lives."""

    def __init__(self, place, wish):
        super().__init__(None, wish, place.variables())
        self.place = place

    # Beside the messages of `Side`, whose `seal` and `sign` give one token:

    def wrap(self, data, sealed=True):
        """GSS_Wrap's token."""
        raise NotImplementedError

    def unwrap(self, token):
        """(plaintext, whether it was sealed)"""
        raise NotImplementedError

    def wrap_parts(self, data, sealed=True, before=b"", after=b""):
        """(header, data): the layout of DCE style, with bytes around that are only signed."""
        raise NotImplementedError

    def unwrap_parts(self, header, data, before=b"", after=b""):
        """(plaintext, whether it was sealed)"""
        raise NotImplementedError

    def seal(self, data):
        return self.wrap(data)

    def unseal(self, message):
        return self.unwrap(message)[0]
