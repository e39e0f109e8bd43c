/* What goes wrong, and how it is told: misuse of outputs, wrong passwords, bad tokens, contexts
 * that are not ready, and the texts of all that. */
#include "party.h"

/* The first call of a client with each output that cannot take a token. */
static void outputs(void)
{
    struct party client = make_client(USER, DOMAIN, PASSWORD);
    struct token token;
    SecBuffer buffer;
    SecBufferDesc desc = make_desc(&buffer, 1), empty = make_desc(NULL, 0);
    CtxtHandle context = make_handle(1, 2);
    ULONG needed;
    CHECK_STATUS(party_call(&client, &context, NULL, NULL), SEC_E_BUFFER_TOO_SMALL);
    CHECK_STATUS(party_call(&client, &context, NULL, &empty), SEC_E_BUFFER_TOO_SMALL);
    buffer = make_buffer(SECBUFFER_DATA, token.bytes, sizeof(token.bytes));
    CHECK_STATUS(party_call(&client, &context, NULL, &desc), SEC_E_BUFFER_TOO_SMALL);
    buffer = make_buffer(SECBUFFER_TOKEN, NULL, sizeof(token.bytes));
    CHECK_STATUS(party_call(&client, &context, NULL, &desc), SEC_E_BUFFER_TOO_SMALL);
    buffer = make_buffer(SECBUFFER_TOKEN, token.bytes, 0);
    CHECK_STATUS(party_call(&client, &context, NULL, &desc), SEC_E_BUFFER_TOO_SMALL);
    /* The size that is needed, which is then enough. */
    needed = buffer.cbBuffer;
    CHECK(needed > 0 && needed < sizeof(token.bytes));
    buffer.cbBuffer = needed - 1;
    CHECK_STATUS(party_call(&client, &context, NULL, &desc), SEC_E_BUFFER_TOO_SMALL);
    CHECK(buffer.cbBuffer == needed);
    CHECK(context.dwLower == 1 && context.dwUpper == 2);
    CHECK_STATUS(party_call(&client, &client.context, NULL, &desc), SEC_I_CONTINUE_NEEDED);
    CHECK(buffer.cbBuffer == needed);
    client.has_context = 1;
    CHECK_STATUS(party_call(&client, NULL, NULL, &desc), SEC_E_INVALID_TOKEN);
    end_party(&client);
}

static void no_place_for_the_context(void)
{
    struct party client = make_client(USER, DOMAIN, PASSWORD);
    struct token token;
    SecBuffer buffer = make_buffer(SECBUFFER_TOKEN, token.bytes, sizeof(token.bytes));
    SecBufferDesc desc = make_desc(&buffer, 1);
    CHECK_STATUS(party_call(&client, NULL, NULL, &desc), SEC_E_INVALID_HANDLE);
    end_party(&client);
}

static void refused_requests(void)
{
    struct party client = make_client(USER, DOMAIN, PASSWORD);
    struct token token;
    client.request = ISC_REQ_PROMPT_FOR_CREDS;
    CHECK_STATUS(party_step(&client, NULL, &token), SEC_E_UNSUPPORTED_FUNCTION);
    CHECK(!client.has_context);
    end_party(&client);
}

/* The last word is the server's, and it is always the same one. */
static void wrong_passwords(void)
{
    static const char *const cases[][3] = {
        {USER, DOMAIN, "wrong"},       {USER, DOMAIN, "Correct horse"},
        {USER, DOMAIN, ""},            {USER, DOMAIN, PASSWORD " "},
        {"bob", DOMAIN, PASSWORD},     {USER, "OTHER", PASSWORD},
        {USER "x", DOMAIN, PASSWORD},  {USER "\t", DOMAIN, PASSWORD},
        {USER "$", DOMAIN, PASSWORD},  {"", DOMAIN, PASSWORD},
    };
    struct party server = make_server(USER, DOMAIN, PASSWORD);
    SecPkgContext_SessionKey key;
    SecPkgContext_NamesA names;
    size_t index;
    for (index = 0; index < sizeof(cases) / sizeof(cases[0]); index++) {
        struct party client = make_client(cases[index][0], cases[index][1], cases[index][2]);
        SECURITY_STATUS expected =
            cases[index][0][0] == 0 ? SEC_E_NO_CREDENTIALS : SEC_E_LOGON_DENIED;
        SECURITY_STATUS status = handshake(&client, &server);
        if (!CHECK_STATUS(status, expected)) fprintf(stderr, "case %u\n", (unsigned)index);
        CHECK_STATUS(QueryContextAttributesA(&server.context, SECPKG_ATTR_SESSION_KEY, &key),
                     SEC_E_INVALID_HANDLE);
        CHECK_STATUS(QueryContextAttributesA(&server.context, SECPKG_ATTR_NAMES, &names),
                     SEC_E_INVALID_HANDLE);
        end_party(&client);
        end_context(&server);
    }
    end_party(&server);
}

static void bad_tokens(void)
{
    static const char *const texts[] = {"", "x", "NTLMSSP", "NTLMSSP\0", "HTTP/1.1 400 Bad Request",
                                        "\x60\x40\x06\x06\x2b\x06\x01\x05\x05\x02"};
    struct party client = make_client(USER, DOMAIN, PASSWORD);
    struct party server = make_server(USER, DOMAIN, PASSWORD);
    struct token bad, token;
    size_t index;
    for (index = 0; index < sizeof(texts) / sizeof(texts[0]); index++) {
        bad.length = (ULONG)strlen(texts[index]) + (index == 3);
        memcpy(bad.bytes, texts[index], bad.length);
        CHECK_STATUS(party_step(&server, &bad, &token), SEC_E_INVALID_TOKEN);
        CHECK(!server.has_context && token.length == 0);
        CHECK_STATUS(party_step(&client, NULL, &token), SEC_I_CONTINUE_NEEDED);
        CHECK_STATUS(party_step(&client, &bad, &token), SEC_E_INVALID_TOKEN);
        CHECK(token.length == 0);
        CHECK_STATUS(party_step(&client, &bad, &token), SEC_E_OUT_OF_SEQUENCE);
        end_context(&client);
    }
    CHECK_STATUS(party_step(&server, NULL, &token), SEC_E_INVALID_TOKEN);
    end_party(&client);
    end_party(&server);
}

/* Nothing but deletion helps after the end. */
static void too_late(void)
{
    struct pair pair;
    struct token token;
    make_pair(&pair, SIGNED_AND_SEALED);
    token.length = 4;
    memcpy(token.bytes, "more", 4);
    CHECK_STATUS(party_step(&pair.client, &token, &token), SEC_E_OUT_OF_SEQUENCE);
    CHECK_STATUS(party_step(&pair.server, &token, &token), SEC_E_OUT_OF_SEQUENCE);
    CHECK_STATUS(CompleteAuthToken(&pair.client.context, NULL), SEC_E_OK);
    exchange_both(&pair);
    end_pair(&pair);
}

/* A context whose handshake is not over. */
static void too_early(void)
{
    struct party client = make_client(USER, DOMAIN, PASSWORD);
    struct token token;
    unsigned char signature[16];
    char text[4] = "abc";
    SecBuffer packed = make_buffer(SECBUFFER_EMPTY, NULL, 0), buffers[2];
    SecBufferDesc desc = make_desc(buffers, 2);
    MUST_STATUS(party_step(&client, NULL, &token), SEC_I_CONTINUE_NEEDED);
    buffers[0] = make_buffer(SECBUFFER_TOKEN, signature, 16);
    buffers[1] = make_buffer(SECBUFFER_DATA, text, 3);
    CHECK_STATUS(EncryptMessage(&client.context, 0, &desc, 0), SEC_E_INVALID_HANDLE);
    CHECK_STATUS(DecryptMessage(&client.context, &desc, 0, NULL), SEC_E_INVALID_HANDLE);
    CHECK_STATUS(MakeSignature(&client.context, 0, &desc, 0), SEC_E_INVALID_HANDLE);
    CHECK_STATUS(VerifySignature(&client.context, &desc, 0, NULL), SEC_E_INVALID_HANDLE);
    CHECK_STATUS(ExportSecurityContext(&client.context, 0, &packed, NULL),
                 SEC_E_UNSUPPORTED_FUNCTION);
    CHECK(packed.pvBuffer == NULL && packed.cbBuffer == 0 && memcmp(text, "abc", 4) == 0);
    end_party(&client);
}

#ifndef _WIN32
static void texts(void)
{
    struct party client = make_client(USER, DOMAIN, "wrong");
    struct party server = make_server(USER, DOMAIN, PASSWORD);
    char text[300], small[8];
    size_t length;
    CHECK(strcmp(Secur32StatusName(SEC_E_OK), "SEC_E_OK") == 0);
    CHECK(strcmp(Secur32StatusName(SEC_E_LOGON_DENIED), "SEC_E_LOGON_DENIED") == 0);
    CHECK(strcmp(Secur32StatusName(SEC_I_CONTINUE_NEEDED), "SEC_I_CONTINUE_NEEDED") == 0);
    CHECK(strcmp(Secur32StatusName(12345), "unknown status") == 0);
    CHECK(strlen(Secur32StatusText(SEC_E_LOGON_DENIED)) > 10);
    CHECK(strcmp(Secur32StatusText(12345), "unknown status") == 0);

    CHECK_STATUS(handshake(&client, &server), SEC_E_LOGON_DENIED);
    length = Secur32LastErrorText(text, sizeof(text));
    CHECK(length > 20 && length < sizeof(text) && strlen(text) == length);
    CHECK(strstr(text, "AcceptSecurityContext") != NULL);
    CHECK(strstr(text, "SEC_E_LOGON_DENIED") != NULL && strstr(text, USER) != NULL);
    CHECK(strstr(text, PASSWORD) == NULL && strstr(text, "wrong") == NULL);
    /* Cut to the room there is, and the whole length told. */
    memset(small, 'x', sizeof(small));
    CHECK(Secur32LastErrorText(small, 6) == length);
    CHECK(memcmp(small, text, 5) == 0 && small[5] == 0 && small[6] == 'x');
    CHECK(Secur32LastErrorText(NULL, 0) == length);
    CHECK(Secur32LastErrorText(small, 0) == length && small[0] == text[0]);
    end_party(&client);
    end_party(&server);
}
#endif

int main(void)
{
    outputs();
    no_place_for_the_context();
    refused_requests();
    wrong_passwords();
    bad_tokens();
    too_late();
    too_early();
#ifndef _WIN32
    texts();
#endif
    return check_end();
}
