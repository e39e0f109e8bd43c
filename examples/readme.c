#define SECURITY_WIN32
#include <security.h>
#include <stdio.h>
int main(void) /* a client logs on to a server, both in this program */
{
    SEC_WINNT_AUTH_IDENTITY_A alice = {(BYTE *)"alice", 5, (BYTE *)"TEST", 4, (BYTE *)"secret", 6, SEC_WINNT_AUTH_IDENTITY_ANSI};
    char up[2888], down[2888];
    SecBuffer u = {sizeof up, SECBUFFER_TOKEN, up}, d = {sizeof down, SECBUFFER_TOKEN, down};
    SecBufferDesc to_server = {SECBUFFER_VERSION, 1, &u}, to_client = {SECBUFFER_VERSION, 1, &d};
    CredHandle mine, theirs;
    CtxtHandle client, server, *c = NULL, *s = NULL;
    SecPkgContext_NamesA names;
    SECURITY_STATUS status = SEC_I_CONTINUE_NEEDED;
    ULONG flags;
    AcquireCredentialsHandleA(NULL, "NTLM", SECPKG_CRED_OUTBOUND, NULL, &alice, NULL, NULL, &mine, NULL);
    AcquireCredentialsHandleA(NULL, "NTLM", SECPKG_CRED_INBOUND, NULL, &alice, NULL, NULL, &theirs, NULL);
    for (; status == SEC_I_CONTINUE_NEEDED; c = &client, s = &server, u.cbBuffer = sizeof up) {
        InitializeSecurityContextA(&mine, c, NULL, ISC_REQ_CONFIDENTIALITY, 0, 0, c ? &to_client : NULL, 0, &client, &to_server, &flags, NULL);
        d.cbBuffer = sizeof down;
        status = AcceptSecurityContext(&theirs, s, &to_server, 0, 0, &server, &to_client, &flags, NULL);
    }
    if (status == SEC_E_OK && QueryContextAttributesA(&server, SECPKG_ATTR_NAMES, &names) == SEC_E_OK)
        return printf("%s is logged on\n", names.sUserName) < 0;
    return fprintf(stderr, "refused: 0x%08X\n", (unsigned)status), 1;
}
