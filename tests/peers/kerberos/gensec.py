"""Samba's GENSEC with its gssapi_krb5 over Heimdal, in this process and the DC's namespaces."""

from samba import NTSTATUSError, auth, credentials, gensec, param
from samba.samdb import SamDB

from .party import KerberosSide
from .samba_dc import DNS, HOST, REALM

SERVICE = f"host/{HOST}.{DNS}"


class _Gensec(KerberosSide):
    implementation = "samba"
    start_by = "gssapi_krb5"
    kerberos_state = credentials.MUST_USE_KERBEROS

    def __init__(self, place, wish, smb_conf):
        super().__init__(place, wish)
        self.settings = param.LoadParm()
        self.settings.load(str(smb_conf))
        self.done = False

    def _start(self, security, own):
        self.security, self.credential = security, own
        security.set_credentials(own)
        security.want_feature(
            gensec.FEATURE_SEAL if self.wish.confidentiality else gensec.FEATURE_SIGN
        )
        if self.wish.dce:
            security.want_feature(gensec.FEATURE_DCE_STYLE)
        security.start_mech_by_name(self.start_by)

    def reason(self, error):
        if isinstance(error, NTSTATUSError) or (
            isinstance(error, RuntimeError) and len(error.args) == 2
        ):
            return str(error.args[1])
        return None

    def step(self, token):
        with self.own():
            self.done, out = self.security.update(token or b"")
            return out or None

    @property
    def complete(self):
        return self.done

    def session_key(self):
        with self.own():
            return self.security.session_key()

    def client_name(self):
        return None

    def sign(self, data):
        with self.own():
            return self.security.sign_packet(data, data)

    def verify(self, data, signature):
        with self.own():
            self.security.check_packet(data, data, signature)

    def wrap(self, data, sealed=True):
        """GENSEC seals or only signs as was agreed, not message by message."""
        assert sealed == self.wish.confidentiality
        with self.own():
            return self.security.wrap(data)

    def unwrap(self, token):
        with self.own():
            return self.security.unwrap(token), self.wish.confidentiality

    def close(self):
        self.security = None


class Client(_Gensec):
    role = "client"

    def __init__(self, place, wish, target, user, smb_conf):
        super().__init__(place, wish, smb_conf)
        with self.own():
            own = credentials.Credentials()
            own.guess(self.settings)
            own.set_username(user.name)
            own.set_password(user.password)
            own.set_domain(user.realm)
            own.set_realm(REALM)
            own.set_kerberos_state(self.kerberos_state)
            # Samba keeps the addresses of these.
            self.service, _, self.host = target.partition("/")
            self.options = {"lp_ctx": self.settings, "target_hostname": self.host}
            security = gensec.Security.start_client(self.options)
            security.set_target_service(self.service)
            security.set_target_hostname(self.host)
            self._start(security, own)


class Server(_Gensec):
    """The DC itself: host/dc1."""

    role = "server"

    def __init__(self, place, wish, smb_conf):
        super().__init__(place, wish, smb_conf)
        with self.own():
            own = credentials.Credentials()
            own.guess(self.settings)
            own.set_machine_account(self.settings)
            # Samba's Python objects do not hold each other.
            self.database = SamDB(
                self.settings.samdb_url(), session_info=auth.system_session(), credentials=own,
                lp=self.settings,
            )
            self.accounts = auth.AuthContext(
                lp_ctx=self.settings, ldb=self.database, methods=["sam"]
            )
            security = gensec.Security.start_server(
                {"lp_ctx": self.settings, "target_hostname": f"{HOST}.{DNS}"}, self.accounts
            )
            self._start(security, own)

    def account(self):
        """(domain, user, number of SIDs), which Samba takes from the ticket's PAC."""
        with self.own():
            session = self.security.session_info()
            return (session.info.domain_name, session.info.account_name,
                    len(session.security_token.sids))
