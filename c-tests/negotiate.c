/* Negotiate as a program sees it: what it says on its way and at the end, whose credentials it takes,
 * and contexts that move or are authenticated anew. NTLM inside, for which nothing must be there. */
#include "party.h"

static SECURITY_STATUS acquire_of(const char *package, ULONG use, void *identity,
                                  CredHandle *credential)
{
    TimeStamp expiry;
    return AcquireCredentialsHandleA(NULL, ASTR(package), use, NULL, identity, NULL, NULL,
                                     credential, &expiry);
}

static SEC_WINNT_AUTH_IDENTITY_EXA make_list(const SEC_WINNT_AUTH_IDENTITY_A *identity,
                                             const char *packages)
{
    SEC_WINNT_AUTH_IDENTITY_EXA list;
    memset(&list, 0, sizeof(list));
    list.Version = SEC_WINNT_AUTH_IDENTITY_VERSION;
    list.Length = sizeof(list);
    list.Flags = SEC_WINNT_AUTH_IDENTITY_ANSI;
    if (identity != NULL) {
        list.User = identity->User;
        list.UserLength = identity->UserLength;
        list.Domain = identity->Domain;
        list.DomainLength = identity->DomainLength;
        list.Password = identity->Password;
        list.PasswordLength = identity->PasswordLength;
    }
    list.PackageList = (unsigned char *)packages;
    list.PackageListLength = (ULONG)strlen(packages);
    return list;
}

static struct party make_side(int is_server, void *identity)
{
    struct party party;
    memset(&party, 0, sizeof(party));
    party.is_server = is_server;
    party.drep = SECURITY_NATIVE_DREP;
    party.request = is_server ? 0 : SIGNED_AND_SEALED;
    MUST_STATUS(acquire_of("Negotiate", is_server ? SECPKG_CRED_INBOUND : SECPKG_CRED_OUTBOUND,
                           identity, &party.credential),
                SEC_E_OK);
    return party;
}

/* From the first call to the end of both sides: the first failure, or SEC_E_OK. */
static SECURITY_STATUS negotiate(struct party *client, struct party *server)
{
    static struct token up, down;
    SECURITY_STATUS ours = party_step(client, NULL, &up), theirs = SEC_I_CONTINUE_NEEDED;
    while (ours >= 0 && theirs == SEC_I_CONTINUE_NEEDED && up.length > 0) {
        theirs = party_step(server, &up, &down);
        if (theirs < 0) return theirs;
        if (ours == SEC_E_OK) break;
        ours = party_step(client, &down, &up);
    }
    return ours != SEC_E_OK ? ours : theirs;
}

static void make_negotiated(struct pair *pair)
{
    SEC_WINNT_AUTH_IDENTITY_A identity = make_identity(USER, DOMAIN, PASSWORD);
    pair->client = make_side(0, &identity);
    pair->server = make_side(1, &identity);
    MUST_STATUS(negotiate(&pair->client, &pair->server), SEC_E_OK);
}

/* The state of the negotiation, and the name of the package at work. */
static void says(CtxtHandle *context, ULONG state, const char *name)
{
    SecPkgContext_NegotiationInfoA narrow;
    SecPkgContext_NegotiationInfoW wide;
    SecPkgContext_PackageInfoA package;
    if (!CHECK_STATUS(QueryContextAttributesA(context, SECPKG_ATTR_NEGOTIATION_INFO, &narrow),
                      SEC_E_OK))
        return;
    CHECK(narrow.NegotiationState == state);
    CHECK(strcmp(narrow.PackageInfo->Name, name) == 0);
    CHECK_STATUS(FreeContextBuffer(narrow.PackageInfo), SEC_E_OK);
    MUST_STATUS(QueryContextAttributesW(context, SECPKG_ATTR_NEGOTIATION_INFO, &wide), SEC_E_OK);
    CHECK(wide.NegotiationState == state && wide_is(wide.PackageInfo->Name, name));
    CHECK_STATUS(FreeContextBuffer(wide.PackageInfo), SEC_E_OK);
    MUST_STATUS(QueryContextAttributesA(context, SECPKG_ATTR_PACKAGE_INFO, &package), SEC_E_OK);
    CHECK(strcmp(package.PackageInfo->Name, name) == 0);
    CHECK_STATUS(FreeContextBuffer(package.PackageInfo), SEC_E_OK);
}

static void has_sizes(CtxtHandle *context, ULONG token, ULONG block)
{
    SecPkgContext_Sizes sizes;
    MUST_STATUS(QueryContextAttributesA(context, SECPKG_ATTR_SIZES, &sizes), SEC_E_OK);
    CHECK(sizes.cbMaxToken == token && sizes.cbBlockSize == block);
    CHECK(sizes.cbMaxSignature >= 16 && sizes.cbSecurityTrailer >= 16);
}

static void on_the_way(void)
{
    SEC_WINNT_AUTH_IDENTITY_A identity = make_identity(USER, DOMAIN, PASSWORD);
    struct party client = make_side(0, &identity), server = make_side(1, &identity);
    static struct token up, down;
    SecPkgContext_NamesA names;
    SECURITY_STATUS status;
    MUST_STATUS(party_step(&client, NULL, &up), SEC_I_CONTINUE_NEEDED);
    says(&client.context, SECPKG_NEGOTIATION_OPTIMISTIC, "NTLM");
    has_sizes(&client.context, 48256, 1);
    CHECK_STATUS(QueryContextAttributesA(&client.context, SECPKG_ATTR_NAMES, &names),
                 SEC_E_INVALID_HANDLE);
    MUST_STATUS(party_step(&server, &up, &down), SEC_I_CONTINUE_NEEDED);
    says(&server.context, SECPKG_NEGOTIATION_IN_PROGRESS, "NTLM");
    has_sizes(&server.context, 48256, 1);
    status = party_step(&client, &down, &up);
    if (status == SEC_I_CONTINUE_NEEDED) {
        says(&client.context, SECPKG_NEGOTIATION_IN_PROGRESS, "NTLM");
        MUST_STATUS(party_step(&server, &up, &down), SEC_E_OK);
        MUST_STATUS(party_step(&client, &down, &up), SEC_E_OK);
    } else {
        MUST_STATUS(status, SEC_E_OK);
        MUST_STATUS(party_step(&server, &up, &down), SEC_E_OK);
    }
    says(&client.context, SECPKG_NEGOTIATION_COMPLETE, "NTLM");
    says(&server.context, SECPKG_NEGOTIATION_COMPLETE, "NTLM");
    has_sizes(&client.context, 2888, 0);
    has_sizes(&server.context, 2888, 0);
    MUST_STATUS(QueryContextAttributesA(&server.context, SECPKG_ATTR_NAMES, &names), SEC_E_OK);
    CHECK(strcmp(names.sUserName, DOMAIN "\\" USER) == 0);
    CHECK_STATUS(FreeContextBuffer(names.sUserName), SEC_E_OK);
    exchange(&client.context, &server.context, "from the client to the server");
    exchange(&server.context, &client.context, "from the server to the client");
    end_party(&client);
    end_party(&server);
}

/* Lists of packages, with an identity and with none. */
static void lists(void)
{
    SEC_WINNT_AUTH_IDENTITY_A identity = make_identity(USER, DOMAIN, PASSWORD);
    SEC_WINNT_AUTH_IDENTITY_EXA list = make_list(&identity, "ntlm");
    struct party client = make_side(0, &list), server = make_side(1, &identity);
    CredHandle none = make_handle(1, 2);
    static struct token token;
    CHECK_STATUS(negotiate(&client, &server), SEC_E_OK);
    says(&client.context, SECPKG_NEGOTIATION_COMPLETE, "NTLM");
    end_party(&client);
    end_context(&server);
    /* Without NTLM there is only Kerberos, and nobody to get a ticket for. */
    list = make_list(&identity, "!NTLM");
    client = make_side(0, &list);
    CHECK_STATUS(party_step(&client, NULL, &token), SEC_E_TARGET_UNKNOWN);
    CHECK(!client.has_context && token.length == 0);
    end_party(&client);
    list = make_list(&identity, "!ntlm,!kerberos");
    CHECK(acquire_of("Negotiate", SECPKG_CRED_OUTBOUND, &list, &none) < 0);
    list = make_list(NULL, "NoSuchPackage");
    CHECK(acquire_of("Negotiate", SECPKG_CRED_OUTBOUND, &list, &none) < 0);
    CHECK(none.dwLower == 1 && none.dwUpper == 2);
    /* A list alone is the default credentials, filtered. */
    list = make_list(NULL, "!NTLM");
    client = make_side(0, &list);
    CHECK(party_step(&client, NULL, &token) < 0);
    end_party(&client);
    /* The server's list counts too. */
    end_party(&server);
    list = make_list(&identity, "!NTLM");
    client = make_side(0, &identity);
    server = make_side(1, &list);
    CHECK(negotiate(&client, &server) < 0);
    end_party(&client);
    end_party(&server);
}

static SECURITY_STATUS add(CredHandle *credential, const char *package, ULONG use, void *identity)
{
    TimeStamp expiry;
    return AddCredentialsA(credential, NULL, ASTR(package), use, identity, NULL, NULL, &expiry);
}

static void added(void)
{
    SEC_WINNT_AUTH_IDENTITY_A identity = make_identity(USER, DOMAIN, PASSWORD);
    SEC_WINNT_AUTH_IDENTITY_A wrong = make_identity(USER, DOMAIN, "not it");
    const ULONG use = SECPKG_CRED_OUTBOUND;
    struct party client = make_side(0, &wrong), server = make_side(1, &identity);
    CredHandle ntlm;
    TimeStamp expiry;
    CHECK_STATUS(negotiate(&client, &server), SEC_E_LOGON_DENIED);
    end_context(&client);
    end_context(&server);
    /* The last one that was added counts. */
    CHECK_STATUS(add(&client.credential, "ntlm", use, &identity), SEC_E_OK);
    CHECK_STATUS(negotiate(&client, &server), SEC_E_OK);
    exchange(&client.context, &server.context, "by what was added");
    end_context(&client);
    end_context(&server);
    CHECK_STATUS(add(&client.credential, "Negotiate", use, &wrong), SEC_E_OK);
    CHECK_STATUS(negotiate(&client, &server), SEC_E_LOGON_DENIED);
    end_context(&client);
    end_context(&server);
    CHECK_STATUS(AddCredentialsW(&client.credential, NULL, WSTR("NTLM"), use, &identity, NULL, NULL,
                                 NULL),
                 SEC_E_OK);
    CHECK_STATUS(negotiate(&client, &server), SEC_E_OK);
    /* What cannot be added. */
    CHECK_STATUS(add(&client.credential, "NoSuchPackage", use, &identity), SEC_E_SECPKG_NOT_FOUND);
    CHECK_STATUS(AddCredentialsA(&client.credential, NULL, NULL, use, &identity, NULL, NULL,
                                 &expiry),
                 SEC_E_SECPKG_NOT_FOUND);
    CHECK_STATUS(add(&client.credential, "NTLM", 0, &identity), SEC_E_UNKNOWN_CREDENTIALS);
    identity.Flags = 0;
    CHECK_STATUS(add(&client.credential, "NTLM", use, &identity), SEC_E_INVALID_PARAMETER);
    identity.Flags = SEC_WINNT_AUTH_IDENTITY_ANSI;
    CHECK_STATUS(add(&client.context, "NTLM", use, &identity), SEC_E_INVALID_HANDLE);
    MUST_STATUS(acquire_of("NTLM", use, &identity, &ntlm), SEC_E_OK);
    CHECK_STATUS(add(&ntlm, "NTLM", use, &identity), SEC_E_UNSUPPORTED_FUNCTION);
    CHECK_STATUS(FreeCredentialsHandle(&ntlm), SEC_E_OK);
    CHECK_STATUS(add(&ntlm, "NTLM", use, &identity), SEC_E_INVALID_HANDLE);
    end_party(&client);
    end_party(&server);
}

/* Default credentials that are not to be used: something must be added. */
static void restricted(void)
{
    SEC_WINNT_AUTH_IDENTITY_A identity = make_identity(USER, DOMAIN, PASSWORD);
    struct party client, server = make_side(1, &identity);
    static struct token token;
    memset(&client, 0, sizeof(client));
    client.request = SIGNED_AND_SEALED;
    client.target = ASTR("host/server");
    MUST_STATUS(acquire_of("Negotiate",
                           SECPKG_CRED_OUTBOUND | SECPKG_CRED_AUTOLOGON_RESTRICTED, NULL,
                           &client.credential),
                SEC_E_OK);
    CHECK_STATUS(party_step(&client, NULL, &token), SEC_E_NO_CREDENTIALS);
    CHECK(!client.has_context);
    CHECK_STATUS(add(&client.credential, "NTLM", SECPKG_CRED_OUTBOUND, &identity), SEC_E_OK);
    CHECK_STATUS(negotiate(&client, &server), SEC_E_OK);
    end_party(&client);
    end_party(&server);
}

/* X5: a negotiated context is Negotiate's and the chosen package's, and nobody else's. */
static void moved(void)
{
    struct pair pair;
    SecBuffer packed = make_buffer(SECBUFFER_EMPTY, NULL, 0);
    CtxtHandle other = make_handle(1, 2);
    make_negotiated(&pair);
    exchange_both(&pair);
    MUST_STATUS(ExportSecurityContext(&pair.server.context, SECPKG_CONTEXT_EXPORT_DELETE_OLD,
                                      &packed, NULL),
                SEC_E_OK);
    CHECK_STATUS(ImportSecurityContextA(ASTR("Kerberos"), &packed, NULL, &other),
                 SEC_E_INVALID_TOKEN);
    CHECK(other.dwLower == 1 && other.dwUpper == 2);
    MUST_STATUS(ImportSecurityContextA(ASTR("NTLM"), &packed, NULL, &other), SEC_E_OK);
    CHECK_STATUS(DeleteSecurityContext(&other), SEC_E_OK);
    MUST_STATUS(ImportSecurityContextW(WSTR("Negotiate"), &packed, NULL, &pair.server.context),
                SEC_E_OK);
    CHECK_STATUS(FreeContextBuffer(packed.pvBuffer), SEC_E_OK);
    says(&pair.server.context, SECPKG_NEGOTIATION_COMPLETE, "NTLM");
    exchange_both(&pair);
    end_pair(&pair);
}

/* A context that Negotiate did not make is not Negotiate's. */
static void not_moved(void)
{
    struct pair pair;
    SecBuffer packed = make_buffer(SECBUFFER_EMPTY, NULL, 0);
    CtxtHandle other;
    make_pair(&pair, SIGNED_AND_SEALED);
    MUST_STATUS(ExportSecurityContext(&pair.client.context, 0, &packed, NULL), SEC_E_OK);
    CHECK_STATUS(ImportSecurityContextA(ASTR("Negotiate"), &packed, NULL, &other),
                 SEC_E_INVALID_TOKEN);
    CHECK_STATUS(FreeContextBuffer(packed.pvBuffer), SEC_E_OK);
    end_pair(&pair);
}

/* Another handshake on the same two handles. */
static void anew(void)
{
    struct pair pair;
    CtxtHandle client, server;
    SecPkgContext_SessionKey before, after;
    make_negotiated(&pair);
    client = pair.client.context;
    server = pair.server.context;
    MUST_STATUS(QueryContextAttributesA(&client, SECPKG_ATTR_SESSION_KEY, &before), SEC_E_OK);
    CHECK_STATUS(negotiate(&pair.client, &pair.server), SEC_E_OK);
    CHECK((pair.client.attributes & ISC_RET_REAUTHENTICATION) != 0);
    CHECK(same_handle(&client, &pair.client.context) && same_handle(&server, &pair.server.context));
    MUST_STATUS(QueryContextAttributesA(&client, SECPKG_ATTR_SESSION_KEY, &after), SEC_E_OK);
    CHECK(before.SessionKeyLength == after.SessionKeyLength &&
          memcmp(before.SessionKey, after.SessionKey, after.SessionKeyLength) != 0);
    CHECK_STATUS(FreeContextBuffer(before.SessionKey), SEC_E_OK);
    CHECK_STATUS(FreeContextBuffer(after.SessionKey), SEC_E_OK);
    says(&client, SECPKG_NEGOTIATION_COMPLETE, "NTLM");
    exchange_both(&pair);
    end_pair(&pair);
}

/* Raw NTLM comes where SPNEGO is expected (HTTP, SMB), and is answered in kind. */
static void raw(void)
{
    SEC_WINNT_AUTH_IDENTITY_A identity = make_identity(USER, DOMAIN, PASSWORD);
    struct party client = make_client(USER, DOMAIN, PASSWORD), server = make_side(1, &identity);
    static struct token up, down;
    MUST_STATUS(party_step(&client, NULL, &up), SEC_I_CONTINUE_NEEDED);
    MUST_STATUS(party_step(&server, &up, &down), SEC_I_CONTINUE_NEEDED);
    CHECK(down.length > 8 && memcmp(down.bytes, "NTLMSSP", 8) == 0);
    MUST_STATUS(party_step(&client, &down, &up), SEC_E_OK);
    MUST_STATUS(party_step(&server, &up, &down), SEC_E_OK);
    CHECK(down.length == 0);
    says(&server.context, SECPKG_NEGOTIATION_COMPLETE, "NTLM");
    exchange(&client.context, &server.context, "without SPNEGO");
    end_party(&client);
    end_party(&server);
}

int main(void)
{
    on_the_way();
    lists();
    added();
    restricted();
    moved();
    not_moved();
    anew();
    raw();
    return check_end();
}
