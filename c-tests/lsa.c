/* The authority's functions: connections, packages by number, calls with their two results, logon
 * sessions, logons of the accounts of NTLM_USER_FILE. */
#include "check.h"

#include <ntsecapi.h>
#include <ntstatus.h>

#define NEGOTIATE 0ul

/* What another of our objects might lie at, and what nobody hands out. */
static const ULONG_PTR no_handles[] = {0, 1, 8, 0x5A5A5A50, 0xDEADBEEF, ~(ULONG_PTR)0};

static HANDLE lsa;
static ULONG kerberos, msv1_0;

static LSA_STRING counted(const char *text)
{
    LSA_STRING string;
    string.Length = (USHORT)strlen(text);
    string.MaximumLength = (USHORT)(string.Length + 1);
    string.Buffer = (PCHAR)text;
    return string;
}

/* An ASCII text as a UNICODE_STRING whose characters lie at `place`, which moves behind them. */
static UNICODE_STRING placed(unsigned char **place, const char *ascii)
{
    UNICODE_STRING string;
    WCHAR *units = (WCHAR *)(void *)*place;
    size_t length = strlen(ascii), index;
    for (index = 0; index < length; index++) units[index] = (WCHAR)ascii[index];
    string.Length = (USHORT)(length * sizeof(WCHAR));
    string.MaximumLength = string.Length;
    string.Buffer = (PWSTR)(void *)units;
    *place += string.Length;
    return string;
}

static int is_text(const UNICODE_STRING *string, const char *ascii)
{
    size_t index, length = strlen(ascii);
    if (string->Length != length * sizeof(WCHAR)) return 0;
    for (index = 0; index < length; index++) {
        if (string->Buffer[index] != (WCHAR)(unsigned char)ascii[index]) return 0;
    }
    return 1;
}

static void connections(void)
{
    HANDLE other = NULL;
    size_t index;
    CHECK(LsaConnectUntrusted(NULL) == STATUS_INVALID_PARAMETER);
    MUST(LsaConnectUntrusted(&lsa) == STATUS_SUCCESS && lsa != NULL);
    CHECK(LsaConnectUntrusted(&other) == STATUS_SUCCESS && other != lsa);
    CHECK(LsaDeregisterLogonProcess(other) == STATUS_SUCCESS);
    CHECK(LsaDeregisterLogonProcess(other) == STATUS_INVALID_HANDLE);
    for (index = 0; index < sizeof(no_handles) / sizeof(no_handles[0]); index++) {
        CHECK(LsaDeregisterLogonProcess((HANDLE)no_handles[index]) == STATUS_INVALID_HANDLE);
        CHECK(!CloseHandle((HANDLE)no_handles[index]));
    }
    SetLastError(7);
    CHECK(!CloseHandle(lsa) && GetLastError() == ERROR_INVALID_HANDLE);
}

static void logon_processes(void)
{
    HANDLE handle = FILLED(HANDLE);
    LSA_OPERATIONAL_MODE mode = 7;
    char longest[128];
    LSA_STRING name = counted("a test"), long_name;
    NTSTATUS status;
    memset(longest, 'x', sizeof(longest));
    long_name.Length = 128;
    long_name.MaximumLength = 128;
    long_name.Buffer = longest;
    CHECK(LsaRegisterLogonProcess(NULL, &handle, &mode) == STATUS_INVALID_PARAMETER);
    CHECK(handle == NULL && mode == 0);
    CHECK(LsaRegisterLogonProcess(&long_name, &handle, &mode) == STATUS_NAME_TOO_LONG);
    CHECK(LsaRegisterLogonProcess(&name, NULL, &mode) == STATUS_INVALID_PARAMETER);
    status = LsaRegisterLogonProcess(&name, &handle, &mode);
    if (status == STATUS_SUCCESS) {
        CHECK(handle != NULL && mode == 0);
        CHECK(LsaDeregisterLogonProcess(handle) == STATUS_SUCCESS);
    } else {
        CHECK(status == STATUS_PORT_CONNECTION_REFUSED && handle == NULL);
    }
}

static void packages(void)
{
    static const char *const names[] = {
        "Negotiate", "negotiate", "Kerberos", "KERBEROS", "NTLM",
        "MICROSOFT_AUTHENTICATION_PACKAGE_V1_0",
    };
    ULONG numbers[6], number = 7;
    LSA_STRING name;
    char longest[128];
    size_t index;
    for (index = 0; index < 6; index++) {
        name = counted(names[index]);
        numbers[index] = 7;
        MUST(LsaLookupAuthenticationPackage(lsa, &name, &numbers[index]) == STATUS_SUCCESS);
    }
    CHECK(numbers[0] == NEGOTIATE && numbers[1] == NEGOTIATE);
    CHECK(numbers[2] == numbers[3] && numbers[4] == numbers[5]);
    CHECK(numbers[2] != numbers[4] && numbers[2] != NEGOTIATE && numbers[4] != NEGOTIATE);
    kerberos = numbers[2];
    msv1_0 = numbers[4];
    name = counted("Winsock");
    CHECK(LsaLookupAuthenticationPackage(lsa, &name, &number) == STATUS_NO_SUCH_PACKAGE);
    CHECK(number == 0);
    name = counted("NTLM");
    number = 7;
    CHECK(LsaLookupAuthenticationPackage(NULL, &name, &number) == STATUS_INVALID_HANDLE);
    CHECK(number == 0);
    CHECK(LsaLookupAuthenticationPackage(lsa, NULL, &number) == STATUS_INVALID_PARAMETER);
    CHECK(LsaLookupAuthenticationPackage(lsa, &name, NULL) == STATUS_INVALID_PARAMETER);
    name.Buffer = NULL;
    CHECK(LsaLookupAuthenticationPackage(lsa, &name, &number) == STATUS_INVALID_PARAMETER);
    memset(longest, 'x', sizeof(longest));
    name.Length = sizeof(longest);
    name.Buffer = longest;
    CHECK(LsaLookupAuthenticationPackage(lsa, &name, &number) == STATUS_NAME_TOO_LONG);
    name.Length = 127;
    CHECK(LsaLookupAuthenticationPackage(lsa, &name, &number) == STATUS_NO_SUCH_PACKAGE);
}

/* Whether the package was reached, and what it said, are two results. */
static void two_results(void)
{
    ULONG message[16];
    PVOID buffer = FILLED(PVOID);
    ULONG length = 7;
    NTSTATUS said = 7;
    memset(message, 0, sizeof(message));
    CHECK(LsaCallAuthenticationPackage(lsa, 0xDEADBEEF, message, sizeof(message), &buffer, &length,
                                       &said) == STATUS_NO_SUCH_PACKAGE);
    CHECK(buffer == NULL && length == 0 && said == STATUS_SUCCESS);
    CHECK(LsaCallAuthenticationPackage(lsa, 0xDEADBEEF, NULL, 0, NULL, NULL, NULL) ==
          STATUS_NO_SUCH_PACKAGE);
    buffer = FILLED(PVOID);
    length = 7;
    said = 7;
    CHECK(LsaCallAuthenticationPackage(lsa, NEGOTIATE, NULL, 0, &buffer, &length, &said) ==
          STATUS_INVALID_PARAMETER);
    CHECK(buffer == NULL && length == 0 && said == STATUS_SUCCESS);
    CHECK(LsaCallAuthenticationPackage(lsa, NEGOTIATE, NULL, 0, NULL, NULL, NULL) ==
          STATUS_INVALID_PARAMETER);
    CHECK(LsaCallAuthenticationPackage(lsa, kerberos, NULL, 64, &buffer, &length, &said) ==
          STATUS_INVALID_PARAMETER);
    CHECK(LsaCallAuthenticationPackage(lsa, kerberos, message, 3, &buffer, &length, &said) ==
          STATUS_INVALID_PARAMETER);
    buffer = FILLED(PVOID);
    CHECK(LsaCallAuthenticationPackage(NULL, NEGOTIATE, message, sizeof(message), &buffer, &length,
                                       &said) == STATUS_INVALID_HANDLE);
    CHECK(buffer == NULL);
    /* Reached, and refused there. */
    message[0] = 1000;
    said = 7;
    CHECK(LsaCallAuthenticationPackage(lsa, kerberos, message, sizeof(message), &buffer, &length,
                                       &said) == STATUS_SUCCESS);
    CHECK(said == STATUS_INVALID_PARAMETER && buffer == NULL && length == 0);
    message[0] = KerbDecryptDataMessage;
    CHECK(LsaCallAuthenticationPackage(lsa, kerberos, message, sizeof(message), NULL, NULL,
                                       &said) == STATUS_SUCCESS);
    CHECK(said == STATUS_NOT_SUPPORTED);
    message[0] = MsV1_0EnumerateUsers;
    CHECK(LsaCallAuthenticationPackage(lsa, msv1_0, message, sizeof(message), NULL, NULL, &said) ==
          STATUS_SUCCESS);
    CHECK(said == STATUS_NOT_IMPLEMENTED);
    message[0] = KerbQueryTicketCacheMessage;
    CHECK(LsaCallAuthenticationPackage(lsa, kerberos, message, 11, NULL, NULL, &said) ==
          STATUS_SUCCESS);
    CHECK(said == STATUS_INVALID_PARAMETER);
}

static void negotiate_messages(void)
{
    ULONG message[3] = {NegEnumPackagePrefixes, 0, 0};
    PVOID buffer = NULL;
    ULONG length = 0;
    NTSTATUS said = 7;
    PNEGOTIATE_PACKAGE_PREFIXES prefixes;
    PNEGOTIATE_PACKAGE_PREFIX prefix;
    PNEGOTIATE_CALLER_NAME_RESPONSE named;
    MUST(LsaCallAuthenticationPackage(lsa, NEGOTIATE, message, sizeof(message), &buffer, &length,
                                      &said) == STATUS_SUCCESS);
    MUST(said == STATUS_SUCCESS && buffer != NULL);
    prefixes = (PNEGOTIATE_PACKAGE_PREFIXES)buffer;
    MUST(prefixes->PrefixCount == 1);
    MUST(prefixes->Offset + sizeof(*prefix) <= length);
    prefix = (PNEGOTIATE_PACKAGE_PREFIX)(void *)((char *)buffer + prefixes->Offset);
    CHECK(prefix->PackageId == msv1_0 && prefix->PrefixLen == 8);
    CHECK(memcmp(prefix->Prefix, "NTLMSSP", 8) == 0);
    CHECK(LsaFreeReturnBuffer(buffer) == STATUS_SUCCESS);
    CHECK(LsaFreeReturnBuffer(buffer) == STATUS_INVALID_PARAMETER);

    message[0] = NegGetCallerName;
    MUST(LsaCallAuthenticationPackage(lsa, NEGOTIATE, message, sizeof(message), &buffer, &length,
                                      &said) == STATUS_SUCCESS);
    MUST(said == STATUS_SUCCESS && buffer != NULL);
    named = (PNEGOTIATE_CALLER_NAME_RESPONSE)buffer;
    CHECK(named->MessageType == NegGetCallerName);
    CHECK((char *)named->CallerName == (char *)(named + 1));
    CHECK(named->CallerName[0] != 0);
    CHECK(LsaFreeReturnBuffer(buffer) == STATUS_SUCCESS);
    message[1] = 999;
    CHECK(LsaCallAuthenticationPackage(lsa, NEGOTIATE, message, sizeof(message), &buffer, &length,
                                       &said) == STATUS_SUCCESS);
    CHECK(said == STATUS_NO_SUCH_LOGON_SESSION && buffer == NULL && length == 0);
}

static void challenges(void)
{
    ULONG message = MsV1_0Lm20ChallengeRequest;
    PVOID one = NULL, other = NULL;
    ULONG length = 0;
    NTSTATUS said = 7;
    MUST(LsaCallAuthenticationPackage(lsa, msv1_0, &message, sizeof(message), &one, &length,
                                      &said) == STATUS_SUCCESS);
    MUST(said == STATUS_SUCCESS && length == 12);
    MUST(LsaCallAuthenticationPackage(lsa, msv1_0, &message, sizeof(message), &other, NULL,
                                      &said) == STATUS_SUCCESS);
    CHECK(memcmp(one, other, 4) == 0 && memcmp((char *)one + 4, (char *)other + 4, 8) != 0);
    CHECK(LsaFreeReturnBuffer(one) == STATUS_SUCCESS);
    CHECK(LsaFreeReturnBuffer(other) == STATUS_SUCCESS);
}

static void sessions(void)
{
    ULONG count = 7, index;
    PLUID list = FILLED(PLUID);
    PSECURITY_LOGON_SESSION_DATA data = FILLED(PSECURITY_LOGON_SESSION_DATA);
    LUID nobody = {999, 0};
    MUST(LsaEnumerateLogonSessions(&count, &list) == STATUS_SUCCESS);
    MUST(count >= 1 && list != NULL);
    for (index = 0; index < count; index++) {
        MUST(LsaGetLogonSessionData(&list[index], &data) == STATUS_SUCCESS);
        CHECK(data->Size == sizeof(*data));
        CHECK(memcmp(&data->LogonId, &list[index], sizeof(LUID)) == 0);
        CHECK(data->UserName.Length > 0 && data->UserName.Buffer != NULL);
        CHECK(data->AuthenticationPackage.Length > 0);
        CHECK(LsaFreeReturnBuffer(data) == STATUS_SUCCESS);
    }
    data = FILLED(PSECURITY_LOGON_SESSION_DATA);
    CHECK(LsaGetLogonSessionData(&nobody, &data) == STATUS_NO_SUCH_LOGON_SESSION);
    CHECK(data == NULL);
    CHECK(LsaGetLogonSessionData(NULL, &data) == STATUS_INVALID_PARAMETER);
    CHECK(LsaGetLogonSessionData(list, NULL) == STATUS_INVALID_PARAMETER);
    CHECK(LsaFreeReturnBuffer(list) == STATUS_SUCCESS);
    CHECK(LsaEnumerateLogonSessions(NULL, &list) == STATUS_INVALID_PARAMETER);
    CHECK(LsaEnumerateLogonSessions(&count, NULL) == STATUS_INVALID_PARAMETER);
}

#ifndef _WIN32
#include <ntsecpkg.h>
#include <sys/stat.h>
#include <unistd.h>

static char accounts[] = "/tmp/secur32-lsa-XXXXXX";

static void user_info(void)
{
    PSecurityUserData user = FILLED(PSecurityUserData);
    PSECURITY_LOGON_SESSION_DATA data = NULL;
    LUID nobody = {999, 0};
    PLUID list = NULL;
    ULONG count = 0;
    MUST(GetSecurityUserInfo(NULL, 0, &user) == STATUS_SUCCESS && user != NULL);
    MUST(LsaEnumerateLogonSessions(&count, &list) == STATUS_SUCCESS && count > 0);
    MUST(LsaGetLogonSessionData(list, &data) == STATUS_SUCCESS);
    CHECK(user->UserName.Length == data->UserName.Length && user->pSid == NULL);
    CHECK(memcmp(user->UserName.Buffer, data->UserName.Buffer, user->UserName.Length) == 0);
    CHECK(LsaFreeReturnBuffer(user) == STATUS_SUCCESS);
    CHECK(LsaFreeReturnBuffer(data) == STATUS_SUCCESS);
    CHECK(LsaFreeReturnBuffer(list) == STATUS_SUCCESS);
    CHECK(GetSecurityUserInfo(&nobody, 0, &user) == STATUS_NO_SUCH_LOGON_SESSION && user == NULL);
    CHECK(GetSecurityUserInfo(NULL, 0, NULL) == STATUS_INVALID_PARAMETER);
}

/* What a logon left behind. */
struct logged_on {
    PVOID profile;
    ULONG profile_length;
    LUID session;
    HANDLE token;
    QUOTA_LIMITS quotas;
    NTSTATUS sub_status;
};

static NTSTATUS log_on(ULONG package, SECURITY_LOGON_TYPE type, PVOID information, ULONG length,
                       struct logged_on *who)
{
    LSA_STRING origin = counted("lsa.c");
    TOKEN_SOURCE source;
    memset(&source, 0, sizeof(source));
    memset(who, 0x5A, sizeof(*who));
    return LsaLogonUser(lsa, &origin, type, package, information, length, NULL, &source,
                        &who->profile, &who->profile_length, &who->session, &who->token,
                        &who->quotas, &who->sub_status);
}

static ULONG interactive(unsigned char *buffer, const char *domain, const char *user,
                         const char *password)
{
    PMSV1_0_INTERACTIVE_LOGON logon = (PMSV1_0_INTERACTIVE_LOGON)(void *)buffer;
    unsigned char *place = buffer + sizeof(*logon);
    logon->MessageType = MsV1_0InteractiveLogon;
    logon->LogonDomainName = placed(&place, domain);
    logon->UserName = placed(&place, user);
    logon->Password = placed(&place, password);
    return (ULONG)(place - buffer);
}

static int is_nothing(const struct logged_on *who)
{
    return who->profile == NULL && who->profile_length == 0 && who->token == NULL &&
           who->session.LowPart == 0 && who->session.HighPart == 0;
}

static void passwords(void)
{
    static const char *const bad[][3] = {
        {"EXAMPLE", "alice", "wrong"},       {"EXAMPLE", "alice", ""},
        {"OTHER", "alice", "correct horse"}, {"EXAMPLE", "nobody", "correct horse"},
        {"EXAMPLE", "blank", ""},            {"", "alice@OTHER", "correct horse"},
    };
    unsigned char buffer[1024];
    struct logged_on who;
    size_t index;
    for (index = 0; index < sizeof(bad) / sizeof(bad[0]); index++) {
        ULONG length = interactive(buffer, bad[index][0], bad[index][1], bad[index][2]);
        CHECK(log_on(msv1_0, Interactive, buffer, length, &who) == STATUS_LOGON_FAILURE);
        CHECK(is_nothing(&who) && who.sub_status == STATUS_SUCCESS);
    }
}

/* A session from its beginning to its end. */
static void a_session(void)
{
    unsigned char buffer[1024];
    struct logged_on who;
    PSECURITY_LOGON_SESSION_DATA data = NULL;
    PMSV1_0_INTERACTIVE_PROFILE profile;
    SecPkgCredentials_NamesA names;
    CredHandle credential;
    TimeStamp expiry;
    ULONG length = interactive(buffer, "example", "ALICE", "correct horse");
    MUST(log_on(msv1_0, Interactive, buffer, length, &who) == STATUS_SUCCESS);
    MUST(who.token != NULL && who.profile != NULL);
    profile = (PMSV1_0_INTERACTIVE_PROFILE)who.profile;
    CHECK(who.profile_length >= sizeof(*profile));
    CHECK(profile->MessageType == MsV1_0InteractiveProfile);
    CHECK(profile->LogonTime.QuadPart > 0 && profile->KickOffTime.QuadPart > 0);
    CHECK(LsaFreeReturnBuffer(who.profile) == STATUS_SUCCESS);

    MUST(LsaGetLogonSessionData(&who.session, &data) == STATUS_SUCCESS);
    CHECK(is_text(&data->UserName, "alice") && is_text(&data->LogonDomain, "EXAMPLE"));
    CHECK(is_text(&data->AuthenticationPackage, "NTLM") && data->LogonType == Interactive);
    CHECK(LsaFreeReturnBuffer(data) == STATUS_SUCCESS);

    MUST_STATUS(AcquireCredentialsHandleA(NULL, ASTR("NTLM"), SECPKG_CRED_OUTBOUND, &who.session,
                                          NULL, NULL, NULL, &credential, &expiry), SEC_E_OK);
    MUST_STATUS(QueryCredentialsAttributesA(&credential, SECPKG_CRED_ATTR_NAMES, &names), SEC_E_OK);
    CHECK(strcmp(names.sUserName, "example\\ALICE") == 0);
    CHECK_STATUS(FreeContextBuffer(names.sUserName), SEC_E_OK);
    CHECK_STATUS(FreeCredentialsHandle(&credential), SEC_E_OK);

    CHECK(LsaDeregisterLogonProcess(who.token) == STATUS_INVALID_HANDLE);
    CHECK(CloseHandle(who.token));
    CHECK(!CloseHandle(who.token));
    CHECK(LsaGetLogonSessionData(&who.session, &data) == STATUS_NO_SUCH_LOGON_SESSION);
    CHECK_STATUS(AcquireCredentialsHandleA(NULL, ASTR("NTLM"), SECPKG_CRED_OUTBOUND, &who.session,
                                           NULL, NULL, NULL, &credential, &expiry),
                 SEC_E_UNKNOWN_CREDENTIALS);
}

/* What is no logon at all. */
static void nonsense(void)
{
    unsigned char buffer[1024];
    struct logged_on who;
    TOKEN_GROUPS groups;
    LSA_STRING origin = counted("lsa.c");
    PMSV1_0_INTERACTIVE_LOGON logon = (PMSV1_0_INTERACTIVE_LOGON)(void *)buffer;
    ULONG length = interactive(buffer, "EXAMPLE", "alice", "correct horse"), cut;
    for (cut = 0; cut < length; cut++) {
        CHECK(log_on(msv1_0, Interactive, buffer, cut, &who) == STATUS_INVALID_PARAMETER);
        CHECK(is_nothing(&who));
    }
    CHECK(log_on(msv1_0, Interactive, NULL, length, &who) == STATUS_INVALID_PARAMETER);
    CHECK(log_on(77, Interactive, buffer, length, &who) == STATUS_NO_SUCH_PACKAGE);
    CHECK(log_on(msv1_0, CachedInteractive, buffer, length, &who) == STATUS_INVALID_LOGON_TYPE);
    CHECK(log_on(msv1_0, NewCredentials, buffer, length, &who) == STATUS_INVALID_LOGON_TYPE);
    logon->MessageType = MsV1_0SubAuthLogon;
    CHECK(log_on(msv1_0, Network, buffer, length, &who) == STATUS_BAD_VALIDATION_CLASS);
    logon->MessageType = (MSV1_0_LOGON_SUBMIT_TYPE)10; /* KerbTicketLogon */
    CHECK(log_on(msv1_0, Network, buffer, length, &who) == STATUS_BAD_VALIDATION_CLASS);
    logon->MessageType = MsV1_0S4ULogon;
    memset(&logon->Password, 0, sizeof(logon->Password));
    CHECK(log_on(msv1_0, Network, buffer, length, &who) == STATUS_NO_S4U_PROT_SUPPORT);
    CHECK(is_nothing(&who));
    /* A pointer out of the buffer is not followed. */
    length = interactive(buffer, "EXAMPLE", "alice", "correct horse");
    logon->UserName.Buffer = (PWSTR)(void *)8;
    CHECK(log_on(msv1_0, Interactive, buffer, length, &who) == STATUS_INVALID_PARAMETER);
    length = interactive(buffer, "EXAMPLE", "alice", "correct horse");
    memset(&groups, 0, sizeof(groups));
    CHECK(LsaLogonUser(lsa, &origin, Interactive, msv1_0, buffer, length, &groups, NULL,
                       &who.profile, &who.profile_length, &who.session, &who.token, NULL,
                       NULL) == STATUS_PRIVILEGE_NOT_HELD);
    CHECK(LsaLogonUser(lsa, &origin, Interactive, msv1_0, buffer, length, NULL, NULL,
                       &who.profile, &who.profile_length, &who.session, NULL, NULL,
                       NULL) == STATUS_INVALID_PARAMETER);
    /* Only the token must be wanted. */
    CHECK(LsaLogonUser(lsa, NULL, Network, msv1_0, buffer, length, NULL, NULL, NULL, NULL, NULL,
                       &who.token, NULL, NULL) == STATUS_SUCCESS);
    CHECK(CloseHandle(who.token));
}

static void logons(void)
{
    int file = mkstemp(accounts);
    static const char lines[] =
        "EXAMPLE:alice:correct horse\nOTHER:alice:another password\nEXAMPLE:blank:\n";
    MUST(file >= 0 && fchmod(file, 0600) == 0);
    MUST(write(file, lines, sizeof(lines) - 1) == (ssize_t)sizeof(lines) - 1);
    MUST(close(file) == 0);
    MUST(setenv("NTLM_USER_FILE", accounts, 1) == 0);
    passwords();
    a_session();
    nonsense();
    MUST(unlink(accounts) == 0);
}
#endif

int main(void)
{
    connections();
    logon_processes();
    packages();
    two_results();
    negotiate_messages();
    challenges();
    sessions();
#ifndef _WIN32
    user_info();
    logons();
#endif
    CHECK(LsaDeregisterLogonProcess(lsa) == STATUS_SUCCESS);
    return check_end();
}
