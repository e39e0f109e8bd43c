/* The benchmark of a library behind the Security Support Provider Interface. One source for two
 * builds: ours (our headers, libsecur32.so) and, with BENCH_WINPR, FreeRDP's WinPR. The library is
 * loaded at run time (SECUR32_BENCH_LIBRARY) and used through its function table. */
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

#define TOKEN_SIZE 4096
#define SIGNATURE_SIZE 16

struct pair {
    CtxtHandle client, server;
    ULONG sent, received;
};

struct message {
    size_t size;
    unsigned char signature[SIGNATURE_SIZE];
    unsigned char *data;
};

static SecurityFunctionTableW *table;
static CredHandle client_credential, server_credential;
static uint16_t package[] = { 'N', 'T', 'L', 'M', 0 };
static uint16_t target[] = { 'h', 'o', 's', 't', '/', 'b', 'e', 'n', 'c', 'h', 0 };

static void must(SECURITY_STATUS status, const char *what)
{
    if (status == SEC_E_UNSUPPORTED_FUNCTION)
        bench_not_offered();
    if (status != SEC_E_OK)
        bench_fail(what, (unsigned long)(uint32_t)status);
}

static uint16_t *wide(const char *text)
{
    size_t i, length = strlen(text);
    uint16_t *out = calloc(length + 1, sizeof(*out));
    for (i = 0; i < length; i++)
        out[i] = (unsigned char)text[i];
    return out;
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

static void setup(void)
{
    const char *name = getenv("SECUR32_BENCH_LIBRARY");
    void *library = dlopen(name ? name : LIBRARY, RTLD_NOW);
    PSecurityFunctionTableW (*init)(void);
    SEC_WINNT_AUTH_IDENTITY_W identity;
    TimeStamp expiry;

    if (!library)
        bench_fail(dlerror(), 0);
    *(void **)&init = dlsym(library, INTERFACE);
    table = init ? init() : NULL;
    if (!table)
        bench_fail("no function table", 0);
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

static void initialize(struct pair *pair, int first, SecBufferDesc *in, SecBufferDesc *out)
{
    ULONG wanted = ISC_REQ_CONFIDENTIALITY | ISC_REQ_INTEGRITY | ISC_REQ_REPLAY_DETECT |
                   ISC_REQ_SEQUENCE_DETECT;
    ULONG got;
    TimeStamp expiry;
    SECURITY_STATUS status = table->InitializeSecurityContextW(
        &client_credential, first ? NULL : &pair->client, (void *)target, wanted, 0,
        SECURITY_NATIVE_DREP, first ? NULL : in, 0, &pair->client, out, &got, &expiry);

    if (status == SEC_I_COMPLETE_NEEDED || status == SEC_I_COMPLETE_AND_CONTINUE) {
        must(table->CompleteAuthToken(&pair->client, out), "CompleteAuthToken, client");
        return;
    }
    if (status != (first ? SEC_I_CONTINUE_NEEDED : SEC_E_OK))
        bench_fail("InitializeSecurityContext", (unsigned long)(uint32_t)status);
}

static void accept_token(struct pair *pair, int first, SecBufferDesc *in, SecBufferDesc *out)
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
    if (status != (first ? SEC_I_CONTINUE_NEEDED : SEC_E_OK))
        bench_fail("AcceptSecurityContext", (unsigned long)(uint32_t)status);
}

static void *handshake(void)
{
    unsigned char bytes[3][TOKEN_SIZE];
    unsigned char none[TOKEN_SIZE];
    struct pair *pair = calloc(1, sizeof(*pair));
    SecBuffer negotiate, challenge, authenticate, last;
    SecBufferDesc list[4];

    token(&negotiate, &list[0], bytes[0], TOKEN_SIZE);
    token(&challenge, &list[1], bytes[1], TOKEN_SIZE);
    token(&authenticate, &list[2], bytes[2], TOKEN_SIZE);
    token(&last, &list[3], none, TOKEN_SIZE);
    initialize(pair, 1, NULL, &list[0]);
    accept_token(pair, 1, &list[0], &list[1]);
    account_attach(&pair->server);
    initialize(pair, 0, &list[1], &list[2]);
    accept_token(pair, 0, &list[2], &list[3]);
    return pair;
}

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

static void buffers(struct message *message, SecBuffer parts[2], SecBufferDesc *list)
{
    parts[0].BufferType = SECBUFFER_DATA;
    parts[0].cbBuffer = (ULONG)message->size;
    parts[0].pvBuffer = message->data;
    parts[1].BufferType = SECBUFFER_TOKEN;
    parts[1].cbBuffer = SIGNATURE_SIZE;
    parts[1].pvBuffer = message->signature;
    list->ulVersion = SECBUFFER_VERSION;
    list->cBuffers = 2;
    list->pBuffers = parts;
}

static void protect(void *argument, void *batch, unsigned index, int seal)
{
    struct pair *pair = argument;
    SecBuffer parts[2];
    SecBufferDesc list;
    SECURITY_STATUS status;

    buffers((struct message *)batch + index, parts, &list);
    status = seal ? table->EncryptMessage(&pair->client, 0, &list, pair->sent++)
                  : table->MakeSignature(&pair->client, 0, &list, pair->sent++);
    must(status, seal ? "EncryptMessage" : "MakeSignature");
}

static void open_message(void *argument, void *batch, unsigned index, int seal)
{
    struct pair *pair = argument;
    SecBuffer parts[2];
    SecBufferDesc list;
    SECURITY_STATUS status;
    ULONG qop;

    buffers((struct message *)batch + index, parts, &list);
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

const struct peer bench_peer = {
    setup, handshake, delete_pair, new_batch, protect, open_message, NULL, NULL, check,
};
