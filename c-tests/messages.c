/* Messages: buffers of every type in every order, signatures, streams, and what is refused. */
#include "party.h"

#ifdef _WIN32
/* In no header of Windows, but in its library. */
#define SealMessage EncryptMessage
#define UnsealMessage DecryptMessage
#endif

static struct pair pair;
static struct pair signed_only;
static struct pair bare;

enum { CLIENT, SERVER };

static CtxtHandle *side(struct pair *of, int who)
{
    return who == CLIENT ? &of->client.context : &of->server.context;
}

/* TOKEN, DATA and PADDING in each order; the receiver's order is another one. */
static void every_order(void)
{
    static const ULONG orders[6][3] = {
        {SECBUFFER_TOKEN, SECBUFFER_DATA, SECBUFFER_PADDING},
        {SECBUFFER_TOKEN, SECBUFFER_PADDING, SECBUFFER_DATA},
        {SECBUFFER_DATA, SECBUFFER_TOKEN, SECBUFFER_PADDING},
        {SECBUFFER_DATA, SECBUFFER_PADDING, SECBUFFER_TOKEN},
        {SECBUFFER_PADDING, SECBUFFER_TOKEN, SECBUFFER_DATA},
        {SECBUFFER_PADDING, SECBUFFER_DATA, SECBUFFER_TOKEN},
    };
    int sender, order, receiver_order, padding_size, index;
    for (order = 0; order < 6; order++) {
        for (receiver_order = 0; receiver_order < 6; receiver_order++) {
            for (padding_size = 0; padding_size <= 16; padding_size += 8) {
                unsigned char token[32], padding[16];
                char text[] = "in whatever order";
                SecBuffer buffers[3];
                SecBufferDesc desc = make_desc(buffers, 3);
                sender = (order + receiver_order) % 2;
                for (index = 0; index < 3; index++) {
                    ULONG type = orders[order][index];
                    if (type == SECBUFFER_TOKEN) {
                        buffers[index] = make_buffer(type, token, sizeof(token));
                    } else if (type == SECBUFFER_DATA) {
                        buffers[index] = make_buffer(type, text, sizeof(text));
                    } else {
                        buffers[index] = make_buffer(type, padding, (size_t)padding_size);
                    }
                }
                CHECK_STATUS(EncryptMessage(side(&pair, sender), 0, &desc, 0), SEC_E_OK);
                for (index = 0; index < 3; index++) {
                    static const ULONG used[] = {0, sizeof("in whatever order"), 16};
                    ULONG type = orders[order][index];
                    /* TOKEN and PADDING are told what was used; DATA stays as long as it was. */
                    CHECK(buffers[index].cbBuffer == (type == SECBUFFER_PADDING ? 0 : used[type]));
                    CHECK(buffers[index].BufferType == type);
                }
                for (index = 0; index < 3; index++) {
                    ULONG type = orders[receiver_order][index];
                    if (type == SECBUFFER_TOKEN) {
                        buffers[index] = make_buffer(type, token, 16);
                    } else if (type == SECBUFFER_DATA) {
                        buffers[index] = make_buffer(type, text, sizeof(text));
                    } else {
                        buffers[index] = make_buffer(type, NULL, 0);
                    }
                }
                CHECK_STATUS(DecryptMessage(side(&pair, !sender), &desc, 0, NULL), SEC_E_OK);
                CHECK(strcmp(text, "in whatever order") == 0);
            }
        }
    }
}

static void every_length(void)
{
    static const size_t lengths[] = {0,  1,  2,  15,  16,   17,   63,    64,
                                     65, 100, 255, 256, 1024, 4097, 65536, 1000003};
    static unsigned char text[1000003], copy[1000003];
    unsigned char signature[16];
    size_t index, byte;
    for (byte = 0; byte < sizeof(text); byte++) copy[byte] = (unsigned char)(byte * 31 + byte / 7);
    for (index = 0; index < sizeof(lengths) / sizeof(lengths[0]); index++) {
        size_t length = lengths[index];
        memcpy(text, copy, length);
        CHECK_STATUS(encrypt_one(side(&pair, CLIENT), signature, text, length), SEC_E_OK);
        CHECK(length < 8 || memcmp(text, copy, length) != 0);
        CHECK_STATUS(decrypt_one(side(&pair, SERVER), signature, text, length), SEC_E_OK);
        CHECK(memcmp(text, copy, length) == 0);
    }
    /* Nothing at all, without a pointer. */
    CHECK_STATUS(encrypt_one(side(&pair, CLIENT), signature, NULL, 0), SEC_E_OK);
    CHECK_STATUS(decrypt_one(side(&pair, SERVER), signature, NULL, 0), SEC_E_OK);
}

/* As DCE/RPC: header and trailer are signed and not encrypted; other buffers count for nothing. */
static void several_buffers(void)
{
    unsigned char token[16], before[7] = "header", after[8] = "trailer", free_part[5] = "free";
    char one[4] = "one", two[6] = "three", none[1];
    SecBuffer buffers[8];
    SecBufferDesc desc = make_desc(buffers, 7);
    int round;
    for (round = 0; round < 2; round++) {
        memcpy(one, "one", 4);
        memcpy(two, "three", 6);
        buffers[0] = make_buffer(SECBUFFER_DATA | SECBUFFER_READONLY_WITH_CHECKSUM, before, 7);
        buffers[1] = make_buffer(SECBUFFER_DATA, one, 4);
        buffers[2] = make_buffer(SECBUFFER_DATA | SECBUFFER_READONLY, free_part, 5);
        buffers[3] = make_buffer(SECBUFFER_TOKEN, token, 16);
        buffers[4] = make_buffer(SECBUFFER_DATA, none, 0);
        buffers[5] = make_buffer(SECBUFFER_DATA, two, 6);
        buffers[6] = make_buffer(SECBUFFER_DATA | SECBUFFER_READONLY_WITH_CHECKSUM, after, 8);
        CHECK_STATUS(EncryptMessage(side(&pair, SERVER), 0, &desc, 0), SEC_E_OK);
        CHECK(memcmp(before, "header", 7) == 0 && memcmp(after, "trailer", 8) == 0);
        CHECK(memcmp(free_part, "free", 5) == 0 && memcmp(two, "three", 6) != 0);
        if (round == 1) {
            /* What is signed and not encrypted is signed all the same. */
            before[0] ^= 1;
            CHECK_STATUS(DecryptMessage(side(&pair, CLIENT), &desc, 0, NULL),
                         SEC_E_MESSAGE_ALTERED);
            before[0] ^= 1;
            after[6] ^= 1;
            CHECK_STATUS(DecryptMessage(side(&pair, CLIENT), &desc, 0, NULL),
                         SEC_E_MESSAGE_ALTERED);
            after[6] ^= 1;
            /* What is neither may be anything. */
            free_part[0] ^= 1;
        }
        CHECK_STATUS(DecryptMessage(side(&pair, CLIENT), &desc, 0, NULL), SEC_E_OK);
        CHECK(memcmp(one, "one", 4) == 0 && memcmp(two, "three", 6) == 0);
        free_part[0] = 'f';
    }
}

/* A text cut into one to eight pieces on each side: the cuts leave no trace. */
static size_t cut(SecBuffer *buffers, size_t pieces, char *text, size_t length)
{
    size_t index, start = 0;
    for (index = 0; index < pieces; index++) {
        size_t end = index + 1 == pieces ? length : (index + 1) * length / pieces;
        buffers[index] = make_buffer(SECBUFFER_DATA, text + start, end - start);
        start = end;
    }
    return pieces;
}

static void pieces(void)
{
    static const char original[] = "a text that is cut in many ways, and cut again when it arrives";
    char text[sizeof(original)];
    unsigned char token[16];
    SecBuffer buffers[13];
    SecBufferDesc desc;
    size_t ours, theirs, count;
    for (ours = 1; ours <= 12; ours++) {
        for (theirs = 1; theirs <= 12; theirs++) {
            memcpy(text, original, sizeof(text));
            count = cut(buffers, ours, text, sizeof(text));
            buffers[count] = make_buffer(SECBUFFER_TOKEN, token, 16);
            desc = make_desc(buffers, count + 1);
            CHECK_STATUS(EncryptMessage(side(&pair, CLIENT), 0, &desc, 0), SEC_E_OK);
            buffers[0] = make_buffer(SECBUFFER_TOKEN, token, 16);
            count = cut(buffers + 1, theirs, text, sizeof(text));
            desc = make_desc(buffers, count + 1);
            CHECK_STATUS(DecryptMessage(side(&pair, SERVER), &desc, 0, NULL), SEC_E_OK);
            CHECK(memcmp(text, original, sizeof(text)) == 0);

            cut(buffers + 1, ours, text, sizeof(text));
            desc = make_desc(buffers, ours + 1);
            CHECK_STATUS(MakeSignature(side(&pair, SERVER), 0, &desc, 0), SEC_E_OK);
            cut(buffers + 1, theirs, text, sizeof(text));
            desc = make_desc(buffers, theirs + 1);
            CHECK_STATUS(VerifySignature(side(&pair, CLIENT), &desc, 0, NULL), SEC_E_OK);
            CHECK(memcmp(text, original, sizeof(text)) == 0);
        }
    }
}

/* Signature and text in one block: the plaintext is told where it lies in it. */
static void streams(void)
{
    static const size_t lengths[] = {0, 1, 100, 4096};
    unsigned char stream[16 + 4096], copy[4096];
    SecBuffer buffers[3];
    SecBufferDesc desc = make_desc(buffers, 2);
    size_t index, length;
    int data_first, place;
    memset(copy, 'x', sizeof(copy));
    for (index = 0; index < 4; index++) {
        for (data_first = 0; data_first < 2; data_first++) {
            length = lengths[index];
            memcpy(stream + 16, copy, length);
            CHECK_STATUS(encrypt_one(side(&pair, CLIENT), stream, stream + 16, length), SEC_E_OK);
            place = data_first ? 0 : 1;
            buffers[!place] = make_buffer(SECBUFFER_STREAM, stream, 16 + length);
            buffers[place] = make_buffer(SECBUFFER_DATA, NULL, 0);
            CHECK_STATUS(DecryptMessage(side(&pair, SERVER), &desc, 0, NULL), SEC_E_OK);
            CHECK(buffers[place].pvBuffer == stream + 16);
            CHECK(buffers[place].cbBuffer == length);
            CHECK(buffers[place].BufferType == SECBUFFER_DATA);
            CHECK(buffers[!place].pvBuffer == stream && buffers[!place].cbBuffer == 16 + length);
            CHECK(memcmp(stream + 16, copy, length) == 0);
        }
    }
    /* Too short to hold a signature. */
    for (length = 0; length < 16; length++) {
        buffers[0] = make_buffer(SECBUFFER_STREAM, stream, length);
        buffers[1] = make_buffer(SECBUFFER_DATA, NULL, 0);
        CHECK_STATUS(DecryptMessage(side(&pair, SERVER), &desc, 0, NULL), SEC_E_INVALID_TOKEN);
        CHECK(buffers[1].pvBuffer == NULL && buffers[1].cbBuffer == 0);
    }
    desc.cBuffers = 1;
    buffers[0] = make_buffer(SECBUFFER_STREAM, stream, sizeof(stream));
    CHECK_STATUS(DecryptMessage(side(&pair, SERVER), &desc, 0, NULL), SEC_E_INVALID_TOKEN);
}

/* TOKEN, DATA and PADDING in the sizes that come back make one token for any receiver. */
static void compacted(void)
{
    unsigned char block[64 + 32 + 8], *end;
    SecBuffer buffers[3];
    SecBufferDesc desc = make_desc(buffers, 3);
    memset(block, 0, sizeof(block));
    memcpy(block + 64, "a text in the middle of a block", 32);
    buffers[0] = make_buffer(SECBUFFER_TOKEN, block, 64);
    buffers[1] = make_buffer(SECBUFFER_DATA, block + 64, 32);
    buffers[2] = make_buffer(SECBUFFER_PADDING, block + 96, 8);
    CHECK_STATUS(EncryptMessage(side(&pair, SERVER), 0, &desc, 0), SEC_E_OK);
    end = block + buffers[0].cbBuffer;
    memmove(end, buffers[1].pvBuffer, buffers[1].cbBuffer);
    end += buffers[1].cbBuffer;
    memmove(end, buffers[2].pvBuffer, buffers[2].cbBuffer);
    end += buffers[2].cbBuffer;
    CHECK(end - block == 16 + 32);
    buffers[0] = make_buffer(SECBUFFER_STREAM, block, (size_t)(end - block));
    buffers[1] = make_buffer(SECBUFFER_DATA, NULL, 0);
    desc.cBuffers = 2;
    CHECK_STATUS(DecryptMessage(side(&pair, CLIENT), &desc, 0, NULL), SEC_E_OK);
    CHECK(memcmp(buffers[1].pvBuffer, "a text in the middle of a block", 32) == 0);
}

static void quality(void)
{
    static const ULONG unknown[] = {1, 2, 0x80000000, 0x80000002, SECQOP_WRAP_OOB_DATA, 0xFFFFFFFF};
    static const ULONG known[] = {0, SECQOP_WRAP_NO_ENCRYPT};
    unsigned char token[16];
    char text[] = "of some quality";
    SecBuffer buffers[2];
    SecBufferDesc desc = make_desc(buffers, 2);
    ULONG qop = 0x5A5A5A5A;
    size_t index;
    buffers[0] = make_buffer(SECBUFFER_TOKEN, token, 16);
    buffers[1] = make_buffer(SECBUFFER_DATA, text, sizeof(text));
    for (index = 0; index < sizeof(unknown) / sizeof(unknown[0]); index++) {
        CHECK_STATUS(EncryptMessage(side(&pair, CLIENT), unknown[index], &desc, 0),
                     SEC_E_QOP_NOT_SUPPORTED);
        CHECK_STATUS(MakeSignature(side(&pair, CLIENT), unknown[index], &desc, 0),
                     SEC_E_QOP_NOT_SUPPORTED);
    }
    CHECK(strcmp(text, "of some quality") == 0);
    for (index = 0; index < 2; index++) {
        CHECK_STATUS(MakeSignature(side(&pair, CLIENT), known[index], &desc, 0), SEC_E_OK);
        CHECK_STATUS(VerifySignature(side(&pair, SERVER), &desc, 0, &qop), SEC_E_OK);
        CHECK_STATUS(EncryptMessage(side(&pair, CLIENT), known[index], &desc, 0), SEC_E_OK);
        /* Where sealing was agreed on everything is sealed. */
        CHECK(memcmp(text, "of some quality", sizeof(text)) != 0);
        CHECK_STATUS(DecryptMessage(side(&pair, SERVER), &desc, 0, &qop), SEC_E_OK);
        CHECK(strcmp(text, "of some quality") == 0);
    }
    /* NTLM says nothing of quality on the way back. */
    CHECK(qop == 0x5A5A5A5A);
}

/* The number that callers pass is not the number of the message. */
static void sequence_numbers(void)
{
    static const ULONG numbers[] = {0, 0, 17, 3, 0xFFFFFFFF, 0};
    unsigned char token[16];
    char text[] = "counted by the context";
    SecBuffer buffers[2];
    SecBufferDesc desc = make_desc(buffers, 2);
    size_t index;
    buffers[0] = make_buffer(SECBUFFER_TOKEN, token, 16);
    buffers[1] = make_buffer(SECBUFFER_DATA, text, sizeof(text));
    for (index = 0; index < 6; index++) {
        CHECK_STATUS(SealMessage(side(&pair, CLIENT), 0, &desc, numbers[index]), SEC_E_OK);
        CHECK_STATUS(UnsealMessage(side(&pair, SERVER), &desc, numbers[5 - index], NULL), SEC_E_OK);
        CHECK(strcmp(text, "counted by the context") == 0);
    }
}

/* Sealed and signed messages share one sequence; the two directions do not. */
static void interleaved(void)
{
    unsigned char tokens[6][16];
    char texts[6][8];
    SecBuffer buffers[2];
    SecBufferDesc desc = make_desc(buffers, 2);
    int index, sender, seals;
    for (index = 0; index < 6; index++) {
        sender = index % 2;
        seals = index / 2 % 2;
        memcpy(texts[index], "message", 8);
        buffers[0] = make_buffer(SECBUFFER_TOKEN, tokens[index], 16);
        buffers[1] = make_buffer(SECBUFFER_DATA, texts[index], 8);
        CHECK_STATUS(seals ? EncryptMessage(side(&pair, sender), 0, &desc, 0)
                           : MakeSignature(side(&pair, sender), 0, &desc, 0),
                     SEC_E_OK);
    }
    for (sender = 1; sender >= 0; sender--) {
        for (index = sender; index < 6; index += 2) {
            seals = index / 2 % 2;
            buffers[0] = make_buffer(SECBUFFER_TOKEN, tokens[index], 16);
            buffers[1] = make_buffer(SECBUFFER_DATA, texts[index], 8);
            CHECK_STATUS(seals ? DecryptMessage(side(&pair, !sender), &desc, 0, NULL)
                               : VerifySignature(side(&pair, !sender), &desc, 0, NULL),
                         SEC_E_OK);
            CHECK(memcmp(texts[index], "message", 8) == 0);
        }
    }
}

static void missing_buffers(void)
{
    unsigned char token[16];
    char text[4] = "abc";
    SecBuffer buffers[2];
    SecBufferDesc desc = make_desc(buffers, 1);
    int round;
    for (round = 0; round < 2; round++) {
        buffers[0] = round == 0 ? make_buffer(SECBUFFER_DATA, text, 4)
                                : make_buffer(SECBUFFER_TOKEN, token, 16);
        CHECK_STATUS(MakeSignature(side(&pair, CLIENT), 0, &desc, 0), SEC_E_INVALID_TOKEN);
        CHECK_STATUS(EncryptMessage(side(&pair, CLIENT), 0, &desc, 0), SEC_E_INVALID_TOKEN);
        CHECK_STATUS(VerifySignature(side(&pair, CLIENT), &desc, 0, NULL), SEC_E_INVALID_TOKEN);
        CHECK_STATUS(DecryptMessage(side(&pair, CLIENT), &desc, 0, NULL), SEC_E_INVALID_TOKEN);
    }
    desc = make_desc(buffers, 2);
    for (round = 0; round < 16; round++) {
        buffers[0] = make_buffer(SECBUFFER_TOKEN, token, (size_t)round);
        buffers[1] = make_buffer(SECBUFFER_DATA, text, 4);
        CHECK_STATUS(MakeSignature(side(&pair, CLIENT), 0, &desc, 0), SEC_E_BUFFER_TOO_SMALL);
        CHECK_STATUS(EncryptMessage(side(&pair, CLIENT), 0, &desc, 0), SEC_E_BUFFER_TOO_SMALL);
    }
    CHECK(memcmp(text, "abc", 4) == 0);
}

/* Altered, repeated and early messages; after each the right one still counts. */
static void tampering(void)
{
    unsigned char first[16], second[16];
    char one[8] = "message", two[8] = "another";
    CtxtHandle *from = side(&pair, CLIENT), *to = side(&pair, SERVER);
    CHECK_STATUS(encrypt_one(from, first, one, 8), SEC_E_OK);
    CHECK_STATUS(encrypt_one(from, second, two, 8), SEC_E_OK);
    CHECK_STATUS(decrypt_one(to, second, two, 8), SEC_E_MESSAGE_ALTERED);
    one[3] ^= 4;
    CHECK_STATUS(decrypt_one(to, first, one, 8), SEC_E_MESSAGE_ALTERED);
    one[3] ^= 4;
    first[9] ^= 1;
    CHECK_STATUS(decrypt_one(to, first, one, 8), SEC_E_MESSAGE_ALTERED);
    first[9] ^= 1;
    CHECK_STATUS(decrypt_one(to, first, one, 7), SEC_E_MESSAGE_ALTERED);
    CHECK_STATUS(decrypt_one(from, first, one, 8), SEC_E_MESSAGE_ALTERED);
    CHECK_STATUS(decrypt_one(to, first, one, 8), SEC_E_OK);
    CHECK(memcmp(one, "message", 8) == 0);
    CHECK_STATUS(decrypt_one(to, first, one, 8), SEC_E_MESSAGE_ALTERED);
    CHECK_STATUS(decrypt_one(to, second, two, 8), SEC_E_OK);
    CHECK(memcmp(two, "another", 8) == 0);
}

/* Signing without sealing: the text stays as it is, the signature counts. */
static void without_sealing(void)
{
    unsigned char signature[16];
    char text[] = "to be read by all";
    CHECK_STATUS(encrypt_one(side(&signed_only, CLIENT), signature, text, sizeof(text)), SEC_E_OK);
    CHECK(strcmp(text, "to be read by all") == 0);
    CHECK(signature[0] == 1 && signature[1] == 0);
    text[0] ^= 1;
    CHECK_STATUS(decrypt_one(side(&signed_only, SERVER), signature, text, sizeof(text)),
                 SEC_E_MESSAGE_ALTERED);
    text[0] ^= 1;
    CHECK_STATUS(decrypt_one(side(&signed_only, SERVER), signature, text, sizeof(text)), SEC_E_OK);
}

/* Neither was asked for: a signature that says nothing, and no sealing. */
static void without_anything(void)
{
    static const unsigned char dummy[16] = {1};
    unsigned char signature[16];
    char text[] = "unprotected";
    SecBuffer buffers[2];
    SecBufferDesc desc = make_desc(buffers, 2);
    buffers[0] = make_buffer(SECBUFFER_TOKEN, signature, 16);
    buffers[1] = make_buffer(SECBUFFER_DATA, text, sizeof(text));
    CHECK_STATUS(MakeSignature(side(&bare, CLIENT), 0, &desc, 0), SEC_E_OK);
    CHECK(memcmp(signature, dummy, 16) == 0 && buffers[0].cbBuffer == 16);
    CHECK_STATUS(VerifySignature(side(&bare, SERVER), &desc, 0, NULL), SEC_E_OK);
    signature[4] = 1;
    CHECK_STATUS(VerifySignature(side(&bare, SERVER), &desc, 0, NULL), SEC_E_MESSAGE_ALTERED);
    CHECK_STATUS(EncryptMessage(side(&bare, CLIENT), 0, &desc, 0), SEC_E_UNSUPPORTED_FUNCTION);
    CHECK_STATUS(DecryptMessage(side(&bare, CLIENT), &desc, 0, NULL), SEC_E_UNSUPPORTED_FUNCTION);
    CHECK(strcmp(text, "unprotected") == 0);
}

int main(void)
{
    make_pair(&pair, SIGNED_AND_SEALED);
    make_pair(&signed_only, ISC_REQ_INTEGRITY);
    make_pair(&bare, 0);
    every_order();
    every_length();
    several_buffers();
    pieces();
    streams();
    compacted();
    quality();
    sequence_numbers();
    interleaved();
    missing_buffers();
    tampering();
    without_sealing();
    without_anything();
    exchange_both(&pair);
    end_pair(&pair);
    end_pair(&signed_only);
    end_pair(&bare);
    return check_end();
}
