/*
 * What secur32.h needs beside types and functions: names that follow UNICODE, names of packages,
 * kinds of packed credentials, and handles as macros. Included by secur32.h.
 */
#ifndef SECUR32_MACROS_H
#define SECUR32_MACROS_H

#include "secur32.h"

/* A handle that names nothing: all ones. */
#define SecInvalidateHandle(handle)                                     \
    ((void)(((PSecHandle)(handle))->dwLower = (ULONG_PTR)((INT_PTR)-1)), \
     (void)(((PSecHandle)(handle))->dwUpper = (ULONG_PTR)((INT_PTR)-1)))
#define SecIsValidHandle(handle)                                      \
    ((((PSecHandle)(handle))->dwLower != (ULONG_PTR)((INT_PTR)-1)) && \
     (((PSecHandle)(handle))->dwUpper != (ULONG_PTR)((INT_PTR)-1)))
#define SEC_DELETED_HANDLE ((ULONG_PTR)(-2))

/* Microsoft's own sample spells it so; so does the A table's member. */
#define FreeCredentialHandle FreeCredentialsHandle

#define SECURITY_ENTRYPOINT_ANSIW "InitSecurityInterfaceW"
#define SECURITY_ENTRYPOINT_ANSIA "InitSecurityInterfaceA"
#define SECURITY_ENTRYPOINT16 "INITSECURITYINTERFACEA"
#define SECURITY_ENTRYPOINTA SECURITY_ENTRYPOINT_ANSIA

/* Names of packages, and others, in bytes. */
#define NTLMSP_NAME_A "NTLM"
#define MICROSOFT_KERBEROS_NAME_A "Kerberos"
#define NEGOSSP_NAME_A "Negotiate"
#define CLOUDAP_NAME_A "CloudAP"
#define PKU2U_PACKAGE_NAME_A "pku2u"
#define WDIGEST_SP_NAME_A "WDigest"
#define UNISP_NAME_A "Microsoft Unified Security Protocol Provider"
#define SCHANNEL_NAME_A "Schannel"
#define DEFAULT_TLS_SSP_NAME_A "Default TLS SSP"
#define SSL2SP_NAME_A "Microsoft SSL 2.0"
#define SSL3SP_NAME_A "Microsoft SSL 3.0"
#define TLS1SP_NAME_A "Microsoft TLS 1.0"
#define PCT1SP_NAME_A "Microsoft PCT 1.0"
#define MSV1_0_PACKAGE_NAME "MICROSOFT_AUTHENTICATION_PACKAGE_V1_0"
#define MSV1_0_SUBAUTHENTICATION_KEY "SYSTEM\\CurrentControlSet\\Control\\Lsa\\MSV1_0"
#define MSV1_0_SUBAUTHENTICATION_VALUE "Auth"
#define CRED_SESSION_WILDCARD_NAME_A "*Session"

/* The same in UTF-16. */
#ifdef SECUR32_WIDE
#define NTLMSP_NAME SECUR32_WIDE("NTLM")
#define MICROSOFT_KERBEROS_NAME_W SECUR32_WIDE("Kerberos")
#define NEGOSSP_NAME_W SECUR32_WIDE("Negotiate")
#define CLOUDAP_NAME_W SECUR32_WIDE("CloudAP")
#define PKU2U_PACKAGE_NAME_W SECUR32_WIDE("pku2u")
#define WDIGEST_SP_NAME_W SECUR32_WIDE("WDigest")
#define UNISP_NAME_W SECUR32_WIDE("Microsoft Unified Security Protocol Provider")
#define SCHANNEL_NAME_W SECUR32_WIDE("Schannel")
#define DEFAULT_TLS_SSP_NAME_W SECUR32_WIDE("Default TLS SSP")
#define SSL2SP_NAME_W SECUR32_WIDE("Microsoft SSL 2.0")
#define SSL3SP_NAME_W SECUR32_WIDE("Microsoft SSL 3.0")
#define TLS1SP_NAME_W SECUR32_WIDE("Microsoft TLS 1.0")
#define PCT1SP_NAME_W SECUR32_WIDE("Microsoft PCT 1.0")
#define MSV1_0_PACKAGE_NAMEW SECUR32_WIDE("MICROSOFT_AUTHENTICATION_PACKAGE_V1_0")
#define KRB_WELLKNOWN_STRING SECUR32_WIDE("WELLKNOWN")
#define KRB_ANONYMOUS_STRING SECUR32_WIDE("ANONYMOUS")
#define CRED_SESSION_WILDCARD_NAME_W SECUR32_WIDE("*Session")
#define SECURITY_ENTRYPOINTW SECUR32_WIDE("InitSecurityInterfaceW")
#else
SECUR32_UNUSED static const WCHAR secur32_NTLMSP_NAME[] = {
    'N', 'T', 'L', 'M', 0
};
#define NTLMSP_NAME secur32_NTLMSP_NAME
SECUR32_UNUSED static const WCHAR secur32_MICROSOFT_KERBEROS_NAME_W[] = {
    'K', 'e', 'r', 'b', 'e', 'r', 'o', 's', 0
};
#define MICROSOFT_KERBEROS_NAME_W secur32_MICROSOFT_KERBEROS_NAME_W
SECUR32_UNUSED static const WCHAR secur32_NEGOSSP_NAME_W[] = {
    'N', 'e', 'g', 'o', 't', 'i', 'a', 't', 'e', 0
};
#define NEGOSSP_NAME_W secur32_NEGOSSP_NAME_W
SECUR32_UNUSED static const WCHAR secur32_CLOUDAP_NAME_W[] = {
    'C', 'l', 'o', 'u', 'd', 'A', 'P', 0
};
#define CLOUDAP_NAME_W secur32_CLOUDAP_NAME_W
SECUR32_UNUSED static const WCHAR secur32_PKU2U_PACKAGE_NAME_W[] = {
    'p', 'k', 'u', '2', 'u', 0
};
#define PKU2U_PACKAGE_NAME_W secur32_PKU2U_PACKAGE_NAME_W
SECUR32_UNUSED static const WCHAR secur32_WDIGEST_SP_NAME_W[] = {
    'W', 'D', 'i', 'g', 'e', 's', 't', 0
};
#define WDIGEST_SP_NAME_W secur32_WDIGEST_SP_NAME_W
SECUR32_UNUSED static const WCHAR secur32_UNISP_NAME_W[] = {
    'M', 'i', 'c', 'r', 'o', 's', 'o', 'f', 't', ' ', 'U', 'n', 'i', 'f', 'i', 'e', 'd', ' ', 'S',
    'e', 'c', 'u', 'r', 'i', 't', 'y', ' ', 'P', 'r', 'o', 't', 'o', 'c', 'o', 'l', ' ', 'P', 'r',
    'o', 'v', 'i', 'd', 'e', 'r', 0
};
#define UNISP_NAME_W secur32_UNISP_NAME_W
SECUR32_UNUSED static const WCHAR secur32_SCHANNEL_NAME_W[] = {
    'S', 'c', 'h', 'a', 'n', 'n', 'e', 'l', 0
};
#define SCHANNEL_NAME_W secur32_SCHANNEL_NAME_W
SECUR32_UNUSED static const WCHAR secur32_DEFAULT_TLS_SSP_NAME_W[] = {
    'D', 'e', 'f', 'a', 'u', 'l', 't', ' ', 'T', 'L', 'S', ' ', 'S', 'S', 'P', 0
};
#define DEFAULT_TLS_SSP_NAME_W secur32_DEFAULT_TLS_SSP_NAME_W
SECUR32_UNUSED static const WCHAR secur32_SSL2SP_NAME_W[] = {
    'M', 'i', 'c', 'r', 'o', 's', 'o', 'f', 't', ' ', 'S', 'S', 'L', ' ', '2', '.', '0', 0
};
#define SSL2SP_NAME_W secur32_SSL2SP_NAME_W
SECUR32_UNUSED static const WCHAR secur32_SSL3SP_NAME_W[] = {
    'M', 'i', 'c', 'r', 'o', 's', 'o', 'f', 't', ' ', 'S', 'S', 'L', ' ', '3', '.', '0', 0
};
#define SSL3SP_NAME_W secur32_SSL3SP_NAME_W
SECUR32_UNUSED static const WCHAR secur32_TLS1SP_NAME_W[] = {
    'M', 'i', 'c', 'r', 'o', 's', 'o', 'f', 't', ' ', 'T', 'L', 'S', ' ', '1', '.', '0', 0
};
#define TLS1SP_NAME_W secur32_TLS1SP_NAME_W
SECUR32_UNUSED static const WCHAR secur32_PCT1SP_NAME_W[] = {
    'M', 'i', 'c', 'r', 'o', 's', 'o', 'f', 't', ' ', 'P', 'C', 'T', ' ', '1', '.', '0', 0
};
#define PCT1SP_NAME_W secur32_PCT1SP_NAME_W
SECUR32_UNUSED static const WCHAR secur32_MSV1_0_PACKAGE_NAMEW[] = {
    'M', 'I', 'C', 'R', 'O', 'S', 'O', 'F', 'T', '_', 'A', 'U', 'T', 'H', 'E', 'N', 'T', 'I', 'C',
    'A', 'T', 'I', 'O', 'N', '_', 'P', 'A', 'C', 'K', 'A', 'G', 'E', '_', 'V', '1', '_', '0', 0
};
#define MSV1_0_PACKAGE_NAMEW secur32_MSV1_0_PACKAGE_NAMEW
SECUR32_UNUSED static const WCHAR secur32_KRB_WELLKNOWN_STRING[] = {
    'W', 'E', 'L', 'L', 'K', 'N', 'O', 'W', 'N', 0
};
#define KRB_WELLKNOWN_STRING secur32_KRB_WELLKNOWN_STRING
SECUR32_UNUSED static const WCHAR secur32_KRB_ANONYMOUS_STRING[] = {
    'A', 'N', 'O', 'N', 'Y', 'M', 'O', 'U', 'S', 0
};
#define KRB_ANONYMOUS_STRING secur32_KRB_ANONYMOUS_STRING
SECUR32_UNUSED static const WCHAR secur32_CRED_SESSION_WILDCARD_NAME_W[] = {
    '*', 'S', 'e', 's', 's', 'i', 'o', 'n', 0
};
#define CRED_SESSION_WILDCARD_NAME_W secur32_CRED_SESSION_WILDCARD_NAME_W
SECUR32_UNUSED static const WCHAR secur32_SECURITY_ENTRYPOINTW[] = {
    'I', 'n', 'i', 't', 'S', 'e', 'c', 'u', 'r', 'i', 't', 'y', 'I', 'n', 't', 'e', 'r', 'f', 'a',
    'c', 'e', 'W', 0
};
#define SECURITY_ENTRYPOINTW secur32_SECURITY_ENTRYPOINTW
#endif
#define MICROSOFT_KERBEROS_NAME MICROSOFT_KERBEROS_NAME_W
#define PKU2U_PACKAGE_NAME PKU2U_PACKAGE_NAME_W

/* Kinds of packed credentials. */
SECUR32_UNUSED static const GUID SEC_WINNT_AUTH_DATA_TYPE_PASSWORD = {
    0x28bfc32f, 0x10f6, 0x4738, {0x98, 0xd1, 0x1a, 0xc0, 0x61, 0xdf, 0x71, 0x6a}
};
SECUR32_UNUSED static const GUID SEC_WINNT_AUTH_DATA_TYPE_CERT = {
    0x235f69ad, 0x73fb, 0x4dbc, {0x82, 0x03, 0x06, 0x29, 0xe7, 0x39, 0x33, 0x9b}
};
SECUR32_UNUSED static const GUID SEC_WINNT_AUTH_DATA_TYPE_CREDMAN_CERT = {
    0x7cb72412, 0x1016, 0x491a, {0x8c, 0x87, 0x4d, 0x2a, 0xa1, 0xb7, 0xdd, 0x3a}
};
SECUR32_UNUSED static const GUID SEC_WINNT_AUTH_DATA_TYPE_NGC = {
    0x10a47879, 0x5ebf, 0x4b85, {0xbd, 0x8d, 0xc2, 0x1b, 0xb4, 0xf4, 0x9c, 0x8a}
};
SECUR32_UNUSED static const GUID SEC_WINNT_AUTH_DATA_TYPE_FIDO = {
    0x32e8f8d7, 0x7871, 0x4bcc, {0x83, 0xc5, 0x46, 0x0f, 0x66, 0xc6, 0x13, 0x5c}
};
SECUR32_UNUSED static const GUID SEC_WINNT_AUTH_DATA_TYPE_KEYTAB = {
    0xd587aae8, 0xf78f, 0x4455, {0xa1, 0x12, 0xc9, 0x34, 0xbe, 0xee, 0x7c, 0xe1}
};
SECUR32_UNUSED static const GUID SEC_WINNT_AUTH_DATA_TYPE_CSP_DATA = {
    0x68fd9879, 0x079c, 0x4dfe, {0x82, 0x81, 0x57, 0x8a, 0xad, 0xc1, 0xc1, 0x00}
};
SECUR32_UNUSED static const GUID SEC_WINNT_AUTH_DATA_TYPE_SMARTCARD_CONTEXTS = {
    0xb86c4ff3, 0x49d7, 0x4dc4, {0xb5, 0x60, 0xb1, 0x16, 0x36, 0x85, 0xb2, 0x36}
};
SECUR32_UNUSED static const GUID CREDUIWIN_STRUCTURE_TYPE_SSPIPFC = {
    0x3c3e93d9, 0xd96b, 0x49b5, {0x94, 0xa7, 0x45, 0x85, 0x92, 0x08, 0x83, 0x37}
};
SECUR32_UNUSED static const GUID SSPIPFC_STRUCTURE_TYPE_CREDUI_CONTEXT = {
    0xc2fffe6f, 0x503d, 0x4c3d, {0xa9, 0x5e, 0xbc, 0xe8, 0x21, 0x21, 0x3d, 0x44}
};
SECUR32_UNUSED static const GUID SEC_WINNT_AUTH_DATA_TYPE_DELEGATION_TOKEN = {
    0x12e52e0f, 0x6f9b, 0x4f83, {0x90, 0x20, 0x9d, 0xe4, 0x2b, 0x22, 0x62, 0x67}
};

/* Names without A or W mean the one or the other. */
#ifdef UNICODE
#define AcquireCredentialsHandle AcquireCredentialsHandleW
#define AddCredentials AddCredentialsW
#define InitializeSecurityContext InitializeSecurityContextW
#define QueryContextAttributes QueryContextAttributesW
#define QueryContextAttributesEx QueryContextAttributesExW
#define SetContextAttributes SetContextAttributesW
#define QueryCredentialsAttributes QueryCredentialsAttributesW
#define QueryCredentialsAttributesEx QueryCredentialsAttributesExW
#define SetCredentialsAttributes SetCredentialsAttributesW
#define EnumerateSecurityPackages EnumerateSecurityPackagesW
#define QuerySecurityPackageInfo QuerySecurityPackageInfoW
#define ImportSecurityContext ImportSecurityContextW
#define ChangeAccountPassword ChangeAccountPasswordW
#define InitSecurityInterface InitSecurityInterfaceW
#define SaslEnumerateProfiles SaslEnumerateProfilesW
#define SaslGetProfilePackage SaslGetProfilePackageW
#define SaslIdentifyPackage SaslIdentifyPackageW
#define SaslInitializeSecurityContext SaslInitializeSecurityContextW
#define AddSecurityPackage AddSecurityPackageW
#define DeleteSecurityPackage DeleteSecurityPackageW
#define GetUserNameEx GetUserNameExW
#define GetComputerObjectName GetComputerObjectNameW
#define TranslateName TranslateNameW
#define SecPkgInfo SecPkgInfoW
#define PSecPkgInfo PSecPkgInfoW
#define SecPkgCredentials_Names SecPkgCredentials_NamesW
#define PSecPkgCredentials_Names PSecPkgCredentials_NamesW
#define SecPkgCredentials_SSIProvider SecPkgCredentials_SSIProviderW
#define PSecPkgCredentials_SSIProvider PSecPkgCredentials_SSIProviderW
#define SecPkgContext_Names SecPkgContext_NamesW
#define PSecPkgContext_Names PSecPkgContext_NamesW
#define SecPkgContext_KeyInfo SecPkgContext_KeyInfoW
#define PSecPkgContext_KeyInfo PSecPkgContext_KeyInfoW
#define SecPkgContext_Authority SecPkgContext_AuthorityW
#define PSecPkgContext_Authority PSecPkgContext_AuthorityW
#define SecPkgContext_ProtoInfo SecPkgContext_ProtoInfoW
#define PSecPkgContext_ProtoInfo PSecPkgContext_ProtoInfoW
#define SecPkgContext_PackageInfo SecPkgContext_PackageInfoW
#define PSecPkgContext_PackageInfo PSecPkgContext_PackageInfoW
#define SecPkgContext_NegotiationInfo SecPkgContext_NegotiationInfoW
#define PSecPkgContext_NegotiationInfo PSecPkgContext_NegotiationInfoW
#define SecPkgContext_NativeNames SecPkgContext_NativeNamesW
#define PSecPkgContext_NativeNames PSecPkgContext_NativeNamesW
#define SecPkgContext_CredentialName SecPkgContext_CredentialNameW
#define PSecPkgContext_CredentialName PSecPkgContext_CredentialNameW
#define SecurityFunctionTable SecurityFunctionTableW
#define PSecurityFunctionTable PSecurityFunctionTableW
#define CREDENTIAL_TARGET_INFORMATION CREDENTIAL_TARGET_INFORMATIONW
#define PCREDENTIAL_TARGET_INFORMATION PCREDENTIAL_TARGET_INFORMATIONW
#define CREDENTIAL CREDENTIALW
#define PCREDENTIAL PCREDENTIALW
#define CREDENTIAL_ATTRIBUTE CREDENTIAL_ATTRIBUTEW
#define PCREDENTIAL_ATTRIBUTE PCREDENTIAL_ATTRIBUTEW
#define SEC_WINNT_AUTH_IDENTITY_EX SEC_WINNT_AUTH_IDENTITY_EXW
#define PSEC_WINNT_AUTH_IDENTITY_EX PSEC_WINNT_AUTH_IDENTITY_EXW
#define SEC_WINNT_AUTH_IDENTITY SEC_WINNT_AUTH_IDENTITY_W
#define ACQUIRE_CREDENTIALS_HANDLE_FN ACQUIRE_CREDENTIALS_HANDLE_FN_W
#define ADD_CREDENTIALS_FN ADD_CREDENTIALS_FN_W
#define INITIALIZE_SECURITY_CONTEXT_FN INITIALIZE_SECURITY_CONTEXT_FN_W
#define QUERY_CONTEXT_ATTRIBUTES_FN QUERY_CONTEXT_ATTRIBUTES_FN_W
#define QUERY_CONTEXT_ATTRIBUTES_EX_FN QUERY_CONTEXT_ATTRIBUTES_EX_FN_W
#define SET_CONTEXT_ATTRIBUTES_FN SET_CONTEXT_ATTRIBUTES_FN_W
#define QUERY_CREDENTIALS_ATTRIBUTES_FN QUERY_CREDENTIALS_ATTRIBUTES_FN_W
#define QUERY_CREDENTIALS_ATTRIBUTES_EX_FN QUERY_CREDENTIALS_ATTRIBUTES_EX_FN_W
#define SET_CREDENTIALS_ATTRIBUTES_FN SET_CREDENTIALS_ATTRIBUTES_FN_W
#define ENUMERATE_SECURITY_PACKAGES_FN ENUMERATE_SECURITY_PACKAGES_FN_W
#define QUERY_SECURITY_PACKAGE_INFO_FN QUERY_SECURITY_PACKAGE_INFO_FN_W
#define IMPORT_SECURITY_CONTEXT_FN IMPORT_SECURITY_CONTEXT_FN_W
#define CHANGE_PASSWORD_FN CHANGE_PASSWORD_FN_W
#define INIT_SECURITY_INTERFACE INIT_SECURITY_INTERFACE_W
#define PSEC_WINNT_AUTH_IDENTITY PSEC_WINNT_AUTH_IDENTITY_W
#define NEGOSSP_NAME NEGOSSP_NAME_W
#define CLOUDAP_NAME CLOUDAP_NAME_W
#define WDIGEST_SP_NAME WDIGEST_SP_NAME_W
#define UNISP_NAME UNISP_NAME_W
#define SCHANNEL_NAME SCHANNEL_NAME_W
#define DEFAULT_TLS_SSP_NAME DEFAULT_TLS_SSP_NAME_W
#define SSL2SP_NAME SSL2SP_NAME_W
#define SSL3SP_NAME SSL3SP_NAME_W
#define TLS1SP_NAME TLS1SP_NAME_W
#define PCT1SP_NAME PCT1SP_NAME_W
#define CRED_SESSION_WILDCARD_NAME CRED_SESSION_WILDCARD_NAME_W
#define SECURITY_ENTRYPOINT SECURITY_ENTRYPOINTW
#define SECURITY_ENTRYPOINT_ANSI SECURITY_ENTRYPOINT_ANSIW
typedef SEC_WCHAR *SECURITY_PSTR;
typedef const SEC_WCHAR *SECURITY_PCSTR;
#else
#define AcquireCredentialsHandle AcquireCredentialsHandleA
#define AddCredentials AddCredentialsA
#define InitializeSecurityContext InitializeSecurityContextA
#define QueryContextAttributes QueryContextAttributesA
#define QueryContextAttributesEx QueryContextAttributesExA
#define SetContextAttributes SetContextAttributesA
#define QueryCredentialsAttributes QueryCredentialsAttributesA
#define QueryCredentialsAttributesEx QueryCredentialsAttributesExA
#define SetCredentialsAttributes SetCredentialsAttributesA
#define EnumerateSecurityPackages EnumerateSecurityPackagesA
#define QuerySecurityPackageInfo QuerySecurityPackageInfoA
#define ImportSecurityContext ImportSecurityContextA
#define ChangeAccountPassword ChangeAccountPasswordA
#define InitSecurityInterface InitSecurityInterfaceA
#define SaslEnumerateProfiles SaslEnumerateProfilesA
#define SaslGetProfilePackage SaslGetProfilePackageA
#define SaslIdentifyPackage SaslIdentifyPackageA
#define SaslInitializeSecurityContext SaslInitializeSecurityContextA
#define AddSecurityPackage AddSecurityPackageA
#define DeleteSecurityPackage DeleteSecurityPackageA
#define GetUserNameEx GetUserNameExA
#define GetComputerObjectName GetComputerObjectNameA
#define TranslateName TranslateNameA
#define SecPkgInfo SecPkgInfoA
#define PSecPkgInfo PSecPkgInfoA
#define SecPkgCredentials_Names SecPkgCredentials_NamesA
#define PSecPkgCredentials_Names PSecPkgCredentials_NamesA
#define SecPkgCredentials_SSIProvider SecPkgCredentials_SSIProviderA
#define PSecPkgCredentials_SSIProvider PSecPkgCredentials_SSIProviderA
#define SecPkgContext_Names SecPkgContext_NamesA
#define PSecPkgContext_Names PSecPkgContext_NamesA
#define SecPkgContext_KeyInfo SecPkgContext_KeyInfoA
#define PSecPkgContext_KeyInfo PSecPkgContext_KeyInfoA
#define SecPkgContext_Authority SecPkgContext_AuthorityA
#define PSecPkgContext_Authority PSecPkgContext_AuthorityA
#define SecPkgContext_ProtoInfo SecPkgContext_ProtoInfoA
#define PSecPkgContext_ProtoInfo PSecPkgContext_ProtoInfoA
#define SecPkgContext_PackageInfo SecPkgContext_PackageInfoA
#define PSecPkgContext_PackageInfo PSecPkgContext_PackageInfoA
#define SecPkgContext_NegotiationInfo SecPkgContext_NegotiationInfoA
#define PSecPkgContext_NegotiationInfo PSecPkgContext_NegotiationInfoA
#define SecPkgContext_NativeNames SecPkgContext_NativeNamesA
#define PSecPkgContext_NativeNames PSecPkgContext_NativeNamesA
#define SecPkgContext_CredentialName SecPkgContext_CredentialNameA
#define PSecPkgContext_CredentialName PSecPkgContext_CredentialNameA
#define SecurityFunctionTable SecurityFunctionTableA
#define PSecurityFunctionTable PSecurityFunctionTableA
#define CREDENTIAL_TARGET_INFORMATION CREDENTIAL_TARGET_INFORMATIONA
#define PCREDENTIAL_TARGET_INFORMATION PCREDENTIAL_TARGET_INFORMATIONA
#define CREDENTIAL CREDENTIALA
#define PCREDENTIAL PCREDENTIALA
#define CREDENTIAL_ATTRIBUTE CREDENTIAL_ATTRIBUTEA
#define PCREDENTIAL_ATTRIBUTE PCREDENTIAL_ATTRIBUTEA
#define SEC_WINNT_AUTH_IDENTITY_EX SEC_WINNT_AUTH_IDENTITY_EXA
#define PSEC_WINNT_AUTH_IDENTITY_EX PSEC_WINNT_AUTH_IDENTITY_EXA
#define SEC_WINNT_AUTH_IDENTITY SEC_WINNT_AUTH_IDENTITY_A
#define ACQUIRE_CREDENTIALS_HANDLE_FN ACQUIRE_CREDENTIALS_HANDLE_FN_A
#define ADD_CREDENTIALS_FN ADD_CREDENTIALS_FN_A
#define INITIALIZE_SECURITY_CONTEXT_FN INITIALIZE_SECURITY_CONTEXT_FN_A
#define QUERY_CONTEXT_ATTRIBUTES_FN QUERY_CONTEXT_ATTRIBUTES_FN_A
#define QUERY_CONTEXT_ATTRIBUTES_EX_FN QUERY_CONTEXT_ATTRIBUTES_EX_FN_A
#define SET_CONTEXT_ATTRIBUTES_FN SET_CONTEXT_ATTRIBUTES_FN_A
#define QUERY_CREDENTIALS_ATTRIBUTES_FN QUERY_CREDENTIALS_ATTRIBUTES_FN_A
#define QUERY_CREDENTIALS_ATTRIBUTES_EX_FN QUERY_CREDENTIALS_ATTRIBUTES_EX_FN_A
#define SET_CREDENTIALS_ATTRIBUTES_FN SET_CREDENTIALS_ATTRIBUTES_FN_A
#define ENUMERATE_SECURITY_PACKAGES_FN ENUMERATE_SECURITY_PACKAGES_FN_A
#define QUERY_SECURITY_PACKAGE_INFO_FN QUERY_SECURITY_PACKAGE_INFO_FN_A
#define IMPORT_SECURITY_CONTEXT_FN IMPORT_SECURITY_CONTEXT_FN_A
#define CHANGE_PASSWORD_FN CHANGE_PASSWORD_FN_A
#define INIT_SECURITY_INTERFACE INIT_SECURITY_INTERFACE_A
#define PSEC_WINNT_AUTH_IDENTITY PSEC_WINNT_AUTH_IDENTITY_A
#define NEGOSSP_NAME NEGOSSP_NAME_A
#define CLOUDAP_NAME CLOUDAP_NAME_A
#define WDIGEST_SP_NAME WDIGEST_SP_NAME_A
#define UNISP_NAME UNISP_NAME_A
#define SCHANNEL_NAME SCHANNEL_NAME_A
#define DEFAULT_TLS_SSP_NAME DEFAULT_TLS_SSP_NAME_A
#define SSL2SP_NAME SSL2SP_NAME_A
#define SSL3SP_NAME SSL3SP_NAME_A
#define TLS1SP_NAME TLS1SP_NAME_A
#define PCT1SP_NAME PCT1SP_NAME_A
#define CRED_SESSION_WILDCARD_NAME CRED_SESSION_WILDCARD_NAME_A
#define SECURITY_ENTRYPOINT SECURITY_ENTRYPOINTA
#define SECURITY_ENTRYPOINT_ANSI SECURITY_ENTRYPOINT_ANSIA
typedef SEC_CHAR *SECURITY_PSTR;
typedef const SEC_CHAR *SECURITY_PCSTR;
#endif

#endif /* SECUR32_MACROS_H */
