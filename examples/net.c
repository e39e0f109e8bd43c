/* Frames over TCP, with a bound on every wait. */
#include "sample.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static int Resolve(const char *host, const char *port, int flags, struct addrinfo **found)
{
    struct addrinfo hints;
    int error;

    memset(&hints, 0, sizeof hints);
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = flags;
    error = getaddrinfo(host, port, &hints, found);
    if (error != 0) {
        Complain("%s port %s: %s", host, port, gai_strerror(error));
        return -1;
    }
    return 0;
}

int ConnectTo(const char *host, const char *port, int seconds, Peer *peer)
{
    struct addrinfo *found, *address;
    struct timeval wait;
    int error = ENOENT;

    if (Resolve(host, port, 0, &found) != 0)
        return -1;
    peer->seconds = seconds;
    peer->socket = -1;
    wait.tv_sec = seconds;
    wait.tv_usec = 0;
    for (address = found; address != NULL && peer->socket < 0; address = address->ai_next) {
        int fd = socket(address->ai_family, address->ai_socktype, address->ai_protocol);
        if (fd < 0) {
            error = errno;
            continue;
        }
        /* On Linux the time to send is also the time to connect. */
        (void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
        if (connect(fd, address->ai_addr, address->ai_addrlen) == 0) {
            peer->socket = fd;
        } else {
            error = errno;
            close(fd);
        }
    }
    freeaddrinfo(found);
    if (peer->socket < 0) {
        Complain("cannot connect to %s port %s: %s", host, port, strerror(error));
        return -1;
    }
    return 0;
}

int ListenOn(const char *host, const char *port, int *listener)
{
    struct addrinfo *found;
    struct sockaddr_storage bound;
    socklen_t size = sizeof bound;
    char name[NI_MAXHOST], number[NI_MAXSERV];
    int fd, on = 1;

    if (Resolve(host, port, AI_PASSIVE, &found) != 0)
        return -1;
    fd = socket(found->ai_family, found->ai_socktype, found->ai_protocol);
    if (fd >= 0)
        (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (fd < 0 || bind(fd, found->ai_addr, found->ai_addrlen) != 0 || listen(fd, 16) != 0 ||
        getsockname(fd, (struct sockaddr *)&bound, &size) != 0) {
        Complain("cannot listen on %s port %s: %s", host, port, strerror(errno));
        freeaddrinfo(found);
        if (fd >= 0)
            close(fd);
        return -1;
    }
    freeaddrinfo(found);
    if (getnameinfo((struct sockaddr *)&bound, size, name, sizeof name, number, sizeof number,
                    NI_NUMERICHOST | NI_NUMERICSERV) == 0)
        printf("listening on %s port %s\n", name, number);
    *listener = fd;
    return 0;
}

static long long Milliseconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Waits until the socket is ready or the deadline has passed. A negative deadline is none. */
static int WaitFor(int fd, short events, long long deadline)
{
    for (;;) {
        struct pollfd ready;
        long long left = deadline < 0 ? -1 : deadline - Milliseconds();
        int count;

        if (deadline >= 0 && left <= 0)
            return -1;
        ready.fd = fd;
        ready.events = events;
        count = poll(&ready, 1, (int)left);
        if (count > 0)
            return 0;
        if (count < 0 && errno != EINTR)
            return -1;
    }
}

int AcceptPeer(int listener, int wait_seconds, int seconds, Peer *peer)
{
    long long deadline = wait_seconds > 0 ? Milliseconds() + wait_seconds * 1000LL : -1;

    if (WaitFor(listener, POLLIN, deadline) != 0) {
        Complain("no client came within %d seconds", wait_seconds);
        return -1;
    }
    peer->seconds = seconds;
    peer->socket = accept(listener, NULL, NULL);
    if (peer->socket < 0) {
        Complain("accept: %s", strerror(errno));
        return -1;
    }
    return 0;
}

static int SendAll(const Peer *peer, const unsigned char *bytes, size_t size)
{
    long long deadline = Milliseconds() + peer->seconds * 1000LL;

    while (size > 0) {
        ssize_t sent;

        if (WaitFor(peer->socket, POLLOUT, deadline) != 0) {
            Complain("the peer did not take our bytes within %d seconds", peer->seconds);
            return -1;
        }
        sent = send(peer->socket, bytes, size, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent > 0) {
            bytes += sent;
            size -= (size_t)sent;
        } else if (errno != EINTR && errno != EAGAIN) {
            Complain("send: %s", strerror(errno));
            return -1;
        }
    }
    return 0;
}

static int ReceiveAll(const Peer *peer, unsigned char *bytes, size_t size)
{
    long long deadline = Milliseconds() + peer->seconds * 1000LL;

    while (size > 0) {
        ssize_t received;

        if (WaitFor(peer->socket, POLLIN, deadline) != 0) {
            Complain("the peer was silent for %d seconds", peer->seconds);
            return -1;
        }
        received = recv(peer->socket, bytes, size, MSG_DONTWAIT);
        if (received > 0) {
            bytes += received;
            size -= (size_t)received;
        } else if (received == 0) {
            Complain("the peer closed the connection");
            return -1;
        } else if (errno != EINTR && errno != EAGAIN) {
            Complain("receive: %s", strerror(errno));
            return -1;
        }
    }
    return 0;
}

int SendFrame(const Peer *peer, int kind, const void *body, size_t size)
{
    unsigned char head[5];

    if (size > FRAME_MAX) {
        Complain("%lu bytes do not fit into a frame", (unsigned long)size);
        return -1;
    }
    head[0] = (unsigned char)kind;
    head[1] = (unsigned char)(size >> 24);
    head[2] = (unsigned char)(size >> 16);
    head[3] = (unsigned char)(size >> 8);
    head[4] = (unsigned char)size;
    if (SendAll(peer, head, sizeof head) != 0)
        return -1;
    return SendAll(peer, body, size);
}

int ReceiveFrame(const Peer *peer, Frame *frame)
{
    unsigned char head[5];

    if (ReceiveAll(peer, head, sizeof head) != 0)
        return -1;
    frame->kind = head[0];
    frame->size =
        (ULONG)head[1] << 24 | (ULONG)head[2] << 16 | (ULONG)head[3] << 8 | (ULONG)head[4];
    if (frame->size > FRAME_MAX) {
        Complain("the peer announces a frame of %lu bytes", (unsigned long)frame->size);
        return -1;
    }
    return ReceiveAll(peer, frame->body, frame->size);
}

void ClosePeer(Peer *peer)
{
    if (peer->socket >= 0)
        close(peer->socket);
    peer->socket = -1;
}
