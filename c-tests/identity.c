/*
 * Authentication identities as a C program uses them: made, taken apart, carried, encrypted,
 * compared, and handed over as a structure of one's own. Prints facts, one a line; ends with 1 at
 * the first thing that is not as documented.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <windows.h>
#ifndef SECURITY_WIN32
#define SECURITY_WIN32
#endif
#include <sspi.h>
#include <wincred.h>

#ifndef _WIN32
#include <secur32_identity.h>
#endif

#define CHECK(condition)                                                             \
    do {                                                                             \
        if (!(condition)) {                                                          \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);          \
            exit(1);                                                                 \
        }                                                                            \
    } while (0)

/* No wide literals: wchar_t has 32 bits on Linux, unless -fshort-wchar says otherwise. */
static const WCHAR *wide(const char *text, WCHAR *buffer)
{
    size_t i = 0;
    do {
        buffer[i] = (WCHAR)(unsigned char)text[i];
    } while (text[i++] != 0);
    return buffer;
}

static int same(const WCHAR *units, const char *text)
{
    size_t i = 0;
    if (units == NULL) return 0;
    while (text[i] != 0 && units[i] == (WCHAR)(unsigned char)text[i]) i++;
    return text[i] == 0 && units[i] == 0;
}

static PSEC_WINNT_AUTH_IDENTITY_OPAQUE encode(const char *user, const char *domain,
                                              const char *password)
{
    WCHAR u[64], d[64], p[64];
    PSEC_WINNT_AUTH_IDENTITY_OPAQUE id = NULL;
    SECURITY_STATUS status = SspiEncodeStringsAsAuthIdentity(
        user ? wide(user, u) : NULL, domain ? wide(domain, d) : NULL,
        password ? wide(password, p) : NULL, &id);
    CHECK(status == SEC_E_OK);
    CHECK(id != NULL);
    return id;
}

static void strings_of(PSEC_WINNT_AUTH_IDENTITY_OPAQUE id, const char *user, const char *domain,
                       const char *password)
{
    PCWSTR u = NULL, d = NULL, p = NULL;
    CHECK(SspiEncodeAuthIdentityAsStrings(id, &u, &d, &p) == SEC_E_OK);
    CHECK(user ? same(u, user) : u == NULL);
    CHECK(domain ? same(d, domain) : d == NULL);
    CHECK(password ? same(p, password) : p == NULL);
    SspiLocalFree((void *)u);
    SspiLocalFree((void *)d);
    SspiLocalFree((void *)p);
}

static void encoded(void)
{
    PSEC_WINNT_AUTH_IDENTITY_OPAQUE id = encode("user", "domain", "password");
    SEC_WINNT_AUTH_IDENTITY_EXW *ex = (SEC_WINNT_AUTH_IDENTITY_EXW *)id;
    PSEC_WINNT_AUTH_IDENTITY_OPAQUE nothing = NULL;
    CHECK(ex->Version == SEC_WINNT_AUTH_IDENTITY_VERSION);
    CHECK(ex->Length == sizeof(*ex));
    CHECK(ex->Flags == (SEC_WINNT_AUTH_IDENTITY_UNICODE | SEC_WINNT_AUTH_IDENTITY_MARSHALLED));
    CHECK((char *)ex->User == (char *)(ex + 1) && ex->UserLength == 4);
    CHECK((char *)ex->Domain == (char *)(ex + 1) + 8 && ex->DomainLength == 6);
    CHECK((char *)ex->Password == (char *)(ex + 1) + 20 && ex->PasswordLength == 8);
    CHECK(ex->PackageList == NULL && ex->PackageListLength == 0);
    printf("encoded: version %#lx, length %lu, flags %#lx\n", (unsigned long)ex->Version,
           (unsigned long)ex->Length, (unsigned long)ex->Flags);
    strings_of(id, "user", "domain", "password");
    SspiZeroAuthIdentity(id);
    strings_of(id, "user", "domain", "");
    SspiFreeAuthIdentity(id);
    SspiFreeAuthIdentity(NULL);
    SspiLocalFree(NULL);

    id = encode("user", NULL, "password");
    strings_of(id, "user", NULL, "password");
    SspiFreeAuthIdentity(id);
    CHECK(SspiEncodeStringsAsAuthIdentity(NULL, NULL, NULL, &nothing) == SEC_E_INVALID_TOKEN);
    CHECK(nothing == NULL);
    printf("encoded: three NULLs are refused\n");
}

static void marshalled(void)
{
    PSEC_WINNT_AUTH_IDENTITY_OPAQUE id = encode("user", "domain", "password"), back = NULL;
    BOOLEAN user = FALSE, identity = FALSE;
    unsigned char *bytes = NULL;
    ULONG words[11], length = 0, cut;
    CHECK(SspiMarshalAuthIdentity(id, &length, (char **)&bytes) == SEC_E_OK);
    CHECK(length == sizeof(words) + 36 + 4);
    memcpy(words, bytes, sizeof(words));
    CHECK(words[0] == SEC_WINNT_AUTH_IDENTITY_VERSION && words[1] == sizeof(words));
    CHECK(words[2] == 44 && words[3] == 4 && words[4] == 52 && words[5] == 6);
    CHECK(words[6] == 64 && words[7] == 8 && words[9] == 0 && words[10] == 0);
    printf("marshalled: %lu bytes\n", (unsigned long)length);
    CHECK(SspiUnmarshalAuthIdentity(length, (char *)bytes, &back) == SEC_E_OK);
    CHECK(SspiCompareAuthIdentities(id, back, &user, &identity) == SEC_E_OK);
    CHECK(user == TRUE && identity == TRUE);
    SspiFreeAuthIdentity(back);
    for (cut = 0; cut < length - 4; cut++) {
        back = NULL;
        CHECK(SspiUnmarshalAuthIdentity(cut, (char *)bytes, &back) == SEC_E_INVALID_TOKEN);
        CHECK(back == NULL);
    }
    printf("marshalled: every truncation is refused\n");
    SspiLocalFree(bytes);
    SspiFreeAuthIdentity(id);
}

static void compared(void)
{
    PSEC_WINNT_AUTH_IDENTITY_OPAQUE a = encode("Alice", "EX", "pw");
    PSEC_WINNT_AUTH_IDENTITY_OPAQUE b = encode("ALICE", "ex", "other");
    PSEC_WINNT_AUTH_IDENTITY_OPAQUE c = NULL;
    BOOLEAN user = FALSE, identity = TRUE;
    CHECK(SspiCompareAuthIdentities(a, b, &user, &identity) == SEC_E_OK);
    CHECK(user == TRUE && identity == FALSE);
    CHECK(SspiCopyAuthIdentity(a, &c) == SEC_E_OK);
    CHECK(SspiCompareAuthIdentities(a, c, &user, &identity) == SEC_E_OK);
    CHECK(user == TRUE && identity == TRUE);
    CHECK(SspiValidateAuthIdentity(c) == SEC_E_OK);
    CHECK(SspiValidateAuthIdentity(NULL) != SEC_E_OK);
    printf("compared: the case of names does not matter, the password does\n");
    SspiFreeAuthIdentity(a);
    SspiFreeAuthIdentity(b);
    SspiFreeAuthIdentity(c);
}

static void encrypted(void)
{
    PSEC_WINNT_AUTH_IDENTITY_OPAQUE id = encode("user", "domain", "password");
    PCWSTR u = NULL, d = NULL, p = NULL;
    CHECK(SspiIsAuthIdentityEncrypted(id) == FALSE);
    CHECK(SspiEncryptAuthIdentity(id) == SEC_E_OK);
    CHECK(SspiIsAuthIdentityEncrypted(id) == TRUE);
    CHECK(SspiEncodeAuthIdentityAsStrings(id, &u, &d, &p) != SEC_E_OK);
    CHECK(u == NULL && d == NULL && p == NULL);
    CHECK(SspiDecryptAuthIdentity(id) == SEC_E_OK);
    CHECK(SspiIsAuthIdentityEncrypted(id) == FALSE);
    strings_of(id, "user", "domain", "password");
    SspiFreeAuthIdentity(id);
    printf("encrypted: hidden, and back\n");
}

static void excluded(void)
{
    PSEC_WINNT_AUTH_IDENTITY_OPAQUE id = encode("user", NULL, "pw"), less = NULL;
    SEC_WINNT_AUTH_IDENTITY_EXW *ex;
    WCHAR name[16];
    CHECK(SspiExcludePackage(id, wide("NTLM", name), &less) == SEC_E_OK);
    ex = (SEC_WINNT_AUTH_IDENTITY_EXW *)less;
    CHECK(ex->PackageListLength == 5 && ex->PackageList[0] == '!' && ex->PackageList[1] == 'N');
    CHECK(((SEC_WINNT_AUTH_IDENTITY_EXW *)id)->PackageListLength == 0);
    printf("excluded: the list of %lu characters is the copy's\n",
           (unsigned long)ex->PackageListLength);
    SspiFreeAuthIdentity(less);
    SspiFreeAuthIdentity(id);
}

static void saved(void)
{
    PSEC_WINNT_AUTH_IDENTITY_OPAQUE id = encode("user", "EX", "pw");
    PCWSTR target = NULL, user = NULL;
    WCHAR name[32];
    PWSTR host = NULL;
    UCHAR *blob = NULL;
    ULONG type = 0, size = 0;
    CHECK(SspiPrepareForCredWrite(id, NULL, &type, &target, &user, &blob, &size) == SEC_E_OK);
    CHECK(type == CRED_TYPE_DOMAIN_PASSWORD && size == 4 && memcmp(blob, "p\0w", 4) == 0);
    CHECK(same(target, "EX\\user") && same(user, "EX\\user"));
    SspiLocalFree((void *)target);
    SspiLocalFree((void *)user);
    SspiLocalFree(blob);
    CHECK(SspiPrepareForCredRead(id, wide("TERMSRV/host", name), &type, &target) == SEC_E_OK);
    CHECK(same(target, "TERMSRV/host"));
    SspiLocalFree((void *)target);
    SspiFreeAuthIdentity(id);
    CHECK(SspiGetTargetHostName(wide("HTTP/www.example.org:80", name), &host) == SEC_E_OK);
    CHECK(same(host, "www.example.org"));
    SspiLocalFree(host);
    printf("saved: type %lu\n", (unsigned long)type);
}

/* A structure of the caller's own is read, copied, and not freed. */
static void own_structures(void)
{
    char user[] = "user", domain[] = "domain", password[] = "password";
    SEC_WINNT_AUTH_IDENTITY_A plain;
    PSEC_WINNT_AUTH_IDENTITY_OPAQUE copy = NULL;
    memset(&plain, 0, sizeof(plain));
    plain.User = (unsigned char *)user;
    plain.UserLength = 4;
    plain.Domain = (unsigned char *)domain;
    plain.DomainLength = 6;
    plain.Password = (unsigned char *)password;
    plain.PasswordLength = 8;
    plain.Flags = SEC_WINNT_AUTH_IDENTITY_ANSI;
    CHECK(SspiValidateAuthIdentity(&plain) == SEC_E_OK);
    strings_of(&plain, "user", "domain", "password");
    CHECK(SspiCopyAuthIdentity(&plain, &copy) == SEC_E_OK);
    SspiZeroAuthIdentity(&plain);
    CHECK(password[0] == 0 && password[7] == 0 && user[0] == 'u');
    strings_of(copy, "user", "domain", "password");
    SspiFreeAuthIdentity(copy);
#ifndef _WIN32
    /* Windows would free it. */
    SspiFreeAuthIdentity(&plain);
#endif
    printf("own: read, copied, wiped\n");
}

#ifndef _WIN32
/* EX2 with a packed hash: offsets in one piece of memory. */
static void packed_hash(void)
{
    struct {
        SEC_WINNT_AUTH_IDENTITY_EX2 ex2;
        SEC_WINNT_AUTH_PACKED_CREDENTIALS packed;
        unsigned char hash[16];
        WCHAR user[4];
    } id;
    memset(&id, 0, sizeof(id));
    id.ex2.Version = SEC_WINNT_AUTH_IDENTITY_VERSION_2;
    id.ex2.cbHeaderLength = sizeof(id.ex2);
    id.ex2.cbStructureLength = sizeof(id);
    id.ex2.Flags = SEC_WINNT_AUTH_IDENTITY_UNICODE;
    id.ex2.UserOffset = (ULONG)((char *)id.user - (char *)&id);
    id.ex2.UserLength = sizeof(id.user);
    id.user[0] = id.user[1] = id.user[2] = id.user[3] = 'u';
    id.ex2.PackedCredentialsOffset = sizeof(id.ex2);
    id.ex2.PackedCredentialsLength = sizeof(id.packed) + sizeof(id.hash);
    id.packed.cbHeaderLength = sizeof(id.packed);
    id.packed.cbStructureLength = sizeof(id.packed) + sizeof(id.hash);
    id.packed.AuthData.CredType = SECUR32_AUTH_DATA_TYPE_NT_HASH;
    id.packed.AuthData.CredData.ByteArrayOffset = sizeof(id.packed);
    id.packed.AuthData.CredData.ByteArrayLength = sizeof(id.hash);
    CHECK(SspiValidateAuthIdentity(&id) == SEC_E_OK);
    id.packed.AuthData.CredData.ByteArrayLength = sizeof(id.hash) - 1;
    CHECK(SspiValidateAuthIdentity(&id) == SEC_E_INVALID_TOKEN);
    id.packed.AuthData.CredData.ByteArrayLength = sizeof(id.hash) + 1;
    CHECK(SspiValidateAuthIdentity(&id) == SEC_E_INVALID_TOKEN);
    printf("packed: a hash has 16 bytes\n");
}
#endif

int main(void)
{
    encoded();
    marshalled();
    compared();
    encrypted();
    excluded();
    saved();
    own_structures();
#ifndef _WIN32
    packed_hash();
#endif
    printf("all as documented\n");
    return 0;
}
