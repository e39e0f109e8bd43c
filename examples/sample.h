/* What the samples share: frames over TCP, messages over an SSPI context, and printing.
 *
 * The samples use <security.h> as on Windows; the only name that Windows does not have is
 * <secur32_status.h>, which stands in for FormatMessage. */
#ifndef SAMPLE_H
#define SAMPLE_H

#ifndef _DEFAULT_SOURCE
#define _DEFAULT_SOURCE
#endif

#define SECURITY_WIN32
#include <security.h>
#include <secur32_status.h>

#include <stddef.h>

/* What a sample ends with. */
enum { EXIT_OK = 0, EXIT_REFUSED = 1, EXIT_USAGE = 2 };

/* ---- net.c: frames. One byte of kind, four of length (big endian), then the body. ---- */

enum FrameKind {
    FRAME_TOKEN = 'T',    /* a token of the handshake */
    FRAME_ACCEPTED = 'A', /* the server is satisfied; the body is its last token, if any */
    FRAME_REFUSED = 'R',  /* the server is not; the body is a SECURITY_STATUS */
    FRAME_SIGNED = 'S',   /* length of the signature, signature, text */
    FRAME_SEALED = 'E',   /* length of the trailer, trailer, encrypted text */
    FRAME_BYE = 'B'       /* nothing more will be sent */
};

enum { FRAME_MAX = 64 * 1024, MAX_LEGS = 10 };

typedef struct Frame {
    int kind;
    ULONG size;
    unsigned char body[FRAME_MAX];
} Frame;

/* One end of a connection. No wait lasts longer than `seconds`. */
typedef struct Peer {
    int socket;
    int seconds;
} Peer;

/* These return 0, or -1 after they said on stderr what is wrong. */
int ConnectTo(const char *host, const char *port, int seconds, Peer *peer);
int ListenOn(const char *host, const char *port, int *listener);
int AcceptPeer(int listener, int wait_seconds, int seconds, Peer *peer);
int SendFrame(const Peer *peer, int kind, const void *body, size_t size);
int ReceiveFrame(const Peer *peer, Frame *frame);
void ClosePeer(Peer *peer);

/* ---- message.c: signed and sealed texts over an established context. ---- */

/* A protected message: the token (signature or trailer), the data, the padding. */
typedef struct Message {
    unsigned char token[256], data[1024], padding[64];
    SecBuffer parts[3];
} Message;

/* These return 0, or -1 after they said on stderr what is wrong. */
int SignBytes(CtxtHandle *context, const void *bytes, ULONG size, Message *message);
int SealBytes(CtxtHandle *context, const void *bytes, size_t size, Message *message);
int SealText(CtxtHandle *context, const char *text, Message *message);
SECURITY_STATUS Verify(CtxtHandle *context, SecBuffer *token, SecBuffer *data);
/* `data` points into `whole` afterwards. */
SECURITY_STATUS Decrypt(CtxtHandle *context, SecBuffer *whole, SecBuffer *data);

int SendSigned(const Peer *peer, CtxtHandle *context, const char *text);
int SendSealed(const Peer *peer, CtxtHandle *context, const char *text);
/* At most as much as a Message holds, and nothing is printed. */
int SendSealedBytes(const Peer *peer, CtxtHandle *context, const void *bytes, size_t size);

/* Checks or decrypts a FRAME_SIGNED or FRAME_SEALED in place and prints it; `text` points
 * into the frame afterwards. */
SECURITY_STATUS OpenMessage(CtxtHandle *context, Frame *frame, const char **text, ULONG *size);
/* Without the printing. */
SECURITY_STATUS OpenQuietly(CtxtHandle *context, Frame *frame, const char **text, ULONG *size);

/* ---- handshake.c: from the first token to a context, over frames. ---- */

/* These return 0 with a complete context, which is the caller's to delete, or -1 after they said on
 * stderr what is wrong and told the peer. */
int Connect(const Peer *peer, CredHandle *credential, const char *target, ULONG wanted,
            Frame *frame, CtxtHandle *context);
int Accept(const Peer *peer, CredHandle *credential, ULONG wanted, Frame *frame,
           CtxtHandle *context);

/* ---- gss-sample.c: the protocol of MIT's gss-client and gss-server. Its frames are ours with
 * other kinds, which are sets of these. ---- */

enum GssSampleFlag {
    GSS_NOOP = 1,
    GSS_CONTEXT = 2,
    GSS_DATA = 4,
    GSS_MIC = 8,
    GSS_CONTEXT_NEXT = 16,
    GSS_WRAPPED = 32,
    GSS_ENCRYPTED = 64,
    GSS_SEND_MIC = 128
};

/* The client's part once it is authenticated: a sealed text, which the server signs. */
int GssSampleSay(const Peer *peer, CtxtHandle *context, Frame *frame, const char *text);

/* The server's: shows what comes and signs it, until the client has had enough. */
int GssSampleServe(const Peer *peer, CtxtHandle *context, Frame *frame);

/* ---- print.c ---- */

extern const char *ProgramName;

void Complain(const char *format, ...);
void ComplainStatus(const char *function, SECURITY_STATUS status);
void PrintText(const char *label, const char *text, size_t size);
void PrintBytes(const char *label, const void *bytes, size_t size);
void PrintInitiatorFlags(ULONG flags);
void PrintAcceptorFlags(ULONG flags);
int PrintPackages(void);
/* `has_key`: whether the context can sign, and so has a key whose fingerprint can be shown. */
int PrintContext(CtxtHandle *context, int has_key);

/* ---- options.c ---- */

/* A number between low and high, or -1 after a complaint. */
long ParseNumber(const char *name, const char *text, long low, long high);

/* Channel bindings whose application data are given in hexadecimal; to be freed with free(). */
SEC_CHANNEL_BINDINGS *ParseBindings(const char *hex, ULONG *size);

/* ---- base64.c ---- */

/* `text` has room for 4 characters for each 3 bytes begun, and the end. */
void EncodeBase64(const unsigned char *bytes, size_t size, char *text);

/* In place. Returns the number of bytes, or -1 if it is not base64. */
long DecodeBase64(char *text, size_t length);

#endif
