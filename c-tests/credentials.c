/* Credentials: identities of every form, uses, names, and what is refused. */
#include "party.h"

static SECURITY_STATUS acquire_w(void *identity, ULONG use, CredHandle *credential)
{
    TimeStamp expiry;
    SECURITY_STATUS status = AcquireCredentialsHandleW(NULL, WSTR("NTLM"), use, NULL, identity,
                                                       NULL, NULL, credential, &expiry);
    CHECK(status != SEC_E_OK || expiry.HighPart == 0x7FFFFFFF);
    return status;
}

/* The name that a credential of this identity speaks for, through A and W. */
static void speaks_for(void *identity, const char *name)
{
    CredHandle narrow, wide;
    SecPkgCredentials_NamesA names;
    SecPkgCredentials_NamesW wide_names;
    if (!CHECK_STATUS(acquire(&narrow, SECPKG_CRED_OUTBOUND, identity), SEC_E_OK)) return;
    if (!CHECK_STATUS(acquire_w(identity, SECPKG_CRED_OUTBOUND, &wide), SEC_E_OK)) return;
    CHECK_STATUS(QueryCredentialsAttributesA(&wide, SECPKG_CRED_ATTR_NAMES, &names), SEC_E_OK);
    CHECK(strcmp(names.sUserName, name) == 0);
    CHECK_STATUS(FreeContextBuffer(names.sUserName), SEC_E_OK);
    CHECK_STATUS(QueryCredentialsAttributesW(&narrow, SECPKG_CRED_ATTR_NAMES, &wide_names),
                 SEC_E_OK);
    CHECK(wide_is(wide_names.sUserName, name));
    CHECK_STATUS(FreeContextBuffer(wide_names.sUserName), SEC_E_OK);
    CHECK_STATUS(FreeCredentialsHandle(&narrow), SEC_E_OK);
    CHECK_STATUS(FreeCredentialsHandle(&wide), SEC_E_OK);
}

/* Absent is absent, whether by pointer or by length; flags say the characters, not the function. */
static void plain_identities(void)
{
    SEC_WINNT_AUTH_IDENTITY_A a = make_identity(USER, DOMAIN, PASSWORD);
    SEC_WINNT_AUTH_IDENTITY_W w;
    speaks_for(&a, DOMAIN "\\" USER);
    a.DomainLength = 0;
    speaks_for(&a, USER);
    a.Domain = NULL;
    speaks_for(&a, USER);
    a.Password = NULL;
    a.PasswordLength = 0;
    speaks_for(&a, USER);
    a = make_identity(NULL, NULL, NULL);
    speaks_for(&a, "");

    memset(&w, 0, sizeof(w));
    w.User = (unsigned short *)WSTR("alice and more");
    w.UserLength = 5;
    w.Domain = (unsigned short *)WSTR("EXAMPLE.COM");
    w.DomainLength = 7;
    w.Password = (unsigned short *)WSTR("not empty");
    w.PasswordLength = 0;
    w.Flags = SEC_WINNT_AUTH_IDENTITY_UNICODE;
    speaks_for(&w, DOMAIN "\\" USER);
    w.Password = NULL;
    speaks_for(&w, DOMAIN "\\" USER);
    /* FreeRDP's own bits. */
    w.Flags |= 0x100 | 0x200;
    speaks_for(&w, DOMAIN "\\" USER);
}

static void extended_identities(void)
{
    SEC_WINNT_AUTH_IDENTITY_EXA a;
    SEC_WINNT_AUTH_IDENTITY_EXW w;
    memset(&a, 0, sizeof(a));
    a.Version = SEC_WINNT_AUTH_IDENTITY_VERSION;
    a.Length = sizeof(a);
    a.User = (unsigned char *)USER;
    a.UserLength = 5;
    a.Domain = (unsigned char *)DOMAIN;
    a.DomainLength = 7;
    a.Password = (unsigned char *)PASSWORD;
    a.PasswordLength = sizeof(PASSWORD) - 1;
    a.Flags = SEC_WINNT_AUTH_IDENTITY_ANSI;
    speaks_for(&a, DOMAIN "\\" USER);
    a.PackageList = (unsigned char *)"NTLM,!Kerberos";
    a.PackageListLength = 14;
    speaks_for(&a, DOMAIN "\\" USER);

    memset(&w, 0, sizeof(w));
    w.Version = SEC_WINNT_AUTH_IDENTITY_VERSION;
    w.Length = sizeof(w);
    w.User = (unsigned short *)WSTR("alice");
    w.UserLength = 5;
    w.Flags = SEC_WINNT_AUTH_IDENTITY_UNICODE | SEC_WINNT_AUTH_IDENTITY_MARSHALLED;
    speaks_for(&w, USER);
}

/* The opaque one: taken over by the call, freed at once. */
static void encoded_identities(void)
{
    PSEC_WINNT_AUTH_IDENTITY_OPAQUE identity = NULL;
    struct party client, server = make_server(USER, DOMAIN, PASSWORD);
    MUST_STATUS(SspiEncodeStringsAsAuthIdentity(WIDE(USER), WIDE(DOMAIN), WIDE(PASSWORD),
                                                &identity),
                SEC_E_OK);
    speaks_for(identity, DOMAIN "\\" USER);
    client = make_party(0, identity);
    SspiZeroAuthIdentity(identity);
    SspiFreeAuthIdentity(identity);
    CHECK_STATUS(handshake(&client, &server), SEC_E_OK);
    end_party(&client);
    end_party(&server);
}

/* What the caller had may be wiped as soon as the call is back. */
static void copied(void)
{
    char user[] = USER, domain[] = DOMAIN, password[] = PASSWORD;
    SEC_WINNT_AUTH_IDENTITY_A identity = make_identity(user, domain, password);
    struct party client = make_party(0, &identity), server = make_party(1, &identity);
    memset(user, 'x', sizeof(user));
    memset(domain, 'x', sizeof(domain));
    memset(password, 'x', sizeof(password));
    memset(&identity, 0x5A, sizeof(identity));
    client.request = SIGNED_AND_SEALED;
    CHECK_STATUS(handshake(&client, &server), SEC_E_OK);
    exchange(&client.context, &server.context, "with what was copied");
    end_party(&client);
    end_party(&server);
}

static void broken_identities(void)
{
    CredHandle credential = make_handle(1, 2);
    SEC_WINNT_AUTH_IDENTITY_A a = make_identity(USER, DOMAIN, PASSWORD);
    SEC_WINNT_AUTH_IDENTITY_EXA ex;
    const ULONG use = SECPKG_CRED_OUTBOUND;
    a.Flags = 0;
    CHECK_STATUS(acquire(&credential, use, &a), SEC_E_INVALID_PARAMETER);
    a.Flags = SEC_WINNT_AUTH_IDENTITY_ANSI | SEC_WINNT_AUTH_IDENTITY_UNICODE;
    CHECK_STATUS(acquire(&credential, use, &a), SEC_E_INVALID_PARAMETER);
    a = make_identity(NULL, NULL, NULL);
    a.UserLength = 5;
    CHECK_STATUS(acquire(&credential, use, &a), SEC_E_INVALID_PARAMETER);
    a = make_identity("\xFF\xFE", NULL, NULL);
    CHECK_STATUS(acquire(&credential, use, &a), SEC_E_INVALID_PARAMETER);
    a = make_identity(USER, DOMAIN, PASSWORD);
    a.UserLength = 0xFFFFFFFF;
    CHECK_STATUS(acquire(&credential, use, &a), SEC_E_INVALID_PARAMETER);
    memset(&ex, 0, sizeof(ex));
    ex.Version = SEC_WINNT_AUTH_IDENTITY_VERSION;
    ex.Length = sizeof(ex) - 1;
    ex.Flags = SEC_WINNT_AUTH_IDENTITY_ANSI;
    CHECK_STATUS(acquire(&credential, use, &ex), SEC_E_INVALID_PARAMETER);
    CHECK(credential.dwLower == 1 && credential.dwUpper == 2);
}

static void arguments(void)
{
    CredHandle credential = make_handle(1, 2);
    SEC_WINNT_AUTH_IDENTITY_A identity = make_identity(USER, DOMAIN, PASSWORD);
    LUID own = {0, 0}, other = {999, 0};
    TimeStamp expiry;
    static const ULONG unknown_uses[] = {0, 5, 8, 0x100, 0xF0000000, 0xFFFFFFFF};
    static const ULONG uses[] = {SECPKG_CRED_INBOUND, SECPKG_CRED_OUTBOUND, SECPKG_CRED_BOTH,
                                 SECPKG_CRED_OUTBOUND | SECPKG_CRED_AUTOLOGON_RESTRICTED};
    size_t index;
    CHECK_STATUS(AcquireCredentialsHandleA(NULL, ASTR("NoSuchPackage"), SECPKG_CRED_OUTBOUND, NULL,
                                           &identity, NULL, NULL, &credential, NULL),
                 SEC_E_SECPKG_NOT_FOUND);
    CHECK_STATUS(AcquireCredentialsHandleA(NULL, NULL, SECPKG_CRED_OUTBOUND, NULL, &identity, NULL,
                                           NULL, &credential, NULL),
                 SEC_E_SECPKG_NOT_FOUND);
    CHECK_STATUS(AcquireCredentialsHandleW(NULL, NULL, SECPKG_CRED_OUTBOUND, NULL, &identity, NULL,
                                           NULL, &credential, NULL),
                 SEC_E_SECPKG_NOT_FOUND);
    for (index = 0; index < sizeof(unknown_uses) / sizeof(unknown_uses[0]); index++) {
        CHECK_STATUS(acquire(&credential, unknown_uses[index], &identity),
                     SEC_E_UNKNOWN_CREDENTIALS);
    }
    CHECK(AcquireCredentialsHandleA(NULL, ASTR("NTLM"), SECPKG_CRED_OUTBOUND, &other, &identity,
                                    NULL, NULL, &credential, NULL) < 0);
    CHECK(acquire(NULL, SECPKG_CRED_OUTBOUND, &identity) < 0);
    CHECK(credential.dwLower == 1 && credential.dwUpper == 2);
    /* And what is right: any case, the own logon, no place for the expiry. */
    for (index = 0; index < sizeof(uses) / sizeof(uses[0]); index++) {
        CHECK_STATUS(AcquireCredentialsHandleA(NULL, ASTR("ntlm"), uses[index], &own, &identity,
                                               NULL, NULL, &credential, &expiry),
                     SEC_E_OK);
        CHECK_STATUS(FreeCredentialsHandle(&credential), SEC_E_OK);
    }
}

/* A credential does what it was acquired for. */
static void uses(void)
{
    SEC_WINNT_AUTH_IDENTITY_A identity = make_identity(USER, DOMAIN, PASSWORD);
    struct party inbound = make_party(1, &identity), outbound = make_party(0, &identity);
    struct party both;
    struct token up, down;
    MUST_STATUS(party_step(&outbound, NULL, &up), SEC_I_CONTINUE_NEEDED);
    end_context(&outbound);
    inbound.is_server = 0;
    outbound.is_server = 1;
    CHECK(party_step(&inbound, NULL, &down) < 0);
    CHECK(party_step(&outbound, &up, &down) < 0);
    CHECK(!inbound.has_context && !outbound.has_context);
    both = inbound;
    MUST_STATUS(acquire(&both.credential, SECPKG_CRED_BOTH, &identity), SEC_E_OK);
    end_party(&inbound);
    end_party(&outbound);
    inbound = outbound = both;
    inbound.is_server = 1;
    outbound.is_server = 0;
    CHECK_STATUS(handshake(&outbound, &inbound), SEC_E_OK);
    end_context(&outbound);
    end_context(&inbound);
    CHECK_STATUS(FreeCredentialsHandle(&both.credential), SEC_E_OK);
}

/* NTLM asks no KDC; whether the settings make sense is looked at first. */
static void proxy_settings(CredHandle *credential)
{
    struct {
        SecPkgCredentials_KdcProxySettingsW settings;
        WCHAR server[4];
    } block;
    memset(&block, 0, sizeof(block));
    block.settings.Version = KDC_PROXY_SETTINGS_V1;
    block.settings.ProxyServerOffset = sizeof(block.settings);
    block.settings.ProxyServerLength = sizeof(block.server);
    CHECK_STATUS(SetCredentialsAttributesW(credential, SECPKG_CRED_ATTR_KDC_PROXY_SETTINGS, &block,
                                           sizeof(block)),
                 SEC_E_UNSUPPORTED_FUNCTION);
    block.settings.ProxyServerLength = 0xFFFF;
    CHECK_STATUS(SetCredentialsAttributesW(credential, SECPKG_CRED_ATTR_KDC_PROXY_SETTINGS, &block,
                                           sizeof(block)),
                 SEC_E_INVALID_PARAMETER);
    CHECK_STATUS(SetCredentialsAttributesA(credential, SECPKG_CRED_ATTR_KDC_PROXY_SETTINGS, &block,
                                           sizeof(block.settings) - 1),
                 SEC_E_INVALID_PARAMETER);
}

static void attributes(void)
{
    SEC_WINNT_AUTH_IDENTITY_A identity = make_identity(USER, DOMAIN, PASSWORD);
    CredHandle credential;
    SecPkgCredentials_NamesA names;
    ULONG attribute;
    MUST_STATUS(acquire(&credential, SECPKG_CRED_OUTBOUND, &identity), SEC_E_OK);
    for (attribute = 0; attribute < 20; attribute++) {
        if (attribute == SECPKG_CRED_ATTR_NAMES) continue;
        CHECK_STATUS(QueryCredentialsAttributesA(&credential, attribute, &names),
                     SEC_E_UNSUPPORTED_FUNCTION);
        if (attribute == SECPKG_CRED_ATTR_KDC_PROXY_SETTINGS) continue;
        CHECK_STATUS(SetCredentialsAttributesA(&credential, attribute, &names, sizeof(names)),
                     SEC_E_UNSUPPORTED_FUNCTION);
    }
    proxy_settings(&credential);
    CHECK_STATUS(QueryCredentialsAttributesA(&credential, SECPKG_CRED_ATTR_NAMES, NULL),
                 SEC_E_INVALID_PARAMETER);
#ifndef _WIN32
    names.sUserName = FILLED(SEC_CHAR *);
    CHECK_STATUS(QueryCredentialsAttributesExA(&credential, SECPKG_CRED_ATTR_NAMES, &names, 7),
                 SEC_E_BUFFER_TOO_SMALL);
    CHECK(names.sUserName == FILLED(SEC_CHAR *));
    CHECK_STATUS(QueryCredentialsAttributesExA(&credential, SECPKG_CRED_ATTR_NAMES, &names, 8),
                 SEC_E_OK);
    CHECK(strcmp(names.sUserName, DOMAIN "\\" USER) == 0);
    CHECK_STATUS(FreeContextBuffer(names.sUserName), SEC_E_OK);
#endif
    CHECK_STATUS(FreeCredentialsHandle(&credential), SEC_E_OK);
}

/* Names longer than any domain of NetBIOS, and longer than the protocol can carry. */
static void long_names(void)
{
    static char name[70000];
    SEC_WINNT_AUTH_IDENTITY_A identity;
    struct party client, server;
    CredHandle credential;
    memset(name, 'n', sizeof(name));
    identity = make_identity(USER, DOMAIN, PASSWORD);
    identity.Domain = identity.User = (unsigned char *)name;
    identity.UserLength = identity.DomainLength = 700;
    client = make_party(0, &identity);
    server = make_party(1, &identity);
    CHECK_STATUS(handshake(&client, &server), SEC_E_OK);
    end_party(&client);
    end_party(&server);
    identity.UserLength = 40000;
    CHECK_STATUS(acquire(&credential, SECPKG_CRED_OUTBOUND, &identity), SEC_E_INVALID_PARAMETER);
    identity.UserLength = sizeof(name);
    CHECK_STATUS(acquire(&credential, SECPKG_CRED_OUTBOUND, &identity), SEC_E_INVALID_PARAMETER);
}

int main(void)
{
    plain_identities();
    extended_identities();
    encoded_identities();
    copied();
    broken_identities();
    arguments();
    uses();
    attributes();
    long_names();
    return check_end();
}
