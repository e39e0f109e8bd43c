/* SASL without a realm in reach: profiles, NTLM as a mechanism, options, handles. What needs
 * Kerberos is in tests/sasl and tests/peers. */
#include "party.h"

static int lists(const char *list, const char *name)
{
    for (; *list != '\0'; list += strlen(list) + 1) {
        if (strcmp(list, name) == 0) return 1;
    }
    return 0;
}

static void profiles(void)
{
    LPSTR list = FILLED(LPSTR);
    LPWSTR wide_list = FILLED(LPWSTR);
    ULONG count = 7, wide_count = 7;
    MUST_STATUS(SaslEnumerateProfilesA(&list, &count), SEC_E_OK);
    CHECK(count == 3);
    CHECK(lists(list, "GSSAPI") && lists(list, "GSS-SPNEGO") && lists(list, "NTLM"));
    CHECK_STATUS(FreeContextBuffer(list), SEC_E_OK);
    MUST_STATUS(SaslEnumerateProfilesW(&wide_list, &wide_count), SEC_E_OK);
    CHECK(wide_count == count && wide_is(wide_list, "GSSAPI"));
    CHECK_STATUS(FreeContextBuffer(wide_list), SEC_E_OK);
    CHECK(SaslEnumerateProfilesA(NULL, &count) == SEC_E_INVALID_PARAMETER && count == 0);
    CHECK(SaslEnumerateProfilesA(&list, NULL) == SEC_E_INVALID_PARAMETER && list == NULL);
}

static void profile_packages(void)
{
    static const struct {
        const char *profile, *package;
    } known[] = {{"GSSAPI", "Kerberos"}, {"gss-spnego", "Negotiate"}, {"NTLM", "NTLM"}};
    PSecPkgInfoA info = FILLED(PSecPkgInfoA);
    PSecPkgInfoW wide = FILLED(PSecPkgInfoW);
    size_t index;
    for (index = 0; index < sizeof(known) / sizeof(known[0]); index++) {
        MUST_STATUS(SaslGetProfilePackageA(ASTR(known[index].profile), &info), SEC_E_OK);
        CHECK(strcmp(info->Name, known[index].package) == 0);
        CHECK_STATUS(FreeContextBuffer(info), SEC_E_OK);
    }
    info = FILLED(PSecPkgInfoA);
    CHECK_STATUS(SaslGetProfilePackageA(ASTR("DIGEST-MD5"), &info), SEC_E_SECPKG_NOT_FOUND);
    CHECK(info == NULL);
    CHECK_STATUS(SaslGetProfilePackageA(NULL, &info), SEC_E_SECPKG_NOT_FOUND);
    CHECK_STATUS(SaslGetProfilePackageW(NULL, &wide), SEC_E_SECPKG_NOT_FOUND);
    CHECK(wide == NULL);
}

static SECURITY_STATUS identify(const char *bytes, size_t length, char *name)
{
    unsigned char room[64];
    SecBuffer buffer = make_buffer(SECBUFFER_TOKEN, room, length);
    SecBufferDesc input = make_desc(&buffer, 1);
    PSecPkgInfoA info = FILLED(PSecPkgInfoA);
    SECURITY_STATUS status;
    memcpy(room, bytes, length);
    status = SaslIdentifyPackageA(&input, &info);
    if (status != SEC_E_OK) {
        CHECK(info == NULL);
        return status;
    }
    snprintf(name, 16, "%s", info->Name);
    CHECK_STATUS(FreeContextBuffer(info), SEC_E_OK);
    return status;
}

static void tokens(void)
{
    char name[16];
    PSecPkgInfoW info = FILLED(PSecPkgInfoW);
    CHECK_STATUS(identify("NTLMSSP\0\1\0\0\0", 12, name), SEC_E_OK);
    CHECK(strcmp(name, "NTLM") == 0);
    CHECK_STATUS(identify("\x60\x40\x06\x06\x2b\x06\x01\x05\x05\x02\xa0", 11, name), SEC_E_OK);
    CHECK(strcmp(name, "Negotiate") == 0);
    CHECK_STATUS(identify("\x60\x40\x06\x09\x2a\x86\x48\x86\xf7\x12\x01\x02\x02\1", 14, name),
                 SEC_E_OK);
    CHECK(strcmp(name, "Kerberos") == 0);
    CHECK_STATUS(identify("\x60\x40\x06\x09", 4, name), SEC_E_SECPKG_NOT_FOUND);
    CHECK_STATUS(identify("", 0, name), SEC_E_SECPKG_NOT_FOUND);
    CHECK_STATUS(SaslIdentifyPackageW(NULL, &info), SEC_E_INVALID_TOKEN);
    CHECK(info == NULL);
}

struct side {
    CredHandle credential;
    CtxtHandle context;
    int has_context;
    ULONG attributes;
};

static struct side make_side(ULONG use)
{
    struct side side;
    SEC_WINNT_AUTH_IDENTITY_A identity = make_identity(USER, DOMAIN, PASSWORD);
    memset(&side, 0, sizeof(side));
    MUST_STATUS(acquire(&side.credential, use, &identity), SEC_E_OK);
    return side;
}

static SECURITY_STATUS step(struct side *side, int is_server, ULONG flags, struct token *in,
                            struct token *out)
{
    SecBuffer given = make_buffer(SECBUFFER_TOKEN, in->bytes, in->length);
    SecBuffer made = make_buffer(SECBUFFER_TOKEN, out->bytes, sizeof(out->bytes));
    SecBufferDesc input = make_desc(&given, 1), output = make_desc(&made, 1);
    CtxtHandle *context = side->has_context ? &side->context : NULL;
    SECURITY_STATUS status;
    if (is_server) {
        status = SaslAcceptSecurityContext(&side->credential, context, &input, flags,
                                           SECURITY_NETWORK_DREP, &side->context, &output,
                                           &side->attributes, NULL);
    } else {
        status = SaslInitializeSecurityContextA(&side->credential, context, NULL, flags, 0,
                                                SECURITY_NETWORK_DREP, &input, 0, &side->context,
                                                &output, &side->attributes, NULL);
    }
    out->length = status >= 0 ? made.cbBuffer : 0;
    side->has_context |= status >= 0;
    return status;
}

static void ntlm(void)
{
    struct side client = make_side(SECPKG_CRED_OUTBOUND), server = make_side(SECPKG_CRED_INBOUND);
    struct token token, answer;
    ULONG number = 0, needed = 0;
    token.length = 0;
    MUST_STATUS(step(&client, 0, SIGNED_AND_SEALED, &token, &answer), SEC_I_CONTINUE_NEEDED);
    CHECK_STATUS(SaslGetContextOption(&client.context, SASL_OPTION_SEND_SIZE, &number,
                                      sizeof(number), &needed),
                 SEC_E_OK);
    CHECK(number == 0xFFFF && needed == sizeof(number));
    CHECK_STATUS(SaslGetContextOption(&client.context, SASL_OPTION_RECV_SIZE, &number, 3, &needed),
                 SEC_E_BUFFER_TOO_SMALL);
    CHECK(needed == sizeof(number));
    CHECK_STATUS(SaslSetContextOption(&client.context, 99, &number, sizeof(number)),
                 SEC_E_UNSUPPORTED_FUNCTION);
    CHECK_STATUS(SaslSetContextOption(&client.context, SASL_OPTION_AUTHZ_STRING, ASTR("bob"), 3),
                 SEC_E_UNSUPPORTED_FUNCTION);
    number = 100;
    CHECK_STATUS(SaslSetContextOption(&client.context, SASL_OPTION_SEND_SIZE, &number,
                                      sizeof(number)),
                 SEC_E_OK);
    MUST_STATUS(step(&server, 1, 0, &answer, &token), SEC_I_CONTINUE_NEEDED);
    MUST_STATUS(step(&client, 0, 0, &token, &answer), SEC_E_OK);
    MUST_STATUS(step(&server, 1, 0, &answer, &token), SEC_E_OK);
    CHECK(client.attributes & ISC_RET_CONFIDENTIALITY);
    CHECK(server.attributes & ASC_RET_CONFIDENTIALITY);
    {
        unsigned char signature[16], text[101];
        SecBuffer buffers[2];
        SecBufferDesc message = make_desc(buffers, 2);
        memset(text, 'x', sizeof(text));
        buffers[0] = make_buffer(SECBUFFER_TOKEN, signature, sizeof(signature));
        buffers[1] = make_buffer(SECBUFFER_DATA, text, sizeof(text));
        CHECK_STATUS(EncryptMessage(&client.context, 0, &message, 0), SEC_E_INVALID_PARAMETER);
        buffers[1].cbBuffer = 100;
        CHECK_STATUS(EncryptMessage(&client.context, 0, &message, 0), SEC_E_OK);
        CHECK_STATUS(DecryptMessage(&server.context, &message, 0, NULL), SEC_E_OK);
        CHECK(text[0] == 'x' && text[99] == 'x');
    }
    CHECK_STATUS(step(&client, 0, 0, &token, &answer), SEC_E_OUT_OF_SEQUENCE);
    CHECK_STATUS(DeleteSecurityContext(&client.context), SEC_E_OK);
    CHECK_STATUS(DeleteSecurityContext(&server.context), SEC_E_OK);
    CHECK_STATUS(FreeCredentialsHandle(&client.credential), SEC_E_OK);
    CHECK_STATUS(FreeCredentialsHandle(&server.credential), SEC_E_OK);
}

static void handles(void)
{
    CtxtHandle bad = make_handle(7, 9);
    SecBuffer buffer = make_buffer(SECBUFFER_TOKEN, NULL, 0);
    SecBufferDesc description = make_desc(&buffer, 1);
    ULONG number = 7, needed = 7;
    CHECK_STATUS(SaslSetContextOption(NULL, SASL_OPTION_SEND_SIZE, &number, 4),
                 SEC_E_INVALID_HANDLE);
    CHECK_STATUS(SaslSetContextOption(&bad, 99, NULL, 0), SEC_E_INVALID_HANDLE);
    CHECK_STATUS(SaslGetContextOption(&bad, 99, NULL, 0, &needed), SEC_E_INVALID_HANDLE);
    CHECK(needed == 0);
    CHECK_STATUS(SaslInitializeSecurityContextW(&bad, NULL, NULL, 0, 0, 0, NULL, 0, &bad,
                                                &description, &number, NULL),
                 SEC_E_INVALID_HANDLE);
    CHECK(number == 0);
    CHECK_STATUS(SaslInitializeSecurityContextA(NULL, &bad, NULL, 0, 0, 0, NULL, 0, &bad,
                                                &description, &number, NULL),
                 SEC_E_INVALID_HANDLE);
    CHECK_STATUS(SaslAcceptSecurityContext(NULL, NULL, &description, 0, 0, &bad, &description,
                                           &number, NULL),
                 SEC_E_INVALID_HANDLE);
}

int main(void)
{
    profiles();
    profile_packages();
    tokens();
    ntlm();
    handles();
    return check_end();
}
