/* The protocol of MIT's gss-client and gss-server, so that the samples can talk to those. */
#include "sample.h"

#include <stdlib.h>
#include <string.h>

static void Set(SecBuffer *buffer, ULONG type, void *bytes, ULONG size)
{
    buffer->BufferType = type;
    buffer->pvBuffer = bytes;
    buffer->cbBuffer = size;
}

/* Token, data and padding in a row are the token that GSS_Wrap makes. */
static int SendWrapped(const Peer *peer, int kind, const Message *message)
{
    unsigned char whole[sizeof message->token + sizeof message->data + sizeof message->padding];
    size_t size = 0;
    int i;

    for (i = 0; i < 3; i++) {
        if (message->parts[i].cbBuffer > 0)
            memcpy(whole + size, message->parts[i].pvBuffer, message->parts[i].cbBuffer);
        size += message->parts[i].cbBuffer;
    }
    return SendFrame(peer, kind, whole, size);
}

int GssSampleSay(const Peer *peer, CtxtHandle *context, Frame *frame, const char *text)
{
    SecBuffer signature, data;
    Message message;
    SECURITY_STATUS status;

    if (SealText(context, text, &message) != 0 ||
        SendWrapped(peer, GSS_DATA | GSS_WRAPPED | GSS_ENCRYPTED | GSS_SEND_MIC, &message) != 0)
        return -1;
    PrintText("sent, sealed", text, strlen(text));
    if (ReceiveFrame(peer, frame) != 0)
        return -1;
    if (frame->kind != GSS_MIC) {
        Complain("the server sent a frame that does not belong here");
        return -1;
    }
    Set(&signature, SECBUFFER_TOKEN, frame->body, frame->size);
    Set(&data, SECBUFFER_DATA, (void *)text, (ULONG)strlen(text));
    status = Verify(context, &signature, &data);
    if (status != SEC_E_OK) {
        ComplainStatus("VerifySignature", status);
        return -1;
    }
    PrintText("the server signed it", text, strlen(text));
    return SendFrame(peer, GSS_NOOP, "", 0);
}

static int Answer(const Peer *peer, CtxtHandle *context, Frame *frame)
{
    SecBuffer whole, data;
    Message signature;
    SECURITY_STATUS status;

    Set(&whole, SECBUFFER_STREAM, frame->body, frame->size);
    data = whole;
    if (frame->kind & GSS_WRAPPED) {
        status = Decrypt(context, &whole, &data);
        if (status != SEC_E_OK) {
            ComplainStatus("DecryptMessage", status);
            return -1;
        }
    }
    PrintText("received", data.pvBuffer, data.cbBuffer);
    if ((frame->kind & GSS_SEND_MIC) == 0)
        return SendFrame(peer, GSS_NOOP, "", 0);
    if (SignBytes(context, data.pvBuffer, data.cbBuffer, &signature) != 0)
        return -1;
    return SendFrame(peer, GSS_MIC, signature.token, signature.parts[0].cbBuffer);
}

int GssSampleServe(const Peer *peer, CtxtHandle *context, Frame *frame)
{
    for (;;) {
        if (ReceiveFrame(peer, frame) != 0)
            return -1;
        if (frame->kind & GSS_NOOP)
            return 0;
        if ((frame->kind & GSS_DATA) == 0) {
            Complain("the client sent a frame that does not belong here");
            return -1;
        }
        if (Answer(peer, context, frame) != 0)
            return -1;
    }
}
