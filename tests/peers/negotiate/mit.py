"""MIT's SPNEGO, with its own Kerberos and with gss-ntlmssp inside, through python3-gssapi."""

import gssapi
from gssapi.raw import acquire_cred_with_password, set_neg_mechs

import party_gss
from kerberos import mit

from .party import KERBEROS, NTLM, Negotiator, service_and_host

SPNEGO = gssapi.OID.from_int_seq("1.3.6.1.5.5.2")
OIDS = {KERBEROS: mit.KRB5, NTLM: party_gss.NTLMSSP}
# gss_inquire_context tells the mechanism inside.
NAMES = {mit.KRB5: KERBEROS, party_gss.NTLMSSP: NTLM}


class _Mit(Negotiator):
    limits = frozenset()

    def _limited(self, credential):
        if len(self.wish.mechanisms) < 2:
            set_neg_mechs(credential, [OIDS[m] for m in self.wish.mechanisms])
        return credential

    def mechanism(self):
        with self.own():
            return NAMES.get(self.context.mech)

    def client_name(self):
        # gss-ntlmssp's names end with the NUL of the C string.
        return super().client_name().rstrip("\0")


class Client(_Mit, mit.Client):
    limits = _Mit.limits | {"no hints"}
    mech = SPNEGO

    def _target(self, target):
        return gssapi.Name("@".join(service_and_host(target)), gssapi.NameType.hostbased_service)

    def _credential(self, user):
        """Of a user with a password; else Kerberos' cache and the first of NTLM's accounts."""
        if user is None:
            return self._limited(gssapi.Credentials(mechs=[SPNEGO], usage="initiate"))
        name = gssapi.Name(user.principal, gssapi.NameType.user)
        if self.wish.mechanisms == (NTLM,):
            name = gssapi.Name(f"{user.realm}\\{user.name}", gssapi.NameType.user)
        acquired = acquire_cred_with_password(
            name, user.password.encode(), mechs=[SPNEGO], usage="initiate"
        )
        return self._limited(gssapi.Credentials(acquired.creds))


class Raw(Client):
    """The mechanism itself, without SPNEGO."""

    def __init__(self, place, wish, target):
        [mechanism] = wish.mechanisms
        self.mech = OIDS[mechanism]
        super().__init__(place, wish, target)

    def _credential(self, user):
        return gssapi.Credentials(mechs=[self.mech], usage="initiate")


class Server(_Mit, mit.Server):
    def _acquire(self, service):
        name = None
        if service:
            name = gssapi.Name("@".join(service_and_host(service)),
                               gssapi.NameType.hostbased_service)
        return self._limited(gssapi.Credentials(name=name, mechs=[SPNEGO], usage="accept"))
