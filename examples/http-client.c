/* http-client: gets a page from a web server that wants "Authorization: Negotiate" (or NTLM).
 *
 *     ./http-client http://www.example.com/
 *     SSPI_PASSWORD=secret ./http-client --user 'TEST\alice' http://127.0.0.1:8080/
 *
 * NTLM authenticates a connection, so that all requests go over one. */
#include "sample.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>

enum { MAX_ANSWER = 256 * 1024, MAX_NAME = 256, MAX_PASSWORD = 512 };

typedef struct Options {
    const char *package;
    const char *target;
    const char *user;
    const char *connect;
    const char *path;
    char host[MAX_NAME];
    char port[8];
    char password[MAX_PASSWORD];
    int seconds;
    int verbose;
} Options;

typedef struct Client {
    CredHandle credentials;
    CtxtHandle context;
    int has_context;
    ULONG flags;
    char target[MAX_NAME + 8];
} Client;

/* A server's answer: `token` is the base64 text of WWW-Authenticate, or NULL. */
typedef struct Answer {
    int code;
    char *token;
    const char *body;
    size_t size;
    char bytes[MAX_ANSWER + 1];
} Answer;

static const char Usage[] =
    "usage: http-client [options] http://HOST[:PORT][/PATH]\n"
    "  --package NAME         Negotiate (the default), Kerberos or NTLM; also the name in HTTP\n"
    "  --target SPN           name of the service (HTTP/HOST)\n"
    "  --user NAME            DOMAIN\\user or user@domain; without it: default credentials\n"
    "  --password TEXT        visible to others in ps; better the next one\n"
    "  SSPI_PASSWORD          the password in the environment\n"
    "  --connect ADDRESS      where the server is, if not at HOST\n"
    "  --timeout SECONDS      longest silence of the server (15)\n"
    "  --verbose              show the tokens\n"
    "exit status: 0 the page was got, 1 refused or failed, 2 wrong usage\n";

/* ---- options ---- */

static int ParseUrl(const char *url, Options *options)
{
    const char *scheme = "http://", *host, *port;
    size_t length;

    if (strncasecmp(url, scheme, strlen(scheme)) != 0) {
        Complain("only http:// is spoken here, not \"%s\"", url);
        return -1;
    }
    host = url + strlen(scheme);
    length = strcspn(host, "/");
    options->path = host[length] != '\0' ? host + length : "/";
    port = memchr(host, ':', length);
    snprintf(options->port, sizeof options->port, "%.*s",
             port != NULL ? (int)(length - (size_t)(port - host) - 1) : 2,
             port != NULL ? port + 1 : "80");
    if (port != NULL)
        length = (size_t)(port - host);
    if (length == 0 || length >= sizeof options->host ||
        strpbrk(url, " \t\r\n") != NULL || ParseNumber("port", options->port, 1, 65535) < 0) {
        Complain("no host, or no port, in \"%s\"", url);
        return -1;
    }
    snprintf(options->host, sizeof options->host, "%.*s", (int)length, host);
    return 0;
}

static int TakePassword(Options *options, const char *text)
{
    if (text == NULL || strlen(text) >= sizeof options->password) {
        Complain(text == NULL ? "--user needs --password or SSPI_PASSWORD"
                              : "the password is too long");
        return -1;
    }
    strcpy(options->password, text);
    return 0;
}

static int ParseOptions(int argc, char **argv, Options *options)
{
    static const struct option known[] = {
        {"package", required_argument, NULL, 'k'}, {"target", required_argument, NULL, 't'},
        {"user", required_argument, NULL, 'u'},    {"password", required_argument, NULL, 'w'},
        {"connect", required_argument, NULL, 'c'}, {"timeout", required_argument, NULL, 'o'},
        {"verbose", no_argument, NULL, 'v'},       {"help", no_argument, NULL, 'H'},
        {NULL, 0, NULL, 0},
    };
    const char *password = getenv("SSPI_PASSWORD");
    int letter;

    memset(options, 0, sizeof *options);
    options->package = "Negotiate";
    options->seconds = 15;
    while ((letter = getopt_long(argc, argv, "", known, NULL)) != -1) {
        switch (letter) {
        case 'k': options->package = optarg; break;
        case 't': options->target = optarg; break;
        case 'u': options->user = optarg; break;
        case 'w': password = optarg; break;
        case 'c': options->connect = optarg; break;
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
    if (optind + 1 != argc) {
        Complain("one URL is needed");
        return -1;
    }
    if (options->user != NULL && TakePassword(options, password) != 0)
        return -1;
    return ParseUrl(argv[optind], options);
}

/* ---- HTTP ---- */

static int SendText(const Peer *peer, const char *text, size_t size)
{
    while (size > 0) {
        ssize_t sent = send(peer->socket, text, size, MSG_NOSIGNAL);

        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0) {
            Complain("the request cannot be sent: %s", strerror(errno));
            return -1;
        }
        text += sent;
        size -= (size_t)sent;
    }
    return 0;
}

/* A GET request with a token. */
static int SendRequest(const Peer *peer, const Options *options, const SecBuffer *token)
{
    size_t room = 512 + strlen(options->path) + strlen(options->package) + sizeof options->host +
                  ((size_t)token->cbBuffer + 2) / 3 * 4;
    char *text = malloc(room);
    size_t used;
    int result;

    if (text == NULL) {
        Complain("out of memory");
        return -1;
    }
    used = (size_t)snprintf(text, room,
                            "GET %s HTTP/1.1\r\nHost: %s:%s\r\nUser-Agent: http-client\r\n"
                            "Authorization: %s ",
                            options->path, options->host, options->port, options->package);
    EncodeBase64(token->pvBuffer, token->cbBuffer, text + used);
    strcat(text + used, "\r\n\r\n");
    result = SendText(peer, text, strlen(text));
    free(text);
    return result;
}

/* Reads until there are `wanted` bytes, or the end of the head where `head` is asked for. */
static int Receive(const Peer *peer, Answer *answer, size_t *have, size_t wanted, int head)
{
    while (head ? strstr(answer->bytes, "\r\n\r\n") == NULL : *have < wanted) {
        ssize_t got;

        if (*have >= MAX_ANSWER) {
            Complain("the answer is longer than %d bytes", MAX_ANSWER);
            return -1;
        }
        got = recv(peer->socket, answer->bytes + *have, MAX_ANSWER - *have, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            Complain(got == 0 ? "the server closed the connection" : "the server is silent");
            return -1;
        }
        *have += (size_t)got;
        answer->bytes[*have] = '\0';
    }
    return 0;
}

/* The next line of the head that has this name; its value. */
static char *NextHeader(char *line, const char *name)
{
    while ((line = strstr(line, "\r\n")) != NULL && strncmp(line, "\r\n\r\n", 4) != 0) {
        line += 2;
        if (strncasecmp(line, name, strlen(name)) == 0)
            return line + strlen(name) + strspn(line + strlen(name), " \t");
    }
    return NULL;
}

/* Finds "WWW-Authenticate: PACKAGE token", and ends the token with a NUL. */
static void FindToken(Answer *answer, const char *package)
{
    size_t name = strlen(package);
    char *value = answer->bytes;

    while ((value = NextHeader(value, "WWW-Authenticate:")) != NULL) {
        if (strncasecmp(value, package, name) == 0 && value[name] == ' ') {
            answer->token = value + name + 1;
            answer->token[strcspn(answer->token, " \t\r\n")] = '\0';
            return;
        }
    }
}

static int ReceiveAnswer(const Peer *peer, const char *package, Answer *answer)
{
    size_t have = 0, head;
    char *length;

    memset(answer, 0, sizeof *answer);
    if (Receive(peer, answer, &have, 0, 1) != 0)
        return -1;
    if (sscanf(answer->bytes, "HTTP/1.%*1[01] %3d", &answer->code) != 1) {
        Complain("the server does not speak HTTP");
        return -1;
    }
    head = (size_t)(strstr(answer->bytes, "\r\n\r\n") - answer->bytes) + 4;
    length = NextHeader(answer->bytes, "Content-Length:");
    if (NextHeader(answer->bytes, "Transfer-Encoding:") != NULL) {
        Complain("the answer comes in chunks, which this sample does not read");
        return -1;
    }
    answer->body = answer->bytes + head;
    answer->size = length != NULL ? strtoul(length, NULL, 10) : 0;
    if (answer->size > MAX_ANSWER - head) {
        Complain("the answer is longer than %d bytes", MAX_ANSWER);
        return -1;
    }
    if (Receive(peer, answer, &have, head + answer->size, 0) != 0)
        return -1;
    FindToken(answer, package);
    return 0;
}

/* ---- authentication ---- */

static SECURITY_STATUS AcquireCredentials(Options *options, CredHandle *credentials)
{
    SEC_WINNT_AUTH_IDENTITY_A identity;
    char domain[MAX_NAME] = "";
    const char *slash = options->user != NULL ? strchr(options->user, '\\') : NULL;
    const char *user = slash != NULL ? slash + 1 : options->user;
    SECURITY_STATUS status;
    TimeStamp expiry;

    memset(&identity, 0, sizeof identity);
    identity.Flags = SEC_WINNT_AUTH_IDENTITY_ANSI;
    if (user != NULL) {
        if (slash != NULL)
            snprintf(domain, sizeof domain, "%.*s", (int)(slash - options->user), options->user);
        identity.User = (unsigned char *)user;
        identity.UserLength = (ULONG)strlen(user);
        identity.Domain = slash != NULL ? (unsigned char *)domain : NULL;
        identity.DomainLength = (ULONG)strlen(domain);
        identity.Password = (unsigned char *)options->password;
        identity.PasswordLength = (ULONG)strlen(options->password);
    }
    status = AcquireCredentialsHandleA(NULL, (SEC_CHAR *)options->package, SECPKG_CRED_OUTBOUND,
                                       NULL, user != NULL ? &identity : NULL, NULL, NULL,
                                       credentials, &expiry);
    /* The library has its own copy now. */
    explicit_bzero(options->password, sizeof options->password);
    if (status != SEC_E_OK)
        ComplainStatus("AcquireCredentialsHandle", status);
    return status;
}

/* One call, with the server's token or none. What it makes is to be freed. */
static SECURITY_STATUS Step(Client *client, void *token, ULONG size, SecBuffer *made)
{
    SecBuffer given;
    SecBufferDesc in, out;
    SECURITY_STATUS status;
    TimeStamp expiry;

    given.BufferType = made->BufferType = SECBUFFER_TOKEN;
    given.pvBuffer = token;
    given.cbBuffer = size;
    made->pvBuffer = NULL;
    made->cbBuffer = 0;
    in.ulVersion = out.ulVersion = SECBUFFER_VERSION;
    in.cBuffers = out.cBuffers = 1;
    in.pBuffers = &given;
    out.pBuffers = made;
    status = InitializeSecurityContextA(
        &client->credentials, client->has_context ? &client->context : NULL, client->target,
        ISC_REQ_MUTUAL_AUTH | ISC_REQ_CONNECTION | ISC_REQ_ALLOCATE_MEMORY, 0,
        SECURITY_NETWORK_DREP, token != NULL ? &in : NULL, 0, &client->context, &out,
        &client->flags, &expiry);
    if (status < 0)
        ComplainStatus("InitializeSecurityContext", status);
    else
        client->has_context = 1;
    return status;
}

/* The token that came with an answer goes in, and the next one comes out. */
static SECURITY_STATUS TakeToken(Client *client, const Options *options, Answer *answer,
                                 SecBuffer *made)
{
    long size = DecodeBase64(answer->token, strlen(answer->token));

    if (size <= 0) {
        Complain("the server's token is not base64");
        return SEC_E_INVALID_TOKEN;
    }
    if (options->verbose)
        PrintBytes("token from the server", answer->token, (size_t)size);
    return Step(client, answer->token, (ULONG)size, made);
}

/* Requests until the server has heard enough. Returns 0 when it let us in and, where the package
 * can tell, has shown who it is. */
static int Get(Client *client, const Options *options, const Peer *peer, Answer *answer)
{
    SecBuffer token;
    SECURITY_STATUS status = Step(client, NULL, 0, &token);
    int legs, result = status < 0 ? -1 : 0;

    for (legs = 0; result == 0 && token.cbBuffer > 0; legs++) {
        if (options->verbose)
            PrintBytes("token to the server", token.pvBuffer, token.cbBuffer);
        if (legs == MAX_LEGS || SendRequest(peer, options, &token) != 0 ||
            ReceiveAnswer(peer, options->package, answer) != 0)
            result = -1;
        FreeContextBuffer(token.pvBuffer);
        token.pvBuffer = NULL;
        token.cbBuffer = 0;
        if (result == 0 && answer->token != NULL && status == SEC_I_CONTINUE_NEEDED) {
            status = TakeToken(client, options, answer, &token);
            result = status < 0 ? -1 : 0;
        }
    }
    if (token.pvBuffer != NULL)
        FreeContextBuffer(token.pvBuffer);
    if (result == 0 && answer->code != 401 && status != SEC_E_OK) {
        Complain("the server let us in without having shown who it is");
        result = -1;
    }
    return result;
}

static int Run(Client *client, const Options *options, const Peer *peer)
{
    struct timeval longest;
    Answer *answer = calloc(1, sizeof *answer);
    int result = -1;

    if (answer == NULL) {
        Complain("out of memory");
        return -1;
    }
    longest.tv_sec = options->seconds;
    longest.tv_usec = 0;
    setsockopt(peer->socket, SOL_SOCKET, SO_RCVTIMEO, &longest, sizeof longest);
    setsockopt(peer->socket, SOL_SOCKET, SO_SNDTIMEO, &longest, sizeof longest);
    if (Get(client, options, peer, answer) == 0) {
        printf("status: %d\n", answer->code);
        if (answer->code == 401)
            Complain("the server refused");
        else if (PrintContext(&client->context, client->flags & ISC_RET_INTEGRITY) == 0)
            result = answer->code / 100 == 2 ? 0 : -1;
        PrintText("body", answer->body, answer->size);
    }
    free(answer);
    return result;
}

int main(int argc, char **argv)
{
    static Options options;
    Client client;
    Peer peer = {-1, 0};
    int result = -1;

    ProgramName = "http-client";
    setvbuf(stdout, NULL, _IOLBF, 0);
    memset(&client, 0, sizeof client);
    if (ParseOptions(argc, argv, &options) != 0) {
        fputs(Usage, stderr);
        return EXIT_USAGE;
    }
    snprintf(client.target, sizeof client.target, "%s%s", options.target != NULL ? "" : "HTTP/",
             options.target != NULL ? options.target : options.host);
    if (AcquireCredentials(&options, &client.credentials) == SEC_E_OK) {
        if (ConnectTo(options.connect != NULL ? options.connect : options.host, options.port,
                      options.seconds, &peer) == 0)
            result = Run(&client, &options, &peer);
        ClosePeer(&peer);
        if (client.has_context)
            DeleteSecurityContext(&client.context);
        FreeCredentialsHandle(&client.credentials);
    }
    return result == 0 ? EXIT_OK : EXIT_REFUSED;
}
