/* NTLM between a client and a server of one program, called in every way that callers have. */
#include "party.h"

/* One logon with these two sides, used and ended. */
static void logon(struct party *client, struct party *server)
{
    CHECK_STATUS(handshake(client, server), SEC_E_OK);
    if (client->attributes & ISC_RET_CONFIDENTIALITY) {
        exchange(&client->context, &server->context, "to the server");
        exchange(&server->context, &client->context, "to the client");
    }
    end_context(client);
    end_context(server);
}

static void every_way_of_calling(void)
{
    static const ULONG requests[] = {0, ISC_REQ_INTEGRITY, ISC_REQ_CONFIDENTIALITY,
                                     SIGNED_AND_SEALED | ISC_REQ_CONNECTION};
    struct party client = make_client(USER, DOMAIN, PASSWORD);
    struct party server = make_server(USER, DOMAIN, PASSWORD);
    unsigned way, request;
    for (request = 0; request < sizeof(requests) / sizeof(requests[0]); request++) {
        for (way = 0; way < 128; way++) {
            client.request = requests[request];
            client.allocate = way & 1;
            server.allocate = (way >> 1) & 1;
            client.other_variable = server.other_variable = (way >> 2) & 1;
            client.no_new_context = server.no_new_context = (way >> 3) & 1;
            client.no_credential = server.no_credential = (way >> 4) & 1;
            server.null_output = (way >> 5) & 1;
            client.drep = way & 64 ? SECURITY_NETWORK_DREP : SECURITY_NATIVE_DREP;
            server.drep = client.drep ^ SECURITY_NATIVE_DREP;
            client.target = way & 64 ? ASTR("HTTP/server.example") : NULL;
            logon(&client, &server);
        }
    }
    end_party(&client);
    end_party(&server);
}

/* What a caller may pass where there is no token yet. */
static void first_inputs(void)
{
    static unsigned char zeros[2888];
    struct party client = make_client(USER, DOMAIN, PASSWORD);
    struct party server = make_server(USER, DOMAIN, PASSWORD);
    struct token up, down;
    SecBuffer lists[6][2];
    SecBufferDesc inputs[7];
    size_t index;
    lists[0][0] = make_buffer(SECBUFFER_TOKEN, NULL, 0);
    lists[1][0] = make_buffer(SECBUFFER_TOKEN, zeros, 0);
    lists[2][0] = make_buffer(SECBUFFER_TOKEN, zeros, sizeof(zeros));
    lists[3][0] = make_buffer(SECBUFFER_EMPTY, NULL, 0);
    lists[4][0] = make_buffer(SECBUFFER_EMPTY, zeros, 8);
    lists[4][1] = make_buffer(SECBUFFER_TOKEN, NULL, 0);
    lists[5][0] = make_buffer(SECBUFFER_TARGET_HOST, zeros, 8);
    for (index = 0; index < 6; index++) inputs[index] = make_desc(lists[index], index == 4 ? 2 : 1);
    inputs[6] = make_desc(NULL, 0);
    for (index = 0; index < 7; index++) {
        SecBuffer output = make_buffer(SECBUFFER_TOKEN, up.bytes, sizeof(up.bytes));
        SecBufferDesc desc = make_desc(&output, 1);
        CHECK_STATUS(party_call(&client, &client.context, &inputs[index], &desc),
                     SEC_I_CONTINUE_NEEDED);
        client.has_context = 1;
        up.length = output.cbBuffer;
        CHECK_STATUS(party_step(&server, &up, &down), SEC_I_CONTINUE_NEEDED);
        CHECK_STATUS(party_step(&client, &down, &up), SEC_E_OK);
        CHECK_STATUS(party_step(&server, &up, &down), SEC_E_OK);
        exchange(&client.context, &server.context, "however it began");
        end_context(&client);
        end_context(&server);
    }
    end_party(&client);
    end_party(&server);
}

/* TOKEN need not be the first buffer, and bits say how a buffer may be used. */
static void places_of_tokens(void)
{
    struct party client = make_client(USER, DOMAIN, PASSWORD);
    struct party server = make_server(USER, DOMAIN, PASSWORD);
    struct token up, down;
    SecBuffer in[3], out[3];
    SecBufferDesc input = make_desc(in, 3), output = make_desc(out, 3);
    unsigned char other[16] = {0};
    CHECK_STATUS(party_step(&client, NULL, &up), SEC_I_CONTINUE_NEEDED);
    in[0] = make_buffer(SECBUFFER_EMPTY, NULL, 0);
    in[1] = make_buffer(SECBUFFER_DATA, other, sizeof(other));
    in[2] = make_buffer(SECBUFFER_TOKEN | SECBUFFER_READONLY, up.bytes, up.length);
    out[0] = make_buffer(SECBUFFER_EMPTY, NULL, 0);
    out[1] = make_buffer(SECBUFFER_ALERT, other, sizeof(other));
    out[2] = make_buffer(SECBUFFER_TOKEN, down.bytes, sizeof(down.bytes));
    CHECK_STATUS(party_call(&server, &server.context, &input, &output), SEC_I_CONTINUE_NEEDED);
    server.has_context = 1;
    down.length = out[2].cbBuffer;
    CHECK(out[0].pvBuffer == NULL && out[1].cbBuffer == sizeof(other) && other[0] == 0);
    CHECK_STATUS(party_step(&client, &down, &up), SEC_E_OK);
    CHECK_STATUS(party_step(&server, &up, &down), SEC_E_OK);
    end_party(&client);
    end_party(&server);
}

/* The flags of the first call rule; later ones say nothing new. */
static void flags_change(void)
{
    struct party client = make_client(USER, DOMAIN, PASSWORD);
    struct party server = make_server(USER, DOMAIN, PASSWORD);
    struct token up, down;
    CHECK_STATUS(party_step(&client, NULL, &up), SEC_I_CONTINUE_NEEDED);
    CHECK_STATUS(party_step(&server, &up, &down), SEC_I_CONTINUE_NEEDED);
    client.request = 0;
    server.request = ASC_REQ_IDENTIFY;
    client.target = ASTR("another/target");
    CHECK_STATUS(party_step(&client, &down, &up), SEC_E_OK);
    CHECK_STATUS(party_step(&server, &up, &down), SEC_E_OK);
    CHECK((client.attributes & SIGNED_AND_SEALED) == SIGNED_AND_SEALED);
    exchange(&client.context, &server.context, "as the first call said");
    end_party(&client);
    end_party(&server);
}

/* What is asked for on the wire: bytes 12 to 15 of the first message. */
static void offered_flags(void)
{
    static const struct {
        ULONG request, bits;
    } table[] = {
        {0, 0},
        {ISC_REQ_INTEGRITY, 0x10},
        {ISC_REQ_REPLAY_DETECT, 0x10},
        {ISC_REQ_SEQUENCE_DETECT, 0x10},
        {ISC_REQ_CONFIDENTIALITY, 0x20},
        {ISC_REQ_CONNECTION | ISC_REQ_EXTENDED_ERROR | ISC_REQ_MUTUAL_AUTH, 0},
        {ISC_REQ_USE_DCE_STYLE | ISC_REQ_DELEGATE | ISC_REQ_ALLOCATE_MEMORY, 0},
    };
    struct party client = make_client(USER, DOMAIN, PASSWORD);
    struct token up;
    size_t index;
    for (index = 0; index < sizeof(table) / sizeof(table[0]); index++) {
        client.request = table[index].request & ~(ULONG)ISC_REQ_ALLOCATE_MEMORY;
        client.allocate = (table[index].request & ISC_REQ_ALLOCATE_MEMORY) != 0;
        CHECK_STATUS(party_step(&client, NULL, &up), SEC_I_CONTINUE_NEEDED);
        CHECK(up.length >= 32 && memcmp(up.bytes, "NTLMSSP\0\1\0\0\0", 12) == 0);
        CHECK((up.bytes[12] & 0x30u) == table[index].bits);
        end_context(&client);
    }
    end_party(&client);
}

/* What comes back: each side in its own numbers. */
static void returned_flags(void)
{
    struct pair pair;
    const ULONG protection = ISC_RET_INTEGRITY | ISC_RET_CONFIDENTIALITY | ISC_RET_REPLAY_DETECT |
                             ISC_RET_SEQUENCE_DETECT;
    make_pair(&pair, SIGNED_AND_SEALED | ISC_REQ_IDENTIFY);
    CHECK((pair.client.attributes & protection) == protection);
    CHECK(pair.client.attributes & ISC_RET_IDENTIFY);
    CHECK(!(pair.client.attributes & (ISC_RET_MUTUAL_AUTH | ISC_RET_DELEGATE)));
    CHECK(pair.server.attributes & ASC_RET_INTEGRITY);
    CHECK(pair.server.attributes & ASC_RET_CONFIDENTIALITY);
    CHECK(pair.server.attributes & ASC_RET_IDENTIFY);
    CHECK(!(pair.server.attributes & (ASC_RET_MUTUAL_AUTH | ASC_RET_DELEGATE)));
    /* NTLM contexts have no end. */
    CHECK(pair.client.expiry.HighPart == 0x7FFFFFFF);
    CHECK(pair.server.expiry.HighPart == 0x7FFFFFFF);
    end_pair(&pair);

    make_pair(&pair, 0);
    CHECK(!(pair.client.attributes & protection));
    CHECK(!(pair.server.attributes & (ASC_RET_INTEGRITY | ASC_RET_CONFIDENTIALITY)));
    end_pair(&pair);
}

/* SEC_CHANNEL_BINDINGS and its data in one block. */
struct bindings {
    SEC_CHANNEL_BINDINGS head;
    char data[40];
};

static struct bindings make_bindings(const char *data)
{
    struct bindings bindings;
    memset(&bindings, 0, sizeof(bindings));
    bindings.head.cbApplicationDataLength = (ULONG)strlen(data);
    bindings.head.dwApplicationDataOffset = sizeof(bindings.head);
    memcpy(bindings.data, data, strlen(data));
    return bindings;
}

static void bind_to(struct party *party, struct bindings *bindings, int call, int last)
{
    party->bindings = bindings;
    party->bindings_length = bindings != NULL ? sizeof(*bindings) : 0;
    party->bindings_call = call;
    party->bindings_last = last;
}

static void channel_bindings(void)
{
    struct party client = make_client(USER, DOMAIN, PASSWORD);
    struct party server = make_server(USER, DOMAIN, PASSWORD);
    struct bindings one = make_bindings("tls-server-end-point:0123456789abcdef");
    struct bindings other = make_bindings("tls-server-end-point:fedcba9876543210");
    int call, last;
    /* The same channel: before and behind the token, on the first call, the second and both. */
    for (call = 0; call < 3; call++) {
        for (last = 0; last < 2; last++) {
            bind_to(&client, &one, call, last);
            bind_to(&server, &one, 2 - call, last);
            CHECK_STATUS(handshake(&client, &server), SEC_E_OK);
            end_context(&client);
            end_context(&server);
        }
    }
    /* Another one. */
    bind_to(&client, &other, 0, 0);
    bind_to(&server, &one, 0, 0);
    CHECK_STATUS(handshake(&client, &server), SEC_E_BAD_BINDINGS);
    end_context(&client);
    end_context(&server);
    server.request = ASC_REQ_ALLOW_MISSING_BINDINGS;
    CHECK_STATUS(handshake(&client, &server), SEC_E_BAD_BINDINGS);
    end_context(&client);
    end_context(&server);
    /* None at the client. */
    bind_to(&client, NULL, 0, 0);
    CHECK_STATUS(handshake(&client, &server), SEC_E_OK);
    end_context(&client);
    end_context(&server);
    server.request = 0;
    CHECK_STATUS(handshake(&client, &server), SEC_E_BAD_BINDINGS);
    end_context(&client);
    end_context(&server);
    /* None at the server: it does not care. */
    bind_to(&client, &one, 0, 0);
    bind_to(&server, NULL, 0, 0);
    CHECK_STATUS(handshake(&client, &server), SEC_E_OK);
    end_context(&client);
    end_context(&server);
    /* Behind a proxy: some channel, but not none. */
    server.request = ASC_REQ_PROXY_BINDINGS;
    CHECK_STATUS(handshake(&client, &server), SEC_E_OK);
    end_context(&client);
    end_context(&server);
    bind_to(&client, NULL, 0, 0);
    CHECK_STATUS(handshake(&client, &server), SEC_E_BAD_BINDINGS);
    end_party(&client);
    end_party(&server);
}

static void anonymous(void)
{
    SEC_WINNT_AUTH_IDENTITY_A nobody = make_identity(NULL, NULL, NULL);
    struct party client = make_party(0, &nobody);
    struct party server = make_server(USER, DOMAIN, PASSWORD);
    SecPkgContext_NamesA names;
    CHECK_STATUS(handshake(&client, &server), SEC_E_LOGON_DENIED);
    CHECK_STATUS(QueryContextAttributesA(&server.context, SECPKG_ATTR_NAMES, &names),
                 SEC_E_INVALID_HANDLE);
    end_context(&client);
    end_context(&server);
    server.request = ASC_REQ_ALLOW_NULL_SESSION;
    CHECK_STATUS(handshake(&client, &server), SEC_E_OK);
    CHECK(client.attributes & ISC_RET_NULL_SESSION);
    CHECK(server.attributes & ASC_RET_NULL_SESSION);
    CHECK(!(server.attributes & (ASC_RET_INTEGRITY | ASC_RET_CONFIDENTIALITY)));
    CHECK_STATUS(QueryContextAttributesA(&server.context, SECPKG_ATTR_NAMES, &names), SEC_E_OK);
    CHECK(strcmp(names.sUserName, "") == 0);
    CHECK_STATUS(FreeContextBuffer(names.sUserName), SEC_E_OK);
    end_context(&client);
    end_context(&server);
    /* Somebody who asks to be nobody. */
    end_party(&client);
    client = make_client(USER, DOMAIN, PASSWORD);
    client.request = ISC_REQ_NULL_SESSION;
    CHECK_STATUS(handshake(&client, &server), SEC_E_OK);
    CHECK(server.attributes & ASC_RET_NULL_SESSION);
    end_party(&client);
    end_party(&server);
}

/* Connectionless: the server speaks first, and the program numbers the messages. */
static void datagrams(void)
{
    struct party client = make_client(USER, DOMAIN, PASSWORD);
    struct party server = make_server(USER, DOMAIN, PASSWORD);
    struct token up, down;
    unsigned char signature[16];
    char text[8];
    SecBuffer buffers[2];
    SecBufferDesc desc = make_desc(buffers, 2);
    static const ULONG numbers[] = {7, 3, 0xFFFFFFFF, 3};
    size_t index;
    client.request = SIGNED_AND_SEALED | ISC_REQ_DATAGRAM;
    server.request = ASC_REQ_DATAGRAM;
    CHECK_STATUS(party_step(&client, NULL, &up), SEC_I_CONTINUE_NEEDED);
    CHECK(up.length == 0);
    CHECK_STATUS(party_step(&server, NULL, &down), SEC_I_CONTINUE_NEEDED);
    CHECK_STATUS(party_step(&client, &down, &up), SEC_E_OK);
    CHECK_STATUS(party_step(&server, &up, &down), SEC_E_OK);
    CHECK(client.attributes & ISC_RET_DATAGRAM);
    CHECK(server.attributes & ASC_RET_DATAGRAM);
    for (index = 0; index < sizeof(numbers) / sizeof(numbers[0]); index++) {
        memcpy(text, "message", 8);
        buffers[0] = make_buffer(SECBUFFER_TOKEN, signature, 16);
        buffers[1] = make_buffer(SECBUFFER_DATA, text, 8);
        CHECK_STATUS(EncryptMessage(&client.context, 0, &desc, numbers[index]), SEC_E_OK);
        CHECK_STATUS(DecryptMessage(&server.context, &desc, numbers[index] ^ 1, NULL),
                     SEC_E_MESSAGE_ALTERED);
        CHECK_STATUS(DecryptMessage(&server.context, &desc, numbers[index], NULL), SEC_E_OK);
        CHECK(memcmp(text, "message", 8) == 0);
    }
    end_party(&client);
    end_party(&server);
}

/* Credentials that come with the call. */
static void supplied_credentials(void)
{
    SEC_WINNT_AUTH_IDENTITY_A identity = make_identity(USER, DOMAIN, PASSWORD);
    struct party client = make_client("somebody", "ELSE", "entirely");
    struct party server = make_server(USER, DOMAIN, PASSWORD);
    struct token up, down;
    SecBuffer params = make_buffer(SECBUFFER_PKG_PARAMS, &identity, sizeof(identity));
    SecBuffer output = make_buffer(SECBUFFER_TOKEN, up.bytes, sizeof(up.bytes));
    SecBufferDesc input = make_desc(&params, 1), desc = make_desc(&output, 1);
    client.request |= ISC_REQ_USE_SUPPLIED_CREDS;
    CHECK_STATUS(party_call(&client, &client.context, &input, &desc), SEC_I_CONTINUE_NEEDED);
    client.has_context = 1;
    up.length = output.cbBuffer;
    CHECK_STATUS(party_step(&server, &up, &down), SEC_I_CONTINUE_NEEDED);
    CHECK_STATUS(party_step(&client, &down, &up), SEC_E_OK);
    CHECK_STATUS(party_step(&server, &up, &down), SEC_E_OK);
    exchange(&client.context, &server.context, "with supplied credentials");
    end_party(&client);
    end_party(&server);
}

/* The shortest first message there is, as curl sends it. */
static void short_first_message(void)
{
    struct party server = make_server(USER, DOMAIN, PASSWORD);
    struct token up, down;
    memset(up.bytes, 0, 32);
    memcpy(up.bytes, "NTLMSSP\0\1\0\0\0\6\x82\x08\0", 16);
    up.length = 32;
    CHECK_STATUS(party_step(&server, &up, &down), SEC_I_CONTINUE_NEEDED);
    CHECK(down.length > 32 && memcmp(down.bytes, "NTLMSSP\0\2\0\0\0", 12) == 0);
    end_party(&server);
}

/* One credential, many contexts, one after another and side by side. */
static void many_at_once(void)
{
    enum { MANY = 50 };
    static struct party clients[MANY], servers[MANY];
    static struct token up[MANY], down[MANY];
    struct party client = make_client(USER, DOMAIN, PASSWORD);
    struct party server = make_server(USER, DOMAIN, PASSWORD);
    int index;
    for (index = 0; index < MANY; index++) {
        clients[index] = client;
        servers[index] = server;
        CHECK_STATUS(party_step(&clients[index], NULL, &up[index]), SEC_I_CONTINUE_NEEDED);
    }
    for (index = MANY - 1; index >= 0; index--) {
        CHECK_STATUS(party_step(&servers[index], &up[index], &down[index]), SEC_I_CONTINUE_NEEDED);
    }
    for (index = 0; index < MANY; index++) {
        CHECK_STATUS(party_step(&clients[index], &down[index], &up[index]), SEC_E_OK);
        CHECK_STATUS(party_step(&servers[index], &up[index], &down[index]), SEC_E_OK);
    }
    for (index = 0; index < MANY; index++) {
        exchange(&clients[index].context, &servers[index].context, "each to its own");
        end_context(&clients[index]);
        end_context(&servers[index]);
    }
    end_party(&client);
    end_party(&server);
}

int main(void)
{
    every_way_of_calling();
    first_inputs();
    places_of_tokens();
    flags_change();
    offered_flags();
    returned_flags();
    channel_bindings();
    anonymous();
    datagrams();
    supplied_credentials();
    short_first_message();
    many_at_once();
    return check_end();
}
