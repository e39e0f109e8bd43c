/* http-server: a small web server that lets in whom AcceptSecurityContext lets in.
 *
 * NTLM authenticates a connection and not a request (so does Negotiate, when it ends in NTLM):
 * the context lives in the connection, and the requests after the handshake need no header.
 * Negotiate is offered first, as by Windows' web server: clients with a ticket come in by Kerberos,
 * others by NTLM.
 *
 *     NTLM_USER_FILE=accounts ./http-server --port 8080
 *     curl --ntlm -u 'TEST\alice:secret' http://127.0.0.1:8080/
 *     curl --negotiate -u : http://www.example.com:8080/
 */
#include "sample.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    MAX_CONNECTIONS = 64,
    MAX_PACKAGES = 4,
    MAX_HEAD = 72 * 1024, /* a token of 48,000 bytes in base64, and the other headers */
    MAX_BODY = 1024 * 1024,
    MAX_NAME = 256
};

/* A security package, its scheme in HTTP, and the server's credentials for it. */
typedef struct Scheme {
    const char *package;
    CredHandle credentials;
    ULONG max_token;
} Scheme;

typedef struct Connection {
    Peer peer;
    time_t last_heard;
    CtxtHandle context;
    int has_context;
    Scheme *scheme;      /* whose context it is */
    char user[MAX_NAME]; /* empty until somebody is logged on */
    char package[32];    /* by what: under Negotiate the package that was chosen */
    size_t size;         /* bytes in head */
    size_t body_left;    /* bytes of the last request's body still to come */
    char head[MAX_HEAD + 1];
} Connection;

typedef struct Server {
    Scheme schemes[MAX_PACKAGES];
    int scheme_count;
    int seconds;
    int verbose;
    long connections_left; /* negative: without end */
    Connection *connections[MAX_CONNECTIONS];
} Server;

/* ---- answers ---- */

typedef struct Answer {
    int status;
    const char *reason;
    const char *challenge; /* the value of WWW-Authenticate for a handshake's next token */
    int offer;             /* name the schemes that can be begun */
    int close;
    char text[MAX_NAME + 96];
} Answer;

static int SendBytes(const Connection *connection, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t sent = send(connection->peer.socket, bytes, size, MSG_NOSIGNAL);

        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return -1;
        bytes += sent;
        size -= (size_t)sent;
    }
    return 0;
}

static int SendAnswer(const Server *server, const Connection *connection, const Answer *answer,
                      int without_body)
{
    size_t room = 1024 + (answer->challenge != NULL ? strlen(answer->challenge) : 0);
    char *text = malloc(room);
    size_t used;
    int i, result;

    if (text == NULL)
        return -1;
    used = (size_t)snprintf(text, room, "HTTP/1.1 %d %s\r\n", answer->status, answer->reason);
    if (answer->challenge != NULL)
        used += (size_t)snprintf(text + used, room - used, "WWW-Authenticate: %s\r\n",
                                 answer->challenge);
    for (i = 0; answer->offer && i < server->scheme_count; i++)
        used += (size_t)snprintf(text + used, room - used, "WWW-Authenticate: %s\r\n",
                                 server->schemes[i].package);
    used += (size_t)snprintf(text + used, room - used,
                             "Content-Type: text/plain; charset=utf-8\r\n"
                             "Content-Length: %lu\r\nConnection: %s\r\n\r\n%s",
                             (unsigned long)strlen(answer->text),
                             answer->close ? "close" : "keep-alive",
                             without_body ? "" : answer->text);
    result = SendBytes(connection, text, used);
    free(text);
    return result;
}

static void Say(Answer *answer, int status, const char *reason, int close)
{
    memset(answer, 0, sizeof *answer);
    answer->status = status;
    answer->reason = reason;
    answer->close = close;
    answer->offer = status == 401;
    snprintf(answer->text, sizeof answer->text, "%s\n", reason);
}

/* ---- authentication ---- */

static void LogOff(Connection *connection)
{
    if (connection->has_context)
        DeleteSecurityContext(&connection->context);
    connection->has_context = 0;
    connection->scheme = NULL;
    connection->user[0] = '\0';
}

static void LogOn(Connection *connection)
{
    SecPkgContext_NamesA names;
    SecPkgContext_PackageInfoA package;
    SECURITY_STATUS status =
        QueryContextAttributesA(&connection->context, SECPKG_ATTR_NAMES, &names);

    if (status != SEC_E_OK) {
        ComplainStatus("QueryContextAttributes(NAMES)", status);
        LogOff(connection);
        return;
    }
    snprintf(connection->user, sizeof connection->user, "%s", names.sUserName);
    FreeContextBuffer(names.sUserName);
    status = QueryContextAttributesA(&connection->context, SECPKG_ATTR_PACKAGE_INFO, &package);
    if (status != SEC_E_OK) {
        ComplainStatus("QueryContextAttributes(PACKAGE_INFO)", status);
        LogOff(connection);
        return;
    }
    snprintf(connection->package, sizeof connection->package, "%s", package.PackageInfo->Name);
    FreeContextBuffer(package.PackageInfo);
    PrintText("logged on", connection->user, strlen(connection->user));
}

static SECURITY_STATUS AcceptToken(Connection *connection, void *token, ULONG size,
                                   SecBuffer *reply)
{
    SecBuffer in_buffer;
    SecBufferDesc in, out;
    SECURITY_STATUS status;
    TimeStamp expiry;
    ULONG flags;

    in_buffer.BufferType = SECBUFFER_TOKEN;
    in_buffer.pvBuffer = token;
    in_buffer.cbBuffer = size;
    in.ulVersion = out.ulVersion = SECBUFFER_VERSION;
    in.cBuffers = out.cBuffers = 1;
    in.pBuffers = &in_buffer;
    reply->BufferType = SECBUFFER_TOKEN;
    reply->pvBuffer = NULL;
    reply->cbBuffer = 0;
    out.pBuffers = reply;
    status = AcceptSecurityContext(&connection->scheme->credentials,
                                   connection->has_context ? &connection->context : NULL, &in,
                                   ASC_REQ_ALLOCATE_MEMORY | ASC_REQ_CONNECTION,
                                   SECURITY_NETWORK_DREP, &connection->context, &out, &flags,
                                   &expiry);
    if (status >= 0)
        connection->has_context = 1;
    return status;
}

/* Makes "NTLM base64" of a token. To be freed with free(). */
static char *Challenge(const Scheme *scheme, const SecBuffer *token)
{
    size_t name = strlen(scheme->package);
    char *text = malloc(name + 2 + ((size_t)token->cbBuffer + 2) / 3 * 4);

    if (text != NULL) {
        memcpy(text, scheme->package, name);
        text[name] = ' ';
        EncodeBase64(token->pvBuffer, token->cbBuffer, text + name + 1);
    }
    return text;
}

/* One leg: the client's token goes in, the answer carries ours. */
static void Authenticate(const Server *server, Connection *connection, char *base64,
                         size_t length, Answer *answer, char **challenge)
{
    SecBuffer reply;
    SECURITY_STATUS status;
    long size = DecodeBase64(base64, length);

    if (size <= 0 || (ULONG)size > connection->scheme->max_token) {
        LogOff(connection);
        Say(answer, 400, "The token is not base64 or too long", 1);
        return;
    }
    if (server->verbose)
        PrintBytes("token from the client", base64, (size_t)size);
    status = AcceptToken(connection, base64, (ULONG)size, &reply);
    if (status < 0) {
        ComplainStatus("AcceptSecurityContext", status);
        LogOff(connection);
        Say(answer, 401, "Refused", 0);
    } else if (status == SEC_E_OK) {
        LogOn(connection);
        Say(answer, connection->user[0] != '\0' ? 200 : 401, "OK", 0);
    } else {
        Say(answer, 401, "Go on", 0);
        answer->offer = 0;
    }
    if (status >= 0 && reply.cbBuffer > 0)
        answer->challenge = *challenge = Challenge(connection->scheme, &reply);
    if (reply.pvBuffer != NULL)
        FreeContextBuffer(reply.pvBuffer);
}

/* "Scheme token" begins or continues a handshake. */
static void Authorize(Server *server, Connection *connection, char *value, Answer *answer,
                      char **challenge)
{
    size_t name = strcspn(value, " ");
    char *token = value + name + strspn(value + name, " ");
    int i;

    for (i = 0; i < server->scheme_count; i++) {
        Scheme *scheme = &server->schemes[i];

        if (strlen(scheme->package) != name || strncasecmp(scheme->package, value, name) != 0)
            continue;
        /* A finished handshake or another scheme: this is the beginning of a new one. */
        if (connection->user[0] != '\0' || connection->scheme != scheme)
            LogOff(connection);
        connection->scheme = scheme;
        Authenticate(server, connection, token, strcspn(token, " \t"), answer, challenge);
        return;
    }
    Say(answer, 401, "Unknown scheme", 0);
}

/* ---- requests ---- */

/* The value of a header, cut out of the head, or NULL. `name` ends with a colon. */
static char *Header(char *head, const char *name)
{
    char *line = strstr(head, "\r\n");

    while (line != NULL) {
        line += 2;
        if (strncasecmp(line, name, strlen(name)) == 0) {
            char *value = line + strlen(name);
            size_t length;

            value += strspn(value, " \t");
            length = strcspn(value, "\r");
            while (length > 0 && (value[length - 1] == ' ' || value[length - 1] == '\t'))
                length--;
            /* Only this value is wanted of this copy of the head. */
            value[length] = '\0';
            return value;
        }
        line = strstr(line, "\r\n");
    }
    return NULL;
}

/* A header's value as a copy that other look-ups do not see. */
static char *HeaderCopy(const char *head, const char *name)
{
    char *copy = strdup(head);
    char *value = copy != NULL ? Header(copy, name) : NULL;

    if (value != NULL)
        memmove(copy, value, strlen(value) + 1);
    else
        free(copy);
    return value != NULL ? copy : NULL;
}

/* Sets how many bytes follow the head; -1 when that cannot be served. */
static int BodyLength(const char *head, size_t *length)
{
    char *coding = HeaderCopy(head, "Transfer-Encoding:");
    char *text = HeaderCopy(head, "Content-Length:");
    int result = coding != NULL ? -1 : 0;

    *length = 0;
    if (result == 0 && text != NULL) {
        unsigned long number = isdigit((unsigned char)*text) ? strtoul(text, NULL, 10) : MAX_BODY + 1UL;

        if (number > MAX_BODY)
            result = -1;
        *length = number;
    }
    free(coding);
    free(text);
    return result;
}

static int WantsClose(const char *head)
{
    char *value = HeaderCopy(head, "Connection:");
    const char *line_end = strstr(head, "\r\n");
    int old = line_end != NULL && line_end - head >= 8 && memcmp(line_end - 8, "HTTP/1.0", 8) == 0;
    int close = value != NULL ? strcasecmp(value, "close") == 0 : old;

    free(value);
    return close;
}

/* One request whose head is complete. Returns -1 when the connection is to be closed. */
static int Request(Server *server, Connection *connection, const char *head)
{
    Answer answer;
    char *authorization = HeaderCopy(head, "Authorization:");
    char *challenge = NULL;
    int result;

    if (BodyLength(head, &connection->body_left) != 0) {
        Say(&answer, 413, "Only bodies of a told length up to 1 MiB", 1);
    } else if (authorization != NULL) {
        Authorize(server, connection, authorization, &answer, &challenge);
    } else if (connection->user[0] != '\0') {
        Say(&answer, 200, "OK", 0);
    } else {
        Say(&answer, 401, "Who are you?", 0);
    }
    if (answer.status == 200)
        snprintf(answer.text, sizeof answer.text, "hello %s, by %s\n", connection->user,
                 connection->package);
    if (WantsClose(head))
        answer.close = 1;
    result = SendAnswer(server, connection, &answer, strncmp(head, "HEAD ", 5) == 0);
    free(challenge);
    free(authorization);
    return result != 0 || answer.close ? -1 : 0;
}

/* Serves every whole request in the buffer. Returns -1 when the connection is to be closed. */
static int Requests(Server *server, Connection *connection)
{
    for (;;) {
        size_t skipped = connection->body_left < connection->size ? connection->body_left
                                                                  : connection->size;
        char *end;
        int result;

        connection->size -= skipped;
        connection->body_left -= skipped;
        memmove(connection->head, connection->head + skipped, connection->size);
        connection->head[connection->size] = '\0';
        end = strstr(connection->head, "\r\n\r\n");
        if (end == NULL) {
            Answer answer;

            if (memchr(connection->head, '\0', connection->size) == NULL &&
                connection->size < MAX_HEAD)
                return 0;
            Say(&answer, 431, "Request head too long or not text", 1);
            (void)SendAnswer(server, connection, &answer, 0);
            return -1;
        }
        end[2] = '\0';
        result = Request(server, connection, connection->head);
        if (result != 0)
            return -1;
        skipped = (size_t)(end + 4 - connection->head);
        connection->size -= skipped;
        memmove(connection->head, end + 4, connection->size);
    }
}

/* ---- connections ---- */

static void CloseConnection(Server *server, int slot)
{
    Connection *connection = server->connections[slot];

    LogOff(connection);
    ClosePeer(&connection->peer);
    free(connection);
    server->connections[slot] = NULL;
}

static void OpenConnection(Server *server, int listener)
{
    struct timeval wait;
    Peer peer;
    int slot;

    if (AcceptPeer(listener, 1, server->seconds, &peer) != 0)
        return;
    for (slot = 0; slot < MAX_CONNECTIONS && server->connections[slot] != NULL; slot++)
        continue;
    if (slot < MAX_CONNECTIONS)
        server->connections[slot] = calloc(1, sizeof(Connection));
    if (slot == MAX_CONNECTIONS || server->connections[slot] == NULL) {
        Complain("no room for another connection");
        ClosePeer(&peer);
        return;
    }
    wait.tv_sec = server->seconds;
    wait.tv_usec = 0;
    (void)setsockopt(peer.socket, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
    server->connections[slot]->peer = peer;
    server->connections[slot]->last_heard = time(NULL);
    if (server->connections_left > 0)
        server->connections_left--;
}

static void Receive(Server *server, int slot)
{
    Connection *connection = server->connections[slot];
    ssize_t received = recv(connection->peer.socket, connection->head + connection->size,
                            MAX_HEAD - connection->size, MSG_DONTWAIT);

    if (received < 0 && (errno == EINTR || errno == EAGAIN))
        return;
    if (received <= 0) {
        CloseConnection(server, slot);
        return;
    }
    connection->last_heard = time(NULL);
    connection->size += (size_t)received;
    if (Requests(server, connection) != 0)
        CloseConnection(server, slot);
}

/* Waits for the listener and all connections; silent connections are closed. */
static int ServeOnce(Server *server, int listener)
{
    struct pollfd ready[MAX_CONNECTIONS + 1];
    int slots[MAX_CONNECTIONS + 1];
    int count = 0, i;

    for (i = 0; i < MAX_CONNECTIONS; i++) {
        if (server->connections[i] == NULL)
            continue;
        ready[count].fd = server->connections[i]->peer.socket;
        ready[count].events = POLLIN;
        slots[count++] = i;
    }
    if (server->connections_left == 0 && count == 0)
        return -1;
    if (server->connections_left != 0) {
        ready[count].fd = listener;
        ready[count].events = POLLIN;
        slots[count++] = -1;
    }
    if (poll(ready, (nfds_t)count, 1000) < 0 && errno != EINTR) {
        Complain("poll: %s", strerror(errno));
        return -1;
    }
    for (i = 0; i < count; i++) {
        if (slots[i] < 0) {
            if (ready[i].revents != 0)
                OpenConnection(server, listener);
        } else if (ready[i].revents != 0) {
            Receive(server, slots[i]);
        } else if (time(NULL) - server->connections[slots[i]]->last_heard > server->seconds) {
            CloseConnection(server, slots[i]);
        }
    }
    return 0;
}

/* ---- start ---- */

static int AddScheme(Server *server, const char *package)
{
    SecPkgInfoA *info;
    Scheme *scheme;
    TimeStamp expiry;
    SECURITY_STATUS status;

    if (server->scheme_count == MAX_PACKAGES) {
        Complain("at most %d packages", MAX_PACKAGES);
        return -1;
    }
    scheme = &server->schemes[server->scheme_count];
    scheme->package = package;
    status = QuerySecurityPackageInfoA((SEC_CHAR *)package, &info);
    if (status == SEC_E_OK) {
        scheme->max_token = info->cbMaxToken;
        FreeContextBuffer(info);
        status = AcquireCredentialsHandleA(NULL, (SEC_CHAR *)package, SECPKG_CRED_INBOUND, NULL,
                                           NULL, NULL, NULL, &scheme->credentials, &expiry);
    }
    if (status != SEC_E_OK) {
        ComplainStatus(package, status);
        return -1;
    }
    server->scheme_count++;
    return 0;
}

static const char Usage[] =
    "usage: http-server [options]\n"
    "  --package NAME     scheme to offer (Negotiate and NTLM); may be repeated\n"
    "  --host HOST        address to listen on (127.0.0.1)\n"
    "  --port PORT        port to listen on; 0, the default, takes a free one and prints it\n"
    "  --count N          end after N connections; without it: never\n"
    "  --timeout SECONDS  longest silence of a client (15)\n"
    "  --verbose          show the tokens\n"
    "exit status: 0 ended after N connections, 1 cannot serve, 2 wrong usage\n";

static int ParseOptions(int argc, char **argv, Server *server, const char **host,
                        const char **port)
{
    static const struct option known[] = {
        {"package", required_argument, NULL, 'k'}, {"host", required_argument, NULL, 'h'},
        {"port", required_argument, NULL, 'p'},    {"count", required_argument, NULL, 'c'},
        {"timeout", required_argument, NULL, 'o'}, {"verbose", no_argument, NULL, 'v'},
        {"help", no_argument, NULL, 'H'},          {NULL, 0, NULL, 0},
    };
    long number = 1;
    int letter;

    while ((letter = getopt_long(argc, argv, "", known, NULL)) != -1) {
        switch (letter) {
        case 'k':
            if (AddScheme(server, optarg) != 0)
                return -1;
            break;
        case 'h': *host = optarg; break;
        case 'p':
            *port = optarg;
            number = ParseNumber("port", optarg, 0, 65535);
            break;
        case 'c': number = server->connections_left = ParseNumber("count", optarg, 1, 1000000); break;
        case 'o':
            number = ParseNumber("timeout", optarg, 1, 3600);
            server->seconds = (int)number;
            break;
        case 'v': server->verbose = 1; break;
        case 'H':
            fputs(Usage, stdout);
            exit(EXIT_OK);
        default: return -1;
        }
        if (number < 0)
            return -1;
    }
    if (optind != argc)
        Complain("unexpected argument \"%s\"", argv[optind]);
    return optind == argc ? 0 : -1;
}

int main(int argc, char **argv)
{
    static Server server;
    const char *host = "127.0.0.1", *port = "0";
    int listener, i;

    ProgramName = "http-server";
    setvbuf(stdout, NULL, _IOLBF, 0);
    server.seconds = 15;
    server.connections_left = -1;
    if (ParseOptions(argc, argv, &server, &host, &port) != 0) {
        fputs(Usage, stderr);
        return EXIT_USAGE;
    }
    if (server.scheme_count == 0 &&
        (AddScheme(&server, "Negotiate") != 0 || AddScheme(&server, "NTLM") != 0))
        return EXIT_REFUSED;
    if (ListenOn(host, port, &listener) != 0)
        return EXIT_REFUSED;
    while (ServeOnce(&server, listener) == 0)
        continue;
    for (i = 0; i < MAX_CONNECTIONS; i++)
        if (server.connections[i] != NULL)
            CloseConnection(&server, i);
    for (i = 0; i < server.scheme_count; i++)
        FreeCredentialsHandle(&server.schemes[i].credentials);
    return server.connections_left == 0 ? EXIT_OK : EXIT_REFUSED;
}
