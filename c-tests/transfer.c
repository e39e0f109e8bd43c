/* A context goes to another process through a pipe, and the messages go on there. */
#include "party.h"

#ifndef _WIN32
#include <sys/wait.h>
#include <unistd.h>

static void write_all(int file, const void *bytes, size_t length)
{
    while (length > 0) {
        ssize_t done = write(file, bytes, length);
        MUST(done > 0);
        bytes = (const char *)bytes + done;
        length -= (size_t)done;
    }
}

static void read_all(int file, void *bytes, size_t length)
{
    while (length > 0) {
        ssize_t done = read(file, bytes, length);
        MUST(done > 0);
        bytes = (char *)bytes + done;
        length -= (size_t)done;
    }
}

struct message {
    unsigned char signature[16];
    char text[32];
};

static void worker(int in, int out)
{
    static unsigned char blob[8192];
    ULONG length;
    SecBuffer packed;
    CtxtHandle context;
    SecPkgContext_NamesA names;
    struct message message;
    int round;
    read_all(in, &length, sizeof(length));
    MUST(length <= sizeof(blob));
    read_all(in, blob, length);
    packed = make_buffer(SECBUFFER_EMPTY, blob, length);
    MUST_STATUS(ImportSecurityContextA(ASTR("NTLM"), &packed, NULL, &context), SEC_E_OK);
    MUST_STATUS(QueryContextAttributesA(&context, SECPKG_ATTR_NAMES, &names), SEC_E_OK);
    CHECK(strcmp(names.sUserName, DOMAIN "\\" USER) == 0);
    CHECK_STATUS(FreeContextBuffer(names.sUserName), SEC_E_OK);
    for (round = 0; round < 10; round++) {
        read_all(in, &message, sizeof(message));
        MUST_STATUS(decrypt_one(&context, message.signature, message.text, 32), SEC_E_OK);
        CHECK(strcmp(message.text, "ping") == 0);
        memset(message.text, 0, 32);
        memcpy(message.text, "pong", 4);
        MUST_STATUS(encrypt_one(&context, message.signature, message.text, 32), SEC_E_OK);
        write_all(out, &message, sizeof(message));
    }
    CHECK_STATUS(DeleteSecurityContext(&context), SEC_E_OK);
}

/* The server's context, with some messages behind it, moves to a child. */
static void to_a_child(void)
{
    struct pair pair;
    struct message message;
    SecBuffer packed = make_buffer(SECBUFFER_EMPTY, NULL, 0);
    HANDLE token = FILLED(HANDLE);
    int down[2], up[2], status, round;
    pid_t child;
    MUST(pipe(down) == 0 && pipe(up) == 0);
    /* Before anything of the library is running: the child knows nothing but what it is told. */
    child = fork();
    MUST(child >= 0);
    if (child == 0) {
        close(down[1]);
        close(up[0]);
        worker(down[0], up[1]);
        exit(check_end());
    }
    close(down[0]);
    close(up[1]);
    make_pair(&pair, SIGNED_AND_SEALED);
    exchange_both(&pair);
    MUST_STATUS(ExportSecurityContext(&pair.server.context, SECPKG_CONTEXT_EXPORT_DELETE_OLD,
                                      &packed, &token),
                SEC_E_OK);
    CHECK(token == NULL && packed.cbBuffer > 0 && packed.pvBuffer != NULL);
    CHECK_STATUS(encrypt_one(&pair.server.context, message.signature, message.text, 32),
                 SEC_E_INVALID_HANDLE);
    write_all(down[1], &packed.cbBuffer, sizeof(packed.cbBuffer));
    write_all(down[1], packed.pvBuffer, packed.cbBuffer);
    CHECK_STATUS(FreeContextBuffer(packed.pvBuffer), SEC_E_OK);
    for (round = 0; round < 10; round++) {
        memset(message.text, 0, 32);
        memcpy(message.text, "ping", 4);
        CHECK_STATUS(encrypt_one(&pair.client.context, message.signature, message.text, 32),
                     SEC_E_OK);
        write_all(down[1], &message, sizeof(message));
        read_all(up[0], &message, sizeof(message));
        CHECK_STATUS(decrypt_one(&pair.client.context, message.signature, message.text, 32),
                     SEC_E_OK);
        CHECK(strcmp(message.text, "pong") == 0);
    }
    MUST(waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    close(down[1]);
    close(up[0]);
    end_pair(&pair);
}

/* Damaged, of another package, of nothing. */
static void refused(void)
{
    struct pair pair;
    SecBuffer packed = make_buffer(SECBUFFER_EMPTY, NULL, 0), cut;
    CtxtHandle context = make_handle(1, 2);
    make_pair(&pair, SIGNED_AND_SEALED);
    MUST_STATUS(ExportSecurityContext(&pair.client.context, 0, &packed, NULL), SEC_E_OK);
    cut = packed;
    for (cut.cbBuffer = 0; cut.cbBuffer < packed.cbBuffer; cut.cbBuffer++) {
        CHECK_STATUS(ImportSecurityContextA(ASTR("NTLM"), &cut, NULL, &context),
                     SEC_E_INVALID_TOKEN);
    }
    ((unsigned char *)packed.pvBuffer)[packed.cbBuffer / 2] ^= 1;
    CHECK_STATUS(ImportSecurityContextW(WSTR("NTLM"), &packed, NULL, &context),
                 SEC_E_INVALID_TOKEN);
    ((unsigned char *)packed.pvBuffer)[packed.cbBuffer / 2] ^= 1;
    CHECK_STATUS(ImportSecurityContextA(ASTR("Other"), &packed, NULL, &context),
                 SEC_E_SECPKG_NOT_FOUND);
    CHECK_STATUS(ImportSecurityContextA(NULL, &packed, NULL, &context), SEC_E_SECPKG_NOT_FOUND);
    CHECK_STATUS(ImportSecurityContextA(ASTR("NTLM"), NULL, NULL, &context),
                 SEC_E_INVALID_PARAMETER);
    CHECK_STATUS(ImportSecurityContextA(ASTR("NTLM"), &packed, NULL, NULL),
                 SEC_E_INVALID_PARAMETER);
    CHECK(context.dwLower == 1 && context.dwUpper == 2);
    CHECK_STATUS(ImportSecurityContextW(WSTR("NTLM"), &packed, NULL, &context), SEC_E_OK);
    CHECK(!same_handle(&context, &pair.client.context));
    exchange(&context, &pair.server.context, "from the copy");
    CHECK_STATUS(DeleteSecurityContext(&context), SEC_E_OK);
    CHECK_STATUS(FreeContextBuffer(packed.pvBuffer), SEC_E_OK);
    end_pair(&pair);
}

int main(void)
{
    to_a_child();
    refused();
    return check_end();
}
#else
int main(void)
{
    puts("pipes and children are Linux' here");
    return 0;
}
#endif
