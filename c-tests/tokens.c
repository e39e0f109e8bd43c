/* Access tokens: of contexts, of logons, lent ones, duplicates; what they say, by Windows' function and by
 * the library's own; their handles. */
#include "party.h"

#include <ntsecapi.h>
#include <ntstatus.h>
#include <pthread.h>
#include <stddef.h>
#ifndef _WIN32
#include <sys/stat.h>
#include <unistd.h>
#endif

#ifdef _WIN32
#include <sddl.h>
#define SspiLocalFree LocalFree
#define Secur32GetTokenInformation GetTokenInformation
#define Secur32CheckTokenMembership CheckTokenMembership
#define Secur32ConvertSidToStringSidA ConvertSidToStringSidA
#define Secur32ConvertStringSidToSidA ConvertStringSidToSidA
#define Secur32ConvertSidToStringSidW ConvertSidToStringSidW
#define Secur32ConvertStringSidToSidW ConvertStringSidToSidW
#else
#include <secur32_token.h>
#endif

#define EVERYBODY "S-1-1-0"
#define NETWORK_USERS "S-1-5-2"
#define AUTHENTICATED "S-1-5-11"
#define BY_NTLM "S-1-5-64-10"

static const ULONG_PTR no_handles[] = {0, 1, 8, 0x5A5A5A50, 0xDEADBEEF, ~(ULONG_PTR)0};

static int is_sid(PSID sid, const char *text)
{
    LPSTR own = NULL;
    int same;
    if (!CHECK(Secur32ConvertSidToStringSidA(sid, &own))) return 0;
    same = strcmp(own, text) == 0;
    SspiLocalFree(own);
    return same;
}

static int is_member(HANDLE token, const char *text)
{
    PSID sid = NULL;
    BOOL member = 7;
    MUST(Secur32ConvertStringSidToSidA(text, &sid));
    CHECK(Secur32CheckTokenMembership(token, sid, &member));
    CHECK(member == TRUE || member == FALSE);
    SspiLocalFree(sid);
    return member;
}

/* A class of a fixed size: exactly as much is written, one byte less is too little. */
static void fixed(HANDLE token, TOKEN_INFORMATION_CLASS which, void *value, ULONG size)
{
    unsigned char room[128];
    ULONG length = 7;
    memset(room, 0x5A, sizeof(room));
    SetLastError(7);
    CHECK(!Secur32GetTokenInformation(token, which, room, size - 1, &length));
    CHECK(GetLastError() == ERROR_INSUFFICIENT_BUFFER && length == size);
    CHECK(room[0] == 0x5A && room[size - 1] == 0x5A);
    MUST(Secur32GetTokenInformation(token, which, room, sizeof(room), &length));
    CHECK(length == size && room[size] == 0x5A);
    memcpy(value, room, size);
}

static void groups(HANDLE token)
{
    static const char *const expected[] = {EVERYBODY, NETWORK_USERS, AUTHENTICATED, BY_NTLM};
    ULONG length = 0, index;
    PTOKEN_GROUPS list;
    CHECK(!Secur32GetTokenInformation(token, TokenGroups, NULL, 0, &length));
    MUST(GetLastError() == ERROR_INSUFFICIENT_BUFFER && length > sizeof(*list));
    list = (PTOKEN_GROUPS)malloc(length);
    MUST(list != NULL && Secur32GetTokenInformation(token, TokenGroups, list, length, &length));
    MUST(list->GroupCount == 4);
    for (index = 0; index < 4; index++) {
        CHECK(is_sid(list->Groups[index].Sid, expected[index]));
        CHECK(list->Groups[index].Attributes == 7);
        CHECK((char *)list->Groups[index].Sid > (char *)list);
        CHECK((char *)list->Groups[index].Sid < (char *)list + length);
        CHECK(is_member(token, expected[index]));
    }
    CHECK(!is_member(token, "S-1-5-32-544"));
    free(list);
}

/* As PostgreSQL, Firebird and .NET ask. */
static void windows_functions(HANDLE token)
{
    TOKEN_TYPE type;
    SECURITY_IMPERSONATION_LEVEL level;
    TOKEN_STATISTICS statistics;
    TOKEN_SOURCE source;
    unsigned char room[64];
    ULONG length = 7;
    fixed(token, TokenType, &type, sizeof(type));
    CHECK(type == TokenImpersonation);
    fixed(token, TokenImpersonationLevel, &level, sizeof(level));
    CHECK(level == SecurityImpersonation);
    fixed(token, TokenStatistics, &statistics, sizeof(statistics));
    CHECK(statistics.TokenType == TokenImpersonation && statistics.GroupCount == 4);
    CHECK(statistics.ImpersonationLevel == SecurityImpersonation);
    CHECK(statistics.AuthenticationId.LowPart == 0 && statistics.TokenId.LowPart != 0);
    fixed(token, TokenSource, &source, sizeof(source));
    CHECK(memcmp(source.SourceName, "NtLmSsp ", 8) == 0);
    groups(token);
    /* Nobody vouches for a SID of a local account. */
    CHECK(!Secur32GetTokenInformation(token, TokenUser, room, sizeof(room), &length));
    CHECK(GetLastError() == ERROR_NONE_MAPPED && length == 0);
    CHECK(!Secur32GetTokenInformation(token, TokenPrimaryGroup, room, sizeof(room), &length));
    CHECK(GetLastError() == ERROR_NONE_MAPPED);
    CHECK(!Secur32GetTokenInformation(token, (TOKEN_INFORMATION_CLASS)99, room, sizeof(room), &length));
    CHECK(GetLastError() == ERROR_INVALID_PARAMETER);
    CHECK(!Secur32GetTokenInformation(token, TokenType, NULL, 4, &length));
    CHECK(GetLastError() == ERROR_INVALID_PARAMETER);
}

static void sids(void)
{
    static const char *const good[] = {"S-1-0", "S-1-5-32-544", "S-1-5-21-1-2-3-4294967295",
                                       "S-1-0x0102030405FF-7"};
    static const char *const bad[] = {"", "S-1", "S-1-5-", "BA", "S-2-5", "S-1-5-x", "S-1-5-4294967296"};
    PSID sid;
    LPSTR text;
    LPWSTR wide;
    size_t index;
    unsigned char broken[72];
    for (index = 0; index < sizeof(good) / sizeof(good[0]); index++) {
        MUST(Secur32ConvertStringSidToSidA(good[index], &sid) && sid != NULL);
        CHECK(is_sid(sid, good[index]));
        wide = NULL;
        MUST(Secur32ConvertSidToStringSidW(sid, &wide));
        CHECK(wide_is((SEC_WCHAR *)wide, good[index]));
        SspiLocalFree(sid);
        MUST(Secur32ConvertStringSidToSidW(wide, &sid));
        CHECK(is_sid(sid, good[index]));
        SspiLocalFree(wide);
        SspiLocalFree(sid);
    }
    for (index = 0; index < sizeof(bad) / sizeof(bad[0]); index++) {
        sid = FILLED(PSID);
        CHECK(!Secur32ConvertStringSidToSidA(bad[index], &sid));
        CHECK(GetLastError() == ERROR_INVALID_SID && sid == NULL);
    }
    memset(broken, 1, sizeof(broken));
    broken[1] = 16;
    text = FILLED(LPSTR);
    CHECK(!Secur32ConvertSidToStringSidA(broken, &text));
    CHECK(GetLastError() == ERROR_INVALID_SID && text == NULL);
    broken[0] = 2;
    broken[1] = 1;
    CHECK(!Secur32ConvertSidToStringSidA(broken, &text) && GetLastError() == ERROR_INVALID_SID);
    CHECK(!Secur32ConvertSidToStringSidA(NULL, &text));
    CHECK(GetLastError() == ERROR_INVALID_PARAMETER);
    CHECK(!Secur32ConvertStringSidToSidA(NULL, &sid) && sid == NULL);
}

/* Who has no token, and who has none yet. */
static void without_a_token(struct pair *pair)
{
    struct party client = make_client(USER, DOMAIN, PASSWORD);
    struct party server = make_server(USER, DOMAIN, PASSWORD);
    SecPkgContext_AccessToken lent;
    struct token up, down;
    HANDLE token = FILLED(HANDLE);
    CHECK_STATUS(QuerySecurityContextToken(&pair->client.context, &token), SEC_E_NO_IMPERSONATION);
    CHECK(token == NULL);
    CHECK_STATUS(QueryContextAttributesA(&pair->client.context, SECPKG_ATTR_ACCESS_TOKEN, &lent),
                 SEC_E_NO_IMPERSONATION);
    CHECK_STATUS(QuerySecurityContextToken(&pair->server.context, NULL), SEC_E_INVALID_PARAMETER);
    MUST_STATUS(party_step(&client, NULL, &up), SEC_I_CONTINUE_NEEDED);
    MUST_STATUS(party_step(&server, &up, &down), SEC_I_CONTINUE_NEEDED);
    token = FILLED(HANDLE);
    CHECK_STATUS(QuerySecurityContextToken(&server.context, &token), SEC_E_INVALID_HANDLE);
    CHECK(token == NULL);
    CHECK_STATUS(QueryContextAttributesA(&server.context, SECPKG_ATTR_ACCESS_TOKEN, &lent),
                 SEC_E_INVALID_HANDLE);
    end_party(&client);
    end_party(&server);
}

#ifndef _WIN32
/* The header is written by hand: its layout is the library's. */
#define SAME(name, at) typedef char check_##name[offsetof(SECUR32_TOKEN, name) == (at) ? 1 : -1] \
    __attribute__((unused))
SAME(TokenId, 16);
SAME(GroupCount, 36);
SAME(User, 40);
SAME(Groups, 56);
SAME(Package, 64);
SAME(LogonServer, 120);
SAME(StartTime, 128);
SAME(PasswordMustChange, 168);
SAME(UserFlags, 176);
SAME(TransitedCount, 196);
SAME(TransitedServices, 200);
SAME(DelegationTarget, 208);
SAME(DeviceInfoLength, 224);
SAME(ClientClaims, 232);
SAME(DeviceInfo, 248);
typedef char check_size[sizeof(SECUR32_TOKEN) == 256 && sizeof(SECUR32_UNIX_ACCOUNT) == 40 &&
                        sizeof(TOKEN_STATISTICS) == 56 ? 1 : -1] __attribute__((unused));

static PSECUR32_TOKEN query(HANDLE token)
{
    PSECUR32_TOKEN what = FILLED(PSECUR32_TOKEN);
    MUST_STATUS(Secur32QueryToken(token, &what), SEC_E_OK);
    MUST(what != NULL && what->Size == sizeof(*what));
    return what;
}

static SECURITY_IMPERSONATION_LEVEL level_of(HANDLE token)
{
    PSECUR32_TOKEN what = query(token);
    SECURITY_IMPERSONATION_LEVEL level = what->Level;
    CHECK_STATUS(FreeContextBuffer(what), SEC_E_OK);
    return level;
}

static void own_functions(HANDLE token)
{
    PSECUR32_TOKEN what = query(token);
    PSECUR32_UNIX_ACCOUNT account = FILLED(PSECUR32_UNIX_ACCOUNT);
    CHECK(what->Type == TokenImpersonation && what->Level == SecurityImpersonation);
    CHECK(what->Flags == 0 && what->LogonType == Network);
    CHECK(strcmp(what->Package, "NTLM") == 0 && strcmp(what->Account, USER) == 0);
    CHECK(strcmp(what->Domain, DOMAIN) == 0 && what->Principal[0] == 0 && what->FullName[0] == 0);
    CHECK(what->User == NULL && what->PrimaryGroup == NULL && what->GroupCount == 4);
    CHECK(is_sid(what->Groups[3].Sid, BY_NTLM) && what->TransitedCount == 0);
    CHECK(what->LogonId.LowPart == 0 && what->StartTime.QuadPart > 0);
    CHECK(what->ClientClaimsLength == 0 && what->ClientClaims == NULL);
    CHECK_STATUS(FreeContextBuffer(what), SEC_E_OK);
    CHECK_STATUS(FreeContextBuffer(what), SEC_E_INVALID_HANDLE);
    CHECK_STATUS(Secur32QueryTokenAccount(token, &account), SEC_E_NO_IMPERSONATION);
    CHECK(account == NULL);
}

/* Levels go down and never up. */
static void duplicates(HANDLE token)
{
    HANDLE low = NULL, other = FILLED(HANDLE);
    PSECUR32_TOKEN one, two;
    CHECK_STATUS(Secur32DuplicateToken(token, SecurityDelegation, TokenImpersonation, &other),
                 SEC_E_NO_IMPERSONATION);
    CHECK(other == NULL);
    MUST_STATUS(Secur32DuplicateToken(token, SecurityIdentification, TokenImpersonation, &low),
                SEC_E_OK);
    CHECK(low != token && level_of(low) == SecurityIdentification);
    CHECK_STATUS(Secur32DuplicateToken(low, SecurityImpersonation, TokenImpersonation, &other),
                 SEC_E_NO_IMPERSONATION);
    CHECK_STATUS(Secur32DuplicateToken(low, SecurityAnonymous, TokenPrimary, &other),
                 SEC_E_NO_IMPERSONATION);
    MUST_STATUS(Secur32DuplicateToken(token, SecurityAnonymous, TokenPrimary, &other), SEC_E_OK);
    one = query(token);
    two = query(other);
    CHECK(two->Type == TokenPrimary && strcmp(one->Account, two->Account) == 0);
    CHECK(one->TokenId.LowPart != two->TokenId.LowPart);
    CHECK_STATUS(FreeContextBuffer(one), SEC_E_OK);
    CHECK_STATUS(FreeContextBuffer(two), SEC_E_OK);
    CHECK(CloseHandle(low) && CloseHandle(other));
    CHECK_STATUS(Secur32DuplicateToken(token, (SECURITY_IMPERSONATION_LEVEL)4, TokenPrimary, &other),
                 SEC_E_INVALID_PARAMETER);
    CHECK_STATUS(Secur32DuplicateToken(token, SecurityAnonymous, (TOKEN_TYPE)3, &other),
                 SEC_E_INVALID_PARAMETER);
    CHECK_STATUS(Secur32DuplicateToken(token, SecurityAnonymous, TokenPrimary, NULL),
                 SEC_E_INVALID_PARAMETER);
}

/* A lent handle is the same each time, ends with its context, and is closed by nobody else. */
static void lent(void)
{
    struct pair pair;
    SecPkgContext_AccessToken first, second;
    PSECUR32_TOKEN what;
    make_pair(&pair, SIGNED_AND_SEALED);
    MUST_STATUS(QueryContextAttributesA(&pair.server.context, SECPKG_ATTR_ACCESS_TOKEN, &first),
                SEC_E_OK);
    MUST_STATUS(QueryContextAttributesW(&pair.server.context, SECPKG_ATTR_ACCESS_TOKEN, &second),
                SEC_E_OK);
    CHECK(first.AccessToken != NULL && first.AccessToken == second.AccessToken);
    SetLastError(7);
    CHECK(!CloseHandle(first.AccessToken) && GetLastError() == ERROR_INVALID_HANDLE);
    own_functions(first.AccessToken);
    end_pair(&pair);
    what = FILLED(PSECUR32_TOKEN);
    CHECK_STATUS(Secur32QueryToken(first.AccessToken, &what), SEC_E_INVALID_HANDLE);
    CHECK(what == NULL && !CloseHandle(first.AccessToken));
}

/* What is no token is refused by every function, and outputs are cleared. */
static void no_tokens(HANDLE handle)
{
    PSECUR32_TOKEN what = FILLED(PSECUR32_TOKEN);
    PSECUR32_UNIX_ACCOUNT account = FILLED(PSECUR32_UNIX_ACCOUNT);
    HANDLE other = FILLED(HANDLE);
    ULONG length = 7, type;
    BOOL member = 7;
    PSID sid = NULL;
    CHECK_STATUS(Secur32QueryToken(handle, &what), SEC_E_INVALID_HANDLE);
    CHECK_STATUS(Secur32QueryTokenAccount(handle, &account), SEC_E_INVALID_HANDLE);
    CHECK_STATUS(Secur32DuplicateToken(handle, SecurityIdentification, TokenImpersonation, &other),
                 SEC_E_INVALID_HANDLE);
    CHECK(what == NULL && account == NULL && other == NULL);
    CHECK(!Secur32GetTokenInformation(handle, TokenType, &type, sizeof(type), &length));
    CHECK(GetLastError() == ERROR_INVALID_HANDLE && length == 0);
    MUST(Secur32ConvertStringSidToSidA(EVERYBODY, &sid));
    CHECK(!Secur32CheckTokenMembership(handle, sid, &member));
    CHECK(GetLastError() == (handle == NULL ? ERROR_NO_TOKEN : ERROR_INVALID_HANDLE));
    CHECK(member == FALSE);
    SspiLocalFree(sid);
    CHECK(!CloseHandle(handle) && GetLastError() == ERROR_INVALID_HANDLE);
}

static void handles(HANDLE token)
{
    HANDLE lsa = NULL, dead = NULL;
    size_t index;
    unsigned bit;
    for (index = 0; index < sizeof(no_handles) / sizeof(no_handles[0]); index++) {
        no_tokens((HANDLE)no_handles[index]);
    }
    for (bit = 0; bit < 64; bit++) no_tokens((HANDLE)((ULONG_PTR)token ^ (ULONG_PTR)1 << bit));
    MUST(LsaConnectUntrusted(&lsa) == STATUS_SUCCESS);
    no_tokens(lsa);
    CHECK(LsaDeregisterLogonProcess(token) == STATUS_INVALID_HANDLE);
    CHECK(LsaDeregisterLogonProcess(lsa) == STATUS_SUCCESS);
    MUST_STATUS(Secur32DuplicateToken(token, SecurityAnonymous, TokenImpersonation, &dead), SEC_E_OK);
    CHECK(CloseHandle(dead));
    no_tokens(dead);
    CHECK_STATUS(Secur32QueryToken(token, NULL), SEC_E_INVALID_PARAMETER);
    CHECK_STATUS(Secur32OpenThreadToken(&dead), SEC_E_NO_IMPERSONATION);
    CHECK(dead == NULL);
    own_functions(token);
}

enum { THREADS = 4, ROUNDS = 500 };
static HANDLE contested[ROUNDS];
static int closed;

/* Reads and closes what others read and close. */
static void *contend(void *unused)
{
    int round;
    (void)unused;
    for (round = 0; round < ROUNDS; round++) {
        PSECUR32_TOKEN what = NULL;
        SECURITY_STATUS status = Secur32QueryToken(contested[round], &what);
        CHECK(status == SEC_E_OK ? strcmp(what->Account, USER) == 0
                                 : status == SEC_E_INVALID_HANDLE && what == NULL);
        if (what != NULL) CHECK_STATUS(FreeContextBuffer(what), SEC_E_OK);
        if (CloseHandle(contested[round])) CHECK_ONE_MORE(closed);
    }
    return NULL;
}

static void threads(HANDLE token)
{
    pthread_t others[THREADS];
    int index;
    for (index = 0; index < ROUNDS; index++) {
        MUST_STATUS(Secur32DuplicateToken(token, SecurityIdentification, TokenImpersonation,
                                          &contested[index]),
                    SEC_E_OK);
    }
    for (index = 0; index < THREADS; index++) {
        MUST(pthread_create(&others[index], NULL, contend, NULL) == 0);
    }
    for (index = 0; index < THREADS; index++) MUST(pthread_join(others[index], NULL) == 0);
    CHECK(closed == ROUNDS);
}

/* How far a client lets its server go is in the token. */
static void levels(void)
{
    struct pair pair;
    SEC_WINNT_AUTH_IDENTITY_A nobody;
    struct party client, server;
    PSECUR32_TOKEN what;
    HANDLE token = NULL;
    make_pair(&pair, SIGNED_AND_SEALED | ISC_REQ_IDENTIFY);
    MUST_STATUS(QuerySecurityContextToken(&pair.server.context, &token), SEC_E_OK);
    CHECK(level_of(token) == SecurityIdentification);
    CHECK(CloseHandle(token));
    end_pair(&pair);

    nobody = make_identity(NULL, NULL, NULL);
    client = make_party(0, &nobody);
    server = make_server(USER, DOMAIN, PASSWORD);
    server.request = ASC_REQ_ALLOW_NULL_SESSION;
    MUST_STATUS(handshake(&client, &server), SEC_E_OK);
    MUST_STATUS(QuerySecurityContextToken(&server.context, &token), SEC_E_OK);
    what = query(token);
    CHECK(what->Flags == SECUR32_TOKEN_ANONYMOUS && what->Level == SecurityAnonymous);
    CHECK(is_sid(what->User, "S-1-5-7") && what->GroupCount == 1);
    CHECK_STATUS(FreeContextBuffer(what), SEC_E_OK);
    CHECK(!is_member(token, EVERYBODY) && !is_member(token, AUTHENTICATED));
    CHECK(CloseHandle(token));
    end_party(&client);
    end_party(&server);
}

/* A context that came from elsewhere has its client's token too. */
static void imported(void)
{
    struct pair pair;
    SecBuffer packed = make_buffer(SECBUFFER_EMPTY, NULL, 0);
    CtxtHandle context;
    HANDLE token = NULL;
    make_pair(&pair, SIGNED_AND_SEALED);
    MUST_STATUS(ExportSecurityContext(&pair.server.context, 0, &packed, NULL), SEC_E_OK);
    MUST_STATUS(ImportSecurityContextA(ASTR("NTLM"), &packed, NULL, &context), SEC_E_OK);
    CHECK_STATUS(FreeContextBuffer(packed.pvBuffer), SEC_E_OK);
    MUST_STATUS(QuerySecurityContextToken(&context, &token), SEC_E_OK);
    CHECK_STATUS(DeleteSecurityContext(&context), SEC_E_OK);
    end_pair(&pair);
    own_functions(token);
    CHECK(CloseHandle(token));
}

static UNICODE_STRING placed(unsigned char **place, const char *ascii)
{
    UNICODE_STRING string;
    WCHAR *units = (WCHAR *)(void *)*place;
    size_t index, length = strlen(ascii);
    for (index = 0; index < length; index++) units[index] = (WCHAR)ascii[index];
    string.Length = (USHORT)(length * sizeof(WCHAR));
    string.MaximumLength = string.Length;
    string.Buffer = (PWSTR)(void *)units;
    *place += string.Length;
    return string;
}

/* Logs the account of NTLM_USER_FILE on, with groups of ours. */
static NTSTATUS log_on(HANDLE lsa, PTOKEN_GROUPS local, HANDLE *token, LUID *session)
{
    static unsigned char buffer[512];
    PMSV1_0_INTERACTIVE_LOGON logon = (PMSV1_0_INTERACTIVE_LOGON)(void *)buffer;
    unsigned char *place = buffer + sizeof(*logon);
    char name[] = MSV1_0_PACKAGE_NAME;
    LSA_STRING package;
    TOKEN_SOURCE source;
    ULONG number = 0;
    package.Buffer = name;
    package.Length = (USHORT)strlen(name);
    package.MaximumLength = package.Length;
    MUST(LsaLookupAuthenticationPackage(lsa, &package, &number) == STATUS_SUCCESS);
    memset(buffer, 0, sizeof(buffer));
    logon->MessageType = MsV1_0InteractiveLogon;
    logon->LogonDomainName = placed(&place, DOMAIN);
    logon->UserName = placed(&place, USER);
    logon->Password = placed(&place, PASSWORD);
    memcpy(source.SourceName, "tokens.c", 8);
    source.SourceIdentifier.LowPart = 7;
    source.SourceIdentifier.HighPart = 1;
    *token = FILLED(HANDLE);
    return LsaLogonUser(lsa, &package, Interactive, number, buffer, (ULONG)(place - buffer), local,
                        &source, NULL, NULL, session, token, NULL, NULL);
}

static NTSTATUS session_is(LUID session)
{
    PSECURITY_LOGON_SESSION_DATA data = NULL;
    NTSTATUS status = LsaGetLogonSessionData(&session, &data);
    LsaFreeReturnBuffer(data);
    return status;
}

/* A primary token; its session lives as long as it or a duplicate. */
static void a_logon(HANDLE lsa)
{
    HANDLE token, copy = NULL;
    LUID session;
    PSECUR32_TOKEN what;
    TOKEN_SOURCE source;
    unsigned char room[16];
    ULONG length = 7;
    MUST(log_on(lsa, NULL, &token, &session) == STATUS_SUCCESS);
    what = query(token);
    CHECK(what->Type == TokenPrimary && what->LogonType == Interactive);
    CHECK(memcmp(&what->LogonId, &session, sizeof(session)) == 0 && session.LowPart != 0);
    CHECK(strcmp(what->Account, USER) == 0 && strcmp(what->Domain, DOMAIN) == 0);
    CHECK_STATUS(FreeContextBuffer(what), SEC_E_OK);
    CHECK(is_member(token, "S-1-5-4") && !is_member(token, NETWORK_USERS));
    fixed(token, TokenSource, &source, sizeof(source));
    CHECK(memcmp(source.SourceName, "tokens.c", 8) == 0 && source.SourceIdentifier.LowPart == 7);
    CHECK(source.SourceIdentifier.HighPart == 1);
    CHECK(!Secur32GetTokenInformation(token, TokenImpersonationLevel, room, sizeof(room), &length));
    CHECK(GetLastError() == ERROR_INVALID_PARAMETER);
    MUST_STATUS(Secur32DuplicateToken(token, SecurityDelegation, TokenImpersonation, &copy), SEC_E_OK);
    CHECK(CloseHandle(token) && session_is(session) == STATUS_SUCCESS);
    CHECK(CloseHandle(copy) && session_is(session) == STATUS_NO_SUCH_LOGON_SESSION);
}

/* Groups are added by logon processes, and well-formed. */
static void local_groups(HANDLE lsa, HANDLE trusted)
{
    TOKEN_GROUPS local;
    HANDLE token;
    LUID session;
    unsigned char broken[8] = {2, 0, 0, 0, 0, 0, 0, 5};
    local.GroupCount = 1;
    local.Groups[0].Attributes = 7;
    MUST(Secur32ConvertStringSidToSidA("S-1-5-32-544", &local.Groups[0].Sid));
    CHECK(log_on(lsa, &local, &token, &session) == STATUS_PRIVILEGE_NOT_HELD && token == NULL);
    if (trusted != NULL) {
        MUST(log_on(trusted, &local, &token, &session) == STATUS_SUCCESS);
        CHECK(is_member(token, "S-1-5-32-544") && is_member(token, AUTHENTICATED));
        CHECK(CloseHandle(token));
        SspiLocalFree(local.Groups[0].Sid);
        local.Groups[0].Sid = broken;
        CHECK(log_on(trusted, &local, &token, &session) == STATUS_INVALID_PARAMETER);
        local.Groups[0].Sid = NULL;
        CHECK(log_on(trusted, &local, &token, &session) == STATUS_INVALID_PARAMETER);
        local.GroupCount = 0xFFFFFFFF;
        CHECK(log_on(trusted, &local, &token, &session) == STATUS_INVALID_PARAMETER && token == NULL);
        local.GroupCount = 0;
        CHECK(log_on(trusted, &local, &token, &session) == STATUS_SUCCESS && CloseHandle(token));
    } else {
        SspiLocalFree(local.Groups[0].Sid);
    }
}

static void logons(void)
{
    static char path[] = "/tmp/secur32-tokens-XXXXXX";
    static const char line[] = DOMAIN ":" USER ":" PASSWORD "\n";
    HANDLE lsa = NULL, trusted = NULL;
    LSA_OPERATIONAL_MODE mode;
    LSA_STRING name;
    char text[] = "tokens.c";
    int file = mkstemp(path);
    MUST(file >= 0 && fchmod(file, 0600) == 0);
    MUST(write(file, line, sizeof(line) - 1) == (ssize_t)sizeof(line) - 1 && close(file) == 0);
    MUST(setenv("NTLM_USER_FILE", path, 1) == 0);
    MUST(LsaConnectUntrusted(&lsa) == STATUS_SUCCESS);
    name.Buffer = text;
    name.Length = 8;
    name.MaximumLength = 8;
    /* Root is a logon process. */
    if (LsaRegisterLogonProcess(&name, &trusted, &mode) != STATUS_SUCCESS) trusted = NULL;
    CHECK((trusted != NULL) == (geteuid() == 0));
    a_logon(lsa);
    local_groups(lsa, trusted);
    if (trusted != NULL) CHECK(LsaDeregisterLogonProcess(trusted) == STATUS_SUCCESS);
    CHECK(LsaDeregisterLogonProcess(lsa) == STATUS_SUCCESS);
    MUST(unlink(path) == 0 && unsetenv("NTLM_USER_FILE") == 0);
}
#endif

int main(void)
{
    struct pair pair;
    HANDLE token = FILLED(HANDLE), second = NULL;
    make_pair(&pair, SIGNED_AND_SEALED);
    without_a_token(&pair);
    MUST_STATUS(QuerySecurityContextToken(&pair.server.context, &token), SEC_E_OK);
    MUST_STATUS(QuerySecurityContextToken(&pair.server.context, &second), SEC_E_OK);
    CHECK(token != NULL && token != FILLED(HANDLE) && token != second);
    CHECK(CloseHandle(second) && !CloseHandle(second));
    end_pair(&pair);
    windows_functions(token);
    sids();
#ifndef _WIN32
    own_functions(token);
    duplicates(token);
    handles(token);
    threads(token);
    lent();
    levels();
    imported();
    logons();
#endif
    CHECK(CloseHandle(token));
    return check_end();
}
