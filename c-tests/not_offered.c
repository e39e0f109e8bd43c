/*
 * Functions that are exported and not offered: a bad handle is said first, outputs are cleared,
 * the answer is the documented one and the thread and the objects stay as they were.
 */
#define SECURITY_WIN32
#include <windows.h>

#include <ntsecapi.h>
#include <ntsecpkg.h>
#include <security.h>

#include <stdio.h>
#include <string.h>

static int failures;

#define CHECK(condition)                                                        \
    do {                                                                        \
        if (!(condition)) {                                                     \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
            failures++;                                                         \
        }                                                                       \
    } while (0)

#define FILLED ((void *)0x5A5A)

static CredHandle credential;
static CtxtHandle context;
static SecHandle nobody;

static void setup(void)
{
    SEC_WINNT_AUTH_IDENTITY_A alice;
    char token[2888];
    SecBuffer buffer = {sizeof(token), SECBUFFER_TOKEN, NULL};
    SecBufferDesc description = {SECBUFFER_VERSION, 1, NULL};
    ULONG flags;
    memset(&alice, 0, sizeof(alice));
    alice.User = (unsigned char *)"alice";
    alice.UserLength = 5;
    alice.Password = (unsigned char *)"secret";
    alice.PasswordLength = 6;
    alice.Flags = SEC_WINNT_AUTH_IDENTITY_ANSI;
    buffer.pvBuffer = token;
    description.pBuffers = &buffer;
    SecInvalidateHandle(&nobody);
    CHECK(AcquireCredentialsHandleA(NULL, (SEC_CHAR *)"NTLM", SECPKG_CRED_OUTBOUND, NULL, &alice,
                                    NULL, NULL, &credential, NULL) == SEC_E_OK);
    CHECK(InitializeSecurityContextA(&credential, NULL, NULL, 0, 0, 0, NULL, 0, &context,
                                     &description, &flags, NULL) == SEC_I_CONTINUE_NEEDED);
}

/* The same call with a good handle, with one that names nothing and with none. */
#define HANDLE_FIRST(good, call)                        \
    do {                                                \
        PSecHandle handle = (good);                     \
        CHECK((call) == SEC_E_UNSUPPORTED_FUNCTION);    \
        handle = &nobody;                               \
        CHECK((call) == SEC_E_INVALID_HANDLE);          \
        handle = NULL;                                  \
        CHECK((call) == SEC_E_INVALID_HANDLE);          \
    } while (0)

static void handles(void)
{
    SecBuffer buffer = {0, SECBUFFER_TOKEN, NULL};
    SecBufferDesc description = {SECBUFFER_VERSION, 1, NULL};
    ULONG number = 7;
    description.pBuffers = &buffer;

    HANDLE_FIRST(&context, ApplyControlToken(handle, &description));
    HANDLE_FIRST(&context, SetContextAttributesW(handle, 1, &number, sizeof(number)));
    HANDLE_FIRST(&context, SetContextAttributesA(handle, 1, &number, sizeof(number)));

    HANDLE_FIRST(&credential, SetCredentialsAttributesW(handle, 1, &number, sizeof(number)));
    HANDLE_FIRST(&credential, SetCredentialsAttributesA(handle, 1, &number, sizeof(number)));
    /* A handle of the other kind is a bad one. */
    CHECK(SetContextAttributesW(&credential, 1, &number, sizeof(number)) == SEC_E_INVALID_HANDLE);
}

static void packages(void)
{
    SECURITY_PACKAGE_OPTIONS options;
    WCHAR name[] = {'x', 0};
    char text[] = "x";
    char ntlm[] = "ntlm";
    memset(&options, 0, sizeof(options));
    options.Size = sizeof(options);
    CHECK(AddSecurityPackageW(name, &options) == SEC_E_UNSUPPORTED_FUNCTION);
    CHECK(AddSecurityPackageA(text, NULL) == SEC_E_UNSUPPORTED_FUNCTION);
    CHECK(DeleteSecurityPackageW(name) == SEC_E_UNSUPPORTED_FUNCTION);
    CHECK(DeleteSecurityPackageA(NULL) == SEC_E_UNSUPPORTED_FUNCTION);
    CHECK(SspiSetChannelBindingFlags(NULL, 1) == SEC_E_UNSUPPORTED_FUNCTION);
    CHECK(ChangeAccountPasswordA(text, text, text, text, text, 0, 0, NULL) ==
          SEC_E_SECPKG_NOT_FOUND);
    CHECK(ChangeAccountPasswordW(name, name, name, name, name, 0, 0, NULL) ==
          SEC_E_SECPKG_NOT_FOUND);
    CHECK(ChangeAccountPasswordA(ntlm, text, text, text, text, 0, 0, NULL) ==
          SEC_E_UNSUPPORTED_FUNCTION);
}

static void authority(void)
{
    ULONG number = 7;

    CHECK(LsaFreeReturnBuffer(NULL) == STATUS_SUCCESS);
    CHECK(LsaFreeReturnBuffer(&number) == STATUS_INVALID_PARAMETER);
}

int main(void)
{
    setup();
    handles();
    packages();
    authority();
    CHECK(DeleteSecurityContext(&context) == SEC_E_OK);
    CHECK(FreeCredentialsHandle(&credential) == SEC_E_OK);
    return failures == 0 ? 0 : 1;
}
