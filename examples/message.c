/* Signed and sealed texts. Both travel as: length of the token, token, text. */
#include "sample.h"

#include <stdlib.h>
#include <string.h>

/* What a context's messages need beside the text. */
static int QuerySizes(CtxtHandle *context, SecPkgContext_Sizes *sizes)
{
    SECURITY_STATUS status = QueryContextAttributesA(context, SECPKG_ATTR_SIZES, sizes);

    if (status != SEC_E_OK) {
        ComplainStatus("QueryContextAttributes(SIZES)", status);
        return -1;
    }
    return 0;
}

/* The library shrinks the token to what it used: what is sent is built only afterwards. */
static int SendMessageFrame(const Peer *peer, int kind, const SecBuffer parts[3])
{
    const SecBuffer *token = &parts[0], *data = &parts[1], *padding = &parts[2];
    size_t size = 4 + (size_t)token->cbBuffer + data->cbBuffer + padding->cbBuffer;
    unsigned char *body = malloc(size), *end = body;
    int result;

    if (body == NULL) {
        Complain("out of memory");
        return -1;
    }
    *end++ = (unsigned char)(token->cbBuffer >> 24);
    *end++ = (unsigned char)(token->cbBuffer >> 16);
    *end++ = (unsigned char)(token->cbBuffer >> 8);
    *end++ = (unsigned char)token->cbBuffer;
    memcpy(end, token->pvBuffer, token->cbBuffer);
    end += token->cbBuffer;
    memcpy(end, data->pvBuffer, data->cbBuffer);
    end += data->cbBuffer;
    if (padding->cbBuffer > 0)
        memcpy(end, padding->pvBuffer, padding->cbBuffer);
    result = SendFrame(peer, kind, body, size);
    free(body);
    return result;
}

static void SetBuffer(SecBuffer *buffer, ULONG type, void *bytes, ULONG size)
{
    buffer->BufferType = type;
    buffer->pvBuffer = bytes;
    buffer->cbBuffer = size;
}

int SignBytes(CtxtHandle *context, const void *bytes, ULONG size, Message *message)
{
    SecPkgContext_Sizes sizes;
    SecBufferDesc list;
    SECURITY_STATUS status;

    if (QuerySizes(context, &sizes) != 0)
        return -1;
    if (sizes.cbMaxSignature > sizeof message->token) {
        Complain("a signature of %lu bytes is too long", (unsigned long)sizes.cbMaxSignature);
        return -1;
    }
    SetBuffer(&message->parts[0], SECBUFFER_TOKEN, message->token, sizes.cbMaxSignature);
    SetBuffer(&message->parts[1], SECBUFFER_DATA, (void *)bytes, size);
    SetBuffer(&message->parts[2], SECBUFFER_EMPTY, NULL, 0);
    list.ulVersion = SECBUFFER_VERSION;
    list.cBuffers = 2;
    list.pBuffers = message->parts;
    status = MakeSignature(context, 0, &list, 0);
    if (status != SEC_E_OK)
        ComplainStatus("MakeSignature", status);
    return status == SEC_E_OK ? 0 : -1;
}

int SealBytes(CtxtHandle *context, const void *bytes, size_t size, Message *message)
{
    SecPkgContext_Sizes sizes;
    SecBufferDesc list;
    SECURITY_STATUS status;

    if (QuerySizes(context, &sizes) != 0)
        return -1;
    if (sizes.cbSecurityTrailer > sizeof message->token ||
        sizes.cbBlockSize > sizeof message->padding || size > sizeof message->data) {
        Complain("the message or its trailer is too long");
        return -1;
    }
    /* EncryptMessage works in place. */
    memcpy(message->data, bytes, size);
    SetBuffer(&message->parts[0], SECBUFFER_TOKEN, message->token, sizes.cbSecurityTrailer);
    SetBuffer(&message->parts[1], SECBUFFER_DATA, message->data, (ULONG)size);
    SetBuffer(&message->parts[2], SECBUFFER_PADDING, message->padding, sizes.cbBlockSize);
    list.ulVersion = SECBUFFER_VERSION;
    list.cBuffers = 3;
    list.pBuffers = message->parts;
    status = EncryptMessage(context, 0, &list, 0);
    if (status != SEC_E_OK)
        ComplainStatus("EncryptMessage", status);
    return status == SEC_E_OK ? 0 : -1;
}

int SealText(CtxtHandle *context, const char *text, Message *message)
{
    return SealBytes(context, text, strlen(text), message);
}

int SendSealedBytes(const Peer *peer, CtxtHandle *context, const void *bytes, size_t size)
{
    Message message;

    if (SealBytes(context, bytes, size, &message) != 0)
        return -1;
    return SendMessageFrame(peer, FRAME_SEALED, message.parts);
}

int SendSigned(const Peer *peer, CtxtHandle *context, const char *text)
{
    Message message;

    if (SignBytes(context, text, (ULONG)strlen(text), &message) != 0)
        return -1;
    PrintText("sent, signed", text, strlen(text));
    return SendMessageFrame(peer, FRAME_SIGNED, message.parts);
}

int SendSealed(const Peer *peer, CtxtHandle *context, const char *text)
{
    Message message;

    if (SealText(context, text, &message) != 0)
        return -1;
    PrintText("sent, sealed", text, strlen(text));
    PrintBytes("  on the wire", message.data, message.parts[1].cbBuffer);
    return SendMessageFrame(peer, FRAME_SEALED, message.parts);
}

/* A signed message: the token is the signature, the text stays as it is. */
SECURITY_STATUS Verify(CtxtHandle *context, SecBuffer *token, SecBuffer *data)
{
    SecBuffer buffers[2];
    SecBufferDesc message;
    ULONG protection = 0;

    buffers[0] = *data;
    buffers[1] = *token;
    message.ulVersion = SECBUFFER_VERSION;
    message.cBuffers = 2;
    message.pBuffers = buffers;
    return VerifySignature(context, &message, 0, &protection);
}

/* A sealed message: given whole as a stream, the library says where the text is in it. */
SECURITY_STATUS Decrypt(CtxtHandle *context, SecBuffer *whole, SecBuffer *data)
{
    SecBuffer buffers[2];
    SecBufferDesc message;
    ULONG protection = 0;
    SECURITY_STATUS status;

    SetBuffer(&buffers[0], SECBUFFER_STREAM, whole->pvBuffer, whole->cbBuffer);
    SetBuffer(&buffers[1], SECBUFFER_DATA, NULL, 0);
    message.ulVersion = SECBUFFER_VERSION;
    message.cBuffers = 2;
    message.pBuffers = buffers;
    status = DecryptMessage(context, &message, 0, &protection);
    if (status == SEC_E_OK)
        *data = buffers[1];
    return status;
}

SECURITY_STATUS OpenQuietly(CtxtHandle *context, Frame *frame, const char **text, ULONG *size)
{
    SecBuffer token, data, whole;
    SECURITY_STATUS status;
    ULONG length;

    if (frame->size < 4)
        return SEC_E_INVALID_TOKEN;
    length = (ULONG)frame->body[0] << 24 | (ULONG)frame->body[1] << 16 |
             (ULONG)frame->body[2] << 8 | (ULONG)frame->body[3];
    if (length > frame->size - 4)
        return SEC_E_INVALID_TOKEN;
    SetBuffer(&whole, SECBUFFER_STREAM, frame->body + 4, frame->size - 4);
    SetBuffer(&token, SECBUFFER_TOKEN, frame->body + 4, length);
    SetBuffer(&data, SECBUFFER_DATA, frame->body + 4 + length, frame->size - 4 - length);
    if (frame->kind == FRAME_SIGNED)
        status = Verify(context, &token, &data);
    else
        status = Decrypt(context, &whole, &data);
    if (status != SEC_E_OK) {
        ComplainStatus(frame->kind == FRAME_SIGNED ? "VerifySignature" : "DecryptMessage", status);
        return status;
    }
    *text = data.pvBuffer;
    *size = data.cbBuffer;
    return SEC_E_OK;
}

SECURITY_STATUS OpenMessage(CtxtHandle *context, Frame *frame, const char **text, ULONG *size)
{
    SECURITY_STATUS status = OpenQuietly(context, frame, text, size);

    if (status == SEC_E_OK)
        PrintText(frame->kind == FRAME_SIGNED ? "received, signature good" : "received, decrypted",
                  *text, *size);
    return status;
}
