/*
 * The two sides of an NTLM authentication in one program, with the knobs that callers turn.
 * Everything here goes through the interface; include check.h first.
 */
#ifndef PARTY_H
#define PARTY_H

#include "check.h"

#define USER "alice"
#define DOMAIN "EXAMPLE"
#define PASSWORD "correct horse"
#define SIGNED_AND_SEALED \
    (ISC_REQ_INTEGRITY | ISC_REQ_CONFIDENTIALITY | ISC_REQ_REPLAY_DETECT | ISC_REQ_SEQUENCE_DETECT)

struct token {
    unsigned char bytes[4096];
    ULONG length;
};

struct party {
    int is_server;
    CredHandle credential;
    CtxtHandle context;
    int has_context;
    int calls;
    /* How the functions are called. */
    ULONG request;
    ULONG drep;
    int allocate;           /* the library allocates tokens */
    int other_variable;     /* another phNewContext on every call */
    int no_new_context;     /* none on later calls */
    int no_credential;      /* none on later calls */
    int null_output;        /* no output descriptor on the server's last call */
    int bindings_last;      /* behind the token, not before it */
    int bindings_call;      /* only on this call; 0: on each */
    SEC_CHAR *target;
    void *bindings;
    ULONG bindings_length;
    /* What they gave. */
    ULONG attributes;
    TimeStamp expiry;
};

static inline SEC_WINNT_AUTH_IDENTITY_A make_identity(const char *user, const char *domain,
                                                      const char *password)
{
    SEC_WINNT_AUTH_IDENTITY_A identity;
    memset(&identity, 0, sizeof(identity));
    identity.User = (unsigned char *)user;
    identity.UserLength = user != NULL ? (ULONG)strlen(user) : 0;
    identity.Domain = (unsigned char *)domain;
    identity.DomainLength = domain != NULL ? (ULONG)strlen(domain) : 0;
    identity.Password = (unsigned char *)password;
    identity.PasswordLength = password != NULL ? (ULONG)strlen(password) : 0;
    identity.Flags = SEC_WINNT_AUTH_IDENTITY_ANSI;
    return identity;
}

static inline SECURITY_STATUS acquire(CredHandle *credential, ULONG use, void *identity)
{
    return AcquireCredentialsHandleA(NULL, ASTR("NTLM"), use, NULL, identity, NULL, NULL,
                                     credential, NULL);
}

/* A side with this credential; the context comes with the first call. */
static inline struct party make_party(int is_server, void *identity)
{
    struct party party;
    memset(&party, 0, sizeof(party));
    party.is_server = is_server;
    party.drep = SECURITY_NATIVE_DREP;
    MUST_STATUS(acquire(&party.credential,
                        is_server ? SECPKG_CRED_INBOUND : SECPKG_CRED_OUTBOUND, identity),
                SEC_E_OK);
    return party;
}

static inline struct party make_client(const char *user, const char *domain, const char *password)
{
    SEC_WINNT_AUTH_IDENTITY_A identity = make_identity(user, domain, password);
    struct party party = make_party(0, &identity);
    party.request = SIGNED_AND_SEALED;
    return party;
}

/* A server that knows this account alone. */
static inline struct party make_server(const char *user, const char *domain, const char *password)
{
    SEC_WINNT_AUTH_IDENTITY_A identity = make_identity(user, domain, password);
    return make_party(1, &identity);
}

/* The call as it is, on descriptors of the caller's. */
static inline SECURITY_STATUS party_call(struct party *party, CtxtHandle *new_context,
                                         SecBufferDesc *input, SecBufferDesc *output)
{
    CredHandle *credential = &party->credential;
    CtxtHandle *context = party->has_context ? &party->context : NULL;
    ULONG request = party->request;
    if (party->has_context && party->no_credential) credential = NULL;
    if (party->is_server) {
        if (party->allocate) request |= ASC_REQ_ALLOCATE_MEMORY;
        return AcceptSecurityContext(credential, context, input, request, party->drep, new_context,
                                     output, &party->attributes, &party->expiry);
    }
    if (party->allocate) request |= ISC_REQ_ALLOCATE_MEMORY;
    return InitializeSecurityContextA(credential, context, party->target, request, 0, party->drep,
                                      input, 0, new_context, output, &party->attributes,
                                      &party->expiry);
}

/* The buffers of a call's input; gives how many there are. */
static inline size_t party_input(struct party *party, const struct token *in, SecBuffer *input)
{
    size_t count = 0;
    int with_bindings = party->bindings != NULL &&
                        (party->bindings_call == 0 || party->bindings_call == party->calls);
    SecBuffer bindings =
        make_buffer(SECBUFFER_CHANNEL_BINDINGS, party->bindings, party->bindings_length);
    if (with_bindings && !party->bindings_last) input[count++] = bindings;
    if (in != NULL) input[count++] = make_buffer(SECBUFFER_TOKEN, (void *)in->bytes, in->length);
    if (with_bindings && party->bindings_last) input[count++] = bindings;
    return count;
}

/* Takes what the library allocated. */
static inline void take_token(SecBuffer *buffer, struct token *out)
{
    out->length = buffer->cbBuffer;
    if (buffer->pvBuffer == NULL) {
        CHECK(buffer->cbBuffer == 0);
        return;
    }
    MUST(buffer->cbBuffer > 0 && buffer->cbBuffer <= sizeof(out->bytes));
    memcpy(out->bytes, buffer->pvBuffer, buffer->cbBuffer);
    CHECK_STATUS(FreeContextBuffer(buffer->pvBuffer), SEC_E_OK);
}

/* One call: the peer's token in, NULL for none; ours out. */
static inline SECURITY_STATUS party_step(struct party *party, const struct token *in,
                                         struct token *out)
{
    CtxtHandle other = make_handle(1, 2), *new_context = &party->context;
    SecBuffer input[2], output = make_buffer(SECBUFFER_TOKEN, out->bytes, sizeof(out->bytes));
    SecBufferDesc input_desc, output_desc = make_desc(&output, 1);
    int no_output = party->null_output && party->is_server && party->has_context;
    SECURITY_STATUS status;

    party->calls++;
    input_desc = make_desc(input, party_input(party, in, input));
    if (party->allocate) output.pvBuffer = NULL;
    if (party->other_variable) new_context = &other;
    if (party->has_context && party->no_new_context) new_context = NULL;
    status = party_call(party, new_context, input_desc.cBuffers > 0 ? &input_desc : NULL,
                        no_output ? NULL : &output_desc);
    out->length = 0;
    if (status != SEC_E_OK && status != SEC_I_CONTINUE_NEEDED) return status;
    if (new_context == &other) {
        if (party->has_context) CHECK(same_handle(&other, &party->context));
        party->context = other;
    }
    party->has_context = 1;
    CHECK(output.BufferType == SECBUFFER_TOKEN);
    if (no_output) return status;
    if (party->allocate) {
        take_token(&output, out);
    } else {
        CHECK(output.pvBuffer == out->bytes && output.cbBuffer <= sizeof(out->bytes));
        out->length = output.cbBuffer;
    }
    return status;
}

/* From the first call to the end: what the server says, or the client if it fails. */
static inline SECURITY_STATUS handshake(struct party *client, struct party *server)
{
    static struct token up, down;
    SECURITY_STATUS status = party_step(client, NULL, &up);
    while (status == SEC_I_CONTINUE_NEEDED) {
        status = party_step(server, &up, &down);
        if (status != SEC_I_CONTINUE_NEEDED) return status;
        status = party_step(client, &down, &up);
        if (status == SEC_E_OK && up.length > 0) {
            status = party_step(server, &up, &down);
        }
    }
    return status;
}

static inline void end_context(struct party *party)
{
    if (party->has_context) CHECK_STATUS(DeleteSecurityContext(&party->context), SEC_E_OK);
    party->has_context = 0;
    party->calls = 0;
}

static inline void end_party(struct party *party)
{
    end_context(party);
    CHECK_STATUS(FreeCredentialsHandle(&party->credential), SEC_E_OK);
}

/* Two sides that have come to know each other. */
struct pair {
    struct party client, server;
};

static inline void make_pair(struct pair *pair, ULONG request)
{
    pair->client = make_client(USER, DOMAIN, PASSWORD);
    pair->client.request = request;
    pair->server = make_server(USER, DOMAIN, PASSWORD);
    MUST_STATUS(handshake(&pair->client, &pair->server), SEC_E_OK);
}

static inline void end_pair(struct pair *pair)
{
    end_party(&pair->client);
    end_party(&pair->server);
}

/* Calls on messages of one signature and one text. */
static inline SECURITY_STATUS encrypt_one(CtxtHandle *context, void *signature, void *text,
                                          size_t length)
{
    SecBuffer buffers[2];
    SecBufferDesc desc = make_desc(buffers, 2);
    buffers[0] = make_buffer(SECBUFFER_TOKEN, signature, 16);
    buffers[1] = make_buffer(SECBUFFER_DATA, text, length);
    return EncryptMessage(context, 0, &desc, 0);
}

static inline SECURITY_STATUS decrypt_one(CtxtHandle *context, void *signature, void *text,
                                          size_t length)
{
    SecBuffer buffers[2];
    SecBufferDesc desc = make_desc(buffers, 2);
    buffers[0] = make_buffer(SECBUFFER_TOKEN, signature, 16);
    buffers[1] = make_buffer(SECBUFFER_DATA, text, length);
    return DecryptMessage(context, &desc, 0, NULL);
}

/* A sealed message goes over and arrives. */
static inline void exchange(CtxtHandle *from, CtxtHandle *to, const char *text)
{
    char data[256];
    unsigned char signature[16];
    size_t length = strlen(text);
    MUST(length < sizeof(data));
    memcpy(data, text, length);
    CHECK_STATUS(encrypt_one(from, signature, data, length), SEC_E_OK);
    CHECK(length == 0 || memcmp(data, text, length) != 0);
    CHECK_STATUS(decrypt_one(to, signature, data, length), SEC_E_OK);
    CHECK(memcmp(data, text, length) == 0);
}

static inline void exchange_both(struct pair *pair)
{
    exchange(&pair->client.context, &pair->server.context, "from the client to the server");
    exchange(&pair->server.context, &pair->client.context, "from the server to the client");
}

#endif
