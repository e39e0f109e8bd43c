"""curl and our own clients at our web server and at Apache."""

from kerberos import mit_cases
from kerberos.mit_realm import ALICE, User
from kerberos.sample_cases import expect
from party import Account, Refused

from . import mit, ours, wire
from .pair import KERBEROS_ONLY, NTLM_ONLY, WALKER, Pair
from .party import KERBEROS, NTLM
from .web import TARGET, Apache, Sample, curl, get, http_client

WORLD = mit_cases.__name__
AT_OURS, AT_APACHE, AT_BOTH = [], [], []


def case(title, cases):
    return lambda function: cases.append((title, function))


def is_by(answer, mechanism, first=None):
    """What the tokens were of, first and last."""
    inside = [leg.inside() for leg in map(wire.read, answer.sent) if leg.inside()]
    assert inside[-1] == mechanism and inside[0] == (first or mechanism), f"tokens of {inside}"
    for body in answer.bodies:
        # Our server says by what.
        assert " by " not in body or body.rstrip().endswith(f"by {mechanism}"), body


def ntlm_only(pair, serve):
    """A server that was told so, or one without a key of Kerberos."""
    if serve is Apache:
        return serve(pair, pair.server_place(), mechanisms=("ntlmssp",))
    return serve(pair, pair.server_place("/nonexistent"))


# ---------------------------------------------------------------------------- curl


@case("Kerberos", AT_OURS)
def curl_kerberos(pair, serve):
    with serve(pair, pair.server_place()) as web:
        answer = curl(web, pair.client_place())
        assert answer.codes == [200], (answer.codes, web.log())
        is_by(answer, KERBEROS)
        assert len(answer.sent) == 1 and len(answer.received) == 1, "more than one leg each"
        assert wire.read(answer.received[0]).state == "completed"
        web.let_in(ALICE.principal)


@case("NTLM, one handshake for a connection's requests", AT_OURS)
def curl_ntlm(pair, serve):
    with serve(pair, pair.server_place()) as web:
        answer = curl(web, pair.client_place(None), paths=("/", "/index.html", "/"))
        assert answer.codes == [200] * 3, (answer.codes, web.log())
        is_by(answer, NTLM)
        assert answer.connections == [1, 0, 0], answer.connections
        web.let_in("alice")


@case("the server's choice is NTLM", AT_OURS)
def curl_chosen(pair, serve):
    with ntlm_only(pair, serve) as web:
        answer = curl(web, pair.client_place())
        assert answer.codes == [200], (answer.codes, web.log())
        is_by(answer, NTLM, first=KERBEROS)


@case("POST with a large body", AT_OURS)
def curl_post(pair, serve):
    body = pair.directory / "body"
    body.write_bytes(b"x" * 200_000)
    for place in (pair.client_place(), pair.client_place(None)):
        with serve(pair, pair.server_place()) as web:
            answer = curl(web, place, "--data-binary", f"@{body}")
            # Apache's plain files are not to be posted to; the user was let in.
            assert answer.codes in ([200], [405]), (answer.codes, web.log())


@case("a wrong password of NTLM, and no credentials", AT_OURS)
def curl_refused(pair, serve):
    wrong = pair.client_place(None).but(
        accounts=pair.accounts(Account("PEERS", "alice", "Wonder-land-8")))
    nobody = pair.place()
    with serve(pair, pair.server_place()) as web:
        for place in (wrong, nobody):
            assert curl(web, place).codes == [401], web.log()


# ---------------------------------------------------------------------------- our client


def turned_away(web, client):
    """Apache's last word is 401, or its answer has a token that makes the client refuse."""
    try:
        assert get(web, client).codes == [401]
    except Refused as refusal:
        assert refusal.side == "client", refusal


@case("Kerberos, with the server's proof", AT_APACHE)
def get_kerberos(pair, serve):
    with serve(pair, pair.server_place()) as web:
        client = pair.client(TARGET, place=pair.client_place())
        answer = get(web, client)
        assert answer.codes == [200], answer.codes
        assert client.complete and client.mechanism() == KERBEROS
        is_by(answer, KERBEROS)
        web.let_in(ALICE.principal)


@case("NTLM with a password", AT_APACHE)
def get_ntlm(pair, serve):
    with serve(pair, pair.server_place()) as web:
        client = pair.client(TARGET, NTLM_ONLY, user=WALKER)
        answer = get(web, client)
        assert answer.codes == [200], answer.codes
        assert client.complete and client.mechanism() in (NTLM, None)
        is_by(answer, NTLM)
        web.let_in("alice")


@case("the server's choice is NTLM; where that is forbidden it is an error", AT_APACHE)
def get_chosen(pair, serve):
    with serve(pair, pair.server_place(), mechanisms=("ntlmssp",)) as web:
        client = pair.client(TARGET, place=pair.client_place())
        answer = get(web, client)
        assert answer.codes == [200], answer.codes
        is_by(answer, NTLM, first=KERBEROS)
        assert client.mechanism() in (NTLM, None)
        client = pair.client(TARGET, KERBEROS_ONLY, place=pair.client_place())
        turned_away(web, client)


@case("a wrong password of NTLM", AT_APACHE)
def get_refused(pair, serve):
    with serve(pair, pair.server_place()) as web:
        client = pair.client(TARGET, NTLM_ONLY, user=User("alice", "x", realm="PEERS"))
        turned_away(web, client)


# ---------------------------------------------------------------------------- our sample client


@case("Kerberos, NTLM, the server's choice of NTLM", AT_BOTH)
def sample_client(pair, serve):
    password = {"user": f"{WALKER.realm}\\{WALKER.name}", "password": WALKER.password}
    with serve(pair, pair.server_place()) as web:
        for place, package, options in (
            (pair.client_place(), "Kerberos", {}), (pair.client_place(None), "NTLM", {}),
            (pair.place(), "NTLM", password),
        ):
            said = http_client(web, place, **options)
            expect(said, "^status: 200$", f"^package: {package}$", "hello")
            web.let_in(ALICE.principal if package == "Kerberos" else "alice")
    with ntlm_only(pair, serve) as web:
        expect(http_client(web, pair.client_place()), "^status: 200$", "^package: NTLM$")


@case("a wrong password, no credentials", AT_BOTH)
def sample_client_refused(pair, serve):
    with serve(pair, pair.server_place()) as web:
        said = http_client(web, pair.place(), status=1, user="PEERS\\alice", password="x")
        expect(said, "the server refused|SEC_E_LOGON_DENIED")
        expect(http_client(web, pair.place(), status=1), "SEC_E_NO_CREDENTIALS")


def cases(among_peers):
    server = Apache if among_peers else Sample

    def run(directory, function, client_class, *arguments):
        pair = Pair(mit_cases.World.realm, directory, client_class, None)
        function(pair, *arguments)
        pair.close()

    for title, function in AT_OURS:
        yield (f"Negotiate, curl -> {server.implementation}: {title}",
               lambda d, f=function: run(d, f, None, server))
    client = mit.Client if among_peers else ours.Client
    for title, function in AT_APACHE:
        yield (f"Negotiate, {client.implementation} -> apache: {title}",
               lambda d, f=function: run(d, f, client, Apache))
    if among_peers:
        return
    for server in (Apache, Sample):
        for title, function in AT_BOTH:
            yield (f"Negotiate, http-client -> {server.implementation}: {title}",
                   lambda d, f=function, s=server: run(d, f, None, s))
