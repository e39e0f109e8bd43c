"""What went over the wire, as pyspnego reads it: nothing of it is ours."""

from dataclasses import dataclass, replace

from spnego._spnego import (
    NegState, NegTokenInit, NegTokenResp, unpack_token,
)

MS_KRB5, KRB5 = "1.2.840.48018.1.2.2", "1.2.840.113554.1.2.2"
NTLM = "1.3.6.1.4.1.311.2.2.10"
KERBEROS_FRAME = bytes.fromhex("06092a864886f712010202")
KINDS = {MS_KRB5: "Kerberos", KRB5: "Kerberos", NTLM: "NTLM"}
STATES = {
    None: "-", NegState.accept_complete: "completed", NegState.accept_incomplete: "incomplete",
    NegState.reject: "reject", NegState.request_mic: "request-mic",
}


@dataclass(frozen=True)
class Leg:
    """One token: what SPNEGO says around, and the mechanism's token inside."""

    # "init", "hints", "answer"; or "raw" without SPNEGO.
    form: str
    mechanisms: tuple = ()
    state: str = "-"
    chosen: str | None = None
    token: bytes = b""
    mic: bytes = b""
    # Whether the mechanism's token was there, be it empty.
    has_token: bool = False

    def inside(self):
        """Whose token it is."""
        if self.token.startswith(b"NTLMSSP\0"):
            return "NTLM"
        if KERBEROS_FRAME in self.token[:24] or self.token[:1] in (b"\x6f", b"\x7e"):
            return "Kerberos"
        return None


def read(token):
    if token.startswith(b"NTLMSSP\0"):
        return Leg("raw", token=token)
    parsed = unpack_token(token)
    if isinstance(parsed, NegTokenInit):
        form = "hints" if parsed.hint_name is not None else "init"
        return Leg(form, tuple(parsed.mech_types), token=parsed.mech_token or b"",
                   mic=parsed.mech_list_mic or b"", has_token=parsed.mech_token is not None)
    if isinstance(parsed, NegTokenResp):
        return Leg("answer", state=STATES[parsed.neg_state], chosen=parsed.supported_mech,
                   token=parsed.response_token or b"", mic=parsed.mech_list_mic or b"",
                   has_token=parsed.response_token is not None)
    return Leg("raw", token=token)


def write(leg):
    """The token again, as pyspnego writes it."""
    token = leg.token if leg.has_token else None
    if leg.form == "raw":
        return leg.token
    if leg.form == "init":
        return NegTokenInit(list(leg.mechanisms), mech_token=token,
                            mech_list_mic=leg.mic or None).pack()
    state = next(number for number, name in STATES.items() if name == leg.state)
    return NegTokenResp(neg_state=state, supported_mech=leg.chosen, response_token=token,
                        mech_list_mic=leg.mic or None).pack()


def changed(message, **changes):
    """The message with other fields."""
    return write(replace(read(message), **changes))


def kinds(mechanisms):
    """The mechanisms by name, each once, in their order."""
    return list(dict.fromkeys(KINDS.get(oid, oid) for oid in mechanisms))

