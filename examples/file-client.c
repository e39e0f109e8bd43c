/* file-client: asks file-server for a file, gives it one, lists them, or asks whom it acts as. */
#include "sample.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Options {
    const char *package, *target, *user, *domain, *host, *port, *command, *name;
    int seconds;
} Options;

static const char Usage[] =
    "usage: file-client --port PORT [options] who | list | get NAME | put NAME\n"
    "  --package NAME      security package: Negotiate (the default), Kerberos or NTLM\n"
    "  --target SPN        name of the service (host/HOST)\n"
    "  --user NAME         DOMAIN\\user or user@domain, with the password in SSPI_PASSWORD;\n"
    "                      without it: default credentials\n"
    "  --domain NAME       domain or realm of the user\n"
    "  --host HOST         where the server is (127.0.0.1)\n"
    "  --timeout SECONDS   longest wait for the server (15)\n"
    "get writes the file to stdout, put reads it from stdin\n"
    "exit status: 0 done, 1 refused or failed, 2 wrong usage\n";

static int ParseOptions(int argc, char **argv, Options *options)
{
    static const struct option known[] = {
        {"package", required_argument, NULL, 'k'}, {"target", required_argument, NULL, 't'},
        {"user", required_argument, NULL, 'u'},    {"domain", required_argument, NULL, 'd'},
        {"host", required_argument, NULL, 'h'},    {"port", required_argument, NULL, 'p'},
        {"timeout", required_argument, NULL, 'o'}, {NULL, 0, NULL, 0},
    };
    int letter, takes_name;

    memset(options, 0, sizeof *options);
    options->package = "Negotiate";
    options->host = "127.0.0.1";
    options->seconds = 15;
    while ((letter = getopt_long(argc, argv, "", known, NULL)) != -1) {
        switch (letter) {
        case 'k': options->package = optarg; break;
        case 't': options->target = optarg; break;
        case 'u': options->user = optarg; break;
        case 'd': options->domain = optarg; break;
        case 'h': options->host = optarg; break;
        case 'p': options->port = optarg; break;
        case 'o': options->seconds = (int)ParseNumber("timeout", optarg, 1, 3600); break;
        default: return -1;
        }
    }
    if (options->port == NULL || options->seconds < 0 || optind >= argc)
        return -1;
    options->command = argv[optind++];
    takes_name = strcmp(options->command, "get") == 0 || strcmp(options->command, "put") == 0;
    if (takes_name && optind < argc)
        options->name = argv[optind++];
    return optind == argc && takes_name == (options->name != NULL) ? 0 : -1;
}

static SECURITY_STATUS Acquire(const Options *options, CredHandle *credential)
{
    SEC_WINNT_AUTH_IDENTITY_A identity;
    const char *password = getenv("SSPI_PASSWORD");
    TimeStamp expiry;

    memset(&identity, 0, sizeof identity);
    identity.Flags = SEC_WINNT_AUTH_IDENTITY_ANSI;
    identity.User = (unsigned char *)options->user;
    identity.UserLength = options->user != NULL ? (ULONG)strlen(options->user) : 0;
    identity.Domain = (unsigned char *)options->domain;
    identity.DomainLength = options->domain != NULL ? (ULONG)strlen(options->domain) : 0;
    identity.Password = (unsigned char *)password;
    identity.PasswordLength = password != NULL ? (ULONG)strlen(password) : 0;
    return AcquireCredentialsHandleA(NULL, (SEC_CHAR *)options->package, SECPKG_CRED_OUTBOUND,
                                     NULL, options->user != NULL ? &identity : NULL, NULL, NULL,
                                     credential, &expiry);
}

/* Writes the pieces of a reply to stdout, until its end. */
static int TakeReply(const Peer *peer, CtxtHandle *context, Frame *frame)
{
    const char *piece;
    ULONG size;

    while (ReceiveFrame(peer, frame) == 0 && frame->kind == FRAME_SEALED &&
           OpenQuietly(context, frame, &piece, &size) == SEC_E_OK && size > 0) {
        if (*piece == '.')
            return 0;
        if (*piece == '-') {
            Complain("the server says: %.*s", (int)size - 1, piece + 1);
            return -1;
        }
        fwrite(piece + 1, 1, size - 1, stdout);
    }
    Complain("the reply has no end");
    return -1;
}

static int GiveContents(const Peer *peer, CtxtHandle *context)
{
    char piece[900];
    size_t size;

    piece[0] = '+';
    while ((size = fread(piece + 1, 1, sizeof piece - 1, stdin)) > 0)
        if (SendSealedBytes(peer, context, piece, size + 1) != 0)
            return -1;
    return SendSealedBytes(peer, context, ".", 1);
}

static int Ask(const Options *options, const Peer *peer, CtxtHandle *context, Frame *frame)
{
    char command[300];
    int put = strcmp(options->command, "put") == 0;
    int size = snprintf(command, sizeof command, "%s%s%s", options->command,
                        options->name != NULL ? " " : "",
                        options->name != NULL ? options->name : "");

    if (size < 0 || (size_t)size >= sizeof command) {
        Complain("the name is too long");
        return -1;
    }
    if (SendSealedBytes(peer, context, command, (size_t)size) != 0 ||
        TakeReply(peer, context, frame) != 0)
        return -1;
    if (put && (GiveContents(peer, context) != 0 || TakeReply(peer, context, frame) != 0))
        return -1;
    return SendFrame(peer, FRAME_BYE, NULL, 0);
}

int main(int argc, char **argv)
{
    static Frame frame;
    Options options;
    Peer peer;
    CredHandle credential;
    CtxtHandle context;
    SECURITY_STATUS status;
    char target[300];
    ULONG wanted = ISC_REQ_INTEGRITY | ISC_REQ_CONFIDENTIALITY | ISC_REQ_REPLAY_DETECT |
                   ISC_REQ_SEQUENCE_DETECT | ISC_REQ_MUTUAL_AUTH | ISC_REQ_CONNECTION;
    int result = -1;

    ProgramName = "file-client";
    if (ParseOptions(argc, argv, &options) != 0) {
        fputs(Usage, stderr);
        return EXIT_USAGE;
    }
    snprintf(target, sizeof target, "host/%s", options.host);
    status = Acquire(&options, &credential);
    if (status != SEC_E_OK) {
        ComplainStatus("AcquireCredentialsHandle", status);
        return EXIT_REFUSED;
    }
    if (ConnectTo(options.host, options.port, options.seconds, &peer) == 0) {
        if (Connect(&peer, &credential, options.target != NULL ? options.target : target, wanted,
                    &frame, &context) == 0) {
            result = Ask(&options, &peer, &context, &frame);
            DeleteSecurityContext(&context);
        }
        ClosePeer(&peer);
    }
    FreeCredentialsHandle(&credential);
    return result == 0 ? EXIT_OK : EXIT_REFUSED;
}
