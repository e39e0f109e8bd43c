/* What a context says of itself: each attribute on both sides, before and after completion. */
#include "party.h"

#define TARGET "HTTP/server.example.com"

static struct pair pair;

static void sizes(void)
{
    struct party client = make_client(USER, DOMAIN, PASSWORD);
    struct token token;
    SecPkgContext_Sizes found;
    CtxtHandle *contexts[3];
    int index;
    MUST_STATUS(party_step(&client, NULL, &token), SEC_I_CONTINUE_NEEDED);
    contexts[0] = &pair.client.context;
    contexts[1] = &pair.server.context;
    /* The JDK asks before the end. */
    contexts[2] = &client.context;
    for (index = 0; index < 3; index++) {
        memset(&found, 0x5A, sizeof(found));
        CHECK_STATUS(QueryContextAttributesA(contexts[index], SECPKG_ATTR_SIZES, &found), SEC_E_OK);
        CHECK(found.cbMaxToken == 2888 && found.cbMaxSignature == 16);
        CHECK(found.cbBlockSize == 0 && found.cbSecurityTrailer == 16);
    }
    end_party(&client);
}

static void names(void)
{
    CtxtHandle *contexts[2];
    SecPkgContext_NamesA narrow;
    SecPkgContext_NamesW wide;
    int index;
    contexts[0] = &pair.client.context;
    contexts[1] = &pair.server.context;
    for (index = 0; index < 2; index++) {
        MUST_STATUS(QueryContextAttributesA(contexts[index], SECPKG_ATTR_NAMES, &narrow), SEC_E_OK);
        MUST_STATUS(QueryContextAttributesW(contexts[index], SECPKG_ATTR_NAMES, &wide), SEC_E_OK);
        CHECK(strcmp(narrow.sUserName, DOMAIN "\\" USER) == 0);
        CHECK(wide_is(wide.sUserName, DOMAIN "\\" USER));
        CHECK_STATUS(FreeContextBuffer(narrow.sUserName), SEC_E_OK);
        CHECK_STATUS(FreeContextBuffer(wide.sUserName), SEC_E_OK);
    }
}

static void session_keys(void)
{
    SecPkgContext_SessionKey ours, theirs;
    unsigned char zeros[16] = {0};
    MUST_STATUS(QueryContextAttributesA(&pair.client.context, SECPKG_ATTR_SESSION_KEY, &ours),
                SEC_E_OK);
    MUST_STATUS(QueryContextAttributesW(&pair.server.context, SECPKG_ATTR_SESSION_KEY, &theirs),
                SEC_E_OK);
    CHECK(ours.SessionKeyLength == 16 && theirs.SessionKeyLength == 16);
    CHECK(memcmp(ours.SessionKey, theirs.SessionKey, 16) == 0);
    CHECK(memcmp(ours.SessionKey, zeros, 16) != 0);
    CHECK_STATUS(FreeContextBuffer(ours.SessionKey), SEC_E_OK);
    CHECK_STATUS(FreeContextBuffer(theirs.SessionKey), SEC_E_OK);
}

static void package_of(CtxtHandle *context)
{
    SecPkgContext_PackageInfoA info;
    SecPkgContext_NegotiationInfoW negotiation;
    MUST_STATUS(QueryContextAttributesA(context, SECPKG_ATTR_PACKAGE_INFO, &info), SEC_E_OK);
    CHECK(strcmp(info.PackageInfo->Name, "NTLM") == 0 && info.PackageInfo->wRPCID == 10);
    CHECK((char *)info.PackageInfo->Name == (char *)(info.PackageInfo + 1));
    CHECK_STATUS(FreeContextBuffer(info.PackageInfo), SEC_E_OK);
    MUST_STATUS(QueryContextAttributesW(context, SECPKG_ATTR_NEGOTIATION_INFO, &negotiation),
                SEC_E_OK);
    CHECK(wide_is(negotiation.PackageInfo->Name, "NTLM"));
    CHECK(negotiation.NegotiationState == SECPKG_NEGOTIATION_COMPLETE);
    CHECK_STATUS(FreeContextBuffer(negotiation.PackageInfo), SEC_E_OK);
}

static void packages(void)
{
    struct party client = make_client(USER, DOMAIN, PASSWORD);
    struct token token;
    MUST_STATUS(party_step(&client, NULL, &token), SEC_I_CONTINUE_NEEDED);
    package_of(&client.context);
    package_of(&pair.client.context);
    package_of(&pair.server.context);
    end_party(&client);
}

static void key_info(void)
{
    SecPkgContext_KeyInfoA narrow;
    SecPkgContext_KeyInfoW wide;
    MUST_STATUS(QueryContextAttributesA(&pair.client.context, SECPKG_ATTR_KEY_INFO, &narrow),
                SEC_E_OK);
    MUST_STATUS(QueryContextAttributesW(&pair.server.context, SECPKG_ATTR_KEY_INFO, &wide),
                SEC_E_OK);
    CHECK(strcmp(narrow.sSignatureAlgorithmName, "HMAC-MD5") == 0);
    CHECK(strcmp(narrow.sEncryptAlgorithmName, "RSADSI RC4") == 0);
    CHECK(wide_is(wide.sSignatureAlgorithmName, "HMAC-MD5"));
    CHECK(wide_is(wide.sEncryptAlgorithmName, "RSADSI RC4"));
    CHECK(narrow.KeySize == 128 && wide.KeySize == 128);
    CHECK(narrow.SignatureAlgorithm == 0xFFFFFF76 && narrow.EncryptAlgorithm == 0x6801);
    CHECK_STATUS(FreeContextBuffer(narrow.sSignatureAlgorithmName), SEC_E_OK);
    CHECK_STATUS(FreeContextBuffer(narrow.sEncryptAlgorithmName), SEC_E_OK);
    CHECK_STATUS(FreeContextBuffer(wide.sSignatureAlgorithmName), SEC_E_OK);
    CHECK_STATUS(FreeContextBuffer(wide.sEncryptAlgorithmName), SEC_E_OK);
}

static void times(void)
{
    SecPkgContext_Lifespan span;
    SecPkgContext_PasswordExpiry password;
    MUST_STATUS(QueryContextAttributesA(&pair.server.context, SECPKG_ATTR_LIFESPAN, &span),
                SEC_E_OK);
    /* After 2020, and without an end. */
    CHECK(span.tsStart.HighPart > 0x01D5C03D && span.tsStart.HighPart < span.tsExpiry.HighPart);
    CHECK(span.tsExpiry.HighPart == 0x7FFFFFFF && span.tsExpiry.LowPart == 0xFFFFFFFF);
    MUST_STATUS(
        QueryContextAttributesA(&pair.server.context, SECPKG_ATTR_PASSWORD_EXPIRY, &password),
        SEC_E_OK);
    CHECK(password.tsPasswordExpires.HighPart == 0x7FFFFFFF);
}

static void flags(void)
{
    SecPkgContext_Flags found;
    MUST_STATUS(QueryContextAttributesA(&pair.client.context, SECPKG_ATTR_FLAGS, &found), SEC_E_OK);
    CHECK((found.Flags | ISC_RET_ALLOCATED_MEMORY) ==
          (pair.client.attributes | ISC_RET_ALLOCATED_MEMORY));
    MUST_STATUS(QueryContextAttributesA(&pair.server.context, SECPKG_ATTR_FLAGS, &found), SEC_E_OK);
    CHECK((found.Flags & ASC_RET_INTEGRITY) && (found.Flags & ASC_RET_CONFIDENTIALITY));
}

/* The name that the client asked for: UTF-16 from both functions. */
static void client_target(void)
{
    SecPkgContext_ClientSpecifiedTarget target;
    MUST_STATUS(QueryContextAttributesA(&pair.server.context, SECPKG_ATTR_CLIENT_SPECIFIED_TARGET,
                                        &target),
                SEC_E_OK);
    CHECK(wide_is((SEC_WCHAR *)target.sTargetName, TARGET));
    CHECK_STATUS(FreeContextBuffer(target.sTargetName), SEC_E_OK);
    MUST_STATUS(QueryContextAttributesW(&pair.server.context, SECPKG_ATTR_CLIENT_SPECIFIED_TARGET,
                                        &target),
                SEC_E_OK);
    CHECK(wide_is((SEC_WCHAR *)target.sTargetName, TARGET));
    CHECK_STATUS(FreeContextBuffer(target.sTargetName), SEC_E_OK);
}

static void last_token(void)
{
    struct party client = make_client(USER, DOMAIN, PASSWORD);
    struct party server = make_server(USER, DOMAIN, PASSWORD);
    struct token up, down;
    SecPkgContext_LastClientTokenStatus found;
    const ULONG attribute = SECPKG_ATTR_LAST_CLIENT_TOKEN_STATUS;
    MUST_STATUS(party_step(&client, NULL, &up), SEC_I_CONTINUE_NEEDED);
    MUST_STATUS(party_step(&server, &up, &down), SEC_I_CONTINUE_NEEDED);
    CHECK_STATUS(QueryContextAttributesA(&server.context, attribute, &found), SEC_E_OK);
    CHECK(found.LastClientTokenStatus == SecPkgAttrLastClientTokenNo);
    CHECK_STATUS(QueryContextAttributesA(&pair.server.context, attribute, &found), SEC_E_OK);
    CHECK(found.LastClientTokenStatus == SecPkgAttrLastClientTokenYes);
    CHECK_STATUS(QueryContextAttributesA(&pair.client.context, attribute, &found),
                 SEC_E_UNSUPPORTED_FUNCTION);
    end_party(&client);
    end_party(&server);
}

static void other_names(void)
{
    SecPkgContext_AuthorityW authority;
    SecPkgContext_NativeNamesA native;
    SecPkgContext_TargetInformation information;
    MUST_STATUS(QueryContextAttributesW(&pair.server.context, SECPKG_ATTR_AUTHORITY, &authority),
                SEC_E_OK);
    CHECK(wide_is(authority.sAuthorityName, DOMAIN));
    CHECK_STATUS(FreeContextBuffer(authority.sAuthorityName), SEC_E_OK);
    MUST_STATUS(QueryContextAttributesA(&pair.client.context, SECPKG_ATTR_NATIVE_NAMES, &native),
                SEC_E_OK);
    CHECK(strcmp(native.sClientName, DOMAIN "\\" USER) == 0);
    CHECK(strcmp(native.sServerName, TARGET) == 0);
    CHECK_STATUS(FreeContextBuffer(native.sClientName), SEC_E_OK);
    CHECK_STATUS(FreeContextBuffer(native.sServerName), SEC_E_OK);
    MUST_STATUS(QueryContextAttributesA(&pair.client.context, SECPKG_ATTR_TARGET_INFORMATION,
                                        &information),
                SEC_E_OK);
    CHECK(information.MarshalledTargetInfoLength > 4 && information.MarshalledTargetInfo != NULL);
    CHECK_STATUS(FreeContextBuffer(information.MarshalledTargetInfo), SEC_E_OK);
}

/* What is not offered, what has no place to go, and what must wait. */
static void refused(void)
{
    static const ULONG others[] = {SECPKG_ATTR_STREAM_SIZES, 7, 23, 29,
                                   94 /* APP_DATA */, 255, 0x7FFFFFFF, 0xFFFFFFFF};
    static const ULONG later[] = {SECPKG_ATTR_NAMES, SECPKG_ATTR_SESSION_KEY, SECPKG_ATTR_KEY_INFO,
                                  SECPKG_ATTR_LIFESPAN, SECPKG_ATTR_NATIVE_NAMES,
                                  SECPKG_ATTR_TARGET_INFORMATION, SECPKG_ATTR_AUTHORITY,
                                  SECPKG_ATTR_ACCESS_TOKEN};
    struct party client = make_client(USER, DOMAIN, PASSWORD);
    struct token token;
    unsigned char room[64], untouched[64];
    size_t index;
    memset(room, 0x5A, sizeof(room));
    memset(untouched, 0x5A, sizeof(untouched));
    for (index = 0; index < sizeof(others) / sizeof(others[0]); index++) {
        CHECK_STATUS(QueryContextAttributesA(&pair.client.context, others[index], room),
                     SEC_E_UNSUPPORTED_FUNCTION);
        CHECK_STATUS(QueryContextAttributesW(&pair.server.context, others[index], room),
                     SEC_E_UNSUPPORTED_FUNCTION);
    }
    CHECK_STATUS(QueryContextAttributesA(&pair.client.context, SECPKG_ATTR_SIZES, NULL),
                 SEC_E_INVALID_PARAMETER);
    MUST_STATUS(party_step(&client, NULL, &token), SEC_I_CONTINUE_NEEDED);
    for (index = 0; index < sizeof(later) / sizeof(later[0]); index++) {
        CHECK_STATUS(QueryContextAttributesA(&client.context, later[index], room),
                     SEC_E_INVALID_HANDLE);
    }
    CHECK(memcmp(room, untouched, sizeof(room)) == 0);
    end_party(&client);
}

/* What came out of a context stays when the context goes. */
static void outlive(void)
{
    struct pair brief;
    SecPkgContext_NamesW found;
    make_pair(&brief, SIGNED_AND_SEALED);
    MUST_STATUS(QueryContextAttributesW(&brief.server.context, SECPKG_ATTR_NAMES, &found), SEC_E_OK);
    end_pair(&brief);
    CHECK(wide_is(found.sUserName, DOMAIN "\\" USER));
    CHECK_STATUS(FreeContextBuffer(found.sUserName), SEC_E_OK);
}

int main(void)
{
    pair.client = make_client(USER, DOMAIN, PASSWORD);
    pair.server = make_server(USER, DOMAIN, PASSWORD);
    pair.client.target = ASTR(TARGET);
    MUST_STATUS(handshake(&pair.client, &pair.server), SEC_E_OK);
    sizes();
    names();
    session_keys();
    packages();
    key_info();
    times();
    flags();
    client_target();
    last_token();
    other_names();
    refused();
    outlive();
    end_pair(&pair);
    return check_end();
}
