/* Names that are not ASCII, in both kinds of characters. */
#include "party.h"

/* A name in UTF-8 and in UTF-16, and in other letters of the same name. */
struct name {
    const char *narrow;
    const SEC_WCHAR *wide;
    const char *other_case;
};

static const SEC_WCHAR zoe[] = {'Z', 'o', 0xEB, 0};
static const SEC_WCHAR strasse[] = {'S', 't', 'r', 'a', 0xDF, 'e', 0};
static const SEC_WCHAR alpha[] = {0x391, 0x3BB, 0x3C6, 0x3B1, 0};
static const SEC_WCHAR kanji[] = {0x65E5, 0x672C, 0x8A9E, 0};
static const SEC_WCHAR smile[] = {'x', 0xD83D, 0xDE00, 0};
static const SEC_WCHAR cyrillic[] = {0x418, 0x432, 0x430, 0x43D, 0};

static const struct name names[] = {
    {"Zo\xC3\xAB", zoe, "ZO\xC3\x8B"},
    {"Stra\xC3\x9F" "e", strasse, "sTRA\xC3\x9F" "E"},
    {"\xCE\x91\xCE\xBB\xCF\x86\xCE\xB1", alpha, "\xCE\xB1\xCE\x9B\xCE\xA6\xCE\x91"},
    {"\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E", kanji, "\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E"},
    {"x\xF0\x9F\x98\x80", smile, "X\xF0\x9F\x98\x80"},
    {"\xD0\x98\xD0\xB2\xD0\xB0\xD0\xBD", cyrillic, "\xD0\xB8\xD0\x92\xD0\x90\xD0\x9D"},
};
#define NAMES (sizeof(names) / sizeof(names[0]))

static SEC_WINNT_AUTH_IDENTITY_W make_wide_identity(const struct name *name)
{
    SEC_WINNT_AUTH_IDENTITY_W identity;
    memset(&identity, 0, sizeof(identity));
    identity.User = (unsigned short *)name->wide;
    identity.UserLength = (ULONG)wide_length(name->wide);
    identity.Domain = (unsigned short *)name->wide;
    identity.DomainLength = identity.UserLength;
    identity.Password = (unsigned short *)name->wide;
    identity.PasswordLength = identity.UserLength;
    identity.Flags = SEC_WINNT_AUTH_IDENTITY_UNICODE;
    return identity;
}

static void is_named(CtxtHandle *context, const struct name *name)
{
    SecPkgContext_NamesA narrow;
    SecPkgContext_NamesW wide;
    SEC_WCHAR expected[32];
    char expected_narrow[64];
    size_t length = wide_length(name->wide);
    memcpy(expected, name->wide, length * sizeof(expected[0]));
    expected[length] = '\\';
    memcpy(expected + length + 1, name->wide, (length + 1) * sizeof(expected[0]));
    snprintf(expected_narrow, sizeof(expected_narrow), "%s\\%s", name->narrow, name->narrow);
    MUST_STATUS(QueryContextAttributesA(context, SECPKG_ATTR_NAMES, &narrow), SEC_E_OK);
    MUST_STATUS(QueryContextAttributesW(context, SECPKG_ATTR_NAMES, &wide), SEC_E_OK);
    CHECK(strcmp(narrow.sUserName, expected_narrow) == 0);
    CHECK(wide_equal(wide.sUserName, expected));
    CHECK_STATUS(FreeContextBuffer(narrow.sUserName), SEC_E_OK);
    CHECK_STATUS(FreeContextBuffer(wide.sUserName), SEC_E_OK);
}

/* A client in one kind of characters, a server in the other, both ways. */
static void names_go_through(void)
{
    size_t index;
    int wide_client;
    for (index = 0; index < NAMES; index++) {
        const struct name *name = &names[index];
        SEC_WINNT_AUTH_IDENTITY_W wide = make_wide_identity(name);
        SEC_WINNT_AUTH_IDENTITY_A narrow =
            make_identity(name->narrow, name->narrow, name->narrow);
        for (wide_client = 0; wide_client < 2; wide_client++) {
            struct party client = make_party(0, wide_client ? (void *)&wide : (void *)&narrow);
            struct party server = make_party(1, wide_client ? (void *)&narrow : (void *)&wide);
            client.request = SIGNED_AND_SEALED;
            client.target = ASTR(name->narrow);
            if (CHECK_STATUS(handshake(&client, &server), SEC_E_OK)) {
                SecPkgContext_ClientSpecifiedTarget target;
                is_named(&client.context, name);
                is_named(&server.context, name);
                exchange(&client.context, &server.context, name->narrow);
                MUST_STATUS(QueryContextAttributesA(&server.context,
                                                    SECPKG_ATTR_CLIENT_SPECIFIED_TARGET, &target),
                            SEC_E_OK);
                CHECK(wide_equal((SEC_WCHAR *)target.sTargetName, name->wide));
                CHECK_STATUS(FreeContextBuffer(target.sTargetName), SEC_E_OK);
            }
            end_party(&client);
            end_party(&server);
        }
    }
}

/* Users and domains have no case, passwords do. */
static void other_letters(void)
{
    size_t index;
    for (index = 0; index < NAMES; index++) {
        const struct name *name = &names[index];
        struct party server = make_server(name->narrow, name->narrow, name->narrow);
        struct party client = make_client(name->other_case, name->other_case, name->narrow);
        CHECK_STATUS(handshake(&client, &server), SEC_E_OK);
        end_party(&client);
        end_context(&server);
        if (strcmp(name->narrow, name->other_case) != 0) {
            client = make_client(name->narrow, name->narrow, name->other_case);
            CHECK_STATUS(handshake(&client, &server), SEC_E_LOGON_DENIED);
            end_party(&client);
        }
        end_party(&server);
    }
}

/* Letters that look alike, or become alike in some languages only, are other names. */
static void no_other_name(void)
{
    static const char *const pairs[][2] = {
        {"strasse", "stra\xC3\x9F" "e"}, {"admin", "adm\xC4\xB1n"}, {"zoe", "zo\xC3\xAB"},
        {"kelvin", "\xE2\x84\xAA" "elvin"}, {"zo\xC3\xAB", "zoe\xCC\x88"}, {"a", "\xD0\xB0"},
    };
    size_t index;
    for (index = 0; index < sizeof(pairs) / sizeof(pairs[0]); index++) {
        struct party server = make_server(pairs[index][0], DOMAIN, PASSWORD);
        struct party client = make_client(pairs[index][1], DOMAIN, PASSWORD);
        CHECK_STATUS(handshake(&client, &server), SEC_E_LOGON_DENIED);
        end_party(&client);
        end_party(&server);
    }
}

/* What is no text is refused where text is needed. */
static void no_text(void)
{
    static const char *const bad[] = {"\xFF", "\xC3", "\xE2\x82", "\xED\xA0\x80", "\xC0\x80"};
    static const SEC_WCHAR lone[] = {'x', 0xD800, 0};
    struct party client = make_client(USER, DOMAIN, PASSWORD);
    struct token token;
    SecBuffer output = make_buffer(SECBUFFER_TOKEN, token.bytes, sizeof(token.bytes));
    SecBufferDesc desc = make_desc(&output, 1);
    SecPkgInfoA *info = FILLED(SecPkgInfoA *);
    CtxtHandle context = make_handle(1, 2);
    ULONG flags;
    size_t index;
    for (index = 0; index < sizeof(bad) / sizeof(bad[0]); index++) {
        client.target = ASTR(bad[index]);
        CHECK_STATUS(party_step(&client, NULL, &token), SEC_E_INVALID_PARAMETER);
        CHECK(QuerySecurityPackageInfoA(ASTR(bad[index]), &info) < 0);
    }
    CHECK_STATUS(InitializeSecurityContextW(&client.credential, NULL, (SEC_WCHAR *)lone, 0, 0, 0,
                                            NULL, 0, &context, &desc, &flags, NULL),
                 SEC_E_INVALID_PARAMETER);
    CHECK(info == FILLED(SecPkgInfoA *) && context.dwLower == 1);
    client.has_context = 0;
    end_party(&client);
}

/* The wide functions, by their wide names. */
static void wide_functions(void)
{
    SEC_WINNT_AUTH_IDENTITY_W identity = make_wide_identity(&names[0]);
    SEC_WCHAR package[] = {'n', 't', 'l', 'm', 0};
    CredHandle credential;
    CtxtHandle context;
    struct token token;
    SecBuffer output = make_buffer(SECBUFFER_TOKEN, token.bytes, sizeof(token.bytes));
    SecBufferDesc desc = make_desc(&output, 1);
    SecPkgCredentials_NamesW found;
    ULONG flags;
    MUST_STATUS(AcquireCredentialsHandleW(NULL, package, SECPKG_CRED_OUTBOUND, NULL, &identity,
                                          NULL, NULL, &credential, NULL),
                SEC_E_OK);
    MUST_STATUS(InitializeSecurityContextW(&credential, NULL, (SEC_WCHAR *)kanji,
                                           SIGNED_AND_SEALED, 0, 0, NULL, 0, &context, &desc,
                                           &flags, NULL),
                SEC_I_CONTINUE_NEEDED);
    MUST_STATUS(QueryCredentialsAttributesW(&credential, SECPKG_CRED_ATTR_NAMES, &found),
                SEC_E_OK);
    CHECK(found.sUserName[2] == 0xEB && wide_length(found.sUserName) == 7);
    CHECK_STATUS(FreeContextBuffer(found.sUserName), SEC_E_OK);
    CHECK_STATUS(DeleteSecurityContext(&context), SEC_E_OK);
    CHECK_STATUS(FreeCredentialsHandle(&credential), SEC_E_OK);
}

int main(void)
{
    names_go_through();
    other_letters();
    no_other_name();
    no_text();
    wide_functions();
    return check_end();
}
