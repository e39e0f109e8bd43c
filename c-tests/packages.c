/* What packages there are: EnumerateSecurityPackages, QuerySecurityPackageInfo. */
#include "check.h"

/* The rows of Windows 10 and 11 for the packages that are here. */
struct row {
    const char *name;
    const char *comment;
    ULONG capabilities;
    USHORT rpc_id;
    ULONG max_token;
};
static const struct row rows[] = {
    {"Negotiate", "Microsoft Package Negotiator", 0x00883BB3, 9, 48256},
    {"Kerberos", "Microsoft Kerberos V1.0", 0x028F3BBF, 16, 48000},
    {"NTLM", "NTLM Security Package", 0x02882B37, 10, 2888},
};
#define ROWS (sizeof(rows) / sizeof(rows[0]))
#define NTLM (&rows[2])

static void check_row_a(const SecPkgInfoA *info, const struct row *row)
{
    CHECK(strcmp(info->Name, row->name) == 0);
    CHECK(strcmp(info->Comment, row->comment) == 0);
    CHECK(info->fCapabilities == row->capabilities);
    CHECK(info->wVersion == 1 && info->wRPCID == row->rpc_id);
    CHECK(info->cbMaxToken == row->max_token);
}

static void check_row_w(const SecPkgInfoW *info, const struct row *row)
{
    CHECK(wide_is(info->Name, row->name));
    CHECK(wide_is(info->Comment, row->comment));
    CHECK(info->fCapabilities == row->capabilities);
    CHECK(info->wVersion == 1 && info->wRPCID == row->rpc_id);
    CHECK(info->cbMaxToken == row->max_token);
}

static void enumerate(void)
{
    ULONG count = 0, wide_count = 0, index;
    SecPkgInfoA *narrow = NULL;
    SecPkgInfoW *wide = NULL;
    MUST_STATUS(EnumerateSecurityPackagesA(&count, &narrow), SEC_E_OK);
    MUST_STATUS(EnumerateSecurityPackagesW(&wide_count, &wide), SEC_E_OK);
    MUST(count == ROWS && wide_count == ROWS);
    for (index = 0; index < count; index++) {
        check_row_a(&narrow[index], &rows[index]);
        check_row_w(&wide[index], &rows[index]);
    }
    /* The strings lie in the same block, behind the array. */
    CHECK((char *)narrow[0].Name >= (char *)(narrow + count));
    CHECK((char *)wide[0].Name >= (char *)(wide + count));
    CHECK_STATUS(FreeContextBuffer(narrow), SEC_E_OK);
    CHECK_STATUS(FreeContextBuffer(wide), SEC_E_OK);
    CHECK_STATUS(FreeContextBuffer(wide), SEC_E_INVALID_HANDLE);
}

static void query(void)
{
    static const char *const spellings[] = {"NTLM", "ntlm", "Ntlm", "nTlM"};
    SecPkgInfoA *narrow = NULL;
    SecPkgInfoW *wide = NULL;
    size_t index;
    for (index = 0; index < sizeof(spellings) / sizeof(spellings[0]); index++) {
        MUST_STATUS(QuerySecurityPackageInfoA(ASTR(spellings[index]), &narrow), SEC_E_OK);
        check_row_a(narrow, NTLM);
        /* One block of exactly structure, name and comment. */
        CHECK((char *)narrow->Name == (char *)(narrow + 1));
        CHECK((char *)narrow->Comment == (char *)narrow->Name + strlen(narrow->Name) + 1);
        CHECK_STATUS(FreeContextBuffer(narrow), SEC_E_OK);
    }
    MUST_STATUS(QuerySecurityPackageInfoW(WSTR("ntlm"), &wide), SEC_E_OK);
    check_row_w(wide, NTLM);
    CHECK((char *)wide->Name == (char *)(wide + 1));
    CHECK(wide->Comment == wide->Name + wide_length(wide->Name) + 1);
    CHECK_STATUS(FreeContextBuffer(wide), SEC_E_OK);
}

/* What is not there leaves the output as it was. */
static void unknown(void)
{
    static const char *const names[] = {"", "NTLM ", "NTLMx", "Schannel", "NoSuchPackage", "NT"};
    SecPkgInfoA *narrow = FILLED(SecPkgInfoA *);
    SecPkgInfoW *wide = FILLED(SecPkgInfoW *);
    size_t index;
    for (index = 0; index < sizeof(names) / sizeof(names[0]); index++) {
        CHECK_STATUS(QuerySecurityPackageInfoA(ASTR(names[index]), &narrow),
                     SEC_E_SECPKG_NOT_FOUND);
    }
    CHECK_STATUS(QuerySecurityPackageInfoA(NULL, &narrow), SEC_E_SECPKG_NOT_FOUND);
    CHECK_STATUS(QuerySecurityPackageInfoW(NULL, &wide), SEC_E_SECPKG_NOT_FOUND);
    CHECK_STATUS(QuerySecurityPackageInfoW(WSTR("NTLM2"), &wide), SEC_E_SECPKG_NOT_FOUND);
    CHECK(narrow == FILLED(SecPkgInfoA *) && wide == FILLED(SecPkgInfoW *));
}

static void nothing_to_write_to(void)
{
    ULONG count = 7;
    SecPkgInfoA *narrow = FILLED(SecPkgInfoA *);
    CHECK_STATUS(EnumerateSecurityPackagesA(NULL, &narrow), SEC_E_INVALID_PARAMETER);
    CHECK_STATUS(EnumerateSecurityPackagesA(&count, NULL), SEC_E_INVALID_PARAMETER);
    CHECK_STATUS(EnumerateSecurityPackagesW(NULL, NULL), SEC_E_INVALID_PARAMETER);
    CHECK_STATUS(QuerySecurityPackageInfoA(ASTR("NTLM"), NULL), SEC_E_INVALID_PARAMETER);
    CHECK(count == 7 && narrow == FILLED(SecPkgInfoA *));
    CHECK_STATUS(FreeContextBuffer(NULL), SEC_E_OK);
}

int main(void)
{
    enumerate();
    query();
    unknown();
    nothing_to_write_to();
    return check_end();
}
