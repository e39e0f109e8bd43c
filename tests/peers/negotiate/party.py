"""What both sides of a negotiation have in common, whoever implements them."""

from dataclasses import dataclass

from kerberos import party as kerberos

KERBEROS, NTLM = "Kerberos", "NTLM"


@dataclass(frozen=True)
class Wish(kerberos.Wish):
    """What a side is asked to do; `mechanisms`, what it may use."""

    mechanisms: tuple = (KERBEROS, NTLM)


@dataclass(frozen=True)
class Place(kerberos.Place):
    """Where a side lives; `accounts` is the file of NTLM's accounts, `settings` ours."""

    accounts: str | None = None
    settings: str = "/dev/null"

    def variables(self):
        return {
            **super().variables(),
            "SECUR32_CONFIG": self.settings,
            "NTLM_USER_FILE": self.accounts or f"{self.directory}/no-such-accounts",
            "LM_COMPAT_LEVEL": None, "NETBIOS_COMPUTER_NAME": None, "NETBIOS_DOMAIN_NAME": None,
        }


def service_and_host(target):
    """Of "svc/host.name"."""
    service, _, host = target.partition("/")
    return service, host


class Negotiator:
    """Beside what every side can do."""

    def mechanism(self):
        """KERBEROS or NTLM, as the side says itself; None where it does not tell."""
        return None
