/* sspi-server: accepts clients over TCP, says who they are, and answers their signed and sealed
 * messages in kind. */
#include "sample.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Options {
    const char *package;
    const char *principal;
    const char *bindings;
    const char *host;
    const char *port;
    long count;
    int allow_anonymous;
    int gss_sample;
    int verbose;
    int wait;
    int seconds;
} Options;

static const char Usage[] =
    "usage: sspi-server [options]\n"
    "  --package NAME       security package: NTLM (the default), Kerberos or Negotiate\n"
    "  --principal NAME     whose credentials the server uses (the default ones): for Kerberos the\n"
    "                       service whose key the keytab must have\n"
    "  --host HOST          address to listen on (127.0.0.1)\n"
    "  --port PORT          port to listen on; 0, the default, takes a free one and prints it\n"
    "  --count N, --once    end after N clients, or one; without them: never\n"
    "  --wait SECONDS       end when no client came for so long; 0, the default: never\n"
    "  --allow-anonymous    accept clients without a name\n"
    "  --bindings HEX       application data of the channel bindings\n"
    "  --gss-sample         talk to MIT's gss-client instead of sspi-client\n"
    "  --timeout SECONDS    longest wait for a client's next bytes (15)\n"
    "  --verbose            show the tokens\n"
    "Accounts of NTLM come from the file that NTLM_USER_FILE names: DOMAIN:user:password\n"
    "Keys of Kerberos come from the keytab that KRB5_KTNAME names, else from krb5.conf's\n"
    "exit status: 0 every client was served, 1 one was refused or failed, 2 wrong usage\n";

static int ParseOptions(int argc, char **argv, Options *options)
{
    static const struct option known[] = {
        {"package", required_argument, NULL, 'k'},
        {"principal", required_argument, NULL, 'n'},
        {"host", required_argument, NULL, 'h'},
        {"port", required_argument, NULL, 'p'},
        {"count", required_argument, NULL, 'c'},
        {"once", no_argument, NULL, '1'},
        {"wait", required_argument, NULL, 'w'},
        {"allow-anonymous", no_argument, NULL, 'a'},
        {"bindings", required_argument, NULL, 'b'},
        {"gss-sample", no_argument, NULL, 'g'},
        {"timeout", required_argument, NULL, 'o'},
        {"verbose", no_argument, NULL, 'v'},
        {"help", no_argument, NULL, 'H'},
        {NULL, 0, NULL, 0},
    };
    int letter;

    memset(options, 0, sizeof *options);
    options->package = "NTLM";
    options->host = "127.0.0.1";
    options->port = "0";
    options->seconds = 15;
    while ((letter = getopt_long(argc, argv, "", known, NULL)) != -1) {
        switch (letter) {
        case 'k': options->package = optarg; break;
        case 'n': options->principal = optarg; break;
        case 'h': options->host = optarg; break;
        case 'p': options->port = optarg; break;
        case 'c': options->count = ParseNumber("count", optarg, 1, 1000000000); break;
        case '1': options->count = 1; break;
        case 'w': options->wait = (int)ParseNumber("wait", optarg, 0, 86400); break;
        case 'a': options->allow_anonymous = 1; break;
        case 'b': options->bindings = optarg; break;
        case 'g': options->gss_sample = 1; break;
        case 'o': options->seconds = (int)ParseNumber("timeout", optarg, 1, 3600); break;
        case 'v': options->verbose = 1; break;
        case 'H':
            fputs(Usage, stdout);
            exit(EXIT_OK);
        default: return -1;
        }
        if (options->count < 0 || options->wait < 0 || options->seconds < 0)
            return -1;
    }
    if (optind != argc) {
        Complain("unexpected argument \"%s\"", argv[optind]);
        return -1;
    }
    return ParseNumber("port", options->port, 0, 65535) < 0 ? -1 : 0;
}

/* What lasts as long as the server. */
typedef struct Server {
    const Options *options;
    CredHandle credentials;
    ULONG max_token;
    SEC_CHANNEL_BINDINGS *bindings;
    ULONG bindings_size;
} Server;

static int Prepare(Server *server)
{
    SecPkgInfoA *package;
    TimeStamp expiry;
    SECURITY_STATUS status =
        QuerySecurityPackageInfoA((SEC_CHAR *)server->options->package, &package);

    if (status != SEC_E_OK) {
        ComplainStatus("QuerySecurityPackageInfo", status);
        return -1;
    }
    server->max_token = package->cbMaxToken;
    FreeContextBuffer(package);
    status = AcquireCredentialsHandleA((SEC_CHAR *)server->options->principal,
                                       (SEC_CHAR *)server->options->package, SECPKG_CRED_INBOUND,
                                       NULL, NULL, NULL, NULL, &server->credentials, &expiry);
    if (status != SEC_E_OK) {
        ComplainStatus("AcquireCredentialsHandle", status);
        return -1;
    }
    return 0;
}

/* One client: its context and the room for the tokens that it gets. */
typedef struct Session {
    const Server *server;
    Peer peer;
    CtxtHandle context;
    int has_context;
    ULONG flags;
    SecBuffer token;
    Frame frame;
} Session;

static void Refuse(Session *session, SECURITY_STATUS status)
{
    unsigned char body[4];

    body[0] = (unsigned char)((ULONG)status >> 24);
    body[1] = (unsigned char)((ULONG)status >> 16);
    body[2] = (unsigned char)((ULONG)status >> 8);
    body[3] = (unsigned char)status;
    (void)SendFrame(&session->peer, FRAME_REFUSED, body, sizeof body);
}

/* One call of AcceptSecurityContext on the frame just received; its token is left in the
 * session. */
static SECURITY_STATUS Step(Session *session)
{
    const Server *server = session->server;
    SecBuffer in_buffers[2];
    SecBufferDesc in, out;
    SECURITY_STATUS status;
    TimeStamp expiry;
    ULONG wanted = ASC_REQ_REPLAY_DETECT | ASC_REQ_SEQUENCE_DETECT | ASC_REQ_CONFIDENTIALITY |
                   ASC_REQ_INTEGRITY | ASC_REQ_CONNECTION;

    if (server->options->allow_anonymous)
        wanted |= ASC_REQ_ALLOW_NULL_SESSION;
    in_buffers[0].BufferType = SECBUFFER_TOKEN;
    in_buffers[0].pvBuffer = session->frame.body;
    in_buffers[0].cbBuffer = session->frame.size;
    in_buffers[1].BufferType = SECBUFFER_CHANNEL_BINDINGS;
    in_buffers[1].pvBuffer = server->bindings;
    in_buffers[1].cbBuffer = server->bindings_size;
    in.ulVersion = out.ulVersion = SECBUFFER_VERSION;
    in.cBuffers = server->bindings != NULL ? 2 : 1;
    in.pBuffers = in_buffers;
    session->token.BufferType = SECBUFFER_TOKEN;
    session->token.cbBuffer = server->max_token;
    out.cBuffers = 1;
    out.pBuffers = &session->token;

    status = AcceptSecurityContext((CredHandle *)&server->credentials,
                                   session->has_context ? &session->context : NULL, &in, wanted,
                                   SECURITY_NATIVE_DREP, &session->context, &out, &session->flags,
                                   &expiry);
    if (status >= 0)
        session->has_context = 1;
    else
        ComplainStatus("AcceptSecurityContext", status);
    return status;
}

/* gss-client begins with a frame that says what follows, and hears nothing but tokens. */
static int AuthenticateGss(Session *session)
{
    SECURITY_STATUS status = SEC_I_CONTINUE_NEEDED;
    int legs;

    if (ReceiveFrame(&session->peer, &session->frame) != 0)
        return -1;
    if (session->frame.kind != (GSS_NOOP | GSS_CONTEXT_NEXT)) {
        Complain("the client does not begin as gss-client does");
        return -1;
    }
    for (legs = 0; status == SEC_I_CONTINUE_NEEDED && legs < MAX_LEGS; legs++) {
        if (ReceiveFrame(&session->peer, &session->frame) != 0)
            return -1;
        status = Step(session);
        if (status >= 0 && session->token.cbBuffer > 0 &&
            SendFrame(&session->peer, GSS_CONTEXT, session->token.pvBuffer,
                      session->token.cbBuffer) != 0)
            return -1;
    }
    return status == SEC_E_OK ? 0 : -1;
}

static int Authenticate(Session *session)
{
    const Options *options = session->server->options;
    SECURITY_STATUS status;
    int legs;

    for (legs = 0; legs < MAX_LEGS; legs++) {
        if (ReceiveFrame(&session->peer, &session->frame) != 0)
            return -1;
        if (session->frame.kind != FRAME_TOKEN) {
            Complain("the client sent a frame that does not belong here");
            return -1;
        }
        if (options->verbose)
            PrintBytes("token from the client", session->frame.body, session->frame.size);
        status = Step(session);
        if (status < 0) {
            Refuse(session, status);
            return -1;
        }
        if (options->verbose && session->token.cbBuffer > 0)
            PrintBytes("token to the client", session->token.pvBuffer, session->token.cbBuffer);
        if (SendFrame(&session->peer, status == SEC_E_OK ? FRAME_ACCEPTED : FRAME_TOKEN,
                      session->token.pvBuffer, session->token.cbBuffer) != 0)
            return -1;
        if (status == SEC_E_OK)
            return 0;
    }
    Complain("no agreement after %d legs", MAX_LEGS);
    return -1;
}

/* Every message of the client is answered with one of the same kind. */
static int Answer(Session *session)
{
    const char *text;
    ULONG size;
    SECURITY_STATUS status =
        OpenMessage(&session->context, &session->frame, &text, &size);

    if (status != SEC_E_OK) {
        Refuse(session, status);
        return -1;
    }
    if (session->frame.kind == FRAME_SIGNED)
        return SendSigned(&session->peer, &session->context, "a signed answer from the server");
    return SendSealed(&session->peer, &session->context, "a sealed answer from the server");
}

static int Talk(Session *session)
{
    if (session->server->options->gss_sample)
        return GssSampleServe(&session->peer, &session->context, &session->frame);
    for (;;) {
        if (ReceiveFrame(&session->peer, &session->frame) != 0)
            return -1;
        if (session->frame.kind == FRAME_BYE)
            return 0;
        if (session->frame.kind != FRAME_SIGNED && session->frame.kind != FRAME_SEALED) {
            Complain("the client sent a frame that does not belong here");
            return -1;
        }
        if (Answer(session) != 0)
            return -1;
    }
}

static int Serve(const Server *server, const Peer *peer)
{
    Session *session = calloc(1, sizeof *session);
    int result = -1, in;

    if (session == NULL) {
        Complain("out of memory");
        return -1;
    }
    session->server = server;
    session->peer = *peer;
    session->token.pvBuffer = malloc(server->max_token);
    if (session->token.pvBuffer == NULL) {
        Complain("out of memory");
        in = -1;
    } else {
        in = server->options->gss_sample ? AuthenticateGss(session) : Authenticate(session);
    }
    if (in == 0) {
        printf("authenticated\n");
        PrintAcceptorFlags(session->flags);
        if ((session->flags & (ASC_RET_INTEGRITY | ASC_RET_NULL_SESSION)) == 0)
            Complain("the client did not ask for signing");
        else if (PrintContext(&session->context, session->flags & ASC_RET_INTEGRITY) == 0)
            result = Talk(session);
    }
    if (session->has_context)
        DeleteSecurityContext(&session->context);
    free(session->token.pvBuffer);
    free(session);
    return result;
}

/* Returns the number of clients that were refused, or -1 when no client came. */
static long ServeAll(const Server *server, int listener)
{
    const Options *options = server->options;
    long number, refused = 0;

    for (number = 1; options->count == 0 || number <= options->count; number++) {
        Peer peer;
        int result;

        if (AcceptPeer(listener, options->wait, options->seconds, &peer) != 0)
            return -1;
        printf("client %ld\n", number);
        result = Serve(server, &peer);
        ClosePeer(&peer);
        printf("client %ld: %s\n", number, result == 0 ? "served" : "refused");
        if (result != 0)
            refused++;
    }
    return refused;
}

int main(int argc, char **argv)
{
    Options options;
    Server server;
    int listener;
    long refused = -1;

    ProgramName = "sspi-server";
    setvbuf(stdout, NULL, _IOLBF, 0);
    memset(&server, 0, sizeof server);
    if (ParseOptions(argc, argv, &options) != 0) {
        fputs(Usage, stderr);
        return EXIT_USAGE;
    }
    server.options = &options;
    if (options.bindings != NULL &&
        (server.bindings = ParseBindings(options.bindings, &server.bindings_size)) == NULL)
        return EXIT_USAGE;
    if (PrintPackages() == 0 && Prepare(&server) == 0) {
        if (ListenOn(options.host, options.port, &listener) == 0)
            refused = ServeAll(&server, listener);
        FreeCredentialsHandle(&server.credentials);
    }
    free(server.bindings);
    return refused == 0 ? EXIT_OK : EXIT_REFUSED;
}
