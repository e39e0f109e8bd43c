"""The cases of SASL, over the MIT realms that the cases of Kerberos use."""

import itertools
import tempfile

from kerberos import mit_cases
from kerberos.mit_realm import ALICE, HOPS, REALM
from kerberos.pair import Pair
from negotiate.ldap import BASE, PRESENT, Connection, LdapError, ber, integer
from party import Refused

from . import cyrus, ours
from .slapd import SUFFIX, Slapd

WORLD = "kerberos.mit_cases"
SERVICE = "ldap"
LAYERS = ("none", "integrity", "confidentiality")
SIZES = (0, 1, 15, 16, 17, 100, 5000)
MECHANISMS = ("GSSAPI", "GSS-SPNEGO")


def agreed(client, mechanism, wanted):
    """In SPNEGO the flags are the layer, and MIT's clients have both whenever they have one."""
    both = client is cyrus and mechanism == "GSS-SPNEGO" and wanted == "integrity"
    return "confidentiality" if both else wanted


class Meeting:
    """Two sides that are done, and who sent what."""

    def __init__(self, client, server, tokens):
        self.client, self.server, self.tokens = client, server, tokens


def places(pair):
    return pair.client_place(), pair.server_place()


def meet(pair, client_module, server_module, mechanism, client_options=None, server_options=None,
         on_the_way=lambda number, token: token):
    asks, serves = places(pair)
    client = client_module.Client(asks, SERVICE, HOPS, mechanism, **(client_options or {}))
    server = server_module.Server(serves, SERVICE, HOPS, mechanism, **(server_options or {}))
    pair.open += [client, server]
    return join(client, server, on_the_way)


def join(client, server, on_the_way=lambda number, token: token):
    """Every message goes over, the empty ones as well."""
    tokens, token = [], None
    for side in itertools.islice(itertools.cycle((client, server)), 10):
        if client.complete and server.complete:
            break
        if side.complete:
            # Nothing is left to be said by this one.
            assert not token, f"the {side.role} is done, and got {token!r}"
            token = b""
            continue
        token = side.step(token)
        token = on_the_way(len(tokens) + 1, token or b"")
        tokens.append(token)
    assert client.complete, "the client wants more"
    assert server.complete, "the server wants more"
    return Meeting(client, server, tokens)


def opened(side, token):
    """The text, whoever opens it."""
    text = side.unwrap(token)
    return text[0] if isinstance(text, tuple) else text


def messages(meeting, layer, sizes=SIZES):
    assert meeting.client.layer() == layer, f"the client has {meeting.client.layer()}"
    assert meeting.server.layer() == layer, f"the server has {meeting.server.layer()}"
    if layer == "none":
        return
    for size in sizes:
        for sender, receiver in ((meeting.client, meeting.server),
                                 (meeting.server, meeting.client)):
            # Cyrus makes no message of nothing.
            if size == 0 and cyrus in (module_of(sender), module_of(receiver)):
                continue
            data = bytes(n * 7 & 0xFF for n in range(size))
            token = sender.wrap(data, layer == "confidentiality")
            assert size < 15 or (data in token) == (layer == "integrity"), "not protected as agreed"
            assert opened(receiver, token) == data, "another text"


def module_of(side):
    return cyrus if side.implementation == "cyrus-sasl" else ours


PAIRS = ((ours, cyrus), (cyrus, ours), (ours, ours))


def name(client, server):
    return f"{client.Client.implementation} -> {server.Server.implementation}"


def case(title, function):
    def run(directory):
        pair = Pair(mit_cases.World.realm, directory, None, None)
        function(pair)
        pair.close()

    return f"SASL, {title}", run


def cases(among_peers):
    if among_peers:
        pairs = ((cyrus, cyrus),)
    else:
        pairs = PAIRS
    for (client, server), mechanism in itertools.product(pairs, MECHANISMS):
        for layer in LAYERS:
            yield case(f"{name(client, server)}: {mechanism}, {layer}",
                       lambda pair, c=client, s=server, m=mechanism, wanted=layer:
                       messages(meet(pair, c, s, m, {"layer": wanted}), agreed(c, m, wanted)))
    for client, server in pairs:
        for title, function in GSSAPI:
            yield case(f"{name(client, server)}: {title}",
                       lambda pair, c=client, s=server, f=function: f(pair, c, s))
    if not among_peers:
        for title, function in SLAPD:
            yield case(f"slapd: {title}", function)


# ---------------------------------------------------------------------------- GSSAPI


def server_demands(pair, client, server):
    for layer in LAYERS[1:]:
        meeting = meet(pair, client, server, "GSSAPI", {"layer": layer}, {"layer": layer})
        messages(meeting, layer)


def server_demands_more(pair, client, server):
    """Less than the server accepts is not to be had, whoever finds out."""
    for asked, demanded in (("none", "confidentiality"), ("integrity", "confidentiality"),
                            ("none", "integrity")):
        try:
            meeting = meet(pair, client, server, "GSSAPI", {"layer": asked}, {"layer": demanded})
        except Refused:
            continue
        # Ours takes more than it asked for when it asked for nothing.
        assert asked == "none" and client is ours, f"{asked} was enough for {demanded}"
        messages(meeting, demanded)


def server_offers_less(pair, client, server):
    """A client does not go on with less than it asked for."""
    for asked, offered in (("confidentiality", "none"), ("confidentiality", "integrity"),
                           ("integrity", "none")):
        if server is ours:
            # Ours offers none at all when it can take no message.
            if offered != "none":
                continue
            limits = {"options": {ours.RECV_SIZE: 0}}
        else:
            limits = {"layer": offered}
        try:
            meet(pair, client, server, "GSSAPI", {"layer": asked}, limits)
        except Refused as refusal:
            assert refusal.side == "client", refusal
            continue
        raise AssertionError(f"{asked} became {offered}")


def sizes(pair, client, server):
    """The largest messages of both, and neither gets longer ones."""
    def limited(module, size):
        return {"size": size} if module is cyrus else {"options": {ours.RECV_SIZE: size}}

    for small in (200, 4096, 0xFFFFFF):
        meeting = meet(
            pair, client, server, "GSSAPI",
            {"layer": "confidentiality", **limited(client, small)}, limited(server, 70_000),
        )
        for sender, receiver, size in ((meeting.server, meeting.client, small),
                                       (meeting.client, meeting.server, 70_000)):
            most = min(sender.most(), 100_000)
            assert 0 < most < size, f"{most} bytes in a message of {size}"
            token = sender.wrap(b"x" * most)
            assert len(token) <= size, f"a message of {len(token)} bytes"
            assert opened(receiver, token) == b"x" * most


def authorization(pair, client, server):
    """As whom a client wants to act reaches the server."""
    wish = {"layer": "integrity"}
    if client is cyrus:
        wish["authorization"] = "zoë"
    else:
        wish["options"] = {ours.AUTHZ_STRING: "zoë".encode()}
    meeting = meet(pair, client, server, "GSSAPI", wish)
    asked = meeting.server.asked if server is cyrus else meeting.server.authorization()
    assert asked.startswith("zoë"), asked
    assert meeting.server.client_name().startswith(ALICE.name), meeting.server.client_name()


def no_authorization(pair, client, server):
    meeting = meet(pair, client, server, "GSSAPI", {"layer": "integrity"})
    if server is ours:
        assert meeting.server.authorization() == ""
    assert meeting.server.client_name().startswith(ALICE.name), meeting.server.client_name()


def altered(pair, client, server):
    """The two messages of the layer, changed on the way."""
    *_, offer, choice, nothing = meet(pair, client, server, "GSSAPI",
                                      {"layer": "confidentiality"}).tokens
    assert offer and choice and not nothing
    # Request, reply, nothing, offer, choice.
    for number, victim in ((4, "client"), (5, "server")):
        for at in (0, 1, 8, 15, -1, -5):
            def change(n, token, number=number, at=at):
                if n != number:
                    return token
                changed = bytearray(token)
                changed[at] ^= 1
                return bytes(changed)

            try:
                meet(pair, client, server, "GSSAPI", {"layer": "confidentiality"}, None, change)
            except Refused as refusal:
                assert refusal.side == victim, refusal
                continue
            raise AssertionError(f"message {number} with byte {at} changed was accepted")


GSSAPI = (
    ("a server that demands a layer", server_demands),
    ("a server that demands more than the client asks for", server_demands_more),
    ("a server that offers less than the client asks for", server_offers_less),
    ("sizes of messages", sizes),
    ("an authorization identity", authorization),
    ("no authorization identity", no_authorization),
    ("messages of the layer changed on the way", altered),
)


# ---------------------------------------------------------------------------- slapd

WHO_AM_I = b"1.3.6.1.4.1.4203.1.11.3"


class Directory(Connection):
    """A connection whose empty responses go over, and whose layer is the side's own."""

    def bind(self, side, mechanism):
        self.sealed = False
        token, answer = side.step(None), None
        while True:
            credentials = ber(0x04, mechanism.encode())
            if token or answer is not None:
                credentials += ber(0x04, token or b"")
            self._send(ber(0x60, integer(3), ber(0x04, b""), ber(0xA3, credentials)))
            [(_, answer)] = self._answers(0x61)
            code = answer[0][1][0]
            told = next((content for tag, content in answer if tag == 0x87), b"")
            if code not in (0, 14):
                raise LdapError(f"{code}: {answer[2][1].decode(errors='replace')}")
            if code == 0:
                if told:
                    assert not side.step(told), "the client has more to say"
                break
            token = side.step(told)
        assert side.complete, "the client wants more"
        if side.layer() != "none":
            self.side, self.wrapped, self.sealed = side, b"", side.layer() == "confidentiality"

    def who_am_i(self):
        self._send(ber(0x77, ber(0x80, WHO_AM_I)))
        [(_, answer)] = self._answers(0x78)
        assert answer[0][1] == b"\0", answer
        return next(content for tag, content in answer if tag == 0x8B).decode()


def at_slapd(pair, mechanism, layer, work, properties="none", most=None, options=None):
    asks, serves = places(pair)
    directory = tempfile.mkdtemp(prefix="slapd", dir=pair.directory)
    with Slapd(serves, directory, HOPS, REALM, properties, most) as server:
        client = ours.Client(asks, SERVICE, HOPS, mechanism, layer, options)
        pair.open.append(client)
        with Directory("127.0.0.1", server.port) as connection:
            connection.bind(client, mechanism)
            work(connection, client)
        return server.said()


def lookup(layer):
    def work(connection, client):
        assert client.layer() == layer, client.layer()
        assert connection.who_am_i() == f"dn:uid=alice,{SUFFIX}"
        [(dn, values)] = connection.search(f"uid=bob,{SUFFIX}", BASE, PRESENT, "uid")
        assert (dn, values["uid"]) == (f"uid=bob,{SUFFIX}", [b"bob"])
        # More than one message of the layer holds.
        [(_, values)] = connection.search(f"uid=alice,{SUFFIX}", BASE, PRESENT, "description")
        assert values["description"] == [b"x" * 60000]

    return work


def slapd_layer(mechanism, layer):
    def run(pair):
        said = at_slapd(pair, mechanism, layer, lookup(layer))
        wanted = {"none": 0, "integrity": 1, "confidentiality": 256}[layer]
        assert f"mech={mechanism} bind_ssf={wanted} ssf={wanted}" in said, said[-2000:]

    return run


def slapd_demands(pair):
    """A server that wants messages encrypted does not take less."""
    at_slapd(pair, "GSSAPI", "confidentiality", lookup("confidentiality"), "minssf=56")
    for layer in ("none", "integrity"):
        try:
            at_slapd(pair, "GSSAPI", layer, lookup(layer), "minssf=56")
        except Refused as refusal:
            assert refusal.reason == "SEC_E_UNSUPPORTED_FUNCTION", refusal
            continue
        raise AssertionError(f"{layer} was enough")
    at_slapd(pair, "GSSAPI", "none", lookup("integrity"), "minssf=1")


def slapd_small(pair):
    """Messages in both directions that are as small as the other side wants them."""
    def work(connection, client):
        assert client.most() < 2048
        lookup("confidentiality")(connection, client)

    options = {ours.RECV_SIZE: 1500}
    at_slapd(pair, "GSSAPI", "confidentiality", work, most=2048, options=options)


def slapd_authorization(pair):
    """slapd checks who may act as whom."""
    def as_bob(connection, client):
        assert connection.who_am_i() == f"dn:uid=bob,{SUFFIX}"

    bob = {ours.AUTHZ_STRING: f"dn:uid=bob,{SUFFIX}".encode()}
    at_slapd(pair, "GSSAPI", "integrity", as_bob, options=bob)
    nobody = {ours.AUTHZ_STRING: f"dn:uid=carol,{SUFFIX}".encode()}
    try:
        at_slapd(pair, "GSSAPI", "integrity", as_bob, options=nobody)
    except LdapError as refusal:
        assert "not authorized" in str(refusal), refusal
    else:
        raise AssertionError("alice may act as carol")


SLAPD = (
    *((f"{mechanism}, {layer}", slapd_layer(mechanism, layer))
      for mechanism in MECHANISMS for layer in LAYERS),
    ("GSSAPI, a layer is demanded", slapd_demands),
    ("GSSAPI, small messages", slapd_small),
    ("GSSAPI, acting as another", slapd_authorization),
)
