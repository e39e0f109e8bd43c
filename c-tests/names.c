/* Names of the user and of the computer on a machine without a domain: what is given, how much
 * room it needs, what the last error says. */
#include "check.h"

static const EXTENDED_NAME_FORMAT DIRECTORY_ONLY[] = {
    NameFullyQualifiedDN, NameUniqueId, NameCanonical, NameUserPrincipal, NameCanonicalEx,
    NameServicePrincipal, NameDnsDomain, NameGivenName, NameSurname,
};
static const int NO_FORMATS[] = {-1, 4, 5, 11, 15, 1000, 0x7FFFFFFF};
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define NOBODY 0xDEADBEEF
/* FALSE, and this is why. */
#define CHECK_ERROR(call, error)                  \
    do {                                          \
        SetLastError(NOBODY);                     \
        CHECK((call) == FALSE);                   \
        CHECK(GetLastError() == (DWORD)(error));  \
    } while (0)

static int begins_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

static void last_error(void)
{
    SetLastError(0);
    CHECK(GetLastError() == 0);
    SetLastError(ERROR_MORE_DATA);
    CHECK(GetLastError() == 234);
}

static void user_in_bytes(void)
{
    char name[300];
    ULONG size = sizeof(name), needed, room;
    SetLastError(NOBODY);
    MUST(GetUserNameExA(NameSamCompatible, name, &size));
    CHECK(GetLastError() == NOBODY);
    CHECK(size == strlen(name));
    CHECK(strchr(name, '\\') != NULL && name[size - 1] != '\\');
#ifndef _WIN32
    CHECK(begins_with(name, "HERE\\"));
#endif
    needed = size + 1;
    /* Absent, and of every size that is too small. */
    size = 0;
    CHECK_ERROR(GetUserNameExA(NameSamCompatible, NULL, &size), ERROR_MORE_DATA);
    CHECK(size == needed);
    for (room = 0; room < needed; room++) {
        memset(name, 0x5A, sizeof(name));
        size = room;
        CHECK_ERROR(GetUserNameExA(NameSamCompatible, name, &size), ERROR_MORE_DATA);
        CHECK(size == needed);
        CHECK(name[0] == 0x5A && name[needed - 1] == 0x5A);
    }
    memset(name, 0x5A, sizeof(name));
    size = needed;
    CHECK(GetUserNameExA(NameSamCompatible, name, &size));
    CHECK(size == needed - 1 && name[size] == 0 && name[needed] == 0x5A);
}

static void user_in_wide_characters(void)
{
    SEC_WCHAR name[300];
    char narrow[300];
    ULONG size = 300, needed, narrow_size = sizeof(narrow);
    MUST(GetUserNameExW(NameSamCompatible, (LPWSTR)name, &size));
    CHECK(size == wide_length(name));
    MUST(GetUserNameExA(NameSamCompatible, narrow, &narrow_size));
    CHECK(wide_is(name, narrow));
    needed = size + 1;
    size = 0;
    CHECK_ERROR(GetUserNameExW(NameSamCompatible, NULL, &size), ERROR_MORE_DATA);
    CHECK(size == needed);
    name[0] = 0x5A;
    size = needed - 1;
    CHECK_ERROR(GetUserNameExW(NameSamCompatible, (LPWSTR)name, &size), ERROR_MORE_DATA);
    CHECK(size == needed && name[0] == 0x5A);
    size = needed;
    CHECK(GetUserNameExW(NameSamCompatible, (LPWSTR)name, &size) && size == needed - 1);
}

static void other_formats_of_the_user(void)
{
    char name[300];
    ULONG size;
    size_t index;
    size = sizeof(name);
    CHECK_ERROR(GetUserNameExA(NameUnknown, name, &size), ERROR_NO_SUCH_USER);
    CHECK(size == sizeof(name));
    for (index = 0; index < COUNT(NO_FORMATS); index++) {
        CHECK_ERROR(GetUserNameExA((EXTENDED_NAME_FORMAT)NO_FORMATS[index], name, &size),
                    ERROR_INVALID_PARAMETER);
    }
#ifndef _WIN32
    for (index = 0; index < COUNT(DIRECTORY_ONLY); index++) {
        SEC_WCHAR wide[300];
        CHECK_ERROR(GetUserNameExA(DIRECTORY_ONLY[index], name, &size), ERROR_NONE_MAPPED);
        CHECK(size == sizeof(name));
        size = 300;
        CHECK_ERROR(GetUserNameExW(DIRECTORY_ONLY[index], (LPWSTR)wide, &size), ERROR_NONE_MAPPED);
        CHECK(size == 300);
    }
    /* Crashes on Windows. */
    CHECK_ERROR(GetUserNameExA(NameSamCompatible, name, NULL), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(GetUserNameExW(NameSamCompatible, NULL, NULL), ERROR_INVALID_PARAMETER);
    size = 300;
    CHECK_ERROR(GetUserNameExA(NameSamCompatible, NULL, &size), ERROR_MORE_DATA);
    CHECK(size < 300);
#endif
}

static void computer(void)
{
    char name[300];
    SEC_WCHAR wide[300];
    ULONG size = sizeof(name);
    size_t index;
    CHECK_ERROR(GetComputerObjectNameA(NameUnknown, name, &size), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(GetComputerObjectNameW(NameUnknown, (LPWSTR)wide, &size), ERROR_INVALID_PARAMETER);
    for (index = 0; index < COUNT(NO_FORMATS); index++) {
        CHECK_ERROR(GetComputerObjectNameA((EXTENDED_NAME_FORMAT)NO_FORMATS[index], name, &size),
                    ERROR_INVALID_PARAMETER);
    }
#ifndef _WIN32
    CHECK_ERROR(GetComputerObjectNameA(NameSamCompatible, name, &size),
                ERROR_CANT_ACCESS_DOMAIN_INFO);
    CHECK_ERROR(GetComputerObjectNameA(NameFullyQualifiedDN, name, &size),
                ERROR_CANT_ACCESS_DOMAIN_INFO);
    CHECK_ERROR(GetComputerObjectNameA(NameGivenName, name, &size), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(GetComputerObjectNameA(NameSamCompatible, name, NULL), ERROR_INVALID_PARAMETER);
    CHECK(size == sizeof(name));

    setenv("NETBIOS_DOMAIN_NAME", "DOMAIN", 1);
    CHECK(GetComputerObjectNameA(NameSamCompatible, name, &size));
    CHECK(strcmp(name, "DOMAIN\\HERE$") == 0 && size == 12);
    size = 12;
    memset(name, 0x5A, sizeof(name));
    CHECK_ERROR(GetComputerObjectNameA(NameSamCompatible, name, &size), ERROR_INSUFFICIENT_BUFFER);
    CHECK(size == 13 && name[0] == 0x5A);
    CHECK(GetComputerObjectNameA(NameSamCompatible, name, &size) && size == 12);
    size = 0;
    CHECK_ERROR(GetComputerObjectNameW(NameSamCompatible, NULL, &size), ERROR_INSUFFICIENT_BUFFER);
    CHECK(size == 13);
    CHECK(GetComputerObjectNameW(NameSamCompatible, (LPWSTR)wide, &size));
    CHECK(wide_is(wide, "DOMAIN\\HERE$") && size == 12);
    size = sizeof(name);
    CHECK(GetUserNameExA(NameSamCompatible, name, &size) && begins_with(name, "DOMAIN\\"));
    unsetenv("NETBIOS_DOMAIN_NAME");
#endif
}

static void translation(void)
{
    char name[300];
    ULONG size = sizeof(name);
    size_t index;
    for (index = 0; index < COUNT(NO_FORMATS); index++) {
        EXTENDED_NAME_FORMAT none = (EXTENDED_NAME_FORMAT)NO_FORMATS[index];
        CHECK_ERROR(TranslateNameA("X\\y", none, NameCanonical, name, &size),
                    ERROR_INVALID_PARAMETER);
        CHECK_ERROR(TranslateNameA("X\\y", NameSamCompatible, none, name, &size),
                    ERROR_INVALID_PARAMETER);
    }
    CHECK_ERROR(TranslateNameA("X\\y", NameSamCompatible, NameUnknown, name, &size),
                ERROR_INVALID_PARAMETER);
#ifndef _WIN32
    CHECK_ERROR(TranslateNameA(NULL, NameSamCompatible, NameCanonical, name, &size),
                ERROR_INVALID_PARAMETER);
    CHECK_ERROR(TranslateNameA("X\\y", NameSamCompatible, NameCanonical, name, NULL),
                ERROR_INVALID_PARAMETER);
    CHECK_ERROR(TranslateNameA("X\\y", NameSamCompatible, NameGivenName, name, &size),
                ERROR_INVALID_PARAMETER);
    CHECK_ERROR(TranslateNameA("X\\y", NameSamCompatible, NameCanonical, name, &size),
                ERROR_NO_SUCH_DOMAIN);
    CHECK(size == sizeof(name));
    CHECK_ERROR(TranslateNameW((LPCWSTR)WSTR("X\\y"), NameUnknown, NameCanonical, NULL, &size),
                ERROR_NO_SUCH_DOMAIN);
#endif
}

int main(void)
{
#ifndef _WIN32
    setenv("SECUR32_CONFIG", "/dev/null", 1);
    setenv("NETBIOS_COMPUTER_NAME", "HERE", 1);
    unsetenv("NETBIOS_DOMAIN_NAME");
    setenv("KRB5_CONFIG", "/nonexistent/krb5.conf", 1);
    setenv("KRB5CCNAME", "FILE:/nonexistent/cache", 1);
    setenv("KRB5_CLIENT_KTNAME", "FILE:/nonexistent/keytab", 1);
#endif
    last_error();
    user_in_bytes();
    user_in_wide_characters();
    other_formats_of_the_user();
    computer();
    translation();
    return check_end();
}
