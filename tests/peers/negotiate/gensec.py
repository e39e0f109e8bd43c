"""Samba's GENSEC in the domain: its SPNEGO over Heimdal's Kerberos and its own NTLMSSP."""

from samba import credentials

from kerberos import gensec

from .party import KERBEROS, NTLM, Negotiator

STATES = {
    (KERBEROS,): credentials.MUST_USE_KERBEROS, (NTLM,): credentials.DONT_USE_KERBEROS,
    (KERBEROS, NTLM): credentials.AUTO_USE_KERBEROS,
}


class _Gensec(Negotiator):
    start_by = "spnego"


class Client(_Gensec, gensec.Client):
    def __init__(self, place, wish, target, user, smb_conf):
        self.kerberos_state = STATES[wish.mechanisms]
        super().__init__(place, wish, target, user, smb_conf)


class Server(_Gensec, gensec.Server):
    """The DC itself: host/dc1."""
