/* The benchmark of a library behind the Security Support Provider Interface. One source for three
 * builds: ours (our headers, libsecur32.so) with NTLM and, with BENCH_KERBEROS, with Kerberos; and,
 * with BENCH_WINPR, FreeRDP's WinPR. The library is loaded at run time (SECUR32_BENCH_LIBRARY) and
 * used through its function table. BENCH_NEGOTIATE lets the two sides negotiate the mechanism. */
#ifdef BENCH_WINPR
#include <winpr/ntlm.h>
#include <winpr/sspi.h>
#define INTERFACE "InitSecurityInterfaceW"
#define LIBRARY "libwinpr2.so.2"
#else
#define SECURITY_WIN32
#include <windows.h>
#include <sspi.h>
#define INTERFACE "InitSecurityInterfaceW"
#define LIBRARY "libsecur32.so.0"
#endif

#include "bench.h"

#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#ifdef BENCH_KERBEROS
#define MUTUAL ISC_REQ_MUTUAL_AUTH
#else
#define MUTUAL 0
#endif
#define TOKEN_SIZE 4352
#define SIGNATURE_ROOM 128

struct pair {
    CtxtHandle client, server;
    ULONG sent, received;
};

struct message {
    size_t size;
    ULONG used, padded;
    unsigned char signature[SIGNATURE_ROOM], padding[8];
    unsigned char *data;
};

/* What messages need beside their data: NTLM's. */
static ULONG signature_size = 16, trailer_size = 16, block_size = 0;

static SecurityFunctionTableW *table;
static CredHandle client_credential, server_credential;
static uint16_t *package, *target;

static void must(SECURITY_STATUS status, const char *what)
{
    if (status == SEC_E_UNSUPPORTED_FUNCTION)
        bench_not_offered();
    if (status != SEC_E_OK)
        bench_fail(what, (unsigned long)(uint32_t)status);
}

/* The package that is asked for: the mechanism itself, or Negotiate. */
static const char *package_name(const char *mechanism)
{
    return getenv("BENCH_NEGOTIATE") ? "Negotiate" : mechanism;
}

static uint16_t *wide(const char *text)
{
    size_t i, length = strlen(text);
    uint16_t *out = calloc(length + 1, sizeof(*out));
    for (i = 0; i < length; i++)
        out[i] = (unsigned char)text[i];
    return out;
}

#ifdef BENCH_KERBEROS
/* The ticket is in the user's cache, the service's key in the keytab. */
static void credentials(void)
{
    TimeStamp expiry;

    if (!getenv("BENCH_SERVICE"))
        bench_fail("BENCH_SERVICE names no service", 0);
    package = wide(package_name("Kerberos"));
    target = wide(getenv("BENCH_SERVICE"));
    must(table->AcquireCredentialsHandleW(NULL, (void *)package, SECPKG_CRED_OUTBOUND, NULL, NULL,
                                          NULL, NULL, &client_credential, &expiry),
         "AcquireCredentialsHandle, client");
    must(table->AcquireCredentialsHandleW(NULL, (void *)package, SECPKG_CRED_INBOUND, NULL, NULL,
                                          NULL, NULL, &server_credential, &expiry),
         "AcquireCredentialsHandle, server");
}

static void account_attach(CtxtHandle *server)
{
    (void)server;
}
#else
static void account_setup(void);

static void credentials(void)
{
    SEC_WINNT_AUTH_IDENTITY_W identity;
    TimeStamp expiry;

    package = wide(package_name("NTLM"));
    target = wide("host/bench");
    memset(&identity, 0, sizeof(identity));
    identity.User = (void *)wide(BENCH_USER);
    identity.UserLength = (ULONG)strlen(BENCH_USER);
    identity.Domain = (void *)wide(BENCH_DOMAIN);
    identity.DomainLength = (ULONG)strlen(BENCH_DOMAIN);
    identity.Password = (void *)wide(BENCH_PASSWORD);
    identity.PasswordLength = (ULONG)strlen(BENCH_PASSWORD);
    identity.Flags = SEC_WINNT_AUTH_IDENTITY_UNICODE;
    must(table->AcquireCredentialsHandleW(NULL, (void *)package, SECPKG_CRED_OUTBOUND, NULL,
                                          &identity, NULL, NULL, &client_credential, &expiry),
         "AcquireCredentialsHandle, client");
    must(table->AcquireCredentialsHandleW(NULL, (void *)package, SECPKG_CRED_INBOUND, NULL, NULL,
                                          NULL, NULL, &server_credential, &expiry),
         "AcquireCredentialsHandle, server");
    account_setup();
}

#ifdef BENCH_WINPR
/* How WinPR's server learns a secret: its owner sets the account's NT hash on the context, between
 * the two tokens. The hash is at hand, as a server with an account database has it. */
static SecPkgContext_AuthNtlmHash account = { 1, { 0 } };

static void account_setup(void)
{
    if (!NTOWFv1W((LPWSTR)wide(BENCH_PASSWORD), (UINT32)strlen(BENCH_PASSWORD) * 2,
                  account.NtlmHash))
        bench_fail("NTOWFv1W", 0);
}

static void account_attach(CtxtHandle *server)
{
    must(table->SetContextAttributesW(server, SECPKG_ATTR_AUTH_NTLM_HASH, &account,
                                      sizeof(account)),
         "SetContextAttributes");
}
#else
/* Our server finds the account in the file that NTLM_USER_FILE names. */
static void account_setup(void)
{
    if (!getenv("NTLM_USER_FILE"))
        bench_fail("NTLM_USER_FILE names no accounts", 0);
}

static void account_attach(CtxtHandle *server)
{
    (void)server;
}
#endif
#endif

/* A token buffer of its own for every message: WinPR keeps no copy, but a caller might. */
static void token(SecBuffer *buffer, SecBufferDesc *list, unsigned char *bytes, ULONG size)
{
    buffer->BufferType = SECBUFFER_TOKEN;
    buffer->cbBuffer = size;
    buffer->pvBuffer = bytes;
    list->ulVersion = SECBUFFER_VERSION;
    list->cBuffers = 1;
    list->pBuffers = buffer;
}

/* One call of the client; whether another token of the server is awaited. */
static int initialize(struct pair *pair, int first, SecBufferDesc *in, SecBufferDesc *out)
{
    ULONG wanted = ISC_REQ_CONFIDENTIALITY | ISC_REQ_INTEGRITY | ISC_REQ_REPLAY_DETECT |
                   ISC_REQ_SEQUENCE_DETECT | MUTUAL;
    ULONG got;
    TimeStamp expiry;
    SECURITY_STATUS status = table->InitializeSecurityContextW(
        &client_credential, first ? NULL : &pair->client, (void *)target, wanted, 0,
        SECURITY_NATIVE_DREP, first ? NULL : in, 0, &pair->client, out, &got, &expiry);

    if (status == SEC_I_COMPLETE_NEEDED || status == SEC_I_COMPLETE_AND_CONTINUE) {
        must(table->CompleteAuthToken(&pair->client, out), "CompleteAuthToken, client");
        return status == SEC_I_COMPLETE_AND_CONTINUE;
    }
    if (status != SEC_I_CONTINUE_NEEDED && status != SEC_E_OK)
        bench_fail("InitializeSecurityContext", (unsigned long)(uint32_t)status);
    return status == SEC_I_CONTINUE_NEEDED;
}

/* The same of the server. */
static int accept_token(struct pair *pair, int first, SecBufferDesc *in, SecBufferDesc *out)
{
    ULONG wanted = ASC_REQ_CONFIDENTIALITY | ASC_REQ_INTEGRITY | ASC_REQ_REPLAY_DETECT |
                   ASC_REQ_SEQUENCE_DETECT;
    ULONG got;
    TimeStamp expiry;
    SECURITY_STATUS status = table->AcceptSecurityContext(
        &server_credential, first ? NULL : &pair->server, in, wanted, SECURITY_NATIVE_DREP,
        &pair->server, out, &got, &expiry);

    if (status == SEC_I_COMPLETE_NEEDED)
        status = table->CompleteAuthToken(&pair->server, out);
    if (status != SEC_I_CONTINUE_NEEDED && status != SEC_E_OK)
        bench_fail("AcceptSecurityContext", (unsigned long)(uint32_t)status);
    return status == SEC_I_CONTINUE_NEEDED;
}

/* One side after the other, until both have what they want. */
static void *handshake(void)
{
    unsigned char bytes[2][TOKEN_SIZE];
    struct pair *pair = calloc(1, sizeof(*pair));
    SecBuffer request, reply;
    SecBufferDesc list[2];
    int first = 1, client_waits, server_waits = 1;

    for (;;) {
        token(&request, &list[0], bytes[0], TOKEN_SIZE);
        client_waits = initialize(pair, first, &list[1], &list[0]);
        if (!client_waits && !server_waits)
            return pair;
        token(&reply, &list[1], bytes[1], TOKEN_SIZE);
        server_waits = accept_token(pair, first, &list[0], &list[1]);
        if (first)
            account_attach(&pair->server);
        if (!client_waits && !server_waits)
            return pair;
        first = 0;
    }
}

#ifdef BENCH_KERBEROS
/* The room for tokens is asked of a context. */
static void query_sizes(CtxtHandle *context)
{
    SecPkgContext_Sizes sizes;

    must(table->QueryContextAttributesW(context, SECPKG_ATTR_SIZES, &sizes), "SIZES");
    if (sizes.cbMaxSignature > SIGNATURE_ROOM || sizes.cbSecurityTrailer > SIGNATURE_ROOM ||
        sizes.cbBlockSize > sizeof(((struct message *)0)->padding))
        bench_fail("no room for a trailer", sizes.cbSecurityTrailer);
    signature_size = sizes.cbMaxSignature;
    trailer_size = sizes.cbSecurityTrailer;
    block_size = sizes.cbBlockSize;
}

#endif

static void delete_pair(void *argument)
{
    struct pair *pair = argument;
    must(table->DeleteSecurityContext(&pair->client), "DeleteSecurityContext, client");
    must(table->DeleteSecurityContext(&pair->server), "DeleteSecurityContext, server");
    free(pair);
}

static void *new_batch(size_t size, unsigned count)
{
    struct message *batch = calloc(count, sizeof(*batch));
    unsigned i;
    size_t at;

    for (i = 0; i < count; i++) {
        batch[i].size = size;
        batch[i].data = malloc(size);
        for (at = 0; at < size; at++)
            batch[i].data[at] = bench_byte(i, at);
    }
    return batch;
}

static void buffers(struct message *message, ULONG used, ULONG padded, SecBuffer parts[3],
                    SecBufferDesc *list)
{
    parts[0].BufferType = SECBUFFER_DATA;
    parts[0].cbBuffer = (ULONG)message->size;
    parts[0].pvBuffer = message->data;
    parts[1].BufferType = SECBUFFER_TOKEN;
    parts[1].cbBuffer = used;
    parts[1].pvBuffer = message->signature;
    parts[2].BufferType = SECBUFFER_PADDING;
    parts[2].cbBuffer = padded;
    parts[2].pvBuffer = message->padding;
    list->ulVersion = SECBUFFER_VERSION;
    list->cBuffers = padded ? 3 : 2;
    list->pBuffers = parts;
}

static void protect(void *argument, void *batch, unsigned index, int seal)
{
    struct pair *pair = argument;
    struct message *message = (struct message *)batch + index;
    SecBuffer parts[3];
    SecBufferDesc list;
    SECURITY_STATUS status;

    buffers(message, seal ? trailer_size : signature_size, seal ? block_size : 0, parts, &list);
    status = seal ? table->EncryptMessage(&pair->client, 0, &list, pair->sent++)
                  : table->MakeSignature(&pair->client, 0, &list, pair->sent++);
    must(status, seal ? "EncryptMessage" : "MakeSignature");
    message->used = parts[1].cbBuffer;
    message->padded = seal ? parts[2].cbBuffer : 0;
}

static void open_message(void *argument, void *batch, unsigned index, int seal)
{
    struct pair *pair = argument;
    struct message *message = (struct message *)batch + index;
    SecBuffer parts[3];
    SecBufferDesc list;
    SECURITY_STATUS status;
    ULONG qop;

    buffers(message, message->used, message->padded, parts, &list);
    status = seal ? table->DecryptMessage(&pair->server, &list, pair->received++, &qop)
                  : table->VerifySignature(&pair->server, &list, pair->received++, &qop);
    must(status, seal ? "DecryptMessage" : "VerifySignature");
}

static void check(void *pair, void *batch, unsigned index, int seal)
{
    struct message *message = (struct message *)batch + index;

    (void)pair, (void)seal;
    if (message->data[0] != bench_byte(index, 0) ||
        message->data[message->size - 1] != bench_byte(index, message->size - 1))
        bench_fail("a message came out as another", index);
}

static void setup(void)
{
    const char *name = getenv("SECUR32_BENCH_LIBRARY");
    void *library = dlopen(name ? name : LIBRARY, RTLD_NOW);
    PSecurityFunctionTableW (*init)(void);

    if (!library)
        bench_fail(dlerror(), 0);
    *(void **)&init = dlsym(library, INTERFACE);
    table = init ? init() : NULL;
    if (!table)
        bench_fail("no function table", 0);
    credentials();
#ifdef BENCH_KERBEROS
    {
        struct pair *pair = handshake();
        query_sizes(&pair->client);
        delete_pair(pair);
    }
#endif
}

const struct peer bench_peer = {
    setup, handshake, delete_pair, new_batch, protect, open_message, NULL, NULL, check,
};
