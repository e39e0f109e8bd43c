/* Handshakes over frames, with tokens that the library allocates. */
#include "sample.h"

#include <string.h>

/* A context that is being made. */
typedef struct Handshake {
    CredHandle *credential;
    CtxtHandle *context;
    const char *target; /* NULL on the server's side */
    ULONG wanted;
    int has_context;
} Handshake;

/* One call; `token` is to be freed by the caller. */
static SECURITY_STATUS Step(Handshake *handshake, const Frame *frame, SecBuffer *token)
{
    SecBuffer given;
    SecBufferDesc in, out;
    SECURITY_STATUS status;
    TimeStamp expiry;
    ULONG flags;
    CtxtHandle *known = handshake->has_context ? handshake->context : NULL;

    given.BufferType = SECBUFFER_TOKEN;
    given.pvBuffer = (void *)frame->body;
    given.cbBuffer = frame->size;
    token->BufferType = SECBUFFER_TOKEN;
    token->pvBuffer = NULL;
    token->cbBuffer = 0;
    in.ulVersion = out.ulVersion = SECBUFFER_VERSION;
    in.cBuffers = out.cBuffers = 1;
    in.pBuffers = &given;
    out.pBuffers = token;
    if (handshake->target == NULL)
        status = AcceptSecurityContext(handshake->credential, known, &in,
                                       handshake->wanted | ASC_REQ_ALLOCATE_MEMORY,
                                       SECURITY_NATIVE_DREP, handshake->context, &out, &flags,
                                       &expiry);
    else
        status = InitializeSecurityContextA(
            handshake->credential, known, (SEC_CHAR *)handshake->target,
            handshake->wanted | ISC_REQ_ALLOCATE_MEMORY, 0, SECURITY_NATIVE_DREP,
            known != NULL ? &in : NULL, 0, handshake->context, &out, &flags, &expiry);
    if (status >= 0)
        handshake->has_context = 1;
    else
        ComplainStatus(handshake->target == NULL ? "AcceptSecurityContext"
                                                 : "InitializeSecurityContext",
                       status);
    return status;
}

static void Refuse(const Peer *peer, SECURITY_STATUS status)
{
    unsigned char body[4];

    body[0] = (unsigned char)((ULONG)status >> 24);
    body[1] = (unsigned char)((ULONG)status >> 16);
    body[2] = (unsigned char)((ULONG)status >> 8);
    body[3] = (unsigned char)status;
    (void)SendFrame(peer, FRAME_REFUSED, body, sizeof body);
}

/* Takes a step and sends what it gives. */
static SECURITY_STATUS Answer(const Peer *peer, Handshake *handshake, Frame *frame)
{
    SecBuffer token;
    SECURITY_STATUS status = Step(handshake, frame, &token);
    int server = handshake->target == NULL, kind = FRAME_TOKEN;

    if (status < 0)
        Refuse(peer, status);
    if (server && status == SEC_E_OK)
        kind = FRAME_ACCEPTED;
    if (status >= 0 && (token.cbBuffer > 0 || kind == FRAME_ACCEPTED) &&
        SendFrame(peer, kind, token.pvBuffer, token.cbBuffer) != 0)
        status = SEC_E_INTERNAL_ERROR;
    if (token.pvBuffer != NULL)
        FreeContextBuffer(token.pvBuffer);
    return status;
}

static int GiveUp(Handshake *handshake)
{
    if (handshake->has_context)
        DeleteSecurityContext(handshake->context);
    return -1;
}

int Connect(const Peer *peer, CredHandle *credential, const char *target, ULONG wanted,
            Frame *frame, CtxtHandle *context)
{
    Handshake handshake = {credential, context, target, wanted, 0};
    SECURITY_STATUS status = SEC_I_CONTINUE_NEEDED;
    int legs;

    frame->size = 0;
    for (legs = 0; legs < MAX_LEGS; legs++) {
        if (status == SEC_I_CONTINUE_NEEDED)
            status = Answer(peer, &handshake, frame);
        if (status < 0 || ReceiveFrame(peer, frame) != 0)
            return GiveUp(&handshake);
        if (frame->kind == FRAME_REFUSED) {
            Complain("the server refuses us");
            return GiveUp(&handshake);
        }
        if (frame->kind == FRAME_ACCEPTED && frame->size > 0 && status == SEC_I_CONTINUE_NEEDED)
            status = Answer(peer, &handshake, frame);
        if (frame->kind == FRAME_ACCEPTED)
            break;
    }
    return status == SEC_E_OK ? 0 : GiveUp(&handshake);
}

int Accept(const Peer *peer, CredHandle *credential, ULONG wanted, Frame *frame,
           CtxtHandle *context)
{
    Handshake handshake = {credential, context, NULL, wanted, 0};
    SECURITY_STATUS status = SEC_I_CONTINUE_NEEDED;
    int legs;

    for (legs = 0; legs < MAX_LEGS && status == SEC_I_CONTINUE_NEEDED; legs++) {
        if (ReceiveFrame(peer, frame) != 0 || frame->kind != FRAME_TOKEN)
            return GiveUp(&handshake);
        status = Answer(peer, &handshake, frame);
    }
    return status == SEC_E_OK ? 0 : GiveUp(&handshake);
}
