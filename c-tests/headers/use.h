/* Uses what a plain declaration does not show: names, macros, handles. C and C++. */
#ifndef HEADERS_USE_H
#define HEADERS_USE_H

SECUR32_UNUSED static const WCHAR *const use_wide_names[] = {
    NTLMSP_NAME,       MICROSOFT_KERBEROS_NAME,  MICROSOFT_KERBEROS_NAME_W, NEGOSSP_NAME_W,
    WDIGEST_SP_NAME_W, MSV1_0_PACKAGE_NAMEW,     KRB_ANONYMOUS_STRING,      UNISP_NAME_W,
    CLOUDAP_NAME_W,    SECURITY_ENTRYPOINTW,     DEFAULT_TLS_SSP_NAME_W,    PKU2U_PACKAGE_NAME,
};
SECUR32_UNUSED static const char *const use_names[] = {
    NTLMSP_NAME_A,        MICROSOFT_KERBEROS_NAME_A, NEGOSSP_NAME_A, MSV1_0_PACKAGE_NAME,
    SECURITY_ENTRYPOINTA, SECURITY_ENTRYPOINT_ANSI,
};
#ifdef UNICODE
SECUR32_UNUSED static const WCHAR *const use_either[] = {NEGOSSP_NAME, SECURITY_ENTRYPOINT};
#else
SECUR32_UNUSED static const char *const use_either[] = {NEGOSSP_NAME, SECURITY_ENTRYPOINT};
#endif

SECUR32_UNUSED static SECURITY_STATUS use_handles(PSecurityFunctionTable table, PSecPkgInfo info)
{
    CredHandle credential;
    SEC_WINNT_AUTH_IDENTITY identity;
    SEC_WINNT_AUTH_IDENTITY_EX other;
    TimeStamp expiry;
    struct _SecBufferDesc *description = 0;
    SecInvalidateHandle(&credential);
    if (SecIsValidHandle(&credential) || description != 0) {
        return SEC_E_INTERNAL_ERROR;
    }
    expiry.QuadPart = 0;
    expiry.LowPart = expiry.u.LowPart;
    identity.Flags = SEC_WINNT_AUTH_IDENTITY_ANSI;
    other.Version = SEC_WINNT_AUTH_IDENTITY_VERSION;
    if (identity.Flags + other.Version == 0 || info == 0 || expiry.HighPart != 0) {
        return SEC_E_INVALID_PARAMETER;
    }
    return table->FreeCredentialHandle == 0 ? SEC_E_UNSUPPORTED_FUNCTION : SEC_E_OK;
}

#endif
