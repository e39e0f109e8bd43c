"""Samba's GENSEC: its own NTLMSSP in C, driven in this process, checked against a sam.ldb."""

import functools
from types import SimpleNamespace

from samba import NTSTATUSError, auth, credentials, gensec, param
from samba.samdb import SamDB

from party import TARGET_HOST, TARGET_SERVICE, Party

SERVER_WORKGROUP = "PEERS"


@functools.cache
def open_database(smb_conf):
    """Once for a process: it takes longer than a handshake."""
    # Samba's Python objects do not hold each other.
    held = SimpleNamespace(settings=param.LoadParm(), own=credentials.Credentials())
    held.settings.load(str(smb_conf))
    held.own.guess(held.settings)
    held.own.set_anonymous()
    held.database = SamDB(
        held.settings.samdb_url(), session_info=auth.system_session(), credentials=held.own,
        lp=held.settings,
    )
    return held


class _Gensec(Party):
    implementation = "samba"
    start_by = "ntlmssp"

    def __init__(self, stage, wish):
        super().__init__(stage, wish)
        self.settings = param.LoadParm()
        self.settings.load(str(stage.samba / "etc" / "smb.conf"))
        side = f"ntlmssp_{self.role}"
        for wanted, name in (
            (wish.key_exchange, "keyexchange"),
            (wish.bits_128, "128bit"),
            (wish.bits_56, "56bit"),
            (wish.extended, "ntlm2"),
        ):
            if not wanted:
                self.settings.set(f"{side}:{name}", "no")
        self.done = False

    def _start(self, security, own):
        self.security = security
        self.credential = own
        security.set_credentials(own)
        if self.wish.integrity:
            security.want_feature(gensec.FEATURE_SIGN)
        if self.wish.confidentiality:
            security.want_feature(gensec.FEATURE_SEAL)
        if self.wish.integrity or self.wish.confidentiality:
            # This alone makes it ask for signing.
            security.want_feature(gensec.FEATURE_SESSION_KEY)
        security.start_mech_by_name(self.start_by)

    def reason(self, error):
        if isinstance(error, NTSTATUSError) or (
            isinstance(error, RuntimeError) and len(error.args) == 2
        ):
            return error.args[1]
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

    def sign(self, data):
        with self.own():
            return self.security.sign_packet(data, data)

    def verify(self, data, signature):
        with self.own():
            self.security.check_packet(data, data, signature)

    def seal(self, data):
        with self.own():
            return self.security.wrap(data)

    def unseal(self, message):
        with self.own():
            return self.security.unwrap(message)


class Client(_Gensec):
    role = "client"
    limits = frozenset(
        {"no bindings", "NTLMv2 always extended", "random pads", "always MIC"}
    )

    def __init__(self, stage, wish, account):
        super().__init__(stage, wish)
        if wish.level is not None:
            self.settings.set("client NTLMv2 auth", "yes" if wish.level >= 3 else "no")
            self.settings.set("client lanman auth", "yes" if wish.level < 2 else "no")
        own = credentials.Credentials()
        own.guess(self.settings)
        if account is None:
            own.set_anonymous()
        else:
            own.set_username(account.user)
            own.set_domain(account.domain)
            own.set_password(account.password)
        own.set_workstation("CLIENTPC")
        own.set_kerberos_state(credentials.DONT_USE_KERBEROS)
        security = gensec.Security.start_client(
            {"lp_ctx": self.settings, "target_hostname": TARGET_HOST}
        )
        if self.wish.target:
            security.set_target_service(TARGET_SERVICE)
            security.set_target_hostname(TARGET_HOST)
        self._start(security, own)

    def client_name(self):
        return None


class Server(_Gensec):
    role = "server"
    # The accounts are those of the machine, whatever domain the client names.
    domain = "SERVER"
    limits = frozenset({"no bindings", "random pads", "key exchange without messages"})

    def __init__(self, stage, wish, accounts):
        super().__init__(stage, wish)
        if wish.level is not None:
            self.settings.set("ntlm auth", "ntlmv2-only" if wish.level >= 5 else "ntlmv1-permitted")
        own = credentials.Credentials()
        own.guess(self.settings)
        own.set_anonymous()
        self.database = open_database(stage.samba / "etc" / "smb.conf").database
        methods = ["anonymous"] if wish.anonymous else []
        self.accounts = auth.AuthContext(
            lp_ctx=self.settings, ldb=self.database, methods=[*methods, "sam_ignoredomain"]
        )
        options = {"lp_ctx": self.settings, "target_hostname": TARGET_HOST}
        self._start(gensec.Security.start_server(options, self.accounts), own)

    def client_name(self):
        with self.own():
            info = self.security.session_info().info
            return info.domain_name, info.account_name
