/*
 * What an implementation of this interface is looked at for first, in one place: the list of
 * its reference with a function for each line that concerns NTLM. The families have the details.
 */
#include "party.h"

static struct pair pair;

/* 1, 2: the package's row; outputs that stay as they were. */
static void the_package(void)
{
    SecPkgInfoA *info = FILLED(SecPkgInfoA *);
    CHECK_STATUS(QuerySecurityPackageInfoA(ASTR("NoSuch"), &info), SEC_E_SECPKG_NOT_FOUND);
    CHECK(info == FILLED(SecPkgInfoA *));
    MUST_STATUS(QuerySecurityPackageInfoA(ASTR("ntlm"), &info), SEC_E_OK);
    CHECK(info->fCapabilities == 0x02882B37 && info->wVersion == 1 && info->wRPCID == 10);
    CHECK(info->cbMaxToken == 2888 && strcmp(info->Name, "NTLM") == 0);
    CHECK(strcmp(info->Comment, "NTLM Security Package") == 0);
    CHECK_STATUS(FreeContextBuffer(info), SEC_E_OK);
}

/* 3: identities with a domain of length 0, without one, without a password. */
static void identities(void)
{
    SEC_WINNT_AUTH_IDENTITY_A identity = make_identity(USER, DOMAIN, PASSWORD);
    CredHandle credential;
    int step;
    for (step = 0; step < 4; step++) {
        if (step == 1) identity.DomainLength = 0;
        if (step == 2) identity.Domain = NULL;
        if (step == 3) identity.PasswordLength = 0;
        CHECK_STATUS(acquire(&credential, SECPKG_CRED_OUTBOUND, &identity), SEC_E_OK);
        CHECK_STATUS(FreeCredentialsHandle(&credential), SEC_E_OK);
    }
}

/* 4: outputs that cannot take a token. */
static void misuse(void)
{
    struct party client = make_client(USER, DOMAIN, PASSWORD);
    struct token token;
    SecBuffer buffer = make_buffer(SECBUFFER_DATA, token.bytes, sizeof(token.bytes));
    SecBufferDesc desc = make_desc(&buffer, 1);
    CHECK_STATUS(party_call(&client, &client.context, NULL, NULL), SEC_E_BUFFER_TOO_SMALL);
    CHECK_STATUS(party_call(&client, &client.context, NULL, &desc), SEC_E_BUFFER_TOO_SMALL);
    end_party(&client);
}

/* 5, 6: a logon with and without allocation, nothing to write to on the last leg; a wrong one. */
static void logons(void)
{
    struct party client = make_client(USER, DOMAIN, PASSWORD);
    struct party wrong = make_client(USER, DOMAIN, "guessed");
    struct party server = make_server(USER, DOMAIN, PASSWORD);
    for (server.allocate = 0; server.allocate < 2; server.allocate++) {
        client.allocate = server.allocate;
        server.null_output = 1;
        CHECK_STATUS(handshake(&client, &server), SEC_E_OK);
        end_context(&client);
        end_context(&server);
    }
    CHECK_STATUS(handshake(&wrong, &server), SEC_E_LOGON_DENIED);
    end_party(&client);
    end_party(&wrong);
    end_party(&server);
}

/* 7: names, session key and package on both sides. */
static void attributes(CtxtHandle *context, unsigned char *key)
{
    SecPkgContext_NamesA names;
    SecPkgContext_SessionKey session;
    SecPkgContext_PackageInfoA package;
    MUST_STATUS(QueryContextAttributesA(context, SECPKG_ATTR_NAMES, &names), SEC_E_OK);
    CHECK(strcmp(names.sUserName, DOMAIN "\\" USER) == 0);
    MUST_STATUS(QueryContextAttributesA(context, SECPKG_ATTR_SESSION_KEY, &session), SEC_E_OK);
    MUST(session.SessionKeyLength == 16);
    memcpy(key, session.SessionKey, 16);
    MUST_STATUS(QueryContextAttributesA(context, SECPKG_ATTR_PACKAGE_INFO, &package), SEC_E_OK);
    CHECK(strcmp(package.PackageInfo->Name, "NTLM") == 0);
    CHECK_STATUS(FreeContextBuffer(names.sUserName), SEC_E_OK);
    CHECK_STATUS(FreeContextBuffer(session.SessionKey), SEC_E_OK);
    CHECK_STATUS(FreeContextBuffer(package.PackageInfo), SEC_E_OK);
}

static void both_sides(void)
{
    unsigned char ours[16], theirs[16];
    attributes(&pair.client.context, ours);
    attributes(&pair.server.context, theirs);
    CHECK(memcmp(ours, theirs, 16) == 0);
}

/* 8: a stream points into the caller's memory; nothing is sealed where nothing was agreed. */
static void messages(void)
{
    struct pair bare;
    unsigned char stream[16 + 5];
    SecBuffer buffers[2];
    SecBufferDesc desc = make_desc(buffers, 2);
    memcpy(stream + 16, "first", 5);
    CHECK_STATUS(encrypt_one(&pair.client.context, stream, stream + 16, 5), SEC_E_OK);
    buffers[0] = make_buffer(SECBUFFER_STREAM, stream, sizeof(stream));
    buffers[1] = make_buffer(SECBUFFER_DATA, NULL, 0);
    CHECK_STATUS(DecryptMessage(&pair.server.context, &desc, 0, NULL), SEC_E_OK);
    CHECK(buffers[1].pvBuffer == stream + 16 && memcmp(stream + 16, "first", 5) == 0);
    make_pair(&bare, 0);
    CHECK_STATUS(encrypt_one(&bare.client.context, stream, stream + 16, 5),
                 SEC_E_UNSUPPORTED_FUNCTION);
    end_pair(&bare);
}

/* 11: an identity of two strings, its layout, and back. */
static void opaque_identity(void)
{
    PSEC_WINNT_AUTH_IDENTITY_OPAQUE identity = NULL;
    SEC_WINNT_AUTH_IDENTITY_EXW *layout;
    PCWSTR user = NULL, domain = FILLED(PCWSTR), password = NULL;
    MUST_STATUS(SspiEncodeStringsAsAuthIdentity(WIDE(USER), NULL, WIDE(PASSWORD), &identity),
                SEC_E_OK);
    layout = (SEC_WINNT_AUTH_IDENTITY_EXW *)identity;
    CHECK(layout->Version == SEC_WINNT_AUTH_IDENTITY_VERSION && layout->Length == sizeof(*layout));
    CHECK(layout->Flags == (SEC_WINNT_AUTH_IDENTITY_UNICODE | SEC_WINNT_AUTH_IDENTITY_MARSHALLED));
    CHECK((void *)layout->User == (void *)(layout + 1) && layout->UserLength == 5);
    CHECK(layout->Domain == NULL && layout->DomainLength == 0);
    MUST_STATUS(SspiEncodeAuthIdentityAsStrings(identity, &user, &domain, &password), SEC_E_OK);
    CHECK(wide_is((SEC_WCHAR *)user, USER) && domain == NULL);
    CHECK(wide_is((SEC_WCHAR *)password, PASSWORD));
    SspiLocalFree((void *)user);
    SspiLocalFree((void *)password);
    SspiFreeAuthIdentity(identity);
    identity = FILLED(PSEC_WINNT_AUTH_IDENTITY_OPAQUE);
    CHECK_STATUS(SspiEncodeStringsAsAuthIdentity(NULL, NULL, NULL, &identity), SEC_E_INVALID_TOKEN);
    CHECK(identity == FILLED(PSEC_WINNT_AUTH_IDENTITY_OPAQUE));
}

/* 15: handles that name nothing. */
static void handles(void)
{
    SecHandle stale = pair.client.context, zero = make_handle(0, 0), ones;
    SecPkgContext_Sizes sizes;
    SecInvalidateHandle(&ones);
    end_pair(&pair);
    CHECK_STATUS(QueryContextAttributesA(&stale, SECPKG_ATTR_SIZES, &sizes), SEC_E_INVALID_HANDLE);
    CHECK_STATUS(QueryContextAttributesA(&zero, SECPKG_ATTR_SIZES, &sizes), SEC_E_INVALID_HANDLE);
    CHECK_STATUS(QueryContextAttributesA(&ones, SECPKG_ATTR_SIZES, &sizes), SEC_E_INVALID_HANDLE);
}

int main(void)
{
    make_pair(&pair, SIGNED_AND_SEALED);
    the_package();
    identities();
    misuse();
    logons();
    both_sides();
    messages();
    opaque_identity();
    handles();
    return check_end();
}
