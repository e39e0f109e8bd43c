/* CredMarshalTargetInfo and CredUnmarshalTargetInfo, and the attribute that gives such strings. */
#include "party.h"

#include <wincred.h>

/* These want wincred.h first. */
#include <ntsecapi.h>
#include <ntsecpkg.h>
#include <ntstatus.h>

#define FILESERVER "1UWhRCAAAAAAAAAAUAAAAAAAAAAAAAAAAAAAAAfileserversBAAAA"

static void widen(WCHAR *wide, const char *text)
{
    do {
        *wide++ = (WCHAR)(unsigned char)*text;
    } while (*text++ != '\0');
}

static void there_and_back(void)
{
    WCHAR name[16], spn[128];
    CREDENTIAL_TARGET_INFORMATIONW information;
    PCREDENTIAL_TARGET_INFORMATIONW found = FILLED(PCREDENTIAL_TARGET_INFORMATIONW);
    PUSHORT string = FILLED(PUSHORT);
    ULONG size = 7, actual = 7;
    memset(&information, 0, sizeof(information));
    widen(name, "fileserver");
    information.TargetName = name;
    CHECK(CredMarshalTargetInfo(&information, &string, &size) == STATUS_SUCCESS);
    CHECK(size == 2 * strlen(FILESERVER) && wide_is((WCHAR *)string, FILESERVER));
    SspiLocalFree(string);

    widen(spn, "cifs/fileserver" FILESERVER);
    size = (ULONG)(2 * strlen("cifs/fileserver" FILESERVER));
    CHECK(CredUnmarshalTargetInfo((PUSHORT)spn, size, &found, &actual) == STATUS_SUCCESS);
    CHECK(actual == 2 * strlen(FILESERVER));
    CHECK(wide_is(found->TargetName, "fileserver"));
    CHECK(found->NetbiosServerName == NULL && found->PackageName == NULL);
    CHECK(found->Flags == 0 && found->CredTypeCount == 0 && found->CredTypes == NULL);
    SspiLocalFree(found);
}

static void refused(void)
{
    WCHAR spn[128];
    CREDENTIAL_TARGET_INFORMATIONW information;
    PCREDENTIAL_TARGET_INFORMATIONW found = FILLED(PCREDENTIAL_TARGET_INFORMATIONW);
    PUSHORT string = FILLED(PUSHORT);
    ULONG size = 7, actual = 7;
    memset(&information, 0, sizeof(information));
    CHECK(CredMarshalTargetInfo(NULL, &string, &size) == STATUS_INVALID_PARAMETER);
    CHECK(string == NULL && size == 0);
    size = 7;
    CHECK(CredMarshalTargetInfo(&information, NULL, &size) == STATUS_INVALID_PARAMETER);
    CHECK(size == 0);
    CHECK(CredMarshalTargetInfo(&information, &string, NULL) == STATUS_INVALID_PARAMETER);
    CHECK(string == NULL);
    information.CredTypeCount = 1;
    CHECK(CredMarshalTargetInfo(&information, &string, &size) == STATUS_INVALID_PARAMETER);

    widen(spn, "cifs/fileserver" FILESERVER);
    for (size = 0; size < 2 * strlen("cifs/fileserver" FILESERVER); size++) {
        found = FILLED(PCREDENTIAL_TARGET_INFORMATIONW);
        actual = 7;
        CHECK(CredUnmarshalTargetInfo((PUSHORT)spn, size, &found, &actual) ==
              STATUS_INVALID_PARAMETER);
        CHECK(found == NULL && actual == 0);
    }
    CHECK(CredUnmarshalTargetInfo(NULL, 0, &found, &actual) == STATUS_INVALID_PARAMETER);
    CHECK(CredUnmarshalTargetInfo(NULL, 8, &found, NULL) == STATUS_INVALID_PARAMETER);
    CHECK(CredUnmarshalTargetInfo((PUSHORT)spn, size, NULL, &actual) == STATUS_INVALID_PARAMETER);
}

static void of_a_context(void)
{
    struct party client = make_client(USER, DOMAIN, PASSWORD);
    struct party server = make_server(USER, DOMAIN, PASSWORD);
    SecPkgContext_TargetInformation given;
    PCREDENTIAL_TARGET_INFORMATIONW found = NULL;
    ULONG actual = 0;
    MUST_STATUS(handshake(&client, &server), SEC_E_OK);
    MUST_STATUS(QueryContextAttributesW(&client.context, SECPKG_ATTR_TARGET_INFORMATION, &given),
                SEC_E_OK);
    CHECK(CredUnmarshalTargetInfo((PUSHORT)given.MarshalledTargetInfo,
                                  given.MarshalledTargetInfoLength, &found,
                                  &actual) == STATUS_SUCCESS);
    CHECK(actual == given.MarshalledTargetInfoLength);
    CHECK(wide_is(found->PackageName, "NTLM") && found->NetbiosServerName != NULL);
    SspiLocalFree(found);
    CHECK_STATUS(FreeContextBuffer(given.MarshalledTargetInfo), SEC_E_OK);
    end_party(&client);
    end_party(&server);
}

int main(void)
{
    there_and_back();
    refused();
    of_a_context();
    return check_end();
}
