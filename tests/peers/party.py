"""One side of an authentication, whoever implements it.

Every implementation has two classes, a client and a server, with the same few methods. A case of
the tests takes any client and any server and never knows whose they are.
"""

import contextlib
import os
import pathlib
from abc import ABC, abstractmethod
from dataclasses import dataclass, field

TARGET_SERVICE, TARGET_HOST = "HTTP", "server.peers.test"


@dataclass(frozen=True)
class Account:
    domain: str
    user: str
    password: str

    def line(self):
        """As a line of the file that NTLM_USER_FILE names."""
        return f"{self.domain}:{self.user}:{self.password}\n"

    def with_password(self, password):
        return Account(self.domain, self.user, password)


@dataclass(frozen=True)
class Wish:
    """What one side is asked to do. None leaves the implementation its own choice."""

    integrity: bool = True
    confidentiality: bool = True
    # LM_COMPAT_LEVEL, whatever the implementation calls it.
    level: int | None = None
    # Application data of the channel bindings.
    bindings: bytes | None = None
    # A server with bindings accepts a client that sends none.
    bindings_may_miss: bool = False
    # Whether the client sends a service name.
    target: bool = True
    # What is not offered.
    key_exchange: bool = True
    bits_128: bool = True
    bits_56: bool = True
    extended: bool = True
    # Whether a client that may choose sends a MIC.
    mic: bool = True
    # Ours: whether policy lets weaker keys pass (NtlmMinClientSec, NtlmMinServerSec).
    lax: bool = False
    # Connectionless: no first message, and messages are numbered by whoever sends them.
    datagram: bool = False
    # Samba's server and ours: whether clients without a name may come.
    anonymous: bool = False


@dataclass
class Stage:
    """Where a case runs: its own directory, and what was prepared for all."""

    directory: pathlib.Path
    accounts: tuple
    samba: pathlib.Path | None = None
    files: int = field(default=0)

    def write(self, text):
        self.files += 1
        path = self.directory / f"file{self.files}"
        path.write_text(text)
        path.chmod(0o600)
        return str(path)

    def user_file(self, accounts):
        return self.write("".join(account.line() for account in accounts))


class Refused(Exception):
    """A side said no. `reason` is its own name for why, as far as it gives one."""

    def __init__(self, side, reason, token=b"", story=""):
        self.side = side
        self.reason = reason
        # What the refusing side would send to the other.
        self.token = token
        more = f" ({story})" if story and story != reason else ""
        super().__init__(f"the {side} refused: {reason}{more}")


class Side(ABC):
    """One side of one authentication, with whatever package."""

    # What the runner calls the implementation.
    implementation = "?"
    role = "?"
    # An implementation's known limits, each of them a fact that docs/peers.md explains.
    limits = frozenset()

    def __init__(self, stage, wish, variables):
        self.stage = stage
        self.wish = wish
        self.variables = variables

    @contextlib.contextmanager
    def surroundings(self):
        """This side's environment variables, while it is made."""
        saved = {name: os.environ.get(name) for name in self.variables}
        _set_environment(self.variables)
        try:
            yield
        finally:
            _set_environment(saved)

    @contextlib.contextmanager
    def own(self):
        """A call on this side: in its surroundings, and with its errors as `Refused`."""
        with self.surroundings():
            try:
                yield
            except Exception as error:
                reason = self.reason(error)
                if reason is None:
                    raise
                token = getattr(error, "token", b"")
                raise Refused(self.role, reason, token, self.story(error)) from error

    @abstractmethod
    def reason(self, error):
        """Why the implementation refused, or None if this exception is not a refusal."""

    def story(self, error):
        """What it says beside the reason."""
        return ""

    @abstractmethod
    def step(self, token):
        """The next token for the other side, or None."""

    @property
    @abstractmethod
    def complete(self):
        """Whether the authentication is over on this side."""

    @abstractmethod
    def session_key(self):
        """The 16 bytes of the exported session key."""

    @abstractmethod
    def client_name(self):
        """(domain, user) of the client as this side knows it, None where it does not tell."""

    @abstractmethod
    def sign(self, data):
        """The signature of a message."""

    @abstractmethod
    def verify(self, data, signature):
        """Accepts a signed message or raises `Refused`."""

    @abstractmethod
    def seal(self, data):
        """Signature and ciphertext in one piece."""

    @abstractmethod
    def unseal(self, message):
        """The plaintext of a sealed message, or `Refused`."""

    def close(self):
        """Gives everything back."""


class Party(Side):
    """One side of one authentication with NTLM."""

    def __init__(self, stage, wish, **environment):
        super().__init__(stage, wish, {
            "NTLM_USER_FILE": None,
            "LM_COMPAT_LEVEL": None if wish.level is None else str(wish.level),
            "NETBIOS_COMPUTER_NAME": "CLIENTPC" if self.role == "client" else "SERVERPC",
            "NETBIOS_DOMAIN_NAME": None,
            **environment,
        })


def _set_environment(variables):
    for name, value in variables.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
