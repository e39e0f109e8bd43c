/* sspi-client: authenticates to sspi-server over TCP, then sends and receives one signed and
 * one sealed message. */
#include "sample.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Options {
    const char *package;
    const char *target;
    const char *user;
    const char *domain;
    const char *bindings;
    const char *host;
    const char *port;
    char password[512];
    int has_password;
    int anonymous;
    int gss_sample;
    int delegate;
    int one_way;
    int seal;
    int verbose;
    int seconds;
} Options;

static const char Usage[] =
    "usage: sspi-client --port PORT [options]\n"
    "  --package NAME         security package: NTLM (the default), Kerberos or\n"
    "                         Negotiate\n"
    "  --target SPN           name of the service (host/HOST)\n"
    "  --user NAME            DOMAIN\\user or user@domain; without it: default credentials,\n"
    "                         which for Kerberos are the tickets that kinit got\n"
    "  --domain NAME          domain or realm of the user\n"
    "  --password TEXT        visible to others in ps; better one of the next two\n"
    "  --password-file FILE   the first line of a file\n"
    "  SSPI_PASSWORD          or this environment variable\n"
    "  --anonymous            empty credentials\n"
    "  --host HOST            where the server is (127.0.0.1)\n"
    "  --port PORT            its port\n"
    "  --no-seal              ask for signing only\n"
    "  --no-mutual            do not ask the server to prove who it is\n"
    "  --delegate             let the server act for the user\n"
    "  --gss-sample           talk to MIT's gss-server instead of sspi-server\n"
    "  --bindings HEX         application data of the channel bindings\n"
    "  --timeout SECONDS      longest wait for the server (15)\n"
    "  --verbose              show the tokens\n"
    "exit status: 0 all went well, 1 refused or failed, 2 wrong usage\n";

static int TakePassword(Options *options, const char *text)
{
    if (strlen(text) >= sizeof options->password) {
        Complain("the password is too long");
        return -1;
    }
    strcpy(options->password, text);
    options->has_password = 1;
    return 0;
}

static int ReadPassword(Options *options, const char *path)
{
    char line[sizeof options->password];
    FILE *file = fopen(path, "r");
    int result = -1;

    if (file == NULL || fgets(line, sizeof line, file) == NULL) {
        Complain("%s: no password can be read", path);
    } else {
        line[strcspn(line, "\r\n")] = '\0';
        result = TakePassword(options, line);
    }
    explicit_bzero(line, sizeof line);
    if (file != NULL)
        fclose(file);
    return result;
}

static int CheckOptions(Options *options)
{
    const char *from_environment = getenv("SSPI_PASSWORD");

    if (options->port == NULL || ParseNumber("port", options->port, 1, 65535) < 0) {
        Complain("--port is needed");
        return -1;
    }
    if (options->anonymous && options->user != NULL) {
        Complain("--anonymous and --user exclude each other");
        return -1;
    }
    if (options->user != NULL && !options->has_password && from_environment != NULL &&
        TakePassword(options, from_environment) != 0)
        return -1;
    if (options->user != NULL && !options->has_password) {
        Complain("--user needs --password, --password-file or SSPI_PASSWORD");
        return -1;
    }
    return 0;
}

static int ParseOptions(int argc, char **argv, Options *options)
{
    static const struct option known[] = {
        {"package", required_argument, NULL, 'k'},
        {"target", required_argument, NULL, 't'},
        {"user", required_argument, NULL, 'u'},
        {"password", required_argument, NULL, 'w'},
        {"password-file", required_argument, NULL, 'f'},
        {"anonymous", no_argument, NULL, 'a'},
        {"host", required_argument, NULL, 'h'},
        {"port", required_argument, NULL, 'p'},
        {"domain", required_argument, NULL, 'd'},
        {"no-seal", no_argument, NULL, 's'},
        {"no-mutual", no_argument, NULL, 'm'},
        {"delegate", no_argument, NULL, 'D'},
        {"gss-sample", no_argument, NULL, 'g'},
        {"bindings", required_argument, NULL, 'b'},
        {"timeout", required_argument, NULL, 'o'},
        {"verbose", no_argument, NULL, 'v'},
        {"help", no_argument, NULL, 'H'},
        {NULL, 0, NULL, 0},
    };
    int letter;

    memset(options, 0, sizeof *options);
    options->package = "NTLM";
    options->host = "127.0.0.1";
    options->seal = 1;
    options->seconds = 15;
    while ((letter = getopt_long(argc, argv, "", known, NULL)) != -1) {
        switch (letter) {
        case 'k': options->package = optarg; break;
        case 't': options->target = optarg; break;
        case 'u': options->user = optarg; break;
        case 'w':
            if (TakePassword(options, optarg) != 0)
                return -1;
            break;
        case 'f':
            if (ReadPassword(options, optarg) != 0)
                return -1;
            break;
        case 'a': options->anonymous = 1; break;
        case 'h': options->host = optarg; break;
        case 'p': options->port = optarg; break;
        case 'd': options->domain = optarg; break;
        case 's': options->seal = 0; break;
        case 'm': options->one_way = 1; break;
        case 'D': options->delegate = 1; break;
        case 'g': options->gss_sample = 1; break;
        case 'b': options->bindings = optarg; break;
        case 'o':
            options->seconds = (int)ParseNumber("timeout", optarg, 1, 3600);
            if (options->seconds < 0)
                return -1;
            break;
        case 'v': options->verbose = 1; break;
        case 'H':
            fputs(Usage, stdout);
            exit(EXIT_OK);
        default: return -1;
        }
    }
    if (optind != argc) {
        Complain("unexpected argument \"%s\"", argv[optind]);
        return -1;
    }
    return CheckOptions(options);
}

/* DOMAIN\user becomes two fields; user@domain stays one, as Windows has it. With --domain the name
 * is the user's alone. */
static SECURITY_STATUS AcquireCredentials(Options *options, CredHandle *credentials)
{
    SEC_WINNT_AUTH_IDENTITY_A identity;
    char user[512], domain[512];
    const char *slash = options->user != NULL && options->domain == NULL
                            ? strchr(options->user, '\\') : NULL;
    SECURITY_STATUS status;
    TimeStamp expiry;
    int explicit_identity = options->anonymous || options->user != NULL;

    memset(&identity, 0, sizeof identity);
    identity.Flags = SEC_WINNT_AUTH_IDENTITY_ANSI;
    if (options->user != NULL) {
        size_t domain_length = slash != NULL ? (size_t)(slash - options->user) : 0;
        if (options->domain != NULL)
            snprintf(domain, sizeof domain, "%s", options->domain);
        else
            snprintf(domain, sizeof domain, "%.*s", (int)domain_length, options->user);
        snprintf(user, sizeof user, "%s", slash != NULL ? slash + 1 : options->user);
        identity.User = (unsigned char *)user;
        identity.UserLength = (ULONG)strlen(user);
        identity.Domain = domain[0] != '\0' ? (unsigned char *)domain : NULL;
        identity.DomainLength = (ULONG)strlen(domain);
        identity.Password = (unsigned char *)options->password;
        identity.PasswordLength = (ULONG)strlen(options->password);
    }
    status = AcquireCredentialsHandleA(NULL, (SEC_CHAR *)options->package, SECPKG_CRED_OUTBOUND,
                                       NULL, explicit_identity ? &identity : NULL, NULL, NULL,
                                       credentials, &expiry);
    /* The library has its own copy now. */
    explicit_bzero(options->password, sizeof options->password);
    if (status != SEC_E_OK)
        ComplainStatus("AcquireCredentialsHandle", status);
    return status;
}

static void PrintRefusal(const Frame *frame)
{
    ULONG status = 0;
    ULONG i;

    for (i = 0; i < 4 && i < frame->size; i++)
        status = status << 8 | frame->body[i];
    Complain("the server refused: %s (0x%08X)", Secur32StatusName((SECURITY_STATUS)status),
             (unsigned)status);
    fprintf(stderr, "  %s\n", Secur32StatusText((SECURITY_STATUS)status));
}

/* The handshake's state between two calls of InitializeSecurityContext. */
typedef struct Client {
    CredHandle credentials;
    CtxtHandle context;
    int has_context;
    ULONG wanted;
    ULONG flags;
    SEC_CHANNEL_BINDINGS *bindings;
    ULONG bindings_size;
    char target[512];
} Client;

/* One call; the token that it makes is sent. */
static SECURITY_STATUS Step(Client *client, const Options *options, const Peer *peer,
                            const Frame *from_server)
{
    SecBuffer in_buffers[2], out_buffer;
    SecBufferDesc in, out;
    SECURITY_STATUS status;
    TimeStamp expiry;

    in.ulVersion = out.ulVersion = SECBUFFER_VERSION;
    in.cBuffers = 0;
    in.pBuffers = in_buffers;
    if (from_server != NULL) {
        in_buffers[in.cBuffers].BufferType = SECBUFFER_TOKEN;
        in_buffers[in.cBuffers].pvBuffer = (void *)from_server->body;
        in_buffers[in.cBuffers++].cbBuffer = from_server->size;
    }
    if (client->bindings != NULL) {
        in_buffers[in.cBuffers].BufferType = SECBUFFER_CHANNEL_BINDINGS;
        in_buffers[in.cBuffers].pvBuffer = client->bindings;
        in_buffers[in.cBuffers++].cbBuffer = client->bindings_size;
    }
    out_buffer.BufferType = SECBUFFER_TOKEN;
    out_buffer.pvBuffer = NULL;
    out_buffer.cbBuffer = 0;
    out.cBuffers = 1;
    out.pBuffers = &out_buffer;

    status = InitializeSecurityContextA(
        &client->credentials, client->has_context ? &client->context : NULL, client->target,
        client->wanted | ISC_REQ_ALLOCATE_MEMORY, 0, SECURITY_NATIVE_DREP,
        in.cBuffers > 0 ? &in : NULL, 0, &client->context, &out, &client->flags, &expiry);
    if (status < 0)
        ComplainStatus("InitializeSecurityContext", status);
    else
        client->has_context = 1;
    if (status >= 0 && out_buffer.cbBuffer > 0) {
        if (options->verbose)
            PrintBytes("token to the server", out_buffer.pvBuffer, out_buffer.cbBuffer);
        if (SendFrame(peer, options->gss_sample ? (int)GSS_CONTEXT : (int)FRAME_TOKEN,
                      out_buffer.pvBuffer, out_buffer.cbBuffer) != 0)
            status = SEC_E_INTERNAL_ERROR;
    }
    if (out_buffer.pvBuffer != NULL)
        FreeContextBuffer(out_buffer.pvBuffer);
    return status;
}

/* Both sides must be satisfied: our call says SEC_E_OK, the server's frame says accepted. */
static int Authenticate(Client *client, const Options *options, const Peer *peer, Frame *frame)
{
    SECURITY_STATUS status = Step(client, options, peer, NULL);
    int legs, accepted = 0;

    for (legs = 0; status >= 0 && !(status == SEC_E_OK && accepted); legs++) {
        if (legs == MAX_LEGS) {
            Complain("no agreement after %d legs", MAX_LEGS);
            return -1;
        }
        if (ReceiveFrame(peer, frame) != 0)
            return -1;
        if (frame->kind == FRAME_REFUSED) {
            PrintRefusal(frame);
            return -1;
        }
        if (accepted || (frame->kind != FRAME_TOKEN && frame->kind != FRAME_ACCEPTED)) {
            Complain("the server sent a frame that does not belong here");
            return -1;
        }
        accepted = frame->kind == FRAME_ACCEPTED;
        if (options->verbose && frame->size > 0)
            PrintBytes("token from the server", frame->body, frame->size);
        if (status == SEC_I_CONTINUE_NEEDED && frame->size > 0) {
            status = Step(client, options, peer, frame);
        } else if (status != SEC_E_OK || frame->size > 0) {
            Complain("the server and we disagree about who is done");
            return -1;
        }
    }
    return status == SEC_E_OK ? 0 : -1;
}

/* The same with gss-server, which says nothing when it is satisfied. */
static int AuthenticateGss(Client *client, const Options *options, const Peer *peer, Frame *frame)
{
    SECURITY_STATUS status;
    int legs;

    if (SendFrame(peer, GSS_NOOP | GSS_CONTEXT_NEXT, "", 0) != 0)
        return -1;
    status = Step(client, options, peer, NULL);
    for (legs = 0; status == SEC_I_CONTINUE_NEEDED && legs < MAX_LEGS; legs++) {
        if (ReceiveFrame(peer, frame) != 0)
            return -1;
        if (options->verbose)
            PrintBytes("token from the server", frame->body, frame->size);
        status = Step(client, options, peer, frame);
    }
    return status == SEC_E_OK ? 0 : -1;
}

static int ReceiveMessage(Client *client, const Peer *peer, Frame *frame, int kind)
{
    const char *text;
    ULONG size;

    if (ReceiveFrame(peer, frame) != 0)
        return -1;
    if (frame->kind == FRAME_REFUSED)
        PrintRefusal(frame);
    else if (frame->kind != kind)
        Complain("the server sent a frame that does not belong here");
    else if (OpenMessage(&client->context, frame, &text, &size) == SEC_E_OK)
        return 0;
    return -1;
}

static int Talk(Client *client, const Options *options, const Peer *peer, Frame *frame)
{
    if (options->gss_sample)
        return GssSampleSay(peer, &client->context, frame, "a sealed hello from the client");
    if ((client->flags & ISC_RET_INTEGRITY) &&
        (SendSigned(peer, &client->context, "a signed hello from the client") != 0 ||
         ReceiveMessage(client, peer, frame, FRAME_SIGNED) != 0))
        return -1;
    if (options->seal && (client->flags & ISC_RET_CONFIDENTIALITY) &&
        (SendSealed(peer, &client->context, "a sealed hello from the client") != 0 ||
         ReceiveMessage(client, peer, frame, FRAME_SEALED) != 0))
        return -1;
    return SendFrame(peer, FRAME_BYE, "", 0);
}

static int Run(Client *client, const Options *options, const Peer *peer)
{
    /* Nobody in particular has no key to sign with. */
    ULONG needed = options->anonymous ? ISC_RET_NULL_SESSION : ISC_RET_INTEGRITY;
    Frame *frame = malloc(sizeof *frame);
    int result = -1, in;

    if (options->seal && !options->anonymous)
        needed |= ISC_RET_CONFIDENTIALITY;
    if (frame == NULL) {
        Complain("out of memory");
        return -1;
    }
    in = options->gss_sample ? AuthenticateGss(client, options, peer, frame)
                             : Authenticate(client, options, peer, frame);
    if (in == 0) {
        printf("authenticated\n");
        PrintInitiatorFlags(client->flags);
        if ((client->flags & needed) != needed)
            Complain("the context does not offer what was asked for");
        else if (PrintContext(&client->context, client->flags & ISC_RET_INTEGRITY) == 0)
            result = Talk(client, options, peer, frame);
    }
    free(frame);
    return result;
}

int main(int argc, char **argv)
{
    Options options;
    Client client;
    Peer peer = {-1, 0};
    int result = -1;

    ProgramName = "sspi-client";
    setvbuf(stdout, NULL, _IOLBF, 0);
    memset(&client, 0, sizeof client);
    if (ParseOptions(argc, argv, &options) != 0) {
        fputs(Usage, stderr);
        return EXIT_USAGE;
    }
    if (options.bindings != NULL &&
        (client.bindings = ParseBindings(options.bindings, &client.bindings_size)) == NULL)
        return EXIT_USAGE;
    snprintf(client.target, sizeof client.target, "%s%s", options.target != NULL ? "" : "host/",
             options.target != NULL ? options.target : options.host);
    client.wanted = ISC_REQ_REPLAY_DETECT | ISC_REQ_SEQUENCE_DETECT | ISC_REQ_INTEGRITY |
                    ISC_REQ_CONNECTION;
    if (!options.one_way)
        client.wanted |= ISC_REQ_MUTUAL_AUTH;
    if (options.delegate)
        client.wanted |= ISC_REQ_DELEGATE;
    if (options.seal)
        client.wanted |= ISC_REQ_CONFIDENTIALITY;
    if (options.anonymous)
        client.wanted |= ISC_REQ_NULL_SESSION;

    if (PrintPackages() == 0 && AcquireCredentials(&options, &client.credentials) == SEC_E_OK) {
        if (ConnectTo(options.host, options.port, options.seconds, &peer) == 0)
            result = Run(&client, &options, &peer);
        ClosePeer(&peer);
        if (client.has_context)
            DeleteSecurityContext(&client.context);
        FreeCredentialsHandle(&client.credentials);
    }
    free(client.bindings);
    if (result == 0)
        printf("done\n");
    return result == 0 ? EXIT_OK : EXIT_REFUSED;
}
