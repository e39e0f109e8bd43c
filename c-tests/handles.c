/* Handles: zero, all ones, stale, foreign, of the other kind; deleted twice; credentials that go
 * before their contexts; memory that is freed by the wrong hands. */
#include "party.h"

static struct pair pair;

/* Handles that are no context; the last two are of credentials, alive and freed. */
#define NONE 7
static SecHandle none[NONE];

static void collect(void)
{
    struct party dead = make_client(USER, DOMAIN, PASSWORD);
    struct token token;
    none[0] = make_handle(0, 0);
    SecInvalidateHandle(&none[1]);
    none[2] = make_handle(0x12345678, 0x9ABCDEF0);
    MUST_STATUS(party_step(&dead, NULL, &token), SEC_I_CONTINUE_NEEDED);
    none[3] = dead.context;
    none[4] = make_handle(dead.context.dwUpper, dead.context.dwLower);
    none[5] = pair.client.credential;
    none[6] = dead.credential;
    end_party(&dead);
}

static void no_context(SecHandle *handle)
{
    unsigned char signature[16];
    char text[4] = "abc";
    SecBuffer packed = make_buffer(SECBUFFER_EMPTY, NULL, 0);
    SecBuffer buffers[2];
    SecBufferDesc desc = make_desc(buffers, 2);
    SecPkgContext_Sizes sizes;
    HANDLE token;
    buffers[0] = make_buffer(SECBUFFER_TOKEN, signature, 16);
    buffers[1] = make_buffer(SECBUFFER_DATA, text, 3);
    CHECK_STATUS(EncryptMessage(handle, 0, &desc, 0), SEC_E_INVALID_HANDLE);
    CHECK_STATUS(DecryptMessage(handle, &desc, 0, NULL), SEC_E_INVALID_HANDLE);
    CHECK_STATUS(MakeSignature(handle, 0, &desc, 0), SEC_E_INVALID_HANDLE);
    CHECK_STATUS(VerifySignature(handle, &desc, 0, NULL), SEC_E_INVALID_HANDLE);
    CHECK_STATUS(QueryContextAttributesA(handle, SECPKG_ATTR_SIZES, &sizes), SEC_E_INVALID_HANDLE);
    CHECK_STATUS(QueryContextAttributesW(handle, SECPKG_ATTR_SIZES, &sizes), SEC_E_INVALID_HANDLE);
    CHECK_STATUS(CompleteAuthToken(handle, &desc), SEC_E_INVALID_HANDLE);
    CHECK_STATUS(ApplyControlToken(handle, &desc), SEC_E_INVALID_HANDLE);
    CHECK_STATUS(ImpersonateSecurityContext(handle), SEC_E_INVALID_HANDLE);
    CHECK_STATUS(RevertSecurityContext(handle), SEC_E_INVALID_HANDLE);
    CHECK_STATUS(QuerySecurityContextToken(handle, &token), SEC_E_INVALID_HANDLE);
    CHECK_STATUS(ExportSecurityContext(handle, 0, &packed, NULL), SEC_E_INVALID_HANDLE);
    CHECK_STATUS(SetContextAttributesW(handle, 1, text, 3), SEC_E_INVALID_HANDLE);
    CHECK(memcmp(text, "abc", 4) == 0);
}

static void no_step(SecHandle *handle)
{
    struct token token;
    SecBuffer output = make_buffer(SECBUFFER_TOKEN, token.bytes, sizeof(token.bytes));
    SecBufferDesc desc = make_desc(&output, 1);
    CtxtHandle other = make_handle(1, 2);
    ULONG flags;
    CHECK_STATUS(InitializeSecurityContextA(&pair.client.credential, handle, NULL, 0, 0, 0, NULL, 0,
                                            &other, &desc, &flags, NULL),
                 SEC_E_INVALID_HANDLE);
    CHECK_STATUS(AcceptSecurityContext(&pair.server.credential, handle, &desc, 0, 0, &other, &desc,
                                       &flags, NULL),
                 SEC_E_INVALID_HANDLE);
    CHECK(other.dwLower == 1 && other.dwUpper == 2);
}

static void no_credential(SecHandle *handle)
{
    struct token token;
    SecBuffer output = make_buffer(SECBUFFER_TOKEN, token.bytes, sizeof(token.bytes));
    SecBufferDesc desc = make_desc(&output, 1);
    CtxtHandle other = make_handle(1, 2);
    SecPkgCredentials_NamesA names;
    ULONG flags;
    CHECK_STATUS(InitializeSecurityContextA(handle, NULL, NULL, 0, 0, 0, NULL, 0, &other, &desc,
                                            &flags, NULL),
                 SEC_E_INVALID_HANDLE);
    CHECK_STATUS(AcceptSecurityContext(handle, NULL, &desc, 0, 0, &other, &desc, &flags, NULL),
                 SEC_E_INVALID_HANDLE);
    CHECK_STATUS(QueryCredentialsAttributesA(handle, SECPKG_CRED_ATTR_NAMES, &names),
                 SEC_E_INVALID_HANDLE);
    CHECK_STATUS(SetCredentialsAttributesW(handle, 1, &names, sizeof(names)), SEC_E_INVALID_HANDLE);
    CHECK_STATUS(AddCredentialsW(handle, NULL, WSTR("NTLM"), SECPKG_CRED_OUTBOUND, NULL, NULL, NULL,
                                 NULL),
                 SEC_E_INVALID_HANDLE);
    CHECK_STATUS(FreeCredentialsHandle(handle), SEC_E_INVALID_HANDLE);
    CHECK(other.dwLower == 1 && other.dwUpper == 2);
}

static void wrong_ones(void)
{
    int index;
    collect();
    for (index = 0; index < NONE; index++) {
        no_context(&none[index]);
        no_step(&none[index]);
    }
    no_context(NULL);
    none[5] = pair.client.context;
    none[3] = pair.server.context;
    for (index = 0; index < NONE; index++) no_credential(&none[index]);
    no_credential(NULL);
    /* Whoever is alive does not mind. */
    exchange_both(&pair);
}

static void macros(void)
{
    SecHandle handle = make_handle(0, 0);
    CHECK(SecIsValidHandle(&handle));
    SecInvalidateHandle(&handle);
    CHECK(!SecIsValidHandle(&handle));
    CHECK(handle.dwLower == (ULONG_PTR)-1 && handle.dwUpper == (ULONG_PTR)-1);
    CHECK(SecIsValidHandle(&pair.client.context));
}

static void deletion(void)
{
    struct party client = make_client(USER, DOMAIN, PASSWORD);
    struct token token;
    CtxtHandle old;
    SecHandle handle;
    int round;
    MUST_STATUS(party_step(&client, NULL, &token), SEC_I_CONTINUE_NEEDED);
    old = client.context;
    CHECK_STATUS(DeleteSecurityContext(&client.context), SEC_E_OK);
    /* What is deleted stays so, whoever has the slot now. */
    for (round = 0; round < 1000; round++) {
        client.has_context = 0;
        MUST_STATUS(party_step(&client, NULL, &token), SEC_I_CONTINUE_NEEDED);
        CHECK(!same_handle(&old, &client.context));
        CHECK_STATUS(DeleteSecurityContext(&old), SEC_E_OK);
        CHECK_STATUS(DeleteSecurityContext(&client.context), SEC_E_OK);
    }
    client.has_context = 0;
    handle = client.credential;
    end_party(&client);
    CHECK_STATUS(FreeCredentialsHandle(&handle), SEC_E_INVALID_HANDLE);
    handle = make_handle(0, 0);
    CHECK_STATUS(DeleteSecurityContext(&handle), SEC_E_INVALID_HANDLE);
    SecInvalidateHandle(&handle);
    CHECK_STATUS(DeleteSecurityContext(&handle), SEC_E_INVALID_HANDLE);
    handle = make_handle(0x12345678, 0x9ABCDEF0);
    CHECK_STATUS(DeleteSecurityContext(&handle), SEC_E_INVALID_HANDLE);
    handle = pair.client.credential;
    CHECK_STATUS(DeleteSecurityContext(&handle), SEC_E_INVALID_HANDLE);
    CHECK_STATUS(DeleteSecurityContext(NULL), SEC_E_INVALID_HANDLE);
}

static void credential_first(void)
{
    struct pair early;
    struct party half = make_client(USER, DOMAIN, PASSWORD);
    struct token up, down;
    make_pair(&early, SIGNED_AND_SEALED);
    CHECK_STATUS(FreeCredentialsHandle(&early.client.credential), SEC_E_OK);
    CHECK_STATUS(FreeCredentialsHandle(&early.server.credential), SEC_E_OK);
    exchange_both(&early);
    end_context(&early.client);
    end_context(&early.server);

    /* A handshake that passes the freed credential learns it, and goes on without it. */
    early.server = make_server(USER, DOMAIN, PASSWORD);
    MUST_STATUS(party_step(&half, NULL, &up), SEC_I_CONTINUE_NEEDED);
    MUST_STATUS(party_step(&early.server, &up, &down), SEC_I_CONTINUE_NEEDED);
    CHECK_STATUS(FreeCredentialsHandle(&half.credential), SEC_E_OK);
    CHECK_STATUS(party_step(&half, &down, &up), SEC_E_INVALID_HANDLE);
    half.no_credential = 1;
    CHECK_STATUS(party_step(&half, &down, &up), SEC_E_OK);
    CHECK_STATUS(party_step(&early.server, &up, &down), SEC_E_OK);
    exchange(&half.context, &early.server.context, "without a credential");
    end_context(&half);
    end_party(&early.server);
}

/* Copies of a handle are as good as the handle. */
static void copies(void)
{
    CtxtHandle copy = pair.client.context;
    exchange(&copy, &pair.server.context, "through a copy");
    CHECK(same_handle(&copy, &pair.client.context));
}

static void memory(void)
{
    struct party client = make_client(USER, DOMAIN, PASSWORD);
    SecBuffer output = make_buffer(SECBUFFER_TOKEN, NULL, 0);
    SecBufferDesc desc = make_desc(&output, 1);
    SecPkgInfoA on_the_stack;
    void *foreign = malloc(32);
    client.allocate = 1;
    MUST_STATUS(party_call(&client, &client.context, NULL, &desc), SEC_I_CONTINUE_NEEDED);
    client.has_context = 1;
    MUST(foreign != NULL);
    CHECK_STATUS(FreeContextBuffer(NULL), SEC_E_OK);
    CHECK_STATUS(FreeContextBuffer(&on_the_stack), SEC_E_INVALID_HANDLE);
    CHECK_STATUS(FreeContextBuffer(foreign), SEC_E_INVALID_HANDLE);
    CHECK_STATUS(FreeContextBuffer((char *)output.pvBuffer + 1), SEC_E_INVALID_HANDLE);
    CHECK_STATUS(FreeContextBuffer((void *)(ULONG_PTR)8), SEC_E_INVALID_HANDLE);
    /* A token outlives its context. */
    end_party(&client);
    CHECK(memcmp(output.pvBuffer, "NTLMSSP", 8) == 0);
    CHECK_STATUS(FreeContextBuffer(output.pvBuffer), SEC_E_OK);
    CHECK_STATUS(FreeContextBuffer(output.pvBuffer), SEC_E_INVALID_HANDLE);
    free(foreign);
}

int main(void)
{
    make_pair(&pair, SIGNED_AND_SEALED);
    macros();
    wrong_ones();
    deletion();
    credential_first();
    copies();
    memory();
    end_pair(&pair);
    return check_end();
}
