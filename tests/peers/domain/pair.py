"""A client and a server brought together on computers that know which domain they are in."""

from kerberos.samba_dc import DNS, WORKGROUP
from negotiate import pair


class Pair(pair.Pair):
    # How this library calls the computer.
    computer = "DESK"

    def place(self, **changes):
        if "joined" not in self.__dict__:
            self.joined = self.write(
                f'[machine]\nNetbiosComputerName = "{self.computer}"\n'
                f'NetbiosDomainName = "{WORKGROUP}"\nDnsDomainName = "{DNS}"\n'
                # There is an accounts file for NTLM as well; whom it does not know winbindd may.
                "[winbind]\nEnabled = true\n"
            )
        return super().place(**{"settings": self.joined, **changes})
