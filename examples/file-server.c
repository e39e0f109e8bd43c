/* file-server: a server that acts as its clients. Each is served by a thread of its own, which is the
 * client while it opens a file: what the client may read, write and see in the directory is up to
 * the file system. Needs CAP_SETUID and CAP_SETGID; docs/impersonation.md tells the rest. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "sample.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct Server {
    const char *package, *principal, *host, *port;
    long count;
    int wait, seconds;
    CredHandle credential;
    int root; /* the directory that is served */
} Server;

typedef struct Session {
    Server *server;
    Peer peer;
    CtxtHandle context;
    Frame frame;
} Session;

static const char Usage[] =
    "usage: file-server [options] DIRECTORY\n"
    "  --package NAME      security package: Negotiate (the default), Kerberos or NTLM\n"
    "  --principal NAME    whose credentials the server uses (the default ones)\n"
    "  --host HOST         address to listen on (127.0.0.1)\n"
    "  --port PORT         port to listen on; 0, the default, takes a free one and prints it\n"
    "  --count N           end after N clients; without it: never\n"
    "  --wait SECONDS      end when no client came for so long; 0, the default: never\n"
    "  --timeout SECONDS   longest wait for a client's next bytes (15)\n"
    "exit status: 0 N clients were served or refused, 1 it could not serve, 2 wrong usage\n";

static int ParseOptions(int argc, char **argv, Server *server)
{
    static const struct option known[] = {
        {"package", required_argument, NULL, 'k'}, {"principal", required_argument, NULL, 'n'},
        {"host", required_argument, NULL, 'h'},    {"port", required_argument, NULL, 'p'},
        {"count", required_argument, NULL, 'c'},   {"wait", required_argument, NULL, 'w'},
        {"timeout", required_argument, NULL, 'o'}, {NULL, 0, NULL, 0},
    };
    int letter;

    memset(server, 0, sizeof *server);
    server->package = "Negotiate";
    server->host = "127.0.0.1";
    server->port = "0";
    server->seconds = 15;
    while ((letter = getopt_long(argc, argv, "", known, NULL)) != -1) {
        switch (letter) {
        case 'k': server->package = optarg; break;
        case 'n': server->principal = optarg; break;
        case 'h': server->host = optarg; break;
        case 'p': server->port = optarg; break;
        case 'c': server->count = ParseNumber("count", optarg, 1, 1000000000); break;
        case 'w': server->wait = (int)ParseNumber("wait", optarg, 0, 86400); break;
        case 'o': server->seconds = (int)ParseNumber("timeout", optarg, 1, 3600); break;
        default: return -1;
        }
        if (server->count < 0 || server->wait < 0 || server->seconds < 0)
            return -1;
    }
    if (optind != argc - 1) {
        Complain("one directory is needed");
        return -1;
    }
    return ParseNumber("port", server->port, 0, 65535) < 0 ? -1 : 0;
}

/* Says no, with a reason. */
static int Deny(Session *session, const char *reason)
{
    char text[256];

    printf("refused: %s\n", reason);
    snprintf(text, sizeof text, "-%s\n", reason);
    return SendSealedBytes(&session->peer, &session->context, text, strlen(text));
}

/* Opens a file as the client: gives it, or -1 and errno. Nothing else is done as the client. */
static int OpenAsClient(Session *session, const char *name, int flags)
{
    int file, error;
    SECURITY_STATUS status = ImpersonateSecurityContext(&session->context);

    if (status != SEC_E_OK) {
        /* The thread is still the server: what follows would be done with its rights. */
        ComplainStatus("ImpersonateSecurityContext", status);
        errno = EACCES;
        return -1;
    }
    /* Not to wait for the other end of a pipe. */
    file = openat(session->server->root, name, flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0600);
    error = errno;
    status = RevertSecurityContext(&session->context);
    if (status != SEC_E_OK)
        abort();
    errno = error;
    return file;
}

/* Opens what must be a plain file below the directory. */
static int OpenPlain(Session *session, const char *name, int flags)
{
    struct stat about;
    int file;

    if (*name == '\0' || *name == '.' || strchr(name, '/') != NULL) {
        errno = EINVAL;
        return -1;
    }
    file = OpenAsClient(session, name, flags | O_NOFOLLOW);
    if (file >= 0 && (fstat(file, &about) != 0 || !S_ISREG(about.st_mode))) {
        close(file);
        errno = EINVAL;
        return -1;
    }
    return file;
}

/* A reply is any number of pieces, each behind a '+', and a '.'; or a '-' with a reason. */
static int SendPiece(Session *session, const char *bytes, size_t size)
{
    char piece[1000];

    piece[0] = '+';
    memcpy(piece + 1, bytes, size);
    return SendSealedBytes(&session->peer, &session->context, piece, size + 1);
}

static int SendEnd(Session *session)
{
    return SendSealedBytes(&session->peer, &session->context, ".", 1);
}

static int Get(Session *session, const char *name)
{
    char bytes[900];
    ssize_t size;
    int file = OpenPlain(session, name, O_RDONLY), result = 0;

    if (file < 0)
        return Deny(session, strerror(errno));
    /* Whoever opened it may read it: the thread is the server again. */
    while (result == 0 && (size = read(file, bytes, sizeof bytes)) > 0)
        result = SendPiece(session, bytes, (size_t)size);
    close(file);
    return result == 0 ? SendEnd(session) : result;
}

/* The contents come in the same form as a reply, once the file is open. */
static int Put(Session *session, const char *name)
{
    int file = OpenPlain(session, name, O_WRONLY | O_CREAT | O_TRUNC), result = -1;
    const char *piece;
    ULONG size;

    if (file < 0)
        return Deny(session, strerror(errno));
    if (SendEnd(session) == 0)
        while (ReceiveFrame(&session->peer, &session->frame) == 0 &&
               OpenQuietly(&session->context, &session->frame, &piece, &size) == SEC_E_OK &&
               size > 0) {
            if (*piece == '.') {
                result = SendEnd(session);
                break;
            }
            if (write(file, piece + 1, size - 1) != (ssize_t)(size - 1)) {
                result = Deny(session, strerror(errno));
                break;
            }
        }
    close(file);
    return result;
}

static int List(Session *session)
{
    int directory = OpenAsClient(session, ".", O_RDONLY | O_DIRECTORY), result = 0;
    DIR *entries = directory < 0 ? NULL : fdopendir(directory);
    struct dirent *entry;
    char line[300];

    if (entries == NULL) {
        int error = errno;
        if (directory >= 0)
            close(directory);
        return Deny(session, strerror(error));
    }
    while (result == 0 && (entry = readdir(entries)) != NULL) {
        if (entry->d_name[0] == '.')
            continue;
        snprintf(line, sizeof line, "%s\n", entry->d_name);
        result = SendPiece(session, line, strlen(line));
    }
    closedir(entries);
    return result == 0 ? SendEnd(session) : result;
}

/* Who the thread is while it acts as the client. */
static int Who(Session *session)
{
    char line[100];
    SECURITY_STATUS status = ImpersonateSecurityContext(&session->context);

    if (status != SEC_E_OK) {
        ComplainStatus("ImpersonateSecurityContext", status);
        return Deny(session, Secur32StatusName(status));
    }
    snprintf(line, sizeof line, "uid %lu gid %lu, %d groups\n", (unsigned long)geteuid(),
             (unsigned long)getegid(), getgroups(0, NULL));
    if (RevertSecurityContext(&session->context) != SEC_E_OK)
        abort();
    return SendPiece(session, line, strlen(line)) == 0 ? SendEnd(session) : -1;
}

static int Obey(Session *session, const char *text, ULONG size)
{
    char command[300];

    if (size >= sizeof command || memchr(text, '\0', size) != NULL)
        return Deny(session, "the command is too long, or no text");
    memcpy(command, text, size);
    command[size] = '\0';
    PrintText("command", command, size);
    if (strcmp(command, "who") == 0)
        return Who(session);
    if (strcmp(command, "list") == 0)
        return List(session);
    if (strncmp(command, "get ", 4) == 0)
        return Get(session, command + 4);
    if (strncmp(command, "put ", 4) == 0)
        return Put(session, command + 4);
    return Deny(session, "there is no such command");
}

static void Serve(Session *session)
{
    const char *text;
    ULONG size;
    ULONG wanted = ASC_REQ_INTEGRITY | ASC_REQ_CONFIDENTIALITY | ASC_REQ_REPLAY_DETECT |
                   ASC_REQ_SEQUENCE_DETECT | ASC_REQ_CONNECTION;

    if (Accept(&session->peer, &session->server->credential, wanted, &session->frame,
               &session->context) != 0)
        return;
    (void)PrintContext(&session->context, 1);
    while (ReceiveFrame(&session->peer, &session->frame) == 0 &&
           session->frame.kind == FRAME_SEALED &&
           OpenQuietly(&session->context, &session->frame, &text, &size) == SEC_E_OK &&
           Obey(session, text, size) == 0) {
    }
    DeleteSecurityContext(&session->context);
}

static void *ServeOne(void *pointer)
{
    Session *session = pointer;

    Serve(session);
    ClosePeer(&session->peer);
    free(session);
    return NULL;
}

/* Threads are made here, by one that never acts as a client. */
static int ServeAll(Server *server, int listener)
{
    pthread_t threads[64];
    long number, running = 0;
    int result = 0;

    for (number = 0; server->count == 0 || number < server->count; number++) {
        Session *session = calloc(1, sizeof *session);

        if (running == 64)
            pthread_join(threads[number % 64], NULL), running--;
        if (session == NULL ||
            AcceptPeer(listener, server->wait, server->seconds, &session->peer) != 0) {
            free(session);
            result = -1;
            break;
        }
        session->server = server;
        if (pthread_create(&threads[number % 64], NULL, ServeOne, session) != 0) {
            ClosePeer(&session->peer);
            free(session);
            result = -1;
            break;
        }
        running++;
    }
    while (running > 0)
        pthread_join(threads[(number - running--) % 64], NULL);
    return result;
}

int main(int argc, char **argv)
{
    Server server;
    SECURITY_STATUS status;
    TimeStamp expiry;
    int listener, result = -1;

    ProgramName = "file-server";
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (ParseOptions(argc, argv, &server) != 0) {
        fputs(Usage, stderr);
        return EXIT_USAGE;
    }
    server.root = open(argv[argc - 1], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (server.root < 0) {
        Complain("%s: %s", argv[argc - 1], strerror(errno));
        return EXIT_USAGE;
    }
    status = AcquireCredentialsHandleA((SEC_CHAR *)server.principal, (SEC_CHAR *)server.package,
                                       SECPKG_CRED_INBOUND, NULL, NULL, NULL, NULL,
                                       &server.credential, &expiry);
    if (status != SEC_E_OK) {
        ComplainStatus("AcquireCredentialsHandle", status);
    } else {
        if (ListenOn(server.host, server.port, &listener) == 0)
            result = ServeAll(&server, listener);
        FreeCredentialsHandle(&server.credential);
    }
    close(server.root);
    return result == 0 ? EXIT_OK : EXIT_REFUSED;
}
