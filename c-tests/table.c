/* The function table: slots in Windows' order, each callable, and a logon through it alone. */
#include "party.h"

/* A version, then pointers. */
#define FIRST_SLOT 8
#define SLOTS 31

static void *slot(const void *table, int number)
{
    void *pointer;
    memcpy(&pointer, (const char *)table + FIRST_SLOT + (size_t)number * sizeof(void *),
           sizeof(pointer));
    return pointer;
}

static void slots(const void *table)
{
    /* Reserved2 and Reserved8. */
    static const int empty[] = {4, 22};
    ULONG version;
    int number;
    memcpy(&version, table, sizeof(version));
    CHECK(version == 1);
    for (number = 0; number < SLOTS; number++) {
        int is_empty = number == empty[0] || number == empty[1];
        CHECK((slot(table, number) == NULL) == is_empty);
    }
    /* Reserved3 and Reserved4 are EncryptMessage and DecryptMessage. */
    CHECK(slot(table, 17) == slot(table, 24));
    CHECK(slot(table, 18) == slot(table, 25));
}

static void shape(void)
{
    PSecurityFunctionTableA narrow = InitSecurityInterfaceA();
    PSecurityFunctionTableW wide = InitSecurityInterfaceW();
    INIT_SECURITY_INTERFACE_A again = InitSecurityInterfaceA;
    MUST(narrow != NULL && wide != NULL);
    CHECK(narrow == again() && wide == InitSecurityInterfaceW());
    CHECK((void *)narrow != (void *)wide);
    slots(narrow);
    slots(wide);
    /* What has no strings is the same function in both. */
    CHECK(slot(narrow, 7) == slot(wide, 7) && slot(narrow, 14) == slot(wide, 14));
    CHECK(slot(narrow, 0) != slot(wide, 0) && slot(narrow, 5) != slot(wide, 5));
}

/* Every slot with nothing to work on. */
static void nothing(void)
{
    PSecurityFunctionTableA a = InitSecurityInterfaceA();
    PSecurityFunctionTableW w = InitSecurityInterfaceW();
    ULONG flags;
    CHECK_STATUS(a->EnumerateSecurityPackagesA(NULL, NULL), SEC_E_INVALID_PARAMETER);
    CHECK_STATUS(w->EnumerateSecurityPackagesW(NULL, NULL), SEC_E_INVALID_PARAMETER);
    CHECK_STATUS(a->QueryCredentialsAttributesA(NULL, 1, NULL), SEC_E_INVALID_HANDLE);
    CHECK_STATUS(w->QueryCredentialsAttributesW(NULL, 1, NULL), SEC_E_INVALID_HANDLE);
    CHECK(a->AcquireCredentialsHandleA(NULL, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL) < 0);
    CHECK(w->AcquireCredentialsHandleW(NULL, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL) < 0);
    CHECK_STATUS(a->FreeCredentialsHandle(NULL), SEC_E_INVALID_HANDLE);
    CHECK_STATUS(a->InitializeSecurityContextA(NULL, NULL, NULL, 0, 0, 0, NULL, 0, NULL, NULL,
                                               &flags, NULL),
                 SEC_E_INVALID_HANDLE);
    CHECK_STATUS(w->InitializeSecurityContextW(NULL, NULL, NULL, 0, 0, 0, NULL, 0, NULL, NULL,
                                               &flags, NULL),
                 SEC_E_INVALID_HANDLE);
    CHECK_STATUS(w->AcceptSecurityContext(NULL, NULL, NULL, 0, 0, NULL, NULL, &flags, NULL),
                 SEC_E_INVALID_HANDLE);
    CHECK_STATUS(w->CompleteAuthToken(NULL, NULL), SEC_E_INVALID_HANDLE);
    CHECK_STATUS(w->DeleteSecurityContext(NULL), SEC_E_INVALID_HANDLE);
    CHECK_STATUS(w->ApplyControlToken(NULL, NULL), SEC_E_INVALID_HANDLE);
    CHECK_STATUS(a->QueryContextAttributesA(NULL, 0, NULL), SEC_E_INVALID_HANDLE);
    CHECK_STATUS(w->QueryContextAttributesW(NULL, 0, NULL), SEC_E_INVALID_HANDLE);
    CHECK_STATUS(w->ImpersonateSecurityContext(NULL), SEC_E_INVALID_HANDLE);
    CHECK_STATUS(w->RevertSecurityContext(NULL), SEC_E_INVALID_HANDLE);
    CHECK_STATUS(w->MakeSignature(NULL, 0, NULL, 0), SEC_E_INVALID_HANDLE);
    CHECK_STATUS(w->VerifySignature(NULL, NULL, 0, NULL), SEC_E_INVALID_HANDLE);
    CHECK_STATUS(w->FreeContextBuffer(NULL), SEC_E_OK);
    CHECK_STATUS(a->QuerySecurityPackageInfoA(NULL, NULL), SEC_E_SECPKG_NOT_FOUND);
    CHECK_STATUS(w->QuerySecurityPackageInfoW(NULL, NULL), SEC_E_SECPKG_NOT_FOUND);
    CHECK_STATUS(w->ExportSecurityContext(NULL, 0, NULL, NULL), SEC_E_INVALID_HANDLE);
    CHECK_STATUS(a->ImportSecurityContextA(NULL, NULL, NULL, NULL), SEC_E_SECPKG_NOT_FOUND);
    CHECK_STATUS(w->ImportSecurityContextW(NULL, NULL, NULL, NULL), SEC_E_SECPKG_NOT_FOUND);
    CHECK_STATUS(a->AddCredentialsA(NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL),
                 SEC_E_INVALID_HANDLE);
    CHECK_STATUS(w->AddCredentialsW(NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL),
                 SEC_E_INVALID_HANDLE);
    CHECK_STATUS(w->QuerySecurityContextToken(NULL, NULL), SEC_E_INVALID_HANDLE);
    CHECK_STATUS(w->EncryptMessage(NULL, 0, NULL, 0), SEC_E_INVALID_HANDLE);
    CHECK_STATUS(w->DecryptMessage(NULL, NULL, 0, NULL), SEC_E_INVALID_HANDLE);
    CHECK_STATUS(a->SetContextAttributesA(NULL, 0, NULL, 0), SEC_E_INVALID_HANDLE);
    CHECK_STATUS(w->SetContextAttributesW(NULL, 0, NULL, 0), SEC_E_INVALID_HANDLE);
}

/* The slots that mingw-w64's older headers do not name, by their places. */
typedef SECURITY_STATUS(SEC_ENTRY *set_attributes)(PSecHandle, ULONG, void *, ULONG);
typedef SECURITY_STATUS(SEC_ENTRY *change_password)(void *, void *, void *, void *, void *,
                                                    BOOLEAN, ULONG, PSecBufferDesc);

static void later_slots(const void *table)
{
    void *pointers[4];
    set_attributes three[3];
    change_password change;
    int index;
    for (index = 0; index < 4; index++) pointers[index] = slot(table, 27 + index);
    memcpy(&three[0], &pointers[0], sizeof(pointers[0]));
    memcpy(&change, &pointers[1], sizeof(pointers[1]));
    memcpy(&three[1], &pointers[2], sizeof(pointers[2]));
    memcpy(&three[2], &pointers[3], sizeof(pointers[3]));
    /* SetCredentialsAttributes, QueryContextAttributesEx, QueryCredentialsAttributesEx. */
    for (index = 0; index < 3; index++) {
        CHECK_STATUS(three[index](NULL, 1, NULL, 0), SEC_E_INVALID_HANDLE);
    }
    CHECK_STATUS(change(NULL, NULL, NULL, NULL, NULL, 0, 0, NULL), SEC_E_SECPKG_NOT_FOUND);
}

/* As FreeRDP and curl do it: nothing by name but the table. */
static void logon(void)
{
    PSecurityFunctionTableW table = InitSecurityInterfaceW();
    SEC_WINNT_AUTH_IDENTITY_A identity = make_identity(USER, DOMAIN, PASSWORD);
    CredHandle client, server;
    CtxtHandle ours, theirs;
    unsigned char up[2888], down[2888];
    SecBuffer to_server = make_buffer(SECBUFFER_TOKEN, up, sizeof(up));
    SecBuffer to_client = make_buffer(SECBUFFER_TOKEN, down, sizeof(down));
    SecBufferDesc up_desc = make_desc(&to_server, 1), down_desc = make_desc(&to_client, 1);
    SecPkgContext_NamesW names;
    ULONG flags;
    MUST_STATUS(table->AcquireCredentialsHandleW(NULL, WSTR("NTLM"), SECPKG_CRED_OUTBOUND, NULL,
                                                 &identity, NULL, NULL, &client, NULL),
                SEC_E_OK);
    MUST_STATUS(table->AcquireCredentialsHandleW(NULL, WSTR("NTLM"), SECPKG_CRED_INBOUND, NULL,
                                                 &identity, NULL, NULL, &server, NULL),
                SEC_E_OK);
    MUST_STATUS(table->InitializeSecurityContextW(&client, NULL, WSTR("HOST/x"), SIGNED_AND_SEALED,
                                                  0, 0, NULL, 0, &ours, &up_desc, &flags, NULL),
                SEC_I_CONTINUE_NEEDED);
    MUST_STATUS(table->AcceptSecurityContext(&server, NULL, &up_desc, 0, 0, &theirs, &down_desc,
                                             &flags, NULL),
                SEC_I_CONTINUE_NEEDED);
    to_server.cbBuffer = sizeof(up);
    MUST_STATUS(table->InitializeSecurityContextW(&client, &ours, WSTR("HOST/x"), 0, 0, 0,
                                                  &down_desc, 0, &ours, &up_desc, &flags, NULL),
                SEC_E_OK);
    MUST_STATUS(table->AcceptSecurityContext(&server, &theirs, &up_desc, 0, 0, &theirs, NULL,
                                             &flags, NULL),
                SEC_E_OK);
    MUST_STATUS(table->QueryContextAttributesW(&theirs, SECPKG_ATTR_NAMES, &names), SEC_E_OK);
    CHECK(wide_is(names.sUserName, DOMAIN "\\" USER));
    CHECK_STATUS(table->FreeContextBuffer(names.sUserName), SEC_E_OK);
    exchange(&ours, &theirs, "through the table's context");
    CHECK_STATUS(table->DeleteSecurityContext(&ours), SEC_E_OK);
    CHECK_STATUS(table->DeleteSecurityContext(&theirs), SEC_E_OK);
    CHECK_STATUS(table->FreeCredentialsHandle(&client), SEC_E_OK);
    CHECK_STATUS(table->FreeCredentialsHandle(&server), SEC_E_OK);
}

int main(void)
{
    shape();
    nothing();
    later_slots(InitSecurityInterfaceA());
    later_slots(InitSecurityInterfaceW());
    logon();
    return check_end();
}
