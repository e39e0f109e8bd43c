/*
 * The Security Support Provider Interface of Windows: types, constants and functions.
 * Made from src/abi by cbindgen; do not edit, see tests/header.rs.
 */

#ifndef SECUR32_H
#define SECUR32_H

#include "secur32_base.h"

enum _POLICY_NOTIFICATION_INFORMATION_CLASS {
    PolicyNotifyAuditEventsInformation = 1,
    PolicyNotifyAccountDomainInformation = 2,
    PolicyNotifyServerRoleInformation = 3,
    PolicyNotifyDnsDomainInformation = 4,
    PolicyNotifyDomainEfsInformation = 5,
    PolicyNotifyDomainKerberosTicketInformation = 6,
    PolicyNotifyMachineAccountPasswordInformation = 7,
    PolicyNotifyGlobalSaclInformation = 8,
    PolicyNotifyMax = 9
};
typedef enum _POLICY_NOTIFICATION_INFORMATION_CLASS POLICY_NOTIFICATION_INFORMATION_CLASS;
typedef POLICY_NOTIFICATION_INFORMATION_CLASS *PPOLICY_NOTIFICATION_INFORMATION_CLASS;

/* The forms of an account's name (secext.h). */
enum _EXTENDED_NAME_FORMAT {
    NameUnknown = 0,
    NameFullyQualifiedDN = 1,
    NameSamCompatible = 2,
    NameDisplay = 3,
    NameUniqueId = 6,
    NameCanonical = 7,
    NameUserPrincipal = 8,
    NameCanonicalEx = 9,
    NameServicePrincipal = 10,
    NameDnsDomain = 12,
    NameGivenName = 13,
    NameSurname = 14
};
typedef enum _EXTENDED_NAME_FORMAT EXTENDED_NAME_FORMAT;
typedef EXTENDED_NAME_FORMAT *PEXTENDED_NAME_FORMAT;

enum _SECURITY_IMPERSONATION_LEVEL {
    SecurityAnonymous = 0,
    SecurityIdentification = 1,
    SecurityImpersonation = 2,
    SecurityDelegation = 3
};
typedef enum _SECURITY_IMPERSONATION_LEVEL SECURITY_IMPERSONATION_LEVEL;

enum _SEC_APPLICATION_PROTOCOL_NEGOTIATION_EXT {
    SecApplicationProtocolNegotiationExt_None = 0,
    SecApplicationProtocolNegotiationExt_NPN = 1,
    SecApplicationProtocolNegotiationExt_ALPN = 2
};
typedef enum _SEC_APPLICATION_PROTOCOL_NEGOTIATION_EXT SEC_APPLICATION_PROTOCOL_NEGOTIATION_EXT;
typedef SEC_APPLICATION_PROTOCOL_NEGOTIATION_EXT *PSEC_APPLICATION_PROTOCOL_NEGOTIATION_EXT;

enum _SEC_TRAFFIC_SECRET_TYPE {
    SecTrafficSecret_None = 0,
    SecTrafficSecret_Client = 1,
    SecTrafficSecret_Server = 2
};
typedef enum _SEC_TRAFFIC_SECRET_TYPE SEC_TRAFFIC_SECRET_TYPE;
typedef SEC_TRAFFIC_SECRET_TYPE *PSEC_TRAFFIC_SECRET_TYPE;

enum _SECPKG_CRED_CLASS {
    SecPkgCredClass_None = 0,
    SecPkgCredClass_Ephemeral = 10,
    SecPkgCredClass_PersistedGeneric = 20,
    SecPkgCredClass_PersistedSpecific = 30,
    SecPkgCredClass_Explicit = 40
};
typedef enum _SECPKG_CRED_CLASS SECPKG_CRED_CLASS;
typedef SECPKG_CRED_CLASS *PSECPKG_CRED_CLASS;

enum _SECPKG_ATTR_LCT_STATUS {
    SecPkgAttrLastClientTokenYes = 0,
    SecPkgAttrLastClientTokenNo = 1,
    SecPkgAttrLastClientTokenMaybe = 2
};
typedef enum _SECPKG_ATTR_LCT_STATUS SECPKG_ATTR_LCT_STATUS;
typedef SECPKG_ATTR_LCT_STATUS *PSECPKG_ATTR_LCT_STATUS;

enum _SEC_APPLICATION_PROTOCOL_NEGOTIATION_STATUS {
    SecApplicationProtocolNegotiationStatus_None = 0,
    SecApplicationProtocolNegotiationStatus_Success = 1,
    SecApplicationProtocolNegotiationStatus_SelectedClientOnly = 2
};
typedef enum _SEC_APPLICATION_PROTOCOL_NEGOTIATION_STATUS SEC_APPLICATION_PROTOCOL_NEGOTIATION_STATUS;
typedef SEC_APPLICATION_PROTOCOL_NEGOTIATION_STATUS *PSEC_APPLICATION_PROTOCOL_NEGOTIATION_STATUS;

enum _MSV1_0_LOGON_SUBMIT_TYPE {
    MsV1_0InteractiveLogon = 2,
    MsV1_0Lm20Logon = 3,
    MsV1_0NetworkLogon = 4,
    MsV1_0SubAuthLogon = 5,
    MsV1_0WorkstationUnlockLogon = 7,
    MsV1_0S4ULogon = 12,
    MsV1_0VirtualLogon = 82,
    MsV1_0NoElevationLogon = 83,
    MsV1_0LuidLogon = 84
};
typedef enum _MSV1_0_LOGON_SUBMIT_TYPE MSV1_0_LOGON_SUBMIT_TYPE;
typedef MSV1_0_LOGON_SUBMIT_TYPE *PMSV1_0_LOGON_SUBMIT_TYPE;

enum _MSV1_0_PROFILE_BUFFER_TYPE {
    MsV1_0InteractiveProfile = 2,
    MsV1_0Lm20LogonProfile = 3,
    MsV1_0SmartCardProfile = 4
};
typedef enum _MSV1_0_PROFILE_BUFFER_TYPE MSV1_0_PROFILE_BUFFER_TYPE;
typedef MSV1_0_PROFILE_BUFFER_TYPE *PMSV1_0_PROFILE_BUFFER_TYPE;

enum _MSV1_0_CREDENTIAL_KEY_TYPE {
    InvalidCredKey = 0,
    DeprecatedIUMCredKey = 1,
    DomainUserCredKey = 2,
    LocalUserCredKey = 3,
    ExternallySuppliedCredKey = 4
};
typedef enum _MSV1_0_CREDENTIAL_KEY_TYPE MSV1_0_CREDENTIAL_KEY_TYPE;

enum _MSV1_0_PROTOCOL_MESSAGE_TYPE {
    MsV1_0Lm20ChallengeRequest = 0,
    MsV1_0Lm20GetChallengeResponse = 1,
    MsV1_0EnumerateUsers = 2,
    MsV1_0GetUserInfo = 3,
    MsV1_0ReLogonUsers = 4,
    MsV1_0ChangePassword = 5,
    MsV1_0ChangeCachedPassword = 6,
    MsV1_0GenericPassthrough = 7,
    MsV1_0CacheLogon = 8,
    MsV1_0SubAuth = 9,
    MsV1_0DeriveCredential = 10,
    MsV1_0CacheLookup = 11,
    MsV1_0SetProcessOption = 12,
    MsV1_0ConfigLocalAliases = 13,
    MsV1_0ClearCachedCredentials = 14,
    MsV1_0LookupToken = 15,
    MsV1_0ValidateAuth = 16,
    MsV1_0CacheLookupEx = 17,
    MsV1_0GetCredentialKey = 18,
    MsV1_0SetThreadOption = 19,
    MsV1_0DecryptDpapiMasterKey = 20,
    MsV1_0GetStrongCredentialKey = 21,
    MsV1_0TransferCred = 22,
    MsV1_0ProvisionTbal = 23,
    MsV1_0DeleteTbalSecrets = 24
};
typedef enum _MSV1_0_PROTOCOL_MESSAGE_TYPE MSV1_0_PROTOCOL_MESSAGE_TYPE;
typedef MSV1_0_PROTOCOL_MESSAGE_TYPE *PMSV1_0_PROTOCOL_MESSAGE_TYPE;

enum _KERB_LOGON_SUBMIT_TYPE {
    KerbInteractiveLogon = 2,
    KerbSmartCardLogon = 6,
    KerbWorkstationUnlockLogon = 7,
    KerbSmartCardUnlockLogon = 8,
    KerbProxyLogon = 9,
    KerbTicketLogon = 10,
    KerbTicketUnlockLogon = 11,
    KerbS4ULogon = 12,
    KerbCertificateLogon = 13,
    KerbCertificateS4ULogon = 14,
    KerbCertificateUnlockLogon = 15,
    KerbNoElevationLogon = 83,
    KerbLuidLogon = 84
};
typedef enum _KERB_LOGON_SUBMIT_TYPE KERB_LOGON_SUBMIT_TYPE;
typedef KERB_LOGON_SUBMIT_TYPE *PKERB_LOGON_SUBMIT_TYPE;

enum _KERB_PROFILE_BUFFER_TYPE {
    KerbInteractiveProfile = 2,
    KerbSmartCardProfile = 4,
    KerbTicketProfile = 6
};
typedef enum _KERB_PROFILE_BUFFER_TYPE KERB_PROFILE_BUFFER_TYPE;
typedef KERB_PROFILE_BUFFER_TYPE *PKERB_PROFILE_BUFFER_TYPE;

enum _KERB_PROTOCOL_MESSAGE_TYPE {
    KerbDebugRequestMessage = 0,
    KerbQueryTicketCacheMessage = 1,
    KerbChangeMachinePasswordMessage = 2,
    KerbVerifyPacMessage = 3,
    KerbRetrieveTicketMessage = 4,
    KerbUpdateAddressesMessage = 5,
    KerbPurgeTicketCacheMessage = 6,
    KerbChangePasswordMessage = 7,
    KerbRetrieveEncodedTicketMessage = 8,
    KerbDecryptDataMessage = 9,
    KerbAddBindingCacheEntryMessage = 10,
    KerbSetPasswordMessage = 11,
    KerbSetPasswordExMessage = 12,
    KerbVerifyCredentialsMessage = 13,
    KerbQueryTicketCacheExMessage = 14,
    KerbPurgeTicketCacheExMessage = 15,
    KerbRefreshSmartcardCredentialsMessage = 16,
    KerbAddExtraCredentialsMessage = 17,
    KerbQuerySupplementalCredentialsMessage = 18,
    KerbTransferCredentialsMessage = 19,
    KerbQueryTicketCacheEx2Message = 20,
    KerbSubmitTicketMessage = 21,
    KerbAddExtraCredentialsExMessage = 22,
    KerbQueryKdcProxyCacheMessage = 23,
    KerbPurgeKdcProxyCacheMessage = 24,
    KerbQueryTicketCacheEx3Message = 25,
    KerbCleanupMachinePkinitCredsMessage = 26,
    KerbAddBindingCacheEntryExMessage = 27,
    KerbQueryBindingCacheMessage = 28,
    KerbPurgeBindingCacheMessage = 29,
    KerbPinKdcMessage = 30,
    KerbUnpinAllKdcsMessage = 31,
    KerbQueryDomainExtendedPoliciesMessage = 32,
    KerbQueryS4U2ProxyCacheMessage = 33,
    KerbRetrieveKeyTabMessage = 34,
    KerbRefreshPolicyMessage = 35,
    KerbPrintCloudKerberosDebugMessage = 36
};
typedef enum _KERB_PROTOCOL_MESSAGE_TYPE KERB_PROTOCOL_MESSAGE_TYPE;
typedef KERB_PROTOCOL_MESSAGE_TYPE *PKERB_PROTOCOL_MESSAGE_TYPE;

enum _SID_NAME_USE {
    SidTypeUser = 1,
    SidTypeGroup = 2,
    SidTypeDomain = 3,
    SidTypeAlias = 4,
    SidTypeWellKnownGroup = 5,
    SidTypeDeletedAccount = 6,
    SidTypeInvalid = 7,
    SidTypeUnknown = 8,
    SidTypeComputer = 9,
    SidTypeLabel = 10,
    SidTypeLogonSession = 11
};
typedef enum _SID_NAME_USE SID_NAME_USE;

enum _TOKEN_TYPE {
    TokenPrimary = 1,
    TokenImpersonation = 2
};
typedef enum _TOKEN_TYPE TOKEN_TYPE;

enum NEGOTIATE_MESSAGES {
    NegEnumPackagePrefixes = 0,
    NegGetCallerName = 1,
    NegTransferCredentials = 2,
    NegMsgReserved1 = 3,
    NegCallPackageMax = 4
};

enum _MSV1_0_AVID {
    MsvAvEOL = 0,
    MsvAvNbComputerName = 1,
    MsvAvNbDomainName = 2,
    MsvAvDnsComputerName = 3,
    MsvAvDnsDomainName = 4,
    MsvAvDnsTreeName = 5,
    MsvAvFlags = 6,
    MsvAvTimestamp = 7,
    MsvAvRestrictions = 8,
    MsvAvTargetName = 9,
    MsvAvChannelBindings = 10
};
typedef enum _MSV1_0_AVID MSV1_0_AVID;

enum _KERB_CERTIFICATE_INFO_TYPE {
    CertHashInfo = 1
};
typedef enum _KERB_CERTIFICATE_INFO_TYPE KERB_CERTIFICATE_INFO_TYPE;
typedef KERB_CERTIFICATE_INFO_TYPE *PKERB_CERTIFICATE_INFO_TYPE;

enum _SecDelegationType {
    SecFull = 0,
    SecService = 1,
    SecTree = 2,
    SecDirectory = 3,
    SecObject = 4
};
typedef enum _SecDelegationType SecDelegationType;
typedef SecDelegationType *PSecDelegationType;

enum _SASL_AUTHZID_STATE {
    Sasl_AuthZIDForbidden = 0,
    Sasl_AuthZIDProcessed = 1
};
typedef enum _SASL_AUTHZID_STATE SASL_AUTHZID_STATE;

enum _CRED_MARSHAL_TYPE {
    CertCredential = 1,
    UsernameTargetCredential = 2
};
typedef enum _CRED_MARSHAL_TYPE CRED_MARSHAL_TYPE;

/* A handle: two numbers that mean something to this library only. */
struct _SecHandle {
    ULONG_PTR dwLower;
    ULONG_PTR dwUpper;
};
typedef struct _SecHandle SecHandle;
typedef SecHandle CtxtHandle;
typedef CtxtHandle *PCtxtHandle;
typedef SecHandle CredHandle;
typedef CredHandle *PCredHandle;
typedef SecHandle *PSecHandle;

/* One buffer; its type says what is in it, its upper bits how it may be used. */
struct _SecBuffer {
    ULONG cbBuffer;
    ULONG BufferType;
    void *pvBuffer;
};
typedef struct _SecBuffer SecBuffer;
typedef SecBuffer *PSecBuffer;

/* A list of buffers. */
struct _SecBufferDesc {
    ULONG ulVersion;
    ULONG cBuffers;
    PSecBuffer pBuffers;
};
typedef struct _SecBufferDesc SecBufferDesc;
typedef SecBufferDesc *PSecBufferDesc;
typedef void (*SEC_GET_KEY_FN)(void*, void*, ULONG, void**, SECURITY_STATUS*);

/* An identity of any form. */
typedef PVOID PSEC_WINNT_AUTH_IDENTITY_OPAQUE;

/* A locally unique identifier: names logon sessions. */
struct _LUID {
    DWORD LowPart;
    LONG HighPart;
};
typedef struct _LUID LUID;
typedef LUID *PLUID;

/* Counted narrow characters. */
struct _LSA_STRING {
    USHORT Length;
    USHORT MaximumLength;
    PCHAR Buffer;
};
typedef struct _LSA_STRING LSA_STRING;
typedef LSA_STRING *PLSA_STRING;
typedef LSA_STRING STRING;
typedef STRING *PSTRING;
typedef ULONG LSA_OPERATIONAL_MODE;
typedef LSA_OPERATIONAL_MODE *PLSA_OPERATIONAL_MODE;

/* Counted UTF-16; the lengths are bytes. */
struct _LSA_UNICODE_STRING {
    USHORT Length;
    USHORT MaximumLength;
    PWSTR Buffer;
};
typedef struct _LSA_UNICODE_STRING LSA_UNICODE_STRING;
typedef LSA_UNICODE_STRING UNICODE_STRING;
typedef UNICODE_STRING *PUNICODE_STRING;
typedef LSA_UNICODE_STRING *PLSA_UNICODE_STRING;

struct _LSA_LAST_INTER_LOGON_INFO {
    LARGE_INTEGER LastSuccessfulLogon;
    LARGE_INTEGER LastFailedLogon;
    ULONG FailedAttemptCountSinceLastSuccessfulLogon;
};
typedef struct _LSA_LAST_INTER_LOGON_INFO LSA_LAST_INTER_LOGON_INFO;
typedef LSA_LAST_INTER_LOGON_INFO *PLSA_LAST_INTER_LOGON_INFO;

/* What is known of a logon session. */
struct _SECURITY_LOGON_SESSION_DATA {
    ULONG Size;
    LUID LogonId;
    LSA_UNICODE_STRING UserName;
    LSA_UNICODE_STRING LogonDomain;
    LSA_UNICODE_STRING AuthenticationPackage;
    ULONG LogonType;
    ULONG Session;
    PSID Sid;
    LARGE_INTEGER LogonTime;
    LSA_UNICODE_STRING LogonServer;
    LSA_UNICODE_STRING DnsDomainName;
    LSA_UNICODE_STRING Upn;
    ULONG UserFlags;
    LSA_LAST_INTER_LOGON_INFO LastLogonInfo;
    LSA_UNICODE_STRING LogonScript;
    LSA_UNICODE_STRING ProfilePath;
    LSA_UNICODE_STRING HomeDirectory;
    LSA_UNICODE_STRING HomeDirectoryDrive;
    LARGE_INTEGER LogoffTime;
    LARGE_INTEGER KickOffTime;
    LARGE_INTEGER PasswordLastSet;
    LARGE_INTEGER PasswordCanChange;
    LARGE_INTEGER PasswordMustChange;
};
typedef struct _SECURITY_LOGON_SESSION_DATA SECURITY_LOGON_SESSION_DATA;
typedef SECURITY_LOGON_SESSION_DATA *PSECURITY_LOGON_SESSION_DATA;

struct _SECURITY_STRING {
    USHORT Length;
    USHORT MaximumLength;
    USHORT *Buffer;
};
typedef struct _SECURITY_STRING SECURITY_STRING;
typedef SECURITY_STRING *PSECURITY_STRING;

/* Names and SID of a logon session's user. */
struct _SECURITY_USER_DATA {
    SECURITY_STRING UserName;
    SECURITY_STRING LogonDomainName;
    SECURITY_STRING LogonServer;
    PSID pSid;
};
typedef struct _SECURITY_USER_DATA SECURITY_USER_DATA;
typedef SECURITY_USER_DATA SecurityUserData;
typedef SecurityUserData *PSecurityUserData;
typedef SECURITY_USER_DATA *PSECURITY_USER_DATA;

/* What a security package is and can do. */
struct _SecPkgInfoW {
    ULONG fCapabilities;
    USHORT wVersion;
    USHORT wRPCID;
    ULONG cbMaxToken;
    SEC_WCHAR *Name;
    SEC_WCHAR *Comment;
};
typedef struct _SecPkgInfoW SecPkgInfoW;
typedef SecPkgInfoW *PSecPkgInfoW;

/* What a security package is and can do. */
struct _SecPkgInfoA {
    ULONG fCapabilities;
    USHORT wVersion;
    USHORT wRPCID;
    ULONG cbMaxToken;
    SEC_CHAR *Name;
    SEC_CHAR *Comment;
};
typedef struct _SecPkgInfoA SecPkgInfoA;
typedef SecPkgInfoA *PSecPkgInfoA;

struct _SECURITY_PACKAGE_OPTIONS {
    ULONG Size;
    ULONG Type;
    ULONG Flags;
    ULONG SignatureSize;
    void *Signature;
};
typedef struct _SECURITY_PACKAGE_OPTIONS SECURITY_PACKAGE_OPTIONS;
typedef SECURITY_PACKAGE_OPTIONS *PSECURITY_PACKAGE_OPTIONS;
typedef SECURITY_STATUS (*ENUMERATE_SECURITY_PACKAGES_FN_W)(ULONG*, PSecPkgInfoW*);
typedef SECURITY_STATUS (*QUERY_CREDENTIALS_ATTRIBUTES_FN_W)(PCredHandle, ULONG, void*);

typedef SECURITY_STATUS (*ACQUIRE_CREDENTIALS_HANDLE_FN_W)(SEC_WCHAR*,
                                                           SEC_WCHAR*,
                                                           ULONG,
                                                           void*,
                                                           void*,
                                                           SEC_GET_KEY_FN,
                                                           void*,
                                                           PCredHandle,
                                                           PTimeStamp);

typedef SECURITY_STATUS (*FREE_CREDENTIALS_HANDLE_FN)(PCredHandle);

typedef SECURITY_STATUS (*INITIALIZE_SECURITY_CONTEXT_FN_W)(PCredHandle,
                                                            PCtxtHandle,
                                                            SEC_WCHAR*,
                                                            ULONG,
                                                            ULONG,
                                                            ULONG,
                                                            PSecBufferDesc,
                                                            ULONG,
                                                            PCtxtHandle,
                                                            PSecBufferDesc,
                                                            ULONG*,
                                                            PTimeStamp);

typedef SECURITY_STATUS (*ACCEPT_SECURITY_CONTEXT_FN)(PCredHandle,
                                                      PCtxtHandle,
                                                      PSecBufferDesc,
                                                      ULONG,
                                                      ULONG,
                                                      PCtxtHandle,
                                                      PSecBufferDesc,
                                                      ULONG*,
                                                      PTimeStamp);

typedef SECURITY_STATUS (*COMPLETE_AUTH_TOKEN_FN)(PCtxtHandle, PSecBufferDesc);
typedef SECURITY_STATUS (*DELETE_SECURITY_CONTEXT_FN)(PCtxtHandle);
typedef SECURITY_STATUS (*APPLY_CONTROL_TOKEN_FN)(PCtxtHandle, PSecBufferDesc);
typedef SECURITY_STATUS (*QUERY_CONTEXT_ATTRIBUTES_FN_W)(PCtxtHandle, ULONG, void*);
typedef SECURITY_STATUS (*IMPERSONATE_SECURITY_CONTEXT_FN)(PCtxtHandle);
typedef SECURITY_STATUS (*REVERT_SECURITY_CONTEXT_FN)(PCtxtHandle);
typedef SECURITY_STATUS (*MAKE_SIGNATURE_FN)(PCtxtHandle, ULONG, PSecBufferDesc, ULONG);
typedef SECURITY_STATUS (*VERIFY_SIGNATURE_FN)(PCtxtHandle, PSecBufferDesc, ULONG, ULONG*);
typedef SECURITY_STATUS (*FREE_CONTEXT_BUFFER_FN)(void*);
typedef SECURITY_STATUS (*QUERY_SECURITY_PACKAGE_INFO_FN_W)(SEC_WCHAR*, PSecPkgInfoW*);
typedef SECURITY_STATUS (*EXPORT_SECURITY_CONTEXT_FN)(PCtxtHandle, ULONG, PSecBuffer, void**);
typedef SECURITY_STATUS (*IMPORT_SECURITY_CONTEXT_FN_W)(SEC_WCHAR*, PSecBuffer, void*, PCtxtHandle);

typedef SECURITY_STATUS (*ADD_CREDENTIALS_FN_W)(PCredHandle,
                                                SEC_WCHAR*,
                                                SEC_WCHAR*,
                                                ULONG,
                                                void*,
                                                SEC_GET_KEY_FN,
                                                void*,
                                                PTimeStamp);

typedef SECURITY_STATUS (*QUERY_SECURITY_CONTEXT_TOKEN_FN)(PCtxtHandle, HANDLE*);
typedef SECURITY_STATUS (*ENCRYPT_MESSAGE_FN)(PCtxtHandle, ULONG, PSecBufferDesc, ULONG);
typedef SECURITY_STATUS (*DECRYPT_MESSAGE_FN)(PCtxtHandle, PSecBufferDesc, ULONG, ULONG*);
typedef SECURITY_STATUS (*SET_CONTEXT_ATTRIBUTES_FN_W)(PCtxtHandle, ULONG, void*, ULONG);
typedef SECURITY_STATUS (*SET_CREDENTIALS_ATTRIBUTES_FN_W)(PCredHandle, ULONG, void*, ULONG);

typedef SECURITY_STATUS (*CHANGE_PASSWORD_FN_W)(SEC_WCHAR*,
                                                SEC_WCHAR*,
                                                SEC_WCHAR*,
                                                SEC_WCHAR*,
                                                SEC_WCHAR*,
                                                BOOLEAN,
                                                ULONG,
                                                PSecBufferDesc);

typedef SECURITY_STATUS (*QUERY_CONTEXT_ATTRIBUTES_EX_FN_W)(PCtxtHandle, ULONG, void*, ULONG);
typedef SECURITY_STATUS (*QUERY_CREDENTIALS_ATTRIBUTES_EX_FN_W)(PCredHandle, ULONG, void*, ULONG);

/* The interface as a table; the wide-character functions. */
struct _SECURITY_FUNCTION_TABLE_W {
    ULONG dwVersion;
    ENUMERATE_SECURITY_PACKAGES_FN_W EnumerateSecurityPackagesW;
    QUERY_CREDENTIALS_ATTRIBUTES_FN_W QueryCredentialsAttributesW;
    ACQUIRE_CREDENTIALS_HANDLE_FN_W AcquireCredentialsHandleW;
    FREE_CREDENTIALS_HANDLE_FN FreeCredentialsHandle;
    void *Reserved2;
    INITIALIZE_SECURITY_CONTEXT_FN_W InitializeSecurityContextW;
    ACCEPT_SECURITY_CONTEXT_FN AcceptSecurityContext;
    COMPLETE_AUTH_TOKEN_FN CompleteAuthToken;
    DELETE_SECURITY_CONTEXT_FN DeleteSecurityContext;
    APPLY_CONTROL_TOKEN_FN ApplyControlToken;
    QUERY_CONTEXT_ATTRIBUTES_FN_W QueryContextAttributesW;
    IMPERSONATE_SECURITY_CONTEXT_FN ImpersonateSecurityContext;
    REVERT_SECURITY_CONTEXT_FN RevertSecurityContext;
    MAKE_SIGNATURE_FN MakeSignature;
    VERIFY_SIGNATURE_FN VerifySignature;
    FREE_CONTEXT_BUFFER_FN FreeContextBuffer;
    QUERY_SECURITY_PACKAGE_INFO_FN_W QuerySecurityPackageInfoW;
    void *Reserved3;
    void *Reserved4;
    EXPORT_SECURITY_CONTEXT_FN ExportSecurityContext;
    IMPORT_SECURITY_CONTEXT_FN_W ImportSecurityContextW;
    ADD_CREDENTIALS_FN_W AddCredentialsW;
    void *Reserved8;
    QUERY_SECURITY_CONTEXT_TOKEN_FN QuerySecurityContextToken;
    ENCRYPT_MESSAGE_FN EncryptMessage;
    DECRYPT_MESSAGE_FN DecryptMessage;
    SET_CONTEXT_ATTRIBUTES_FN_W SetContextAttributesW;
    SET_CREDENTIALS_ATTRIBUTES_FN_W SetCredentialsAttributesW;
    CHANGE_PASSWORD_FN_W ChangeAccountPasswordW;
    QUERY_CONTEXT_ATTRIBUTES_EX_FN_W QueryContextAttributesExW;
    QUERY_CREDENTIALS_ATTRIBUTES_EX_FN_W QueryCredentialsAttributesExW;
};
typedef struct _SECURITY_FUNCTION_TABLE_W SecurityFunctionTableW;
typedef SecurityFunctionTableW *PSecurityFunctionTableW;
typedef SECURITY_STATUS (*ENUMERATE_SECURITY_PACKAGES_FN_A)(ULONG*, PSecPkgInfoA*);
typedef SECURITY_STATUS (*QUERY_CREDENTIALS_ATTRIBUTES_FN_A)(PCredHandle, ULONG, void*);

typedef SECURITY_STATUS (*ACQUIRE_CREDENTIALS_HANDLE_FN_A)(SEC_CHAR*,
                                                           SEC_CHAR*,
                                                           ULONG,
                                                           void*,
                                                           void*,
                                                           SEC_GET_KEY_FN,
                                                           void*,
                                                           PCredHandle,
                                                           PTimeStamp);

typedef SECURITY_STATUS (*INITIALIZE_SECURITY_CONTEXT_FN_A)(PCredHandle,
                                                            PCtxtHandle,
                                                            SEC_CHAR*,
                                                            ULONG,
                                                            ULONG,
                                                            ULONG,
                                                            PSecBufferDesc,
                                                            ULONG,
                                                            PCtxtHandle,
                                                            PSecBufferDesc,
                                                            ULONG*,
                                                            PTimeStamp);

typedef SECURITY_STATUS (*QUERY_CONTEXT_ATTRIBUTES_FN_A)(PCtxtHandle, ULONG, void*);
typedef SECURITY_STATUS (*QUERY_SECURITY_PACKAGE_INFO_FN_A)(SEC_CHAR*, PSecPkgInfoA*);
typedef SECURITY_STATUS (*IMPORT_SECURITY_CONTEXT_FN_A)(SEC_CHAR*, PSecBuffer, void*, PCtxtHandle);

typedef SECURITY_STATUS (*ADD_CREDENTIALS_FN_A)(PCredHandle,
                                                SEC_CHAR*,
                                                SEC_CHAR*,
                                                ULONG,
                                                void*,
                                                SEC_GET_KEY_FN,
                                                void*,
                                                PTimeStamp);

typedef SECURITY_STATUS (*SET_CONTEXT_ATTRIBUTES_FN_A)(PCtxtHandle, ULONG, void*, ULONG);
typedef SECURITY_STATUS (*SET_CREDENTIALS_ATTRIBUTES_FN_A)(PCredHandle, ULONG, void*, ULONG);

typedef SECURITY_STATUS (*CHANGE_PASSWORD_FN_A)(SEC_CHAR*,
                                                SEC_CHAR*,
                                                SEC_CHAR*,
                                                SEC_CHAR*,
                                                SEC_CHAR*,
                                                BOOLEAN,
                                                ULONG,
                                                PSecBufferDesc);

typedef SECURITY_STATUS (*QUERY_CONTEXT_ATTRIBUTES_EX_FN_A)(PCtxtHandle, ULONG, void*, ULONG);
typedef SECURITY_STATUS (*QUERY_CREDENTIALS_ATTRIBUTES_EX_FN_A)(PCredHandle, ULONG, void*, ULONG);

/* The interface as a table; the narrow-character functions. */
struct _SECURITY_FUNCTION_TABLE_A {
    ULONG dwVersion;
    ENUMERATE_SECURITY_PACKAGES_FN_A EnumerateSecurityPackagesA;
    QUERY_CREDENTIALS_ATTRIBUTES_FN_A QueryCredentialsAttributesA;
    ACQUIRE_CREDENTIALS_HANDLE_FN_A AcquireCredentialsHandleA;
    FREE_CREDENTIALS_HANDLE_FN FreeCredentialsHandle;
    void *Reserved2;
    INITIALIZE_SECURITY_CONTEXT_FN_A InitializeSecurityContextA;
    ACCEPT_SECURITY_CONTEXT_FN AcceptSecurityContext;
    COMPLETE_AUTH_TOKEN_FN CompleteAuthToken;
    DELETE_SECURITY_CONTEXT_FN DeleteSecurityContext;
    APPLY_CONTROL_TOKEN_FN ApplyControlToken;
    QUERY_CONTEXT_ATTRIBUTES_FN_A QueryContextAttributesA;
    IMPERSONATE_SECURITY_CONTEXT_FN ImpersonateSecurityContext;
    REVERT_SECURITY_CONTEXT_FN RevertSecurityContext;
    MAKE_SIGNATURE_FN MakeSignature;
    VERIFY_SIGNATURE_FN VerifySignature;
    FREE_CONTEXT_BUFFER_FN FreeContextBuffer;
    QUERY_SECURITY_PACKAGE_INFO_FN_A QuerySecurityPackageInfoA;
    void *Reserved3;
    void *Reserved4;
    EXPORT_SECURITY_CONTEXT_FN ExportSecurityContext;
    IMPORT_SECURITY_CONTEXT_FN_A ImportSecurityContextA;
    ADD_CREDENTIALS_FN_A AddCredentialsA;
    void *Reserved8;
    QUERY_SECURITY_CONTEXT_TOKEN_FN QuerySecurityContextToken;
    ENCRYPT_MESSAGE_FN EncryptMessage;
    DECRYPT_MESSAGE_FN DecryptMessage;
    SET_CONTEXT_ATTRIBUTES_FN_A SetContextAttributesA;
    SET_CREDENTIALS_ATTRIBUTES_FN_A SetCredentialsAttributesA;
    CHANGE_PASSWORD_FN_A ChangeAccountPasswordA;
    QUERY_CONTEXT_ATTRIBUTES_EX_FN_A QueryContextAttributesExA;
    QUERY_CREDENTIALS_ATTRIBUTES_EX_FN_A QueryCredentialsAttributesExA;
};
typedef struct _SECURITY_FUNCTION_TABLE_A SecurityFunctionTableA;
typedef SecurityFunctionTableA *PSecurityFunctionTableA;

/* What is known of the server that credentials are for. */
struct _CREDENTIAL_TARGET_INFORMATIONW {
    LPWSTR TargetName;
    LPWSTR NetbiosServerName;
    LPWSTR DnsServerName;
    LPWSTR NetbiosDomainName;
    LPWSTR DnsDomainName;
    LPWSTR DnsTreeName;
    LPWSTR PackageName;
    ULONG Flags;
    DWORD CredTypeCount;
    LPDWORD CredTypes;
};
typedef struct _CREDENTIAL_TARGET_INFORMATIONW CREDENTIAL_TARGET_INFORMATIONW;
typedef CREDENTIAL_TARGET_INFORMATIONW *PCREDENTIAL_TARGET_INFORMATIONW;

/* What the channel under the authentication is bound by; offsets count from its first byte. */
struct _SEC_CHANNEL_BINDINGS {
    ULONG dwInitiatorAddrType;
    ULONG cbInitiatorLength;
    ULONG dwInitiatorOffset;
    ULONG dwAcceptorAddrType;
    ULONG cbAcceptorLength;
    ULONG dwAcceptorOffset;
    ULONG cbApplicationDataLength;
    ULONG dwApplicationDataOffset;
};
typedef struct _SEC_CHANNEL_BINDINGS SEC_CHANNEL_BINDINGS;
typedef SEC_CHANNEL_BINDINGS *PSEC_CHANNEL_BINDINGS;

/* Channel bindings of a TLS context. */
struct _SecPkgContext_Bindings {
    ULONG BindingsLength;
    SEC_CHANNEL_BINDINGS *Bindings;
};
typedef struct _SecPkgContext_Bindings SecPkgContext_Bindings;
typedef SecPkgContext_Bindings *PSecPkgContext_Bindings;

/* 100-nanosecond steps since 1601-01-01 UTC, in two halves. */
struct _FILETIME {
    DWORD dwLowDateTime;
    DWORD dwHighDateTime;
};
typedef struct _FILETIME FILETIME;
typedef FILETIME *PFILETIME;
typedef FILETIME *LPFILETIME;

struct _SYSTEMTIME {
    WORD wYear;
    WORD wMonth;
    WORD wDayOfWeek;
    WORD wDay;
    WORD wHour;
    WORD wMinute;
    WORD wSecond;
    WORD wMilliseconds;
};
typedef struct _SYSTEMTIME SYSTEMTIME;
typedef SYSTEMTIME *PSYSTEMTIME;
typedef SYSTEMTIME *LPSYSTEMTIME;

struct _TOKEN_SOURCE {
    CHAR SourceName[8];
    LUID SourceIdentifier;
};
typedef struct _TOKEN_SOURCE TOKEN_SOURCE;
typedef TOKEN_SOURCE *PTOKEN_SOURCE;

struct _SID_AND_ATTRIBUTES {
    PSID Sid;
    DWORD Attributes;
};
typedef struct _SID_AND_ATTRIBUTES SID_AND_ATTRIBUTES;
typedef SID_AND_ATTRIBUTES *PSID_AND_ATTRIBUTES;

struct _TOKEN_GROUPS {
    DWORD GroupCount;
    SID_AND_ATTRIBUTES Groups[1];
};
typedef struct _TOKEN_GROUPS TOKEN_GROUPS;
typedef TOKEN_GROUPS *PTOKEN_GROUPS;

struct _QUOTA_LIMITS {
    SIZE_T PagedPoolLimit;
    SIZE_T NonPagedPoolLimit;
    SIZE_T MinimumWorkingSetSize;
    SIZE_T MaximumWorkingSetSize;
    SIZE_T PagefileLimit;
    LARGE_INTEGER TimeLimit;
};
typedef struct _QUOTA_LIMITS QUOTA_LIMITS;
typedef QUOTA_LIMITS *PQUOTA_LIMITS;

struct _SID_IDENTIFIER_AUTHORITY {
    BYTE Value[6];
};
typedef struct _SID_IDENTIFIER_AUTHORITY SID_IDENTIFIER_AUTHORITY;
typedef SID_IDENTIFIER_AUTHORITY *PSID_IDENTIFIER_AUTHORITY;

/* A security identifier with its first sub-authority. */
struct _SID {
    BYTE Revision;
    BYTE SubAuthorityCount;
    SID_IDENTIFIER_AUTHORITY IdentifierAuthority;
    DWORD SubAuthority[1];
};
typedef struct _SID SID;
typedef SID *PISID;

struct _LUID_AND_ATTRIBUTES {
    LUID Luid;
    DWORD Attributes;
};
typedef struct _LUID_AND_ATTRIBUTES LUID_AND_ATTRIBUTES;
typedef LUID_AND_ATTRIBUTES *PLUID_AND_ATTRIBUTES;

struct _SECURITY_ATTRIBUTES {
    DWORD nLength;
    LPVOID lpSecurityDescriptor;
    BOOL bInheritHandle;
};
typedef struct _SECURITY_ATTRIBUTES SECURITY_ATTRIBUTES;
typedef SECURITY_ATTRIBUTES *PSECURITY_ATTRIBUTES;
typedef SECURITY_ATTRIBUTES *LPSECURITY_ATTRIBUTES;
typedef SECURITY_ATTRIBUTES *SEC_ATTRS;

struct _SECURITY_QUALITY_OF_SERVICE {
    DWORD Length;
    SECURITY_IMPERSONATION_LEVEL ImpersonationLevel;
    SECURITY_CONTEXT_TRACKING_MODE ContextTrackingMode;
    BOOLEAN EffectiveOnly;
};
typedef struct _SECURITY_QUALITY_OF_SERVICE SECURITY_QUALITY_OF_SERVICE;
typedef SECURITY_QUALITY_OF_SERVICE *PSECURITY_QUALITY_OF_SERVICE;

struct _TOKEN_USER {
    SID_AND_ATTRIBUTES User;
};
typedef struct _TOKEN_USER TOKEN_USER;
typedef TOKEN_USER *PTOKEN_USER;

struct _TOKEN_PRIMARY_GROUP {
    PSID PrimaryGroup;
};
typedef struct _TOKEN_PRIMARY_GROUP TOKEN_PRIMARY_GROUP;
typedef TOKEN_PRIMARY_GROUP *PTOKEN_PRIMARY_GROUP;

struct _TOKEN_PRIVILEGES {
    DWORD PrivilegeCount;
    LUID_AND_ATTRIBUTES Privileges[1];
};
typedef struct _TOKEN_PRIVILEGES TOKEN_PRIVILEGES;
typedef TOKEN_PRIVILEGES *PTOKEN_PRIVILEGES;

struct _TOKEN_OWNER {
    PSID Owner;
};
typedef struct _TOKEN_OWNER TOKEN_OWNER;
typedef TOKEN_OWNER *PTOKEN_OWNER;

struct _ACL {
    BYTE AclRevision;
    BYTE Sbz1;
    WORD AclSize;
    WORD AceCount;
    WORD Sbz2;
};
typedef struct _ACL ACL;
typedef ACL *PACL;

struct _TOKEN_DEFAULT_DACL {
    PACL DefaultDacl;
};
typedef struct _TOKEN_DEFAULT_DACL TOKEN_DEFAULT_DACL;
typedef TOKEN_DEFAULT_DACL *PTOKEN_DEFAULT_DACL;

struct _LIST_ENTRY {
    struct _LIST_ENTRY *Flink;
    struct _LIST_ENTRY *Blink;
};
typedef struct _LIST_ENTRY LIST_ENTRY;
typedef LIST_ENTRY *PLIST_ENTRY;
typedef LIST_ENTRY *PRLIST_ENTRY;

struct _SEC_NEGOTIATION_INFO {
    ULONG Size;
    ULONG NameLength;
    SEC_WCHAR *Name;
    void *Reserved;
};
typedef struct _SEC_NEGOTIATION_INFO SEC_NEGOTIATION_INFO;
typedef SEC_NEGOTIATION_INFO *PSEC_NEGOTIATION_INFO;

struct _SEC_APPLICATION_PROTOCOL_LIST {
    SEC_APPLICATION_PROTOCOL_NEGOTIATION_EXT ProtoNegoExt;
    USHORT ProtocolListSize;
    UCHAR ProtocolList[1];
};
typedef struct _SEC_APPLICATION_PROTOCOL_LIST SEC_APPLICATION_PROTOCOL_LIST;
typedef SEC_APPLICATION_PROTOCOL_LIST *PSEC_APPLICATION_PROTOCOL_LIST;

struct _SEC_APPLICATION_PROTOCOLS {
    ULONG ProtocolListsSize;
    SEC_APPLICATION_PROTOCOL_LIST ProtocolLists[1];
};
typedef struct _SEC_APPLICATION_PROTOCOLS SEC_APPLICATION_PROTOCOLS;
typedef SEC_APPLICATION_PROTOCOLS *PSEC_APPLICATION_PROTOCOLS;

struct _SEC_SRTP_PROTECTION_PROFILES {
    USHORT ProfilesSize;
    USHORT ProfilesList[1];
};
typedef struct _SEC_SRTP_PROTECTION_PROFILES SEC_SRTP_PROTECTION_PROFILES;
typedef SEC_SRTP_PROTECTION_PROFILES *PSEC_SRTP_PROTECTION_PROFILES;

struct _SEC_SRTP_MASTER_KEY_IDENTIFIER {
    UCHAR MasterKeyIdentifierSize;
    UCHAR MasterKeyIdentifier[1];
};
typedef struct _SEC_SRTP_MASTER_KEY_IDENTIFIER SEC_SRTP_MASTER_KEY_IDENTIFIER;
typedef SEC_SRTP_MASTER_KEY_IDENTIFIER *PSEC_SRTP_MASTER_KEY_IDENTIFIER;

struct _SEC_TOKEN_BINDING {
    UCHAR MajorVersion;
    UCHAR MinorVersion;
    USHORT KeyParametersSize;
    UCHAR KeyParameters[1];
};
typedef struct _SEC_TOKEN_BINDING SEC_TOKEN_BINDING;
typedef SEC_TOKEN_BINDING *PSEC_TOKEN_BINDING;

struct _SEC_PRESHAREDKEY {
    USHORT KeySize;
    UCHAR Key[1];
};
typedef struct _SEC_PRESHAREDKEY SEC_PRESHAREDKEY;
typedef SEC_PRESHAREDKEY *PSEC_PRESHAREDKEY;

struct _SEC_PRESHAREDKEY_IDENTITY {
    USHORT KeyIdentitySize;
    UCHAR KeyIdentity[1];
};
typedef struct _SEC_PRESHAREDKEY_IDENTITY SEC_PRESHAREDKEY_IDENTITY;
typedef SEC_PRESHAREDKEY_IDENTITY *PSEC_PRESHAREDKEY_IDENTITY;

struct _SEC_DTLS_MTU {
    USHORT PathMTU;
};
typedef struct _SEC_DTLS_MTU SEC_DTLS_MTU;
typedef SEC_DTLS_MTU *PSEC_DTLS_MTU;

struct _SEC_FLAGS {
    ULONGLONG Flags;
};
typedef struct _SEC_FLAGS SEC_FLAGS;
typedef SEC_FLAGS *PSEC_FLAGS;

struct _SEC_TRAFFIC_SECRETS {
    WCHAR SymmetricAlgId[64];
    WCHAR ChainingMode[64];
    WCHAR HashAlgId[64];
    USHORT KeySize;
    USHORT IvSize;
    USHORT MsgSequenceStart;
    USHORT MsgSequenceEnd;
    SEC_TRAFFIC_SECRET_TYPE TrafficSecretType;
    USHORT TrafficSecretSize;
    UCHAR TrafficSecret[1];
};
typedef struct _SEC_TRAFFIC_SECRETS SEC_TRAFFIC_SECRETS;
typedef SEC_TRAFFIC_SECRETS *PSEC_TRAFFIC_SECRETS;

struct _SEC_CERTIFICATE_REQUEST_CONTEXT {
    UCHAR cbCertificateRequestContext;
    UCHAR rgCertificateRequestContext[1];
};
typedef struct _SEC_CERTIFICATE_REQUEST_CONTEXT SEC_CERTIFICATE_REQUEST_CONTEXT;
typedef SEC_CERTIFICATE_REQUEST_CONTEXT *PSEC_CERTIFICATE_REQUEST_CONTEXT;

/* Channel bindings with flags, as `SspiSetChannelBindingFlags` makes them. */
struct _SEC_CHANNEL_BINDINGS_EX {
    ULONG magicNumber;
    ULONG flags;
    ULONG cbHeaderLength;
    ULONG cbStructureLength;
    ULONG dwInitiatorAddrType;
    ULONG cbInitiatorLength;
    ULONG dwInitiatorOffset;
    ULONG dwAcceptorAddrType;
    ULONG cbAcceptorLength;
    ULONG dwAcceptorOffset;
    ULONG cbApplicationDataLength;
    ULONG dwApplicationDataOffset;
};
typedef struct _SEC_CHANNEL_BINDINGS_EX SEC_CHANNEL_BINDINGS_EX;
typedef SEC_CHANNEL_BINDINGS_EX *PSEC_CHANNEL_BINDINGS_EX;

/* What became of the channel bindings. */
struct _SEC_CHANNEL_BINDINGS_RESULT {
    ULONG flags;
};
typedef struct _SEC_CHANNEL_BINDINGS_RESULT SEC_CHANNEL_BINDINGS_RESULT;
typedef SEC_CHANNEL_BINDINGS_RESULT *PSEC_CHANNEL_BINDINGS_RESULT;

struct _SecPkgContext_SubjectAttributes {
    void *AttributeInfo;
};
typedef struct _SecPkgContext_SubjectAttributes SecPkgContext_SubjectAttributes;
typedef SecPkgContext_SubjectAttributes *PSecPkgContext_SubjectAttributes;

struct _SecPkgContext_CredInfo {
    SECPKG_CRED_CLASS CredClass;
    ULONG IsPromptingNeeded;
};
typedef struct _SecPkgContext_CredInfo SecPkgContext_CredInfo;
typedef SecPkgContext_CredInfo *PSecPkgContext_CredInfo;

struct _SecPkgContext_NegoPackageInfo {
    ULONG PackageMask;
};
typedef struct _SecPkgContext_NegoPackageInfo SecPkgContext_NegoPackageInfo;
typedef SecPkgContext_NegoPackageInfo *PSecPkgContext_NegoPackageInfo;

struct _SecPkgContext_NegoStatus {
    ULONG LastStatus;
};
typedef struct _SecPkgContext_NegoStatus SecPkgContext_NegoStatus;
typedef SecPkgContext_NegoStatus *PSecPkgContext_NegoStatus;

/* Sizes of tokens, signatures, blocks and trailers. */
struct _SecPkgContext_Sizes {
    ULONG cbMaxToken;
    ULONG cbMaxSignature;
    ULONG cbBlockSize;
    ULONG cbSecurityTrailer;
};
typedef struct _SecPkgContext_Sizes SecPkgContext_Sizes;
typedef SecPkgContext_Sizes *PSecPkgContext_Sizes;

/* Sizes of a stream package. */
struct _SecPkgContext_StreamSizes {
    ULONG cbHeader;
    ULONG cbTrailer;
    ULONG cbMaximumMessage;
    ULONG cBuffers;
    ULONG cbBlockSize;
};
typedef struct _SecPkgContext_StreamSizes SecPkgContext_StreamSizes;
typedef SecPkgContext_StreamSizes SecPkgContext_DatagramSizes;
typedef SecPkgContext_DatagramSizes *PSecPkgContext_DatagramSizes;
typedef SecPkgContext_StreamSizes *PSecPkgContext_StreamSizes;

/* The name of the peer. */
struct _SecPkgContext_NamesW {
    SEC_WCHAR *sUserName;
};
typedef struct _SecPkgContext_NamesW SecPkgContext_NamesW;
typedef SecPkgContext_NamesW *PSecPkgContext_NamesW;

/* Whether the client has sent its last token. */
struct _SecPkgContext_LastClientTokenStatus {
    SECPKG_ATTR_LCT_STATUS LastClientTokenStatus;
};
typedef struct _SecPkgContext_LastClientTokenStatus SecPkgContext_LastClientTokenStatus;
typedef SecPkgContext_LastClientTokenStatus *PSecPkgContext_LastClientTokenStatus;

/* The name of the peer. */
struct _SecPkgContext_NamesA {
    SEC_CHAR *sUserName;
};
typedef struct _SecPkgContext_NamesA SecPkgContext_NamesA;
typedef SecPkgContext_NamesA *PSecPkgContext_NamesA;

/* From when to when the context may be used. */
struct _SecPkgContext_Lifespan {
    TimeStamp tsStart;
    TimeStamp tsExpiry;
};
typedef struct _SecPkgContext_Lifespan SecPkgContext_Lifespan;
typedef SecPkgContext_Lifespan *PSecPkgContext_Lifespan;

struct _SecPkgContext_DceInfo {
    ULONG AuthzSvc;
    void *pPac;
};
typedef struct _SecPkgContext_DceInfo SecPkgContext_DceInfo;
typedef SecPkgContext_DceInfo *PSecPkgContext_DceInfo;

/* Algorithms and key size of the context. */
struct _SecPkgContext_KeyInfoA {
    SEC_CHAR *sSignatureAlgorithmName;
    SEC_CHAR *sEncryptAlgorithmName;
    ULONG KeySize;
    ULONG SignatureAlgorithm;
    ULONG EncryptAlgorithm;
};
typedef struct _SecPkgContext_KeyInfoA SecPkgContext_KeyInfoA;
typedef SecPkgContext_KeyInfoA *PSecPkgContext_KeyInfoA;

/* Algorithms and key size of the context. */
struct _SecPkgContext_KeyInfoW {
    SEC_WCHAR *sSignatureAlgorithmName;
    SEC_WCHAR *sEncryptAlgorithmName;
    ULONG KeySize;
    ULONG SignatureAlgorithm;
    ULONG EncryptAlgorithm;
};
typedef struct _SecPkgContext_KeyInfoW SecPkgContext_KeyInfoW;
typedef SecPkgContext_KeyInfoW *PSecPkgContext_KeyInfoW;

struct _SecPkgContext_AuthorityA {
    SEC_CHAR *sAuthorityName;
};
typedef struct _SecPkgContext_AuthorityA SecPkgContext_AuthorityA;
typedef SecPkgContext_AuthorityA *PSecPkgContext_AuthorityA;

struct _SecPkgContext_AuthorityW {
    SEC_WCHAR *sAuthorityName;
};
typedef struct _SecPkgContext_AuthorityW SecPkgContext_AuthorityW;
typedef SecPkgContext_AuthorityW *PSecPkgContext_AuthorityW;

struct _SecPkgContext_ProtoInfoA {
    SEC_CHAR *sProtocolName;
    ULONG majorVersion;
    ULONG minorVersion;
};
typedef struct _SecPkgContext_ProtoInfoA SecPkgContext_ProtoInfoA;
typedef SecPkgContext_ProtoInfoA *PSecPkgContext_ProtoInfoA;

struct _SecPkgContext_ProtoInfoW {
    SEC_WCHAR *sProtocolName;
    ULONG majorVersion;
    ULONG minorVersion;
};
typedef struct _SecPkgContext_ProtoInfoW SecPkgContext_ProtoInfoW;
typedef SecPkgContext_ProtoInfoW *PSecPkgContext_ProtoInfoW;

struct _SecPkgContext_PasswordExpiry {
    TimeStamp tsPasswordExpires;
};
typedef struct _SecPkgContext_PasswordExpiry SecPkgContext_PasswordExpiry;
typedef SecPkgContext_PasswordExpiry *PSecPkgContext_PasswordExpiry;

struct _SecPkgContext_LogoffTime {
    TimeStamp tsLogoffTime;
};
typedef struct _SecPkgContext_LogoffTime SecPkgContext_LogoffTime;
typedef SecPkgContext_LogoffTime *PSecPkgContext_LogoffTime;

/* The session key. A secret. */
struct _SecPkgContext_SessionKey {
    ULONG SessionKeyLength;
    UCHAR *SessionKey;
};
typedef struct _SecPkgContext_SessionKey SecPkgContext_SessionKey;
typedef SecPkgContext_SessionKey *PSecPkgContext_SessionKey;

struct _SecPkgContext_NegoKeys {
    ULONG KeyType;
    USHORT KeyLength;
    UCHAR *KeyValue;
    ULONG VerifyKeyType;
    USHORT VerifyKeyLength;
    UCHAR *VerifyKeyValue;
};
typedef struct _SecPkgContext_NegoKeys SecPkgContext_NegoKeys;
typedef SecPkgContext_NegoKeys *PSecPkgContext_NegoKeys;

/* The package that the context uses. */
struct _SecPkgContext_PackageInfoW {
    PSecPkgInfoW PackageInfo;
};
typedef struct _SecPkgContext_PackageInfoW SecPkgContext_PackageInfoW;
typedef SecPkgContext_PackageInfoW *PSecPkgContext_PackageInfoW;

/* The package that the context uses. */
struct _SecPkgContext_PackageInfoA {
    PSecPkgInfoA PackageInfo;
};
typedef struct _SecPkgContext_PackageInfoA SecPkgContext_PackageInfoA;
typedef SecPkgContext_PackageInfoA *PSecPkgContext_PackageInfoA;

struct _SecPkgContext_UserFlags {
    ULONG UserFlags;
};
typedef struct _SecPkgContext_UserFlags SecPkgContext_UserFlags;
typedef SecPkgContext_UserFlags *PSecPkgContext_UserFlags;

/* The flags of the context. */
struct _SecPkgContext_Flags {
    ULONG Flags;
};
typedef struct _SecPkgContext_Flags SecPkgContext_Flags;
typedef SecPkgContext_Flags *PSecPkgContext_Flags;

/* The package that was negotiated, and how far. */
struct _SecPkgContext_NegotiationInfoA {
    PSecPkgInfoA PackageInfo;
    ULONG NegotiationState;
};
typedef struct _SecPkgContext_NegotiationInfoA SecPkgContext_NegotiationInfoA;
typedef SecPkgContext_NegotiationInfoA *PSecPkgContext_NegotiationInfoA;

/* The package that was negotiated, and how far. */
struct _SecPkgContext_NegotiationInfoW {
    PSecPkgInfoW PackageInfo;
    ULONG NegotiationState;
};
typedef struct _SecPkgContext_NegotiationInfoW SecPkgContext_NegotiationInfoW;
typedef SecPkgContext_NegotiationInfoW *PSecPkgContext_NegotiationInfoW;

/* Names of client and server as the package writes them. */
struct _SecPkgContext_NativeNamesW {
    SEC_WCHAR *sClientName;
    SEC_WCHAR *sServerName;
};
typedef struct _SecPkgContext_NativeNamesW SecPkgContext_NativeNamesW;
typedef SecPkgContext_NativeNamesW *PSecPkgContext_NativeNamesW;

/* Names of client and server as the package writes them. */
struct _SecPkgContext_NativeNamesA {
    SEC_CHAR *sClientName;
    SEC_CHAR *sServerName;
};
typedef struct _SecPkgContext_NativeNamesA SecPkgContext_NativeNamesA;
typedef SecPkgContext_NativeNamesA *PSecPkgContext_NativeNamesA;

struct _SecPkgContext_CredentialNameW {
    ULONG CredentialType;
    SEC_WCHAR *sCredentialName;
};
typedef struct _SecPkgContext_CredentialNameW SecPkgContext_CredentialNameW;
typedef SecPkgContext_CredentialNameW *PSecPkgContext_CredentialNameW;

struct _SecPkgContext_CredentialNameA {
    ULONG CredentialType;
    SEC_CHAR *sCredentialName;
};
typedef struct _SecPkgContext_CredentialNameA SecPkgContext_CredentialNameA;
typedef SecPkgContext_CredentialNameA *PSecPkgContext_CredentialNameA;

/* The token that the context stands for. */
struct _SecPkgContext_AccessToken {
    void *AccessToken;
};
typedef struct _SecPkgContext_AccessToken SecPkgContext_AccessToken;
typedef SecPkgContext_AccessToken *PSecPkgContext_AccessToken;

/* Target information of the protocol. */
struct _SecPkgContext_TargetInformation {
    ULONG MarshalledTargetInfoLength;
    UCHAR *MarshalledTargetInfo;
};
typedef struct _SecPkgContext_TargetInformation SecPkgContext_TargetInformation;
typedef SecPkgContext_TargetInformation *PSecPkgContext_TargetInformation;

struct _SecPkgContext_AuthzID {
    ULONG AuthzIDLength;
    CHAR *AuthzID;
};
typedef struct _SecPkgContext_AuthzID SecPkgContext_AuthzID;
typedef SecPkgContext_AuthzID *PSecPkgContext_AuthzID;

struct _SecPkgContext_Target {
    ULONG TargetLength;
    CHAR *Target;
};
typedef struct _SecPkgContext_Target SecPkgContext_Target;
typedef SecPkgContext_Target *PSecPkgContext_Target;

/* The service name that the client gave. */
struct _SecPkgContext_ClientSpecifiedTarget {
    SEC_WCHAR *sTargetName;
};
typedef struct _SecPkgContext_ClientSpecifiedTarget SecPkgContext_ClientSpecifiedTarget;
typedef SecPkgContext_ClientSpecifiedTarget *PSecPkgContext_ClientSpecifiedTarget;

struct _SecPkgContext_ApplicationProtocol {
    SEC_APPLICATION_PROTOCOL_NEGOTIATION_STATUS ProtoNegoStatus;
    SEC_APPLICATION_PROTOCOL_NEGOTIATION_EXT ProtoNegoExt;
    UCHAR ProtocolIdSize;
    UCHAR ProtocolId[255];
};
typedef struct _SecPkgContext_ApplicationProtocol SecPkgContext_ApplicationProtocol;
typedef SecPkgContext_ApplicationProtocol *PSecPkgContext_ApplicationProtocol;

struct _SecPkgContext_NegotiatedTlsExtensions {
    ULONG ExtensionsCount;
    USHORT *Extensions;
};
typedef struct _SecPkgContext_NegotiatedTlsExtensions SecPkgContext_NegotiatedTlsExtensions;
typedef SecPkgContext_NegotiatedTlsExtensions *PSecPkgContext_NegotiatedTlsExtensions;

struct _SECPKG_APP_MODE_INFO {
    ULONG UserFunction;
    ULONG_PTR Argument1;
    ULONG_PTR Argument2;
    SecBuffer UserData;
    BOOLEAN ReturnToLsa;
};
typedef struct _SECPKG_APP_MODE_INFO SECPKG_APP_MODE_INFO;
typedef SECPKG_APP_MODE_INFO *PSECPKG_APP_MODE_INFO;

struct _SecPkgContext_SaslContext {
    PVOID SaslContext;
};
typedef struct _SecPkgContext_SaslContext SecPkgContext_SaslContext;
typedef SecPkgContext_SaslContext *PSecPkgContext_SaslContext;

struct _SecPkgCredentials_NamesW {
    SEC_WCHAR *sUserName;
};
typedef struct _SecPkgCredentials_NamesW SecPkgCredentials_NamesW;
typedef SecPkgCredentials_NamesW *PSecPkgCredentials_NamesW;

struct _SecPkgCredentials_NamesA {
    SEC_CHAR *sUserName;
};
typedef struct _SecPkgCredentials_NamesA SecPkgCredentials_NamesA;
typedef SecPkgCredentials_NamesA *PSecPkgCredentials_NamesA;

struct _SecPkgCredentials_SSIProviderW {
    SEC_WCHAR *sProviderName;
    ULONG ProviderInfoLength;
    CHAR *ProviderInfo;
};
typedef struct _SecPkgCredentials_SSIProviderW SecPkgCredentials_SSIProviderW;
typedef SecPkgCredentials_SSIProviderW *PSecPkgCredentials_SSIProviderW;

struct _SecPkgCredentials_SSIProviderA {
    SEC_CHAR *sProviderName;
    ULONG ProviderInfoLength;
    CHAR *ProviderInfo;
};
typedef struct _SecPkgCredentials_SSIProviderA SecPkgCredentials_SSIProviderA;
typedef SecPkgCredentials_SSIProviderA *PSecPkgCredentials_SSIProviderA;

struct _SecPkgCredentials_KdcProxySettingsW {
    ULONG Version;
    ULONG Flags;
    USHORT ProxyServerOffset;
    USHORT ProxyServerLength;
    USHORT ClientTlsCredOffset;
    USHORT ClientTlsCredLength;
};
typedef struct _SecPkgCredentials_KdcProxySettingsW SecPkgCredentials_KdcProxySettingsW;
typedef SecPkgCredentials_KdcProxySettingsW *PSecPkgCredentials_KdcProxySettingsW;

struct _SecPkgCredentials_Cert {
    ULONG EncodedCertSize;
    UCHAR *EncodedCert;
};
typedef struct _SecPkgCredentials_Cert SecPkgCredentials_Cert;
typedef SecPkgCredentials_Cert *PSecPkgCredentials_Cert;
typedef PSecurityFunctionTableA (*INIT_SECURITY_INTERFACE_A)(void);
typedef PSecurityFunctionTableW (*INIT_SECURITY_INTERFACE_W)(void);

/* An identity in one piece of memory, with packed credentials. */
struct _SEC_WINNT_AUTH_IDENTITY_EX2 {
    ULONG Version;
    USHORT cbHeaderLength;
    ULONG cbStructureLength;
    ULONG UserOffset;
    USHORT UserLength;
    ULONG DomainOffset;
    USHORT DomainLength;
    ULONG PackedCredentialsOffset;
    USHORT PackedCredentialsLength;
    ULONG Flags;
    ULONG PackageListOffset;
    USHORT PackageListLength;
};
typedef struct _SEC_WINNT_AUTH_IDENTITY_EX2 SEC_WINNT_AUTH_IDENTITY_EX2;
typedef SEC_WINNT_AUTH_IDENTITY_EX2 *PSEC_WINNT_AUTH_IDENTITY_EX2;

/* User, domain and password, in UTF-16. */
struct _SEC_WINNT_AUTH_IDENTITY_W {
    USHORT *User;
    ULONG UserLength;
    USHORT *Domain;
    ULONG DomainLength;
    USHORT *Password;
    ULONG PasswordLength;
    ULONG Flags;
};
typedef struct _SEC_WINNT_AUTH_IDENTITY_W SEC_WINNT_AUTH_IDENTITY_W;
typedef SEC_WINNT_AUTH_IDENTITY_W *PSEC_WINNT_AUTH_IDENTITY_W;

/* User, domain and password, in the narrow encoding. */
struct _SEC_WINNT_AUTH_IDENTITY_A {
    UCHAR *User;
    ULONG UserLength;
    UCHAR *Domain;
    ULONG DomainLength;
    UCHAR *Password;
    ULONG PasswordLength;
    ULONG Flags;
};
typedef struct _SEC_WINNT_AUTH_IDENTITY_A SEC_WINNT_AUTH_IDENTITY_A;
typedef SEC_WINNT_AUTH_IDENTITY_A *PSEC_WINNT_AUTH_IDENTITY_A;

/* The same with a version and a list of packages. */
struct _SEC_WINNT_AUTH_IDENTITY_EXW {
    ULONG Version;
    ULONG Length;
    USHORT *User;
    ULONG UserLength;
    USHORT *Domain;
    ULONG DomainLength;
    USHORT *Password;
    ULONG PasswordLength;
    ULONG Flags;
    USHORT *PackageList;
    ULONG PackageListLength;
};
typedef struct _SEC_WINNT_AUTH_IDENTITY_EXW SEC_WINNT_AUTH_IDENTITY_EXW;
typedef SEC_WINNT_AUTH_IDENTITY_EXW *PSEC_WINNT_AUTH_IDENTITY_EXW;

/* The same with a version and a list of packages. */
struct _SEC_WINNT_AUTH_IDENTITY_EXA {
    ULONG Version;
    ULONG Length;
    UCHAR *User;
    ULONG UserLength;
    UCHAR *Domain;
    ULONG DomainLength;
    UCHAR *Password;
    ULONG PasswordLength;
    ULONG Flags;
    UCHAR *PackageList;
    ULONG PackageListLength;
};
typedef struct _SEC_WINNT_AUTH_IDENTITY_EXA SEC_WINNT_AUTH_IDENTITY_EXA;
typedef SEC_WINNT_AUTH_IDENTITY_EXA *PSEC_WINNT_AUTH_IDENTITY_EXA;

/* Offset and length of bytes further on. */
struct _SEC_WINNT_AUTH_BYTE_VECTOR {
    ULONG ByteArrayOffset;
    USHORT ByteArrayLength;
};
typedef struct _SEC_WINNT_AUTH_BYTE_VECTOR SEC_WINNT_AUTH_BYTE_VECTOR;
typedef SEC_WINNT_AUTH_BYTE_VECTOR *PSEC_WINNT_AUTH_BYTE_VECTOR;

/* The kind of a packed credential, and where it is. */
struct _SEC_WINNT_AUTH_DATA {
    GUID CredType;
    SEC_WINNT_AUTH_BYTE_VECTOR CredData;
};
typedef struct _SEC_WINNT_AUTH_DATA SEC_WINNT_AUTH_DATA;
typedef SEC_WINNT_AUTH_DATA *PSEC_WINNT_AUTH_DATA;

/* A packed credential. */
struct _SEC_WINNT_AUTH_PACKED_CREDENTIALS {
    USHORT cbHeaderLength;
    USHORT cbStructureLength;
    SEC_WINNT_AUTH_DATA AuthData;
};
typedef struct _SEC_WINNT_AUTH_PACKED_CREDENTIALS SEC_WINNT_AUTH_PACKED_CREDENTIALS;
typedef SEC_WINNT_AUTH_PACKED_CREDENTIALS *PSEC_WINNT_AUTH_PACKED_CREDENTIALS;

/* A packed password. */
struct _SEC_WINNT_AUTH_DATA_PASSWORD {
    SEC_WINNT_AUTH_BYTE_VECTOR UnicodePassword;
};
typedef struct _SEC_WINNT_AUTH_DATA_PASSWORD SEC_WINNT_AUTH_DATA_PASSWORD;
typedef SEC_WINNT_AUTH_DATA_PASSWORD PSEC_WINNT_AUTH_DATA_PASSWORD;

struct _SEC_WINNT_AUTH_CERTIFICATE_DATA {
    USHORT cbHeaderLength;
    USHORT cbStructureLength;
    SEC_WINNT_AUTH_BYTE_VECTOR Certificate;
};
typedef struct _SEC_WINNT_AUTH_CERTIFICATE_DATA SEC_WINNT_AUTH_CERTIFICATE_DATA;
typedef SEC_WINNT_AUTH_CERTIFICATE_DATA *PSEC_WINNT_AUTH_CERTIFICATE_DATA;

struct _SEC_WINNT_AUTH_NGC_DATA {
    LUID LogonId;
    ULONG Flags;
    SEC_WINNT_AUTH_BYTE_VECTOR CspInfo;
    SEC_WINNT_AUTH_BYTE_VECTOR UserIdKeyAuthTicket;
    SEC_WINNT_AUTH_BYTE_VECTOR DecryptionKeyName;
    SEC_WINNT_AUTH_BYTE_VECTOR DecryptionKeyAuthTicket;
};
typedef struct _SEC_WINNT_AUTH_NGC_DATA SEC_WINNT_AUTH_NGC_DATA;
typedef SEC_WINNT_AUTH_NGC_DATA *PSEC_WINNT_AUTH_NGC_DATA;

struct _SEC_WINNT_AUTH_DATA_TYPE_SMARTCARD_CONTEXTS_DATA {
    PVOID pcc;
    PVOID hProv;
    LPWSTR pwszECDHKeyName;
};
typedef struct _SEC_WINNT_AUTH_DATA_TYPE_SMARTCARD_CONTEXTS_DATA SEC_WINNT_AUTH_DATA_TYPE_SMARTCARD_CONTEXTS_DATA;
typedef SEC_WINNT_AUTH_DATA_TYPE_SMARTCARD_CONTEXTS_DATA *PSEC_WINNT_AUTH_DATA_TYPE_SMARTCARD_CONTEXTS_DATA;

struct _SEC_WINNT_AUTH_FIDO_DATA {
    USHORT cbHeaderLength;
    USHORT cbStructureLength;
    SEC_WINNT_AUTH_BYTE_VECTOR Secret;
    SEC_WINNT_AUTH_BYTE_VECTOR NewSecret;
    SEC_WINNT_AUTH_BYTE_VECTOR EncryptedNewSecret;
    SEC_WINNT_AUTH_BYTE_VECTOR NetworkLogonBuffer;
    ULONG64 ulSignatureCount;
};
typedef struct _SEC_WINNT_AUTH_FIDO_DATA SEC_WINNT_AUTH_FIDO_DATA;
typedef SEC_WINNT_AUTH_FIDO_DATA *PSEC_WINNT_AUTH_FIDO_DATA;

struct _SEC_WINNT_CREDUI_CONTEXT_VECTOR {
    ULONG CredUIContextArrayOffset;
    USHORT CredUIContextCount;
};
typedef struct _SEC_WINNT_CREDUI_CONTEXT_VECTOR SEC_WINNT_CREDUI_CONTEXT_VECTOR;
typedef SEC_WINNT_CREDUI_CONTEXT_VECTOR *PSEC_WINNT_CREDUI_CONTEXT_VECTOR;

/* Offset and count of 16-bit units further on. */
struct _SEC_WINNT_AUTH_SHORT_VECTOR {
    ULONG ShortArrayOffset;
    USHORT ShortArrayCount;
};
typedef struct _SEC_WINNT_AUTH_SHORT_VECTOR SEC_WINNT_AUTH_SHORT_VECTOR;
typedef SEC_WINNT_AUTH_SHORT_VECTOR *PSEC_WINNT_AUTH_SHORT_VECTOR;

struct _CREDUIWIN_MARSHALED_CONTEXT {
    GUID StructureType;
    USHORT cbHeaderLength;
    LUID LogonId;
    GUID MarshaledDataType;
    ULONG MarshaledDataOffset;
    USHORT MarshaledDataLength;
};
typedef struct _CREDUIWIN_MARSHALED_CONTEXT CREDUIWIN_MARSHALED_CONTEXT;
typedef CREDUIWIN_MARSHALED_CONTEXT *PCREDUIWIN_MARSHALED_CONTEXT;

struct _SEC_WINNT_CREDUI_CONTEXT {
    USHORT cbHeaderLength;
    HANDLE CredUIContextHandle;
    PVOID UIInfo;
    ULONG dwAuthError;
    PSEC_WINNT_AUTH_IDENTITY_OPAQUE pInputAuthIdentity;
    PUNICODE_STRING TargetName;
};
typedef struct _SEC_WINNT_CREDUI_CONTEXT SEC_WINNT_CREDUI_CONTEXT;
typedef SEC_WINNT_CREDUI_CONTEXT *PSEC_WINNT_CREDUI_CONTEXT;

/* A packed credential with a list of packages. */
struct _SEC_WINNT_AUTH_PACKED_CREDENTIALS_EX {
    USHORT cbHeaderLength;
    ULONG Flags;
    SEC_WINNT_AUTH_BYTE_VECTOR PackedCredentials;
    SEC_WINNT_AUTH_SHORT_VECTOR PackageList;
};
typedef struct _SEC_WINNT_AUTH_PACKED_CREDENTIALS_EX SEC_WINNT_AUTH_PACKED_CREDENTIALS_EX;
typedef SEC_WINNT_AUTH_PACKED_CREDENTIALS_EX *PSEC_WINNT_AUTH_PACKED_CREDENTIALS_EX;

/* All forms of an identity over each other; `Flags` and version tell which it is. */
union _SEC_WINNT_AUTH_IDENTITY_INFO {
    SEC_WINNT_AUTH_IDENTITY_EXW AuthIdExw;
    SEC_WINNT_AUTH_IDENTITY_EXA AuthIdExa;
    SEC_WINNT_AUTH_IDENTITY_A AuthId_a;
    SEC_WINNT_AUTH_IDENTITY_W AuthId_w;
    SEC_WINNT_AUTH_IDENTITY_EX2 AuthIdEx2;
};
typedef union _SEC_WINNT_AUTH_IDENTITY_INFO SEC_WINNT_AUTH_IDENTITY_INFO;
typedef SEC_WINNT_AUTH_IDENTITY_INFO *PSEC_WINNT_AUTH_IDENTITY_INFO;

struct _LSA_OBJECT_ATTRIBUTES {
    ULONG Length;
    HANDLE RootDirectory;
    PLSA_UNICODE_STRING ObjectName;
    ULONG Attributes;
    PVOID SecurityDescriptor;
    PVOID SecurityQualityOfService;
};
typedef struct _LSA_OBJECT_ATTRIBUTES LSA_OBJECT_ATTRIBUTES;
typedef LSA_OBJECT_ATTRIBUTES *PLSA_OBJECT_ATTRIBUTES;

struct _NEGOTIATE_PACKAGE_PREFIX {
    ULONG_PTR PackageId;
    PVOID PackageDataA;
    PVOID PackageDataW;
    ULONG_PTR PrefixLen;
    UCHAR Prefix[32];
};
typedef struct _NEGOTIATE_PACKAGE_PREFIX NEGOTIATE_PACKAGE_PREFIX;
typedef NEGOTIATE_PACKAGE_PREFIX *PNEGOTIATE_PACKAGE_PREFIX;

struct _NEGOTIATE_PACKAGE_PREFIXES {
    ULONG MessageType;
    ULONG PrefixCount;
    ULONG Offset;
    ULONG Pad;
};
typedef struct _NEGOTIATE_PACKAGE_PREFIXES NEGOTIATE_PACKAGE_PREFIXES;
typedef NEGOTIATE_PACKAGE_PREFIXES *PNEGOTIATE_PACKAGE_PREFIXES;

struct _NEGOTIATE_CALLER_NAME_REQUEST {
    ULONG MessageType;
    LUID LogonId;
};
typedef struct _NEGOTIATE_CALLER_NAME_REQUEST NEGOTIATE_CALLER_NAME_REQUEST;
typedef NEGOTIATE_CALLER_NAME_REQUEST *PNEGOTIATE_CALLER_NAME_REQUEST;

struct _NEGOTIATE_CALLER_NAME_RESPONSE {
    ULONG MessageType;
    PWSTR CallerName;
};
typedef struct _NEGOTIATE_CALLER_NAME_RESPONSE NEGOTIATE_CALLER_NAME_RESPONSE;
typedef NEGOTIATE_CALLER_NAME_RESPONSE *PNEGOTIATE_CALLER_NAME_RESPONSE;

struct _DOMAIN_PASSWORD_INFORMATION {
    USHORT MinPasswordLength;
    USHORT PasswordHistoryLength;
    ULONG PasswordProperties;
    LARGE_INTEGER MaxPasswordAge;
    LARGE_INTEGER MinPasswordAge;
};
typedef struct _DOMAIN_PASSWORD_INFORMATION DOMAIN_PASSWORD_INFORMATION;
typedef DOMAIN_PASSWORD_INFORMATION *PDOMAIN_PASSWORD_INFORMATION;

struct _MSV1_0_INTERACTIVE_LOGON {
    MSV1_0_LOGON_SUBMIT_TYPE MessageType;
    UNICODE_STRING LogonDomainName;
    UNICODE_STRING UserName;
    UNICODE_STRING Password;
};
typedef struct _MSV1_0_INTERACTIVE_LOGON MSV1_0_INTERACTIVE_LOGON;
typedef MSV1_0_INTERACTIVE_LOGON *PMSV1_0_INTERACTIVE_LOGON;

struct _MSV1_0_INTERACTIVE_PROFILE {
    MSV1_0_PROFILE_BUFFER_TYPE MessageType;
    USHORT LogonCount;
    USHORT BadPasswordCount;
    LARGE_INTEGER LogonTime;
    LARGE_INTEGER LogoffTime;
    LARGE_INTEGER KickOffTime;
    LARGE_INTEGER PasswordLastSet;
    LARGE_INTEGER PasswordCanChange;
    LARGE_INTEGER PasswordMustChange;
    UNICODE_STRING LogonScript;
    UNICODE_STRING HomeDirectory;
    UNICODE_STRING FullName;
    UNICODE_STRING ProfilePath;
    UNICODE_STRING HomeDirectoryDrive;
    UNICODE_STRING LogonServer;
    ULONG UserFlags;
};
typedef struct _MSV1_0_INTERACTIVE_PROFILE MSV1_0_INTERACTIVE_PROFILE;
typedef MSV1_0_INTERACTIVE_PROFILE *PMSV1_0_INTERACTIVE_PROFILE;

struct _MSV1_0_LM20_LOGON {
    MSV1_0_LOGON_SUBMIT_TYPE MessageType;
    UNICODE_STRING LogonDomainName;
    UNICODE_STRING UserName;
    UNICODE_STRING Workstation;
    UCHAR ChallengeToClient[8];
    STRING CaseSensitiveChallengeResponse;
    STRING CaseInsensitiveChallengeResponse;
    ULONG ParameterControl;
};
typedef struct _MSV1_0_LM20_LOGON MSV1_0_LM20_LOGON;
typedef MSV1_0_LM20_LOGON *PMSV1_0_LM20_LOGON;

struct _MSV1_0_SUBAUTH_LOGON {
    MSV1_0_LOGON_SUBMIT_TYPE MessageType;
    UNICODE_STRING LogonDomainName;
    UNICODE_STRING UserName;
    UNICODE_STRING Workstation;
    UCHAR ChallengeToClient[8];
    STRING AuthenticationInfo1;
    STRING AuthenticationInfo2;
    ULONG ParameterControl;
    ULONG SubAuthPackageId;
};
typedef struct _MSV1_0_SUBAUTH_LOGON MSV1_0_SUBAUTH_LOGON;
typedef MSV1_0_SUBAUTH_LOGON *PMSV1_0_SUBAUTH_LOGON;

struct _MSV1_0_S4U_LOGON {
    MSV1_0_LOGON_SUBMIT_TYPE MessageType;
    ULONG Flags;
    UNICODE_STRING UserPrincipalName;
    UNICODE_STRING DomainName;
};
typedef struct _MSV1_0_S4U_LOGON MSV1_0_S4U_LOGON;
typedef MSV1_0_S4U_LOGON *PMSV1_0_S4U_LOGON;

struct _MSV1_0_LM20_LOGON_PROFILE {
    MSV1_0_PROFILE_BUFFER_TYPE MessageType;
    LARGE_INTEGER KickOffTime;
    LARGE_INTEGER LogoffTime;
    ULONG UserFlags;
    UCHAR UserSessionKey[16];
    UNICODE_STRING LogonDomainName;
    UCHAR LanmanSessionKey[8];
    UNICODE_STRING LogonServer;
    UNICODE_STRING UserParameters;
};
typedef struct _MSV1_0_LM20_LOGON_PROFILE MSV1_0_LM20_LOGON_PROFILE;
typedef MSV1_0_LM20_LOGON_PROFILE *PMSV1_0_LM20_LOGON_PROFILE;

struct _MSV1_0_CREDENTIAL_KEY {
    UCHAR Data[20];
};
typedef struct _MSV1_0_CREDENTIAL_KEY MSV1_0_CREDENTIAL_KEY;
typedef MSV1_0_CREDENTIAL_KEY *PMSV1_0_CREDENTIAL_KEY;

struct _MSV1_0_SUPPLEMENTAL_CREDENTIAL {
    ULONG Version;
    ULONG Flags;
    UCHAR LmPassword[16];
    UCHAR NtPassword[16];
};
typedef struct _MSV1_0_SUPPLEMENTAL_CREDENTIAL MSV1_0_SUPPLEMENTAL_CREDENTIAL;
typedef MSV1_0_SUPPLEMENTAL_CREDENTIAL *PMSV1_0_SUPPLEMENTAL_CREDENTIAL;

struct _MSV1_0_SUPPLEMENTAL_CREDENTIAL_V2 {
    ULONG Version;
    ULONG Flags;
    UCHAR NtPassword[16];
    MSV1_0_CREDENTIAL_KEY CredentialKey;
};
typedef struct _MSV1_0_SUPPLEMENTAL_CREDENTIAL_V2 MSV1_0_SUPPLEMENTAL_CREDENTIAL_V2;
typedef MSV1_0_SUPPLEMENTAL_CREDENTIAL_V2 *PMSV1_0_SUPPLEMENTAL_CREDENTIAL_V2;

struct _MSV1_0_SUPPLEMENTAL_CREDENTIAL_V3 {
    ULONG Version;
    ULONG Flags;
    MSV1_0_CREDENTIAL_KEY_TYPE CredentialKeyType;
    UCHAR NtPassword[16];
    MSV1_0_CREDENTIAL_KEY CredentialKey;
    UCHAR ShaPassword[20];
};
typedef struct _MSV1_0_SUPPLEMENTAL_CREDENTIAL_V3 MSV1_0_SUPPLEMENTAL_CREDENTIAL_V3;
typedef MSV1_0_SUPPLEMENTAL_CREDENTIAL_V3 *PMSV1_0_SUPPLEMENTAL_CREDENTIAL_V3;

struct _MSV1_0_IUM_SUPPLEMENTAL_CREDENTIAL {
    ULONG Version;
    ULONG EncryptedCredsSize;
    UCHAR EncryptedCreds[1];
};
typedef struct _MSV1_0_IUM_SUPPLEMENTAL_CREDENTIAL MSV1_0_IUM_SUPPLEMENTAL_CREDENTIAL;
typedef MSV1_0_IUM_SUPPLEMENTAL_CREDENTIAL *PMSV1_0_IUM_SUPPLEMENTAL_CREDENTIAL;

/* Credentials of a remote guard session; packed, unlike its neighbours. */
struct SECUR32_PACKED _MSV1_0_REMOTE_SUPPLEMENTAL_CREDENTIAL {
    ULONG Version;
    ULONG Flags;
    MSV1_0_CREDENTIAL_KEY CredentialKey;
    MSV1_0_CREDENTIAL_KEY_TYPE CredentialKeyType;
    ULONG EncryptedCredsSize;
    UCHAR EncryptedCreds[1];
};
typedef struct _MSV1_0_REMOTE_SUPPLEMENTAL_CREDENTIAL MSV1_0_REMOTE_SUPPLEMENTAL_CREDENTIAL;
typedef MSV1_0_REMOTE_SUPPLEMENTAL_CREDENTIAL *PMSV1_0_REMOTE_SUPPLEMENTAL_CREDENTIAL;

struct _MSV1_0_NTLM3_RESPONSE {
    UCHAR Response[16];
    UCHAR RespType;
    UCHAR HiRespType;
    USHORT Flags;
    ULONG MsgWord;
    ULONGLONG TimeStamp;
    UCHAR ChallengeFromClient[8];
    ULONG AvPairsOff;
    UCHAR Buffer[1];
};
typedef struct _MSV1_0_NTLM3_RESPONSE MSV1_0_NTLM3_RESPONSE;
typedef MSV1_0_NTLM3_RESPONSE *PMSV1_0_NTLM3_RESPONSE;

struct _MSV1_0_AV_PAIR {
    USHORT AvId;
    USHORT AvLen;
};
typedef struct _MSV1_0_AV_PAIR MSV1_0_AV_PAIR;
typedef MSV1_0_AV_PAIR *PMSV1_0_AV_PAIR;

struct _MSV1_0_CHANGEPASSWORD_REQUEST {
    MSV1_0_PROTOCOL_MESSAGE_TYPE MessageType;
    UNICODE_STRING DomainName;
    UNICODE_STRING AccountName;
    UNICODE_STRING OldPassword;
    UNICODE_STRING NewPassword;
    BOOLEAN Impersonating;
};
typedef struct _MSV1_0_CHANGEPASSWORD_REQUEST MSV1_0_CHANGEPASSWORD_REQUEST;
typedef MSV1_0_CHANGEPASSWORD_REQUEST *PMSV1_0_CHANGEPASSWORD_REQUEST;

struct _MSV1_0_CHANGEPASSWORD_RESPONSE {
    MSV1_0_PROTOCOL_MESSAGE_TYPE MessageType;
    BOOLEAN PasswordInfoValid;
    DOMAIN_PASSWORD_INFORMATION DomainPasswordInfo;
};
typedef struct _MSV1_0_CHANGEPASSWORD_RESPONSE MSV1_0_CHANGEPASSWORD_RESPONSE;
typedef MSV1_0_CHANGEPASSWORD_RESPONSE *PMSV1_0_CHANGEPASSWORD_RESPONSE;

struct _MSV1_0_PASSTHROUGH_REQUEST {
    MSV1_0_PROTOCOL_MESSAGE_TYPE MessageType;
    UNICODE_STRING DomainName;
    UNICODE_STRING PackageName;
    ULONG DataLength;
    PUCHAR LogonData;
    ULONG Pad;
};
typedef struct _MSV1_0_PASSTHROUGH_REQUEST MSV1_0_PASSTHROUGH_REQUEST;
typedef MSV1_0_PASSTHROUGH_REQUEST *PMSV1_0_PASSTHROUGH_REQUEST;

struct _MSV1_0_PASSTHROUGH_RESPONSE {
    MSV1_0_PROTOCOL_MESSAGE_TYPE MessageType;
    ULONG Pad;
    ULONG DataLength;
    PUCHAR ValidationData;
};
typedef struct _MSV1_0_PASSTHROUGH_RESPONSE MSV1_0_PASSTHROUGH_RESPONSE;
typedef MSV1_0_PASSTHROUGH_RESPONSE *PMSV1_0_PASSTHROUGH_RESPONSE;

struct _MSV1_0_SUBAUTH_REQUEST {
    MSV1_0_PROTOCOL_MESSAGE_TYPE MessageType;
    ULONG SubAuthPackageId;
    ULONG SubAuthInfoLength;
    PUCHAR SubAuthSubmitBuffer;
};
typedef struct _MSV1_0_SUBAUTH_REQUEST MSV1_0_SUBAUTH_REQUEST;
typedef MSV1_0_SUBAUTH_REQUEST *PMSV1_0_SUBAUTH_REQUEST;

struct _MSV1_0_SUBAUTH_RESPONSE {
    MSV1_0_PROTOCOL_MESSAGE_TYPE MessageType;
    ULONG SubAuthInfoLength;
    PUCHAR SubAuthReturnBuffer;
};
typedef struct _MSV1_0_SUBAUTH_RESPONSE MSV1_0_SUBAUTH_RESPONSE;
typedef MSV1_0_SUBAUTH_RESPONSE *PMSV1_0_SUBAUTH_RESPONSE;

struct _CYPHER_BLOCK {
    CHAR data[8];
};
typedef struct _CYPHER_BLOCK CYPHER_BLOCK;
typedef CYPHER_BLOCK *PCYPHER_BLOCK;

struct _USER_SESSION_KEY {
    CYPHER_BLOCK data[2];
};
typedef struct _USER_SESSION_KEY USER_SESSION_KEY;
typedef USER_SESSION_KEY *PUSER_SESSION_KEY;

struct _MSV1_0_VALIDATION_INFO {
    LARGE_INTEGER LogoffTime;
    LARGE_INTEGER KickoffTime;
    LSA_UNICODE_STRING LogonServer;
    LSA_UNICODE_STRING LogonDomainName;
    USER_SESSION_KEY SessionKey;
    BOOLEAN Authoritative;
    ULONG UserFlags;
    ULONG WhichFields;
    ULONG UserId;
};
typedef struct _MSV1_0_VALIDATION_INFO MSV1_0_VALIDATION_INFO;
typedef MSV1_0_VALIDATION_INFO *PMSV1_0_VALIDATION_INFO;

struct _KERB_INTERACTIVE_LOGON {
    KERB_LOGON_SUBMIT_TYPE MessageType;
    UNICODE_STRING LogonDomainName;
    UNICODE_STRING UserName;
    UNICODE_STRING Password;
};
typedef struct _KERB_INTERACTIVE_LOGON KERB_INTERACTIVE_LOGON;
typedef KERB_INTERACTIVE_LOGON *PKERB_INTERACTIVE_LOGON;

struct _KERB_INTERACTIVE_UNLOCK_LOGON {
    KERB_INTERACTIVE_LOGON Logon;
    LUID LogonId;
};
typedef struct _KERB_INTERACTIVE_UNLOCK_LOGON KERB_INTERACTIVE_UNLOCK_LOGON;
typedef KERB_INTERACTIVE_UNLOCK_LOGON *PKERB_INTERACTIVE_UNLOCK_LOGON;

struct _KERB_SMART_CARD_LOGON {
    KERB_LOGON_SUBMIT_TYPE MessageType;
    UNICODE_STRING Pin;
    ULONG CspDataLength;
    PUCHAR CspData;
};
typedef struct _KERB_SMART_CARD_LOGON KERB_SMART_CARD_LOGON;
typedef KERB_SMART_CARD_LOGON *PKERB_SMART_CARD_LOGON;

struct _KERB_SMART_CARD_UNLOCK_LOGON {
    KERB_SMART_CARD_LOGON Logon;
    LUID LogonId;
};
typedef struct _KERB_SMART_CARD_UNLOCK_LOGON KERB_SMART_CARD_UNLOCK_LOGON;
typedef KERB_SMART_CARD_UNLOCK_LOGON *PKERB_SMART_CARD_UNLOCK_LOGON;

struct _KERB_TICKET_LOGON {
    KERB_LOGON_SUBMIT_TYPE MessageType;
    ULONG Flags;
    ULONG ServiceTicketLength;
    ULONG TicketGrantingTicketLength;
    PUCHAR ServiceTicket;
    PUCHAR TicketGrantingTicket;
};
typedef struct _KERB_TICKET_LOGON KERB_TICKET_LOGON;
typedef KERB_TICKET_LOGON *PKERB_TICKET_LOGON;

struct _KERB_TICKET_UNLOCK_LOGON {
    KERB_TICKET_LOGON Logon;
    LUID LogonId;
};
typedef struct _KERB_TICKET_UNLOCK_LOGON KERB_TICKET_UNLOCK_LOGON;
typedef KERB_TICKET_UNLOCK_LOGON *PKERB_TICKET_UNLOCK_LOGON;

struct _KERB_S4U_LOGON {
    KERB_LOGON_SUBMIT_TYPE MessageType;
    ULONG Flags;
    UNICODE_STRING ClientUpn;
    UNICODE_STRING ClientRealm;
};
typedef struct _KERB_S4U_LOGON KERB_S4U_LOGON;
typedef KERB_S4U_LOGON *PKERB_S4U_LOGON;

struct _KERB_INTERACTIVE_PROFILE {
    KERB_PROFILE_BUFFER_TYPE MessageType;
    USHORT LogonCount;
    USHORT BadPasswordCount;
    LARGE_INTEGER LogonTime;
    LARGE_INTEGER LogoffTime;
    LARGE_INTEGER KickOffTime;
    LARGE_INTEGER PasswordLastSet;
    LARGE_INTEGER PasswordCanChange;
    LARGE_INTEGER PasswordMustChange;
    UNICODE_STRING LogonScript;
    UNICODE_STRING HomeDirectory;
    UNICODE_STRING FullName;
    UNICODE_STRING ProfilePath;
    UNICODE_STRING HomeDirectoryDrive;
    UNICODE_STRING LogonServer;
    ULONG UserFlags;
};
typedef struct _KERB_INTERACTIVE_PROFILE KERB_INTERACTIVE_PROFILE;
typedef KERB_INTERACTIVE_PROFILE *PKERB_INTERACTIVE_PROFILE;

struct _KERB_SMART_CARD_PROFILE {
    KERB_INTERACTIVE_PROFILE Profile;
    ULONG CertificateSize;
    PUCHAR CertificateData;
};
typedef struct _KERB_SMART_CARD_PROFILE KERB_SMART_CARD_PROFILE;
typedef KERB_SMART_CARD_PROFILE *PKERB_SMART_CARD_PROFILE;

/* A key and its encryption type. */
struct KERB_CRYPTO_KEY {
    LONG KeyType;
    ULONG Length;
    PUCHAR Value;
};
typedef struct KERB_CRYPTO_KEY KERB_CRYPTO_KEY;
typedef struct KERB_CRYPTO_KEY *PKERB_CRYPTO_KEY;

struct KERB_CRYPTO_KEY32 {
    LONG KeyType;
    ULONG Length;
    ULONG Offset;
};
typedef struct KERB_CRYPTO_KEY32 KERB_CRYPTO_KEY32;
typedef struct KERB_CRYPTO_KEY32 *PKERB_CRYPTO_KEY32;

struct _KERB_TICKET_PROFILE {
    KERB_INTERACTIVE_PROFILE Profile;
    struct KERB_CRYPTO_KEY SessionKey;
};
typedef struct _KERB_TICKET_PROFILE KERB_TICKET_PROFILE;
typedef KERB_TICKET_PROFILE *PKERB_TICKET_PROFILE;

struct _KERB_AUTH_DATA {
    ULONG Type;
    ULONG Length;
    PUCHAR Data;
};
typedef struct _KERB_AUTH_DATA KERB_AUTH_DATA;
typedef KERB_AUTH_DATA *PKERB_AUTH_DATA;

struct _KERB_NET_ADDRESS {
    ULONG Family;
    ULONG Length;
    PCHAR Address;
};
typedef struct _KERB_NET_ADDRESS KERB_NET_ADDRESS;
typedef KERB_NET_ADDRESS *PKERB_NET_ADDRESS;

struct _KERB_NET_ADDRESSES {
    ULONG Number;
    KERB_NET_ADDRESS Addresses[1];
};
typedef struct _KERB_NET_ADDRESSES KERB_NET_ADDRESSES;
typedef KERB_NET_ADDRESSES *PKERB_NET_ADDRESSES;

struct _KERB_EXTERNAL_NAME {
    SHORT NameType;
    USHORT NameCount;
    UNICODE_STRING Names[1];
};
typedef struct _KERB_EXTERNAL_NAME KERB_EXTERNAL_NAME;
typedef KERB_EXTERNAL_NAME *PKERB_EXTERNAL_NAME;

struct _KERB_CHANGEPASSWORD_REQUEST {
    KERB_PROTOCOL_MESSAGE_TYPE MessageType;
    UNICODE_STRING DomainName;
    UNICODE_STRING AccountName;
    UNICODE_STRING OldPassword;
    UNICODE_STRING NewPassword;
    BOOLEAN Impersonating;
};
typedef struct _KERB_CHANGEPASSWORD_REQUEST KERB_CHANGEPASSWORD_REQUEST;
typedef KERB_CHANGEPASSWORD_REQUEST *PKERB_CHANGEPASSWORD_REQUEST;

struct _KERB_SETPASSWORD_REQUEST {
    KERB_PROTOCOL_MESSAGE_TYPE MessageType;
    LUID LogonId;
    SecHandle CredentialsHandle;
    ULONG Flags;
    UNICODE_STRING DomainName;
    UNICODE_STRING AccountName;
    UNICODE_STRING Password;
};
typedef struct _KERB_SETPASSWORD_REQUEST KERB_SETPASSWORD_REQUEST;
typedef KERB_SETPASSWORD_REQUEST *PKERB_SETPASSWORD_REQUEST;

struct _KERB_SETPASSWORD_EX_REQUEST {
    KERB_PROTOCOL_MESSAGE_TYPE MessageType;
    LUID LogonId;
    SecHandle CredentialsHandle;
    ULONG Flags;
    UNICODE_STRING AccountRealm;
    UNICODE_STRING AccountName;
    UNICODE_STRING Password;
    UNICODE_STRING ClientRealm;
    UNICODE_STRING ClientName;
    BOOLEAN Impersonating;
    UNICODE_STRING KdcAddress;
    ULONG KdcAddressType;
};
typedef struct _KERB_SETPASSWORD_EX_REQUEST KERB_SETPASSWORD_EX_REQUEST;
typedef KERB_SETPASSWORD_EX_REQUEST *PKERB_SETPASSWORD_EX_REQUEST;

struct _KERB_CERTIFICATE_HASHINFO {
    USHORT StoreNameLength;
    USHORT HashLength;
};
typedef struct _KERB_CERTIFICATE_HASHINFO KERB_CERTIFICATE_HASHINFO;
typedef KERB_CERTIFICATE_HASHINFO *PKERB_CERTIFICATE_HASHINFO;

struct _KERB_CERTIFICATE_INFO {
    ULONG CertInfoSize;
    ULONG InfoType;
};
typedef struct _KERB_CERTIFICATE_INFO KERB_CERTIFICATE_INFO;
typedef KERB_CERTIFICATE_INFO *PKERB_CERTIFICATE_INFO;

struct _KERB_CERTIFICATE_LOGON {
    KERB_LOGON_SUBMIT_TYPE MessageType;
    UNICODE_STRING DomainName;
    UNICODE_STRING UserName;
    UNICODE_STRING Pin;
    ULONG Flags;
    ULONG CspDataLength;
    PUCHAR CspData;
};
typedef struct _KERB_CERTIFICATE_LOGON KERB_CERTIFICATE_LOGON;
typedef KERB_CERTIFICATE_LOGON *PKERB_CERTIFICATE_LOGON;

struct _KERB_CERTIFICATE_UNLOCK_LOGON {
    KERB_CERTIFICATE_LOGON Logon;
    LUID LogonId;
};
typedef struct _KERB_CERTIFICATE_UNLOCK_LOGON KERB_CERTIFICATE_UNLOCK_LOGON;
typedef KERB_CERTIFICATE_UNLOCK_LOGON *PKERB_CERTIFICATE_UNLOCK_LOGON;

struct _KERB_CERTIFICATE_S4U_LOGON {
    KERB_LOGON_SUBMIT_TYPE MessageType;
    ULONG Flags;
    UNICODE_STRING UserPrincipalName;
    UNICODE_STRING DomainName;
    ULONG CertificateLength;
    PUCHAR Certificate;
};
typedef struct _KERB_CERTIFICATE_S4U_LOGON KERB_CERTIFICATE_S4U_LOGON;
typedef KERB_CERTIFICATE_S4U_LOGON *PKERB_CERTIFICATE_S4U_LOGON;

struct _KERB_QUERY_TKT_CACHE_REQUEST {
    KERB_PROTOCOL_MESSAGE_TYPE MessageType;
    LUID LogonId;
};
typedef struct _KERB_QUERY_TKT_CACHE_REQUEST KERB_QUERY_TKT_CACHE_REQUEST;
typedef KERB_QUERY_TKT_CACHE_REQUEST *PKERB_QUERY_TKT_CACHE_REQUEST;

struct _KERB_TICKET_CACHE_INFO {
    UNICODE_STRING ServerName;
    UNICODE_STRING RealmName;
    LARGE_INTEGER StartTime;
    LARGE_INTEGER EndTime;
    LARGE_INTEGER RenewTime;
    LONG EncryptionType;
    ULONG TicketFlags;
};
typedef struct _KERB_TICKET_CACHE_INFO KERB_TICKET_CACHE_INFO;
typedef KERB_TICKET_CACHE_INFO *PKERB_TICKET_CACHE_INFO;

struct _KERB_TICKET_CACHE_INFO_EX {
    UNICODE_STRING ClientName;
    UNICODE_STRING ClientRealm;
    UNICODE_STRING ServerName;
    UNICODE_STRING ServerRealm;
    LARGE_INTEGER StartTime;
    LARGE_INTEGER EndTime;
    LARGE_INTEGER RenewTime;
    LONG EncryptionType;
    ULONG TicketFlags;
};
typedef struct _KERB_TICKET_CACHE_INFO_EX KERB_TICKET_CACHE_INFO_EX;
typedef KERB_TICKET_CACHE_INFO_EX *PKERB_TICKET_CACHE_INFO_EX;

/* A cached ticket with key type and branch. */
struct _KERB_TICKET_CACHE_INFO_EX2 {
    UNICODE_STRING ClientName;
    UNICODE_STRING ClientRealm;
    UNICODE_STRING ServerName;
    UNICODE_STRING ServerRealm;
    LARGE_INTEGER StartTime;
    LARGE_INTEGER EndTime;
    LARGE_INTEGER RenewTime;
    LONG EncryptionType;
    ULONG TicketFlags;
    ULONG SessionKeyType;
    ULONG BranchId;
};
typedef struct _KERB_TICKET_CACHE_INFO_EX2 KERB_TICKET_CACHE_INFO_EX2;
typedef KERB_TICKET_CACHE_INFO_EX2 *PKERB_TICKET_CACHE_INFO_EX2;

struct _KERB_TICKET_CACHE_INFO_EX3 {
    UNICODE_STRING ClientName;
    UNICODE_STRING ClientRealm;
    UNICODE_STRING ServerName;
    UNICODE_STRING ServerRealm;
    LARGE_INTEGER StartTime;
    LARGE_INTEGER EndTime;
    LARGE_INTEGER RenewTime;
    LONG EncryptionType;
    ULONG TicketFlags;
    ULONG SessionKeyType;
    ULONG BranchId;
    ULONG CacheFlags;
    UNICODE_STRING KdcCalled;
};
typedef struct _KERB_TICKET_CACHE_INFO_EX3 KERB_TICKET_CACHE_INFO_EX3;
typedef KERB_TICKET_CACHE_INFO_EX3 *PKERB_TICKET_CACHE_INFO_EX3;

struct _KERB_QUERY_TKT_CACHE_RESPONSE {
    KERB_PROTOCOL_MESSAGE_TYPE MessageType;
    ULONG CountOfTickets;
    KERB_TICKET_CACHE_INFO Tickets[1];
};
typedef struct _KERB_QUERY_TKT_CACHE_RESPONSE KERB_QUERY_TKT_CACHE_RESPONSE;
typedef KERB_QUERY_TKT_CACHE_RESPONSE *PKERB_QUERY_TKT_CACHE_RESPONSE;

struct _KERB_QUERY_TKT_CACHE_EX_RESPONSE {
    KERB_PROTOCOL_MESSAGE_TYPE MessageType;
    ULONG CountOfTickets;
    KERB_TICKET_CACHE_INFO_EX Tickets[1];
};
typedef struct _KERB_QUERY_TKT_CACHE_EX_RESPONSE KERB_QUERY_TKT_CACHE_EX_RESPONSE;
typedef KERB_QUERY_TKT_CACHE_EX_RESPONSE *PKERB_QUERY_TKT_CACHE_EX_RESPONSE;

struct _KERB_QUERY_TKT_CACHE_EX2_RESPONSE {
    KERB_PROTOCOL_MESSAGE_TYPE MessageType;
    ULONG CountOfTickets;
    KERB_TICKET_CACHE_INFO_EX2 Tickets[1];
};
typedef struct _KERB_QUERY_TKT_CACHE_EX2_RESPONSE KERB_QUERY_TKT_CACHE_EX2_RESPONSE;
typedef KERB_QUERY_TKT_CACHE_EX2_RESPONSE *PKERB_QUERY_TKT_CACHE_EX2_RESPONSE;

struct _KERB_QUERY_TKT_CACHE_EX3_RESPONSE {
    KERB_PROTOCOL_MESSAGE_TYPE MessageType;
    ULONG CountOfTickets;
    KERB_TICKET_CACHE_INFO_EX3 Tickets[1];
};
typedef struct _KERB_QUERY_TKT_CACHE_EX3_RESPONSE KERB_QUERY_TKT_CACHE_EX3_RESPONSE;
typedef KERB_QUERY_TKT_CACHE_EX3_RESPONSE *PKERB_QUERY_TKT_CACHE_EX3_RESPONSE;

/* A ticket with its session key. A secret. */
struct _KERB_EXTERNAL_TICKET {
    PKERB_EXTERNAL_NAME ServiceName;
    PKERB_EXTERNAL_NAME TargetName;
    PKERB_EXTERNAL_NAME ClientName;
    UNICODE_STRING DomainName;
    UNICODE_STRING TargetDomainName;
    UNICODE_STRING AltTargetDomainName;
    struct KERB_CRYPTO_KEY SessionKey;
    ULONG TicketFlags;
    ULONG Flags;
    LARGE_INTEGER KeyExpirationTime;
    LARGE_INTEGER StartTime;
    LARGE_INTEGER EndTime;
    LARGE_INTEGER RenewUntil;
    LARGE_INTEGER TimeSkew;
    ULONG EncodedTicketSize;
    PUCHAR EncodedTicket;
};
typedef struct _KERB_EXTERNAL_TICKET KERB_EXTERNAL_TICKET;
typedef KERB_EXTERNAL_TICKET *PKERB_EXTERNAL_TICKET;

struct _KERB_RETRIEVE_TKT_REQUEST {
    KERB_PROTOCOL_MESSAGE_TYPE MessageType;
    LUID LogonId;
    UNICODE_STRING TargetName;
    ULONG TicketFlags;
    ULONG CacheOptions;
    LONG EncryptionType;
    SecHandle CredentialsHandle;
};
typedef struct _KERB_RETRIEVE_TKT_REQUEST KERB_RETRIEVE_TKT_REQUEST;
typedef KERB_RETRIEVE_TKT_REQUEST *PKERB_RETRIEVE_TKT_REQUEST;

struct _KERB_RETRIEVE_TKT_RESPONSE {
    KERB_EXTERNAL_TICKET Ticket;
};
typedef struct _KERB_RETRIEVE_TKT_RESPONSE KERB_RETRIEVE_TKT_RESPONSE;
typedef KERB_RETRIEVE_TKT_RESPONSE *PKERB_RETRIEVE_TKT_RESPONSE;

struct _KERB_PURGE_TKT_CACHE_REQUEST {
    KERB_PROTOCOL_MESSAGE_TYPE MessageType;
    LUID LogonId;
    UNICODE_STRING ServerName;
    UNICODE_STRING RealmName;
};
typedef struct _KERB_PURGE_TKT_CACHE_REQUEST KERB_PURGE_TKT_CACHE_REQUEST;
typedef KERB_PURGE_TKT_CACHE_REQUEST *PKERB_PURGE_TKT_CACHE_REQUEST;

struct _KERB_PURGE_TKT_CACHE_EX_REQUEST {
    KERB_PROTOCOL_MESSAGE_TYPE MessageType;
    LUID LogonId;
    ULONG Flags;
    KERB_TICKET_CACHE_INFO_EX TicketTemplate;
};
typedef struct _KERB_PURGE_TKT_CACHE_EX_REQUEST KERB_PURGE_TKT_CACHE_EX_REQUEST;
typedef KERB_PURGE_TKT_CACHE_EX_REQUEST *PKERB_PURGE_TKT_CACHE_EX_REQUEST;

struct _KERB_SUBMIT_TKT_REQUEST {
    KERB_PROTOCOL_MESSAGE_TYPE MessageType;
    LUID LogonId;
    ULONG Flags;
    struct KERB_CRYPTO_KEY32 Key;
    ULONG KerbCredSize;
    ULONG KerbCredOffset;
};
typedef struct _KERB_SUBMIT_TKT_REQUEST KERB_SUBMIT_TKT_REQUEST;
typedef KERB_SUBMIT_TKT_REQUEST *PKERB_SUBMIT_TKT_REQUEST;

struct _KERB_QUERY_KDC_PROXY_CACHE_REQUEST {
    KERB_PROTOCOL_MESSAGE_TYPE MessageType;
    ULONG Flags;
    LUID LogonId;
};
typedef struct _KERB_QUERY_KDC_PROXY_CACHE_REQUEST KERB_QUERY_KDC_PROXY_CACHE_REQUEST;
typedef KERB_QUERY_KDC_PROXY_CACHE_REQUEST *PKERB_QUERY_KDC_PROXY_CACHE_REQUEST;

struct _KDC_PROXY_CACHE_ENTRY_DATA {
    ULONG64 SinceLastUsed;
    UNICODE_STRING DomainName;
    UNICODE_STRING ProxyServerName;
    UNICODE_STRING ProxyServerVdir;
    USHORT ProxyServerPort;
    LUID LogonId;
    UNICODE_STRING CredUserName;
    UNICODE_STRING CredDomainName;
    BOOLEAN GlobalCache;
};
typedef struct _KDC_PROXY_CACHE_ENTRY_DATA KDC_PROXY_CACHE_ENTRY_DATA;
typedef KDC_PROXY_CACHE_ENTRY_DATA *PKDC_PROXY_CACHE_ENTRY_DATA;

struct _KERB_QUERY_KDC_PROXY_CACHE_RESPONSE {
    KERB_PROTOCOL_MESSAGE_TYPE MessageType;
    ULONG CountOfEntries;
    PKDC_PROXY_CACHE_ENTRY_DATA Entries;
};
typedef struct _KERB_QUERY_KDC_PROXY_CACHE_RESPONSE KERB_QUERY_KDC_PROXY_CACHE_RESPONSE;
typedef KERB_QUERY_KDC_PROXY_CACHE_RESPONSE *PKERB_QUERY_KDC_PROXY_CACHE_RESPONSE;

struct _KERB_PURGE_KDC_PROXY_CACHE_REQUEST {
    KERB_PROTOCOL_MESSAGE_TYPE MessageType;
    ULONG Flags;
    LUID LogonId;
};
typedef struct _KERB_PURGE_KDC_PROXY_CACHE_REQUEST KERB_PURGE_KDC_PROXY_CACHE_REQUEST;
typedef KERB_PURGE_KDC_PROXY_CACHE_REQUEST *PKERB_PURGE_KDC_PROXY_CACHE_REQUEST;

struct _KERB_PURGE_KDC_PROXY_CACHE_RESPONSE {
    KERB_PROTOCOL_MESSAGE_TYPE MessageType;
    ULONG CountOfPurged;
};
typedef struct _KERB_PURGE_KDC_PROXY_CACHE_RESPONSE KERB_PURGE_KDC_PROXY_CACHE_RESPONSE;
typedef KERB_PURGE_KDC_PROXY_CACHE_RESPONSE *PKERB_PURGE_KDC_PROXY_CACHE_RESPONSE;

struct _KERB_S4U2PROXY_CACHE_ENTRY_INFO {
    UNICODE_STRING ServerName;
    ULONG Flags;
    NTSTATUS LastStatus;
    LARGE_INTEGER Expiry;
};
typedef struct _KERB_S4U2PROXY_CACHE_ENTRY_INFO KERB_S4U2PROXY_CACHE_ENTRY_INFO;
typedef KERB_S4U2PROXY_CACHE_ENTRY_INFO *PKERB_S4U2PROXY_CACHE_ENTRY_INFO;

struct _KERB_S4U2PROXY_CRED {
    UNICODE_STRING UserName;
    UNICODE_STRING DomainName;
    ULONG Flags;
    NTSTATUS LastStatus;
    LARGE_INTEGER Expiry;
    ULONG CountOfEntries;
    PKERB_S4U2PROXY_CACHE_ENTRY_INFO Entries;
};
typedef struct _KERB_S4U2PROXY_CRED KERB_S4U2PROXY_CRED;
typedef KERB_S4U2PROXY_CRED *PKERB_S4U2PROXY_CRED;

struct _KERB_QUERY_S4U2PROXY_CACHE_REQUEST {
    KERB_PROTOCOL_MESSAGE_TYPE MessageType;
    ULONG Flags;
    LUID LogonId;
};
typedef struct _KERB_QUERY_S4U2PROXY_CACHE_REQUEST KERB_QUERY_S4U2PROXY_CACHE_REQUEST;
typedef KERB_QUERY_S4U2PROXY_CACHE_REQUEST *PKERB_QUERY_S4U2PROXY_CACHE_REQUEST;

struct _KERB_QUERY_S4U2PROXY_CACHE_RESPONSE {
    KERB_PROTOCOL_MESSAGE_TYPE MessageType;
    ULONG CountOfCreds;
    PKERB_S4U2PROXY_CRED Creds;
};
typedef struct _KERB_QUERY_S4U2PROXY_CACHE_RESPONSE KERB_QUERY_S4U2PROXY_CACHE_RESPONSE;
typedef KERB_QUERY_S4U2PROXY_CACHE_RESPONSE *PKERB_QUERY_S4U2PROXY_CACHE_RESPONSE;

struct _KERB_RETRIEVE_KEY_TAB_REQUEST {
    KERB_PROTOCOL_MESSAGE_TYPE MessageType;
    ULONG Flags;
    UNICODE_STRING UserName;
    UNICODE_STRING DomainName;
    UNICODE_STRING Password;
};
typedef struct _KERB_RETRIEVE_KEY_TAB_REQUEST KERB_RETRIEVE_KEY_TAB_REQUEST;
typedef KERB_RETRIEVE_KEY_TAB_REQUEST *PKERB_RETRIEVE_KEY_TAB_REQUEST;

struct _KERB_RETRIEVE_KEY_TAB_RESPONSE {
    KERB_PROTOCOL_MESSAGE_TYPE MessageType;
    ULONG KeyTabLength;
    PUCHAR KeyTab;
};
typedef struct _KERB_RETRIEVE_KEY_TAB_RESPONSE KERB_RETRIEVE_KEY_TAB_RESPONSE;
typedef KERB_RETRIEVE_KEY_TAB_RESPONSE *PKERB_RETRIEVE_KEY_TAB_RESPONSE;

struct _KERB_DECRYPT_REQUEST {
    KERB_PROTOCOL_MESSAGE_TYPE MessageType;
    LUID LogonId;
    ULONG Flags;
    LONG CryptoType;
    LONG KeyUsage;
    struct KERB_CRYPTO_KEY Key;
    ULONG EncryptedDataSize;
    ULONG InitialVectorSize;
    PUCHAR InitialVector;
    PUCHAR EncryptedData;
};
typedef struct _KERB_DECRYPT_REQUEST KERB_DECRYPT_REQUEST;
typedef KERB_DECRYPT_REQUEST *PKERB_DECRYPT_REQUEST;

struct _KERB_DECRYPT_RESPONSE {
    UCHAR DecryptedData[1];
};
typedef struct _KERB_DECRYPT_RESPONSE KERB_DECRYPT_RESPONSE;
typedef KERB_DECRYPT_RESPONSE *PKERB_DECRYPT_RESPONSE;

struct _KERB_ADD_BINDING_CACHE_ENTRY_REQUEST {
    KERB_PROTOCOL_MESSAGE_TYPE MessageType;
    UNICODE_STRING RealmName;
    UNICODE_STRING KdcAddress;
    ULONG AddressType;
};
typedef struct _KERB_ADD_BINDING_CACHE_ENTRY_REQUEST KERB_ADD_BINDING_CACHE_ENTRY_REQUEST;
typedef KERB_ADD_BINDING_CACHE_ENTRY_REQUEST *PKERB_ADD_BINDING_CACHE_ENTRY_REQUEST;

struct _KERB_REFRESH_SCCRED_REQUEST {
    KERB_PROTOCOL_MESSAGE_TYPE MessageType;
    UNICODE_STRING CredentialBlob;
    LUID LogonId;
    ULONG Flags;
};
typedef struct _KERB_REFRESH_SCCRED_REQUEST KERB_REFRESH_SCCRED_REQUEST;
typedef KERB_REFRESH_SCCRED_REQUEST *PKERB_REFRESH_SCCRED_REQUEST;

struct _KERB_ADD_CREDENTIALS_REQUEST {
    KERB_PROTOCOL_MESSAGE_TYPE MessageType;
    UNICODE_STRING UserName;
    UNICODE_STRING DomainName;
    UNICODE_STRING Password;
    LUID LogonId;
    ULONG Flags;
};
typedef struct _KERB_ADD_CREDENTIALS_REQUEST KERB_ADD_CREDENTIALS_REQUEST;
typedef KERB_ADD_CREDENTIALS_REQUEST *PKERB_ADD_CREDENTIALS_REQUEST;

struct _KERB_ADD_CREDENTIALS_REQUEST_EX {
    KERB_ADD_CREDENTIALS_REQUEST Credentials;
    ULONG PrincipalNameCount;
    UNICODE_STRING PrincipalNames[1];
};
typedef struct _KERB_ADD_CREDENTIALS_REQUEST_EX KERB_ADD_CREDENTIALS_REQUEST_EX;
typedef KERB_ADD_CREDENTIALS_REQUEST_EX *PKERB_ADD_CREDENTIALS_REQUEST_EX;

struct _KERB_TRANSFER_CRED_REQUEST {
    KERB_PROTOCOL_MESSAGE_TYPE MessageType;
    LUID OriginLogonId;
    LUID DestinationLogonId;
    ULONG Flags;
};
typedef struct _KERB_TRANSFER_CRED_REQUEST KERB_TRANSFER_CRED_REQUEST;
typedef KERB_TRANSFER_CRED_REQUEST *PKERB_TRANSFER_CRED_REQUEST;

struct _KERB_CLEANUP_MACHINE_PKINIT_CREDS_REQUEST {
    KERB_PROTOCOL_MESSAGE_TYPE MessageType;
    LUID LogonId;
};
typedef struct _KERB_CLEANUP_MACHINE_PKINIT_CREDS_REQUEST KERB_CLEANUP_MACHINE_PKINIT_CREDS_REQUEST;
typedef KERB_CLEANUP_MACHINE_PKINIT_CREDS_REQUEST *PKERB_CLEANUP_MACHINE_PKINIT_CREDS_REQUEST;

struct _KERB_BINDING_CACHE_ENTRY_DATA {
    ULONG64 DiscoveryTime;
    UNICODE_STRING RealmName;
    UNICODE_STRING KdcAddress;
    ULONG AddressType;
    ULONG Flags;
    ULONG DcFlags;
    ULONG CacheFlags;
    UNICODE_STRING KdcName;
};
typedef struct _KERB_BINDING_CACHE_ENTRY_DATA KERB_BINDING_CACHE_ENTRY_DATA;
typedef KERB_BINDING_CACHE_ENTRY_DATA *PKERB_BINDING_CACHE_ENTRY_DATA;

struct _KERB_QUERY_BINDING_CACHE_RESPONSE {
    KERB_PROTOCOL_MESSAGE_TYPE MessageType;
    ULONG CountOfEntries;
    PKERB_BINDING_CACHE_ENTRY_DATA Entries;
};
typedef struct _KERB_QUERY_BINDING_CACHE_RESPONSE KERB_QUERY_BINDING_CACHE_RESPONSE;
typedef KERB_QUERY_BINDING_CACHE_RESPONSE *PKERB_QUERY_BINDING_CACHE_RESPONSE;

struct _KERB_ADD_BINDING_CACHE_ENTRY_EX_REQUEST {
    KERB_PROTOCOL_MESSAGE_TYPE MessageType;
    UNICODE_STRING RealmName;
    UNICODE_STRING KdcAddress;
    ULONG AddressType;
    ULONG DcFlags;
};
typedef struct _KERB_ADD_BINDING_CACHE_ENTRY_EX_REQUEST KERB_ADD_BINDING_CACHE_ENTRY_EX_REQUEST;
typedef KERB_ADD_BINDING_CACHE_ENTRY_EX_REQUEST *PKERB_ADD_BINDING_CACHE_ENTRY_EX_REQUEST;

struct _KERB_QUERY_BINDING_CACHE_REQUEST {
    KERB_PROTOCOL_MESSAGE_TYPE MessageType;
};
typedef struct _KERB_QUERY_BINDING_CACHE_REQUEST KERB_QUERY_BINDING_CACHE_REQUEST;
typedef KERB_QUERY_BINDING_CACHE_REQUEST *PKERB_QUERY_BINDING_CACHE_REQUEST;

struct _KERB_PURGE_BINDING_CACHE_REQUEST {
    KERB_PROTOCOL_MESSAGE_TYPE MessageType;
};
typedef struct _KERB_PURGE_BINDING_CACHE_REQUEST KERB_PURGE_BINDING_CACHE_REQUEST;
typedef KERB_PURGE_BINDING_CACHE_REQUEST *PKERB_PURGE_BINDING_CACHE_REQUEST;

struct _KERB_QUERY_DOMAIN_EXTENDED_POLICIES_REQUEST {
    KERB_PROTOCOL_MESSAGE_TYPE MessageType;
    ULONG Flags;
    UNICODE_STRING DomainName;
};
typedef struct _KERB_QUERY_DOMAIN_EXTENDED_POLICIES_REQUEST KERB_QUERY_DOMAIN_EXTENDED_POLICIES_REQUEST;
typedef KERB_QUERY_DOMAIN_EXTENDED_POLICIES_REQUEST *PKERB_QUERY_DOMAIN_EXTENDED_POLICIES_REQUEST;

struct _KERB_QUERY_DOMAIN_EXTENDED_POLICIES_RESPONSE {
    KERB_PROTOCOL_MESSAGE_TYPE MessageType;
    ULONG Flags;
    ULONG ExtendedPolicies;
    ULONG DsFlags;
};
typedef struct _KERB_QUERY_DOMAIN_EXTENDED_POLICIES_RESPONSE KERB_QUERY_DOMAIN_EXTENDED_POLICIES_RESPONSE;
typedef KERB_QUERY_DOMAIN_EXTENDED_POLICIES_RESPONSE *PKERB_QUERY_DOMAIN_EXTENDED_POLICIES_RESPONSE;

struct _KERB_CLOUD_KERBEROS_DEBUG_DATA {
    ULONG _bitfield;
};
typedef struct _KERB_CLOUD_KERBEROS_DEBUG_DATA KERB_CLOUD_KERBEROS_DEBUG_DATA;
typedef KERB_CLOUD_KERBEROS_DEBUG_DATA *PKERB_CLOUD_KERBEROS_DEBUG_DATA;

struct _KERB_CLOUD_KERBEROS_DEBUG_DATA_V0 {
    ULONG _bitfield;
};
typedef struct _KERB_CLOUD_KERBEROS_DEBUG_DATA_V0 KERB_CLOUD_KERBEROS_DEBUG_DATA_V0;
typedef KERB_CLOUD_KERBEROS_DEBUG_DATA_V0 *PKERB_CLOUD_KERBEROS_DEBUG_DATA_V0;

struct _KERB_CLOUD_KERBEROS_DEBUG_REQUEST {
    KERB_PROTOCOL_MESSAGE_TYPE MessageType;
    LUID LogonId;
};
typedef struct _KERB_CLOUD_KERBEROS_DEBUG_REQUEST KERB_CLOUD_KERBEROS_DEBUG_REQUEST;
typedef KERB_CLOUD_KERBEROS_DEBUG_REQUEST *PKERB_CLOUD_KERBEROS_DEBUG_REQUEST;

struct _KERB_CLOUD_KERBEROS_DEBUG_RESPONSE {
    KERB_PROTOCOL_MESSAGE_TYPE MessageType;
    ULONG Version;
    ULONG Length;
    ULONG Data[1];
};
typedef struct _KERB_CLOUD_KERBEROS_DEBUG_RESPONSE KERB_CLOUD_KERBEROS_DEBUG_RESPONSE;
typedef KERB_CLOUD_KERBEROS_DEBUG_RESPONSE *PKERB_CLOUD_KERBEROS_DEBUG_RESPONSE;

struct _KERB_REFRESH_POLICY_REQUEST {
    KERB_PROTOCOL_MESSAGE_TYPE MessageType;
    ULONG Flags;
};
typedef struct _KERB_REFRESH_POLICY_REQUEST KERB_REFRESH_POLICY_REQUEST;
typedef KERB_REFRESH_POLICY_REQUEST *PKERB_REFRESH_POLICY_REQUEST;

struct _KERB_REFRESH_POLICY_RESPONSE {
    KERB_PROTOCOL_MESSAGE_TYPE MessageType;
    ULONG Flags;
};
typedef struct _KERB_REFRESH_POLICY_RESPONSE KERB_REFRESH_POLICY_RESPONSE;
typedef KERB_REFRESH_POLICY_RESPONSE *PKERB_REFRESH_POLICY_RESPONSE;

/* What is known of the server that credentials are for. */
struct _CREDENTIAL_TARGET_INFORMATIONA {
    LPSTR TargetName;
    LPSTR NetbiosServerName;
    LPSTR DnsServerName;
    LPSTR NetbiosDomainName;
    LPSTR DnsDomainName;
    LPSTR DnsTreeName;
    LPSTR PackageName;
    ULONG Flags;
    DWORD CredTypeCount;
    LPDWORD CredTypes;
};
typedef struct _CREDENTIAL_TARGET_INFORMATIONA CREDENTIAL_TARGET_INFORMATIONA;
typedef CREDENTIAL_TARGET_INFORMATIONA CREDENTIAL_TARGET_INFORMATION;
typedef CREDENTIAL_TARGET_INFORMATION *PCREDENTIAL_TARGET_INFORMATION;
typedef CREDENTIAL_TARGET_INFORMATIONA *PCREDENTIAL_TARGET_INFORMATIONA;

struct _USERNAME_TARGET_CREDENTIAL_INFO {
    LPWSTR UserName;
};
typedef struct _USERNAME_TARGET_CREDENTIAL_INFO USERNAME_TARGET_CREDENTIAL_INFO;
typedef USERNAME_TARGET_CREDENTIAL_INFO *PUSERNAME_TARGET_CREDENTIAL_INFO;

struct _CERT_CREDENTIAL_INFO {
    ULONG cbSize;
    UCHAR rgbHashOfCert[20];
};
typedef struct _CERT_CREDENTIAL_INFO CERT_CREDENTIAL_INFO;
typedef CERT_CREDENTIAL_INFO *PCERT_CREDENTIAL_INFO;

struct _CREDENTIAL_ATTRIBUTEA {
    LPSTR Keyword;
    DWORD Flags;
    DWORD ValueSize;
    LPBYTE Value;
};
typedef struct _CREDENTIAL_ATTRIBUTEA CREDENTIAL_ATTRIBUTEA;
typedef CREDENTIAL_ATTRIBUTEA *PCREDENTIAL_ATTRIBUTEA;
typedef CREDENTIAL_ATTRIBUTEA CREDENTIAL_ATTRIBUTE;
typedef CREDENTIAL_ATTRIBUTE *PCREDENTIAL_ATTRIBUTE;

struct _CREDENTIALA {
    DWORD Flags;
    DWORD Type;
    LPSTR TargetName;
    LPSTR Comment;
    FILETIME LastWritten;
    DWORD CredentialBlobSize;
    LPBYTE CredentialBlob;
    DWORD Persist;
    DWORD AttributeCount;
    PCREDENTIAL_ATTRIBUTEA Attributes;
    LPSTR TargetAlias;
    LPSTR UserName;
};
typedef struct _CREDENTIALA CREDENTIALA;
typedef CREDENTIALA CREDENTIAL;
typedef CREDENTIAL *PCREDENTIAL;
typedef CREDENTIALA *PCREDENTIALA;

struct _CREDENTIAL_ATTRIBUTEW {
    LPWSTR Keyword;
    DWORD Flags;
    DWORD ValueSize;
    LPBYTE Value;
};
typedef struct _CREDENTIAL_ATTRIBUTEW CREDENTIAL_ATTRIBUTEW;
typedef CREDENTIAL_ATTRIBUTEW *PCREDENTIAL_ATTRIBUTEW;

struct _CREDENTIALW {
    DWORD Flags;
    DWORD Type;
    LPWSTR TargetName;
    LPWSTR Comment;
    FILETIME LastWritten;
    DWORD CredentialBlobSize;
    LPBYTE CredentialBlob;
    DWORD Persist;
    DWORD AttributeCount;
    PCREDENTIAL_ATTRIBUTEW Attributes;
    LPWSTR TargetAlias;
    LPWSTR UserName;
};
typedef struct _CREDENTIALW CREDENTIALW;
typedef CREDENTIALW *PCREDENTIALW;

#define CRYPT_E_MSG_ERROR _HRESULT_TYPEDEF_(0x80091001L)
#define CRYPT_E_UNKNOWN_ALGO _HRESULT_TYPEDEF_(0x80091002L)
#define CRYPT_E_OID_FORMAT _HRESULT_TYPEDEF_(0x80091003L)
#define CRYPT_E_INVALID_MSG_TYPE _HRESULT_TYPEDEF_(0x80091004L)
#define CRYPT_E_UNEXPECTED_ENCODING _HRESULT_TYPEDEF_(0x80091005L)
#define CRYPT_E_AUTH_ATTR_MISSING _HRESULT_TYPEDEF_(0x80091006L)
#define CRYPT_E_HASH_VALUE _HRESULT_TYPEDEF_(0x80091007L)
#define CRYPT_E_INVALID_INDEX _HRESULT_TYPEDEF_(0x80091008L)
#define CRYPT_E_ALREADY_DECRYPTED _HRESULT_TYPEDEF_(0x80091009L)
#define CRYPT_E_NOT_DECRYPTED _HRESULT_TYPEDEF_(0x8009100AL)
#define CRYPT_E_RECIPIENT_NOT_FOUND _HRESULT_TYPEDEF_(0x8009100BL)
#define CRYPT_E_CONTROL_TYPE _HRESULT_TYPEDEF_(0x8009100CL)
#define CRYPT_E_ISSUER_SERIALNUMBER _HRESULT_TYPEDEF_(0x8009100DL)
#define CRYPT_E_SIGNER_NOT_FOUND _HRESULT_TYPEDEF_(0x8009100EL)
#define CRYPT_E_ATTRIBUTES_MISSING _HRESULT_TYPEDEF_(0x8009100FL)
#define CRYPT_E_STREAM_MSG_NOT_READY _HRESULT_TYPEDEF_(0x80091010L)
#define CRYPT_E_STREAM_INSUFFICIENT_DATA _HRESULT_TYPEDEF_(0x80091011L)
#define CRYPT_I_NEW_PROTECTION_REQUIRED _HRESULT_TYPEDEF_(0x00091012L)
#define CRYPT_E_BAD_LEN _HRESULT_TYPEDEF_(0x80092001L)
#define CRYPT_E_BAD_ENCODE _HRESULT_TYPEDEF_(0x80092002L)
#define CRYPT_E_FILE_ERROR _HRESULT_TYPEDEF_(0x80092003L)
#define CRYPT_E_NOT_FOUND _HRESULT_TYPEDEF_(0x80092004L)
#define CRYPT_E_EXISTS _HRESULT_TYPEDEF_(0x80092005L)
#define CRYPT_E_NO_PROVIDER _HRESULT_TYPEDEF_(0x80092006L)
#define CRYPT_E_SELF_SIGNED _HRESULT_TYPEDEF_(0x80092007L)
#define CRYPT_E_DELETED_PREV _HRESULT_TYPEDEF_(0x80092008L)
#define CRYPT_E_NO_MATCH _HRESULT_TYPEDEF_(0x80092009L)
#define CRYPT_E_UNEXPECTED_MSG_TYPE _HRESULT_TYPEDEF_(0x8009200AL)
#define CRYPT_E_NO_KEY_PROPERTY _HRESULT_TYPEDEF_(0x8009200BL)
#define CRYPT_E_NO_DECRYPT_CERT _HRESULT_TYPEDEF_(0x8009200CL)
#define CRYPT_E_BAD_MSG _HRESULT_TYPEDEF_(0x8009200DL)
#define CRYPT_E_NO_SIGNER _HRESULT_TYPEDEF_(0x8009200EL)
#define CRYPT_E_PENDING_CLOSE _HRESULT_TYPEDEF_(0x8009200FL)
#define CRYPT_E_REVOKED _HRESULT_TYPEDEF_(0x80092010L)
#define CRYPT_E_NO_REVOCATION_DLL _HRESULT_TYPEDEF_(0x80092011L)
#define CRYPT_E_NO_REVOCATION_CHECK _HRESULT_TYPEDEF_(0x80092012L)
#define CRYPT_E_REVOCATION_OFFLINE _HRESULT_TYPEDEF_(0x80092013L)
#define CRYPT_E_NOT_IN_REVOCATION_DATABASE _HRESULT_TYPEDEF_(0x80092014L)
#define CRYPT_E_INVALID_NUMERIC_STRING _HRESULT_TYPEDEF_(0x80092020L)
#define CRYPT_E_INVALID_PRINTABLE_STRING _HRESULT_TYPEDEF_(0x80092021L)
#define CRYPT_E_INVALID_IA5_STRING _HRESULT_TYPEDEF_(0x80092022L)
#define CRYPT_E_INVALID_X500_STRING _HRESULT_TYPEDEF_(0x80092023L)
#define CRYPT_E_NOT_CHAR_STRING _HRESULT_TYPEDEF_(0x80092024L)
#define CRYPT_E_FILERESIZED _HRESULT_TYPEDEF_(0x80092025L)
#define CRYPT_E_SECURITY_SETTINGS _HRESULT_TYPEDEF_(0x80092026L)
#define CRYPT_E_NO_VERIFY_USAGE_DLL _HRESULT_TYPEDEF_(0x80092027L)
#define CRYPT_E_NO_VERIFY_USAGE_CHECK _HRESULT_TYPEDEF_(0x80092028L)
#define CRYPT_E_VERIFY_USAGE_OFFLINE _HRESULT_TYPEDEF_(0x80092029L)
#define CRYPT_E_NOT_IN_CTL _HRESULT_TYPEDEF_(0x8009202AL)
#define CRYPT_E_NO_TRUSTED_SIGNER _HRESULT_TYPEDEF_(0x8009202BL)
#define CRYPT_E_MISSING_PUBKEY_PARA _HRESULT_TYPEDEF_(0x8009202CL)
#define CRYPT_E_OSS_ERROR _HRESULT_TYPEDEF_(0x80093000L)
#define CRYPT_E_ASN1_ERROR _HRESULT_TYPEDEF_(0x80093100L)
#define CRYPT_E_ASN1_INTERNAL _HRESULT_TYPEDEF_(0x80093101L)
#define CRYPT_E_ASN1_EOD _HRESULT_TYPEDEF_(0x80093102L)
#define CRYPT_E_ASN1_CORRUPT _HRESULT_TYPEDEF_(0x80093103L)
#define CRYPT_E_ASN1_LARGE _HRESULT_TYPEDEF_(0x80093104L)
#define CRYPT_E_ASN1_CONSTRAINT _HRESULT_TYPEDEF_(0x80093105L)
#define CRYPT_E_ASN1_MEMORY _HRESULT_TYPEDEF_(0x80093106L)
#define CRYPT_E_ASN1_OVERFLOW _HRESULT_TYPEDEF_(0x80093107L)
#define CRYPT_E_ASN1_BADPDU _HRESULT_TYPEDEF_(0x80093108L)
#define CRYPT_E_ASN1_BADARGS _HRESULT_TYPEDEF_(0x80093109L)
#define CRYPT_E_ASN1_BADREAL _HRESULT_TYPEDEF_(0x8009310AL)
#define CRYPT_E_ASN1_BADTAG _HRESULT_TYPEDEF_(0x8009310BL)
#define CRYPT_E_ASN1_CHOICE _HRESULT_TYPEDEF_(0x8009310CL)
#define CRYPT_E_ASN1_RULE _HRESULT_TYPEDEF_(0x8009310DL)
#define CRYPT_E_ASN1_UTF8 _HRESULT_TYPEDEF_(0x8009310EL)
#define CRYPT_E_ASN1_PDU_TYPE _HRESULT_TYPEDEF_(0x80093133L)
#define CRYPT_E_ASN1_NYI _HRESULT_TYPEDEF_(0x80093134L)
#define CRYPT_E_ASN1_EXTENDED _HRESULT_TYPEDEF_(0x80093201L)
#define CRYPT_E_ASN1_NOEOD _HRESULT_TYPEDEF_(0x80093202L)
#define TRUST_E_SYSTEM_ERROR _HRESULT_TYPEDEF_(0x80096001L)
#define TRUST_E_NO_SIGNER_CERT _HRESULT_TYPEDEF_(0x80096002L)
#define TRUST_E_COUNTER_SIGNER _HRESULT_TYPEDEF_(0x80096003L)
#define TRUST_E_CERT_SIGNATURE _HRESULT_TYPEDEF_(0x80096004L)
#define TRUST_E_TIME_STAMP _HRESULT_TYPEDEF_(0x80096005L)
#define TRUST_E_BAD_DIGEST _HRESULT_TYPEDEF_(0x80096010L)
#define TRUST_E_BASIC_CONSTRAINTS _HRESULT_TYPEDEF_(0x80096019L)
#define TRUST_E_FINANCIAL_CRITERIA _HRESULT_TYPEDEF_(0x8009601EL)
#define TRUST_E_PROVIDER_UNKNOWN _HRESULT_TYPEDEF_(0x800B0001L)
#define TRUST_E_ACTION_UNKNOWN _HRESULT_TYPEDEF_(0x800B0002L)
#define TRUST_E_SUBJECT_FORM_UNKNOWN _HRESULT_TYPEDEF_(0x800B0003L)
#define TRUST_E_SUBJECT_NOT_TRUSTED _HRESULT_TYPEDEF_(0x800B0004L)
#define TRUST_E_NOSIGNATURE _HRESULT_TYPEDEF_(0x800B0100L)
#define CERT_E_EXPIRED _HRESULT_TYPEDEF_(0x800B0101L)
#define CERT_E_VALIDITYPERIODNESTING _HRESULT_TYPEDEF_(0x800B0102L)
#define CERT_E_ROLE _HRESULT_TYPEDEF_(0x800B0103L)
#define CERT_E_PATHLENCONST _HRESULT_TYPEDEF_(0x800B0104L)
#define CERT_E_CRITICAL _HRESULT_TYPEDEF_(0x800B0105L)
#define CERT_E_PURPOSE _HRESULT_TYPEDEF_(0x800B0106L)
#define CERT_E_ISSUERCHAINING _HRESULT_TYPEDEF_(0x800B0107L)
#define CERT_E_MALFORMED _HRESULT_TYPEDEF_(0x800B0108L)
#define CERT_E_UNTRUSTEDROOT _HRESULT_TYPEDEF_(0x800B0109L)
#define CERT_E_CHAINING _HRESULT_TYPEDEF_(0x800B010AL)
#define TRUST_E_FAIL _HRESULT_TYPEDEF_(0x800B010BL)
#define CERT_E_REVOKED _HRESULT_TYPEDEF_(0x800B010CL)
#define CERT_E_UNTRUSTEDTESTROOT _HRESULT_TYPEDEF_(0x800B010DL)
#define CERT_E_REVOCATION_FAILURE _HRESULT_TYPEDEF_(0x800B010EL)
#define CERT_E_CN_NO_MATCH _HRESULT_TYPEDEF_(0x800B010FL)
#define CERT_E_WRONG_USAGE _HRESULT_TYPEDEF_(0x800B0110L)
#define TRUST_E_EXPLICIT_DISTRUST _HRESULT_TYPEDEF_(0x800B0111L)
#define CERT_E_UNTRUSTEDCA _HRESULT_TYPEDEF_(0x800B0112L)
#define CERT_E_INVALID_POLICY _HRESULT_TYPEDEF_(0x800B0113L)
#define CERT_E_INVALID_NAME _HRESULT_TYPEDEF_(0x800B0114L)
#define SECBUFFER_VERSION 0
#define SECBUFFER_EMPTY 0
#define SECBUFFER_DATA 1
#define SECBUFFER_TOKEN 2
#define SECBUFFER_PKG_PARAMS 3
#define SECBUFFER_MISSING 4
#define SECBUFFER_EXTRA 5
#define SECBUFFER_STREAM_TRAILER 6
#define SECBUFFER_STREAM_HEADER 7
#define SECBUFFER_NEGOTIATION_INFO 8
#define SECBUFFER_PADDING 9
#define SECBUFFER_STREAM 10
#define SECBUFFER_MECHLIST 11
#define SECBUFFER_MECHLIST_SIGNATURE 12
#define SECBUFFER_TARGET 13
#define SECBUFFER_CHANNEL_BINDINGS 14
#define SECBUFFER_CHANGE_PASS_RESPONSE 15
#define SECBUFFER_TARGET_HOST 16
#define SECBUFFER_ALERT 17
#define SECBUFFER_APPLICATION_PROTOCOLS 18
#define SECBUFFER_SRTP_PROTECTION_PROFILES 19
#define SECBUFFER_SRTP_MASTER_KEY_IDENTIFIER 20
#define SECBUFFER_TOKEN_BINDING 21
#define SECBUFFER_PRESHARED_KEY 22
#define SECBUFFER_PRESHARED_KEY_IDENTITY 23
#define SECBUFFER_DTLS_MTU 24
#define SECBUFFER_SEND_GENERIC_TLS_EXTENSION 25
#define SECBUFFER_SUBSCRIBE_GENERIC_TLS_EXTENSION 26
#define SECBUFFER_FLAGS 27
#define SECBUFFER_TRAFFIC_SECRETS 28
#define SECBUFFER_ATTRMASK 0xF0000000
#define SECBUFFER_READONLY 0x80000000
#define SECBUFFER_READONLY_WITH_CHECKSUM 0x10000000
#define SECBUFFER_RESERVED 0x60000000
#define SECBUFFER_UNMAPPED 0x40000000
#define SECBUFFER_KERNEL_MAP 0x20000000
#define ISC_REQ_DELEGATE 0x00000001
#define ISC_REQ_MUTUAL_AUTH 0x00000002
#define ISC_REQ_REPLAY_DETECT 0x00000004
#define ISC_REQ_SEQUENCE_DETECT 0x00000008
#define ISC_REQ_CONFIDENTIALITY 0x00000010
#define ISC_REQ_USE_SESSION_KEY 0x00000020
#define ISC_REQ_PROMPT_FOR_CREDS 0x00000040
#define ISC_REQ_USE_SUPPLIED_CREDS 0x00000080
#define ISC_REQ_ALLOCATE_MEMORY 0x00000100
#define ISC_REQ_USE_DCE_STYLE 0x00000200
#define ISC_REQ_DATAGRAM 0x00000400
#define ISC_REQ_CONNECTION 0x00000800
#define ISC_REQ_CALL_LEVEL 0x00001000
#define ISC_REQ_FRAGMENT_SUPPLIED 0x00002000
#define ISC_REQ_EXTENDED_ERROR 0x00004000
#define ISC_REQ_STREAM 0x00008000
#define ISC_REQ_INTEGRITY 0x00010000
#define ISC_REQ_IDENTIFY 0x00020000
#define ISC_REQ_NULL_SESSION 0x00040000
#define ISC_REQ_MANUAL_CRED_VALIDATION 0x00080000
#define ISC_REQ_RESERVED1 0x00100000
#define ISC_REQ_FRAGMENT_TO_FIT 0x00200000
#define ISC_REQ_FORWARD_CREDENTIALS 0x00400000
#define ISC_REQ_NO_INTEGRITY 0x00800000
#define ISC_REQ_USE_HTTP_STYLE 0x01000000
#define ISC_REQ_UNVERIFIED_TARGET_NAME 0x20000000
#define ISC_REQ_CONFIDENTIALITY_ONLY 0x40000000
#define ISC_REQ_MESSAGES (__extension__ 0x0000000100000000ULL)
#define ISC_RET_DELEGATE 0x00000001
#define ISC_RET_MUTUAL_AUTH 0x00000002
#define ISC_RET_REPLAY_DETECT 0x00000004
#define ISC_RET_SEQUENCE_DETECT 0x00000008
#define ISC_RET_CONFIDENTIALITY 0x00000010
#define ISC_RET_USE_SESSION_KEY 0x00000020
#define ISC_RET_USED_COLLECTED_CREDS 0x00000040
#define ISC_RET_USED_SUPPLIED_CREDS 0x00000080
#define ISC_RET_ALLOCATED_MEMORY 0x00000100
#define ISC_RET_USED_DCE_STYLE 0x00000200
#define ISC_RET_DATAGRAM 0x00000400
#define ISC_RET_CONNECTION 0x00000800
#define ISC_RET_INTERMEDIATE_RETURN 0x00001000
#define ISC_RET_CALL_LEVEL 0x00002000
#define ISC_RET_EXTENDED_ERROR 0x00004000
#define ISC_RET_STREAM 0x00008000
#define ISC_RET_INTEGRITY 0x00010000
#define ISC_RET_IDENTIFY 0x00020000
#define ISC_RET_NULL_SESSION 0x00040000
#define ISC_RET_MANUAL_CRED_VALIDATION 0x00080000
#define ISC_RET_RESERVED1 0x00100000
#define ISC_RET_FRAGMENT_ONLY 0x00200000
#define ISC_RET_FORWARD_CREDENTIALS 0x00400000
#define ISC_RET_USED_HTTP_STYLE 0x01000000
#define ISC_RET_NO_ADDITIONAL_TOKEN 0x02000000
#define ISC_RET_REAUTHENTICATION 0x08000000
#define ISC_RET_CONFIDENTIALITY_ONLY 0x40000000
#define ISC_RET_MESSAGES (__extension__ 0x0000000100000000ULL)
#define ASC_REQ_DELEGATE 0x00000001
#define ASC_REQ_MUTUAL_AUTH 0x00000002
#define ASC_REQ_REPLAY_DETECT 0x00000004
#define ASC_REQ_SEQUENCE_DETECT 0x00000008
#define ASC_REQ_CONFIDENTIALITY 0x00000010
#define ASC_REQ_USE_SESSION_KEY 0x00000020
#define ASC_REQ_SESSION_TICKET 0x00000040
#define ASC_REQ_ALLOCATE_MEMORY 0x00000100
#define ASC_REQ_USE_DCE_STYLE 0x00000200
#define ASC_REQ_DATAGRAM 0x00000400
#define ASC_REQ_CONNECTION 0x00000800
#define ASC_REQ_CALL_LEVEL 0x00001000
#define ASC_REQ_FRAGMENT_SUPPLIED 0x00002000
#define ASC_REQ_EXTENDED_ERROR 0x00008000
#define ASC_REQ_STREAM 0x00010000
#define ASC_REQ_INTEGRITY 0x00020000
#define ASC_REQ_LICENSING 0x00040000
#define ASC_REQ_IDENTIFY 0x00080000
#define ASC_REQ_ALLOW_NULL_SESSION 0x00100000
#define ASC_REQ_ALLOW_NON_USER_LOGONS 0x00200000
#define ASC_REQ_ALLOW_CONTEXT_REPLAY 0x00400000
#define ASC_REQ_FRAGMENT_TO_FIT 0x00800000
#define ASC_REQ_NO_TOKEN 0x01000000
#define ASC_REQ_PROXY_BINDINGS 0x04000000
#define ASC_REQ_ALLOW_MISSING_BINDINGS 0x10000000
#define ASC_REQ_MESSAGES (__extension__ 0x0000000100000000ULL)
#define ASC_RET_DELEGATE 0x00000001
#define ASC_RET_MUTUAL_AUTH 0x00000002
#define ASC_RET_REPLAY_DETECT 0x00000004
#define ASC_RET_SEQUENCE_DETECT 0x00000008
#define ASC_RET_CONFIDENTIALITY 0x00000010
#define ASC_RET_USE_SESSION_KEY 0x00000020
#define ASC_RET_SESSION_TICKET 0x00000040
#define ASC_RET_ALLOCATED_MEMORY 0x00000100
#define ASC_RET_USED_DCE_STYLE 0x00000200
#define ASC_RET_DATAGRAM 0x00000400
#define ASC_RET_CONNECTION 0x00000800
#define ASC_RET_CALL_LEVEL 0x00002000
#define ASC_RET_THIRD_LEG_FAILED 0x00004000
#define ASC_RET_EXTENDED_ERROR 0x00008000
#define ASC_RET_STREAM 0x00010000
#define ASC_RET_INTEGRITY 0x00020000
#define ASC_RET_LICENSING 0x00040000
#define ASC_RET_IDENTIFY 0x00080000
#define ASC_RET_NULL_SESSION 0x00100000
#define ASC_RET_ALLOW_NON_USER_LOGONS 0x00200000
#define ASC_RET_ALLOW_CONTEXT_REPLAY 0x00400000
#define ASC_RET_FRAGMENT_ONLY 0x00800000
#define ASC_RET_NO_TOKEN 0x01000000
#define ASC_RET_NO_ADDITIONAL_TOKEN 0x02000000
#define ASC_RET_MESSAGES (__extension__ 0x0000000100000000ULL)
#define SECQOP_WRAP_NO_ENCRYPT 0x80000001
#define SECQOP_WRAP_OOB_DATA 0x40000000
#define SASL_OPTION_SEND_SIZE 1
#define SASL_OPTION_RECV_SIZE 2
#define SASL_OPTION_AUTHZ_STRING 3
#define SASL_OPTION_AUTHZ_PROCESSING 4
#define ISC_REQ_DEFERRED_CRED_VALIDATION (__extension__ 0x0000000200000000ULL)
#define ISC_REQ_NO_POST_HANDSHAKE_AUTH (__extension__ 0x0000000400000000ULL)
#define ISC_RET_DEFERRED_CRED_VALIDATION (__extension__ 0x0000000200000000ULL)
#define ISC_RET_NO_POST_HANDSHAKE_AUTH (__extension__ 0x0000000400000000ULL)
#define SECBUFFER_CERTIFICATE_REQUEST_CONTEXT 0x0000001D
#define SECBUFFER_CHANNEL_BINDINGS_RESULT 0x0000001E
#define SEC_CHANNEL_BINDINGS_AUDIT_BINDINGS 1
#define SEC_CHANNEL_BINDINGS_RESULT_ABSENT 2
#define SEC_CHANNEL_BINDINGS_RESULT_CLIENT_SUPPORT 1
#define SEC_CHANNEL_BINDINGS_RESULT_NOTVALID_MISMATCH 4
#define SEC_CHANNEL_BINDINGS_RESULT_NOTVALID_MISSING 8
#define SEC_CHANNEL_BINDINGS_RESULT_VALID_MATCHED 0x00000010
#define SEC_CHANNEL_BINDINGS_RESULT_VALID_MISSING 0x00000040
#define SEC_CHANNEL_BINDINGS_RESULT_VALID_PROXY 0x00000020
#define SEC_CHANNEL_BINDINGS_VALID_FLAGS 1
#define SEC_CHANNEL_BINDINGS_RESULT_VALID 0x00000070
#define SEC_CHANNEL_BINDINGS_RESULT_NOTVALID 0x0000000C
#define CRED_MAX_STRING_LENGTH 256
#define CRED_MAX_USERNAME_LENGTH 513
#define CRED_MAX_GENERIC_TARGET_NAME_LENGTH 32767
#define CRED_MAX_DOMAIN_TARGET_NAME_LENGTH 337
#define CRED_MAX_VALUE_SIZE 256
#define CRED_MAX_ATTRIBUTES 64
#define CRED_SESSION_WILDCARD_NAME_LENGTH 8
#define CRED_FLAGS_PASSWORD_FOR_CERT 0x00000001
#define CRED_FLAGS_PROMPT_NOW 0x00000002
#define CRED_FLAGS_USERNAME_TARGET 0x00000004
#define CRED_FLAGS_OWF_CRED_BLOB 0x00000008
#define CRED_FLAGS_VALID_FLAGS 0x0000000F
#define CRED_MAX_CREDENTIAL_BLOB_SIZE 2560
#define CRED_PERSIST_NONE 0
#define CRED_PERSIST_SESSION 1
#define CRED_PERSIST_LOCAL_MACHINE 2
#define CRED_PERSIST_ENTERPRISE 3
#define CRED_PRESERVE_CREDENTIAL_BLOB 0x00000001
#define CRED_CACHE_TARGET_INFORMATION 0x00000001
#define CRED_ALLOW_NAME_RESOLUTION 0x00000001
#define CRED_MARSHALED_TI_SIZE_SIZE 12
#define CRED_TYPE_GENERIC 1
#define CRED_TYPE_DOMAIN_PASSWORD 2
#define CRED_TYPE_DOMAIN_CERTIFICATE 3
#define CRED_TYPE_DOMAIN_VISIBLE_PASSWORD 4
#define CRED_TYPE_MAXIMUM 7
#define CRED_TYPE_MAXIMUM_EX 1007
#define CRED_TI_SERVER_FORMAT_UNKNOWN 0x00000001
#define CRED_TI_DOMAIN_FORMAT_UNKNOWN 0x00000002
#define CRED_TI_ONLY_PASSWORD_REQUIRED 0x00000004
#define CRED_TI_USERNAME_TARGET 0x00000008
#define CRED_TI_CREATE_EXPLICIT_CRED 0x00000010
#define CRED_TI_WORKGROUP_MEMBER 0x00000020
#define CRED_TI_VALID_FLAGS 0x0000003F
#define CERT_HASH_LENGTH 20
#define RPC_C_AUTHN_LEVEL_DEFAULT 0
#define RPC_C_AUTHN_LEVEL_NONE 1
#define RPC_C_AUTHN_LEVEL_CONNECT 2
#define RPC_C_AUTHN_LEVEL_CALL 3
#define RPC_C_AUTHN_LEVEL_PKT 4
#define RPC_C_AUTHN_LEVEL_PKT_INTEGRITY 5
#define RPC_C_AUTHN_LEVEL_PKT_PRIVACY 6
#define RPC_C_AUTHN_NONE 0
#define RPC_C_AUTHN_DCE_PRIVATE 1
#define RPC_C_AUTHN_DCE_PUBLIC 2
#define RPC_C_AUTHN_DEC_PUBLIC 4
#define RPC_C_AUTHN_GSS_NEGOTIATE 9
#define RPC_C_AUTHN_WINNT 10
#define RPC_C_AUTHN_GSS_SCHANNEL 14
#define RPC_C_AUTHN_GSS_KERBEROS 16
#define RPC_C_AUTHN_DPA 17
#define RPC_C_AUTHN_MSN 18
#define RPC_C_AUTHN_DIGEST 21
#define RPC_C_AUTHN_MQ 100
#define RPC_C_AUTHN_DEFAULT 0xFFFFFFFF
#define RPC_C_IMP_LEVEL_DEFAULT 0
#define RPC_C_IMP_LEVEL_ANONYMOUS 1
#define RPC_C_IMP_LEVEL_IDENTIFY 2
#define RPC_C_IMP_LEVEL_IMPERSONATE 3
#define RPC_C_IMP_LEVEL_DELEGATE 4
#define SEC_WINNT_AUTH_IDENTITY_VERSION_2 0x00000201
#define SEC_WINNT_AUTH_IDENTITY_ANSI 0x00000001
#define SEC_WINNT_AUTH_IDENTITY_UNICODE 0x00000002
#define SEC_WINNT_AUTH_IDENTITY_VERSION 0x00000200
#define SEC_WINNT_AUTH_IDENTITY_FLAGS_PROCESS_ENCRYPTED 0x00000010
#define SEC_WINNT_AUTH_IDENTITY_FLAGS_SYSTEM_PROTECTED 0x00000020
#define SEC_WINNT_AUTH_IDENTITY_FLAGS_USER_PROTECTED 0x00000040
#define SEC_WINNT_AUTH_IDENTITY_FLAGS_SYSTEM_ENCRYPTED 0x00000080
#define SEC_WINNT_AUTH_IDENTITY_FLAGS_RESERVED 0x00010000
#define SEC_WINNT_AUTH_IDENTITY_FLAGS_NULL_USER 0x00020000
#define SEC_WINNT_AUTH_IDENTITY_FLAGS_NULL_DOMAIN 0x00040000
#define SEC_WINNT_AUTH_IDENTITY_FLAGS_ID_PROVIDER 0x00080000
#define SEC_WINNT_AUTH_IDENTITY_FLAGS_SSPIPFC_USE_MASK 0xFF000000
#define SEC_WINNT_AUTH_IDENTITY_FLAGS_SSPIPFC_CREDPROV_DO_NOT_SAVE 0x80000000
#define SEC_WINNT_AUTH_IDENTITY_FLAGS_SSPIPFC_SAVE_CRED_BY_CALLER 0x80000000
#define SEC_WINNT_AUTH_IDENTITY_FLAGS_SSPIPFC_SAVE_CRED_CHECKED 0x40000000
#define SEC_WINNT_AUTH_IDENTITY_FLAGS_SSPIPFC_NO_CHECKBOX 0x20000000
#define SEC_WINNT_AUTH_IDENTITY_FLAGS_SSPIPFC_CREDPROV_DO_NOT_LOAD 0x10000000
#define SEC_WINNT_AUTH_IDENTITY_FLAGS_VALID_SSPIPFC_FLAGS 0xF0000000
#define SEC_WINNT_AUTH_IDENTITY_MARSHALLED 0x00000004
#define SEC_WINNT_AUTH_IDENTITY_ONLY 0x00000008
#define SEC_WINNT_AUTH_IDENTITY_ENCRYPT_SAME_LOGON 1
#define SEC_WINNT_AUTH_IDENTITY_ENCRYPT_SAME_PROCESS 2
#define SEC_WINNT_AUTH_IDENTITY_ENCRYPT_FOR_SYSTEM 4
#define SSPIPFC_CREDPROV_DO_NOT_SAVE 0x00000001
#define SSPIPFC_SAVE_CRED_BY_CALLER 1
#define SSPIPFC_NO_CHECKBOX 0x00000002
#define SSPIPFC_CREDPROV_DO_NOT_LOAD 0x00000004
#define SSPIPFC_USE_CREDUIBROKER 0x00000008
#define SSPIPFC_VALID_FLAGS 0x0000000F
#define NGC_DATA_FLAG_KERB_CERTIFICATE_LOGON_FLAG_CHECK_DUPLICATES 1
#define NGC_DATA_FLAG_KERB_CERTIFICATE_LOGON_FLAG_USE_CERTIFICATE_INFO 2
#define NGC_DATA_FLAG_IS_SMARTCARD_DATA 4
#define NGC_DATA_FLAG_IS_CLOUD_TRUST_CRED 8
#define KERBEROS_VERSION 5
#define KERBEROS_REVISION 6
#define KERB_WRAP_NO_ENCRYPT 0x80000001
#define KERB_LOGON_FLAG_ALLOW_EXPIRED_TICKET 0x00000001
#define KERB_LOGON_FLAG_REDIRECTED 0x00000002
#define KERB_S4U_LOGON_FLAG_CHECK_LOGONHOURS 0x00000002
#define KERB_S4U_LOGON_FLAG_IDENTIFY 0x00000008
#define KERB_USE_DEFAULT_TICKET_FLAGS 0x00000000
#define KERB_PURGE_ALL_TICKETS 1
#define KERB_S4U2PROXY_CACHE_ENTRY_INFO_FLAG_NEGATIVE 0x00000001
#define KERB_S4U2PROXY_CRED_FLAG_NEGATIVE 0x00000001
#define KERB_SETPASS_USE_LOGONID 1
#define KERB_SETPASS_USE_CREDHANDLE 2
#define KERB_DECRYPT_FLAG_DEFAULT_KEY 0x00000001
#define KERB_REFRESH_SCCRED_RELEASE 0x00000000
#define KERB_REFRESH_SCCRED_GETTGT 0x00000001
#define KERB_REQUEST_ADD_CREDENTIAL 1
#define KERB_REQUEST_REPLACE_CREDENTIAL 2
#define KERB_REQUEST_REMOVE_CREDENTIAL 4
#define KERB_TRANSFER_CRED_WITH_TICKETS 1
#define KERB_TRANSFER_CRED_CLEANUP_CREDENTIALS 2
#define KERB_QUERY_DOMAIN_EXTENDED_POLICIES_RESPONSE_FLAG_DAC_DISABLED 1
#define KERB_CERTIFICATE_LOGON_FLAG_CHECK_DUPLICATES 0x00000001
#define KERB_CERTIFICATE_LOGON_FLAG_USE_CERTIFICATE_INFO 0x00000002
#define KERB_CERTIFICATE_S4U_LOGON_FLAG_CHECK_DUPLICATES 0x00000001
#define KERB_CERTIFICATE_S4U_LOGON_FLAG_CHECK_LOGONHOURS 0x00000002
#define KERB_CERTIFICATE_S4U_LOGON_FLAG_FAIL_IF_NT_AUTH_POLICY_REQUIRED 0x00000004
#define KERB_CERTIFICATE_S4U_LOGON_FLAG_IDENTIFY 0x00000008
#define KERB_ETYPE_NULL 0
#define KERB_ETYPE_DES_CBC_CRC 1
#define KERB_ETYPE_DES_CBC_MD4 2
#define KERB_ETYPE_DES_CBC_MD5 3
#define KERB_ETYPE_AES128_CTS_HMAC_SHA1_96 17
#define KERB_ETYPE_AES256_CTS_HMAC_SHA1_96 18
#define KERB_ETYPE_RC4_MD4 (-128)
#define KERB_ETYPE_RC4_PLAIN2 (-129)
#define KERB_ETYPE_RC4_LM (-130)
#define KERB_ETYPE_RC4_SHA (-131)
#define KERB_ETYPE_DES_PLAIN (-132)
#define KERB_ETYPE_RC4_HMAC_OLD (-133)
#define KERB_ETYPE_RC4_PLAIN_OLD (-134)
#define KERB_ETYPE_RC4_HMAC_OLD_EXP (-135)
#define KERB_ETYPE_RC4_PLAIN_OLD_EXP (-136)
#define KERB_ETYPE_RC4_PLAIN (-140)
#define KERB_ETYPE_RC4_PLAIN_EXP (-141)
#define KERB_ETYPE_AES128_CTS_HMAC_SHA1_96_PLAIN (-148)
#define KERB_ETYPE_AES256_CTS_HMAC_SHA1_96_PLAIN (-149)
#define KERB_ETYPE_DSA_SHA1_CMS 9
#define KERB_ETYPE_RSA_MD5_CMS 10
#define KERB_ETYPE_RSA_SHA1_CMS 11
#define KERB_ETYPE_RC2_CBC_ENV 12
#define KERB_ETYPE_RSA_ENV 13
#define KERB_ETYPE_RSA_ES_OEAP_ENV 14
#define KERB_ETYPE_DES_EDE3_CBC_ENV 15
#define KERB_ETYPE_DSA_SIGN 8
#define KERB_ETYPE_RSA_PRIV 9
#define KERB_ETYPE_RSA_PUB 10
#define KERB_ETYPE_RSA_PUB_MD5 11
#define KERB_ETYPE_RSA_PUB_SHA1 12
#define KERB_ETYPE_PKCS7_PUB 13
#define KERB_ETYPE_DES3_CBC_MD5 5
#define KERB_ETYPE_DES3_CBC_SHA1 7
#define KERB_ETYPE_DES3_CBC_SHA1_KD 16
#define KERB_ETYPE_DES_CBC_MD5_NT 20
#define KERB_ETYPE_RC4_HMAC_NT 23
#define KERB_ETYPE_RC4_HMAC_NT_EXP 24
#define KERB_ETYPE_DEFAULT 0x00000000
#define KERB_CHECKSUM_NONE 0
#define KERB_CHECKSUM_CRC32 1
#define KERB_CHECKSUM_MD4 2
#define KERB_CHECKSUM_KRB_DES_MAC 4
#define KERB_CHECKSUM_KRB_DES_MAC_K 5
#define KERB_CHECKSUM_MD5 7
#define KERB_CHECKSUM_MD5_DES 8
#define KERB_CHECKSUM_SHA1_NEW 14
#define KERB_CHECKSUM_HMAC_SHA1_96_AES128 15
#define KERB_CHECKSUM_HMAC_SHA1_96_AES256 16
#define KERB_CHECKSUM_LM (-130)
#define KERB_CHECKSUM_SHA1 (-131)
#define KERB_CHECKSUM_REAL_CRC32 (-132)
#define KERB_CHECKSUM_DES_MAC (-133)
#define KERB_CHECKSUM_DES_MAC_MD5 (-134)
#define KERB_CHECKSUM_MD25 (-135)
#define KERB_CHECKSUM_RC4_MD5 (-136)
#define KERB_CHECKSUM_MD5_HMAC (-137)
#define KERB_CHECKSUM_HMAC_MD5 (-138)
#define KERB_CHECKSUM_HMAC_SHA1_96_AES128_Ki (-150)
#define KERB_CHECKSUM_HMAC_SHA1_96_AES256_Ki (-151)
#define AUTH_REQ_ALLOW_FORWARDABLE 0x00000001
#define AUTH_REQ_ALLOW_PROXIABLE 0x00000002
#define AUTH_REQ_ALLOW_POSTDATE 0x00000004
#define AUTH_REQ_ALLOW_RENEWABLE 0x00000008
#define AUTH_REQ_ALLOW_NOADDRESS 0x00000010
#define AUTH_REQ_ALLOW_ENC_TKT_IN_SKEY 0x00000020
#define AUTH_REQ_ALLOW_VALIDATE 0x00000040
#define AUTH_REQ_VALIDATE_CLIENT 0x00000080
#define AUTH_REQ_OK_AS_DELEGATE 0x00000100
#define AUTH_REQ_PREAUTH_REQUIRED 0x00000200
#define AUTH_REQ_TRANSITIVE_TRUST 0x00000400
#define AUTH_REQ_ALLOW_S4U_DELEGATE 0x00000800
#define AUTH_REQ_PER_USER_FLAGS 0x0000004F
#define KERB_TICKET_FLAGS_reserved 0x80000000
#define KERB_TICKET_FLAGS_forwardable 0x40000000
#define KERB_TICKET_FLAGS_forwarded 0x20000000
#define KERB_TICKET_FLAGS_proxiable 0x10000000
#define KERB_TICKET_FLAGS_proxy 0x08000000
#define KERB_TICKET_FLAGS_may_postdate 0x04000000
#define KERB_TICKET_FLAGS_postdated 0x02000000
#define KERB_TICKET_FLAGS_invalid 0x01000000
#define KERB_TICKET_FLAGS_renewable 0x00800000
#define KERB_TICKET_FLAGS_initial 0x00400000
#define KERB_TICKET_FLAGS_pre_authent 0x00200000
#define KERB_TICKET_FLAGS_hw_authent 0x00100000
#define KERB_TICKET_FLAGS_ok_as_delegate 0x00040000
#define KERB_TICKET_FLAGS_name_canonicalize 0x00010000
#define KERB_TICKET_FLAGS_enc_pa_rep 0x00010000
#define KERB_TICKET_FLAGS_reserved1 0x00000001
#define KRB_NT_UNKNOWN 0
#define KRB_NT_PRINCIPAL 1
#define KRB_NT_PRINCIPAL_AND_ID (-131)
#define KRB_NT_SRV_INST 2
#define KRB_NT_SRV_INST_AND_ID (-132)
#define KRB_NT_SRV_HST 3
#define KRB_NT_SRV_XHST 4
#define KRB_NT_UID 5
#define KRB_NT_ENTERPRISE_PRINCIPAL 10
#define KRB_NT_WELLKNOWN 11
#define KRB_NT_MS_BRANCH_ID (-133)
#define KRB_NT_ENT_PRINCIPAL_AND_ID (-130)
#define KRB_NT_MS_PRINCIPAL (-128)
#define KRB_NT_MS_PRINCIPAL_AND_ID (-129)
#define KRB_NT_X500_PRINCIPAL 6
#define KERB_RETRIEVE_TICKET_DEFAULT 0x00000000
#define KERB_RETRIEVE_TICKET_DONT_USE_CACHE 0x00000001
#define KERB_RETRIEVE_TICKET_USE_CACHE_ONLY 0x00000002
#define KERB_RETRIEVE_TICKET_USE_CREDHANDLE 0x00000004
#define KERB_RETRIEVE_TICKET_AS_KERB_CRED 0x00000008
#define KERB_RETRIEVE_TICKET_WITH_SEC_CRED 0x00000010
#define KERB_RETRIEVE_TICKET_CACHE_TICKET 0x00000020
#define KERB_RETRIEVE_TICKET_MAX_LIFETIME 0x00000040
#define DS_UNKNOWN_ADDRESS_TYPE 0
#define DS_INET_ADDRESS 1
#define DS_NETBIOS_ADDRESS 2
#define KERB_CHECKSUM_SHA256 (-139)
#define KERB_CHECKSUM_SHA384 (-140)
#define KERB_CHECKSUM_SHA512 (-141)
#define KERB_CLOUD_KERBEROS_DEBUG_DATA_VERSION 1
#define KERB_REFRESH_POLICY_KDC 2
#define KERB_REFRESH_POLICY_KERBEROS 1
#define KERB_TICKET_FLAGS_cname_in_pa_data 0x00040000
#define KerbPrintCloudKerberosDebugMessage 0x00000024
#define KerbRefreshPolicyMessage 0x00000023
#define LSA_MODE_PASSWORD_PROTECTED 0x00000001
#define LSA_MODE_INDIVIDUAL_ACCOUNTS 0x00000002
#define LSA_MODE_MANDATORY_ACCESS 0x00000004
#define LSA_MODE_LOG_FULL 0x00000008
#define LSA_FTRECORD_DISABLED_REASONS 0x0000FFFF
#define LSA_TLN_DISABLED_NEW 0x00000001
#define LSA_TLN_DISABLED_ADMIN 0x00000002
#define LSA_TLN_DISABLED_CONFLICT 0x00000004
#define LSA_SID_DISABLED_ADMIN 0x00000001
#define LSA_SID_DISABLED_CONFLICT 0x00000002
#define LSA_NB_DISABLED_ADMIN 0x00000004
#define LSA_NB_DISABLED_CONFLICT 0x00000008
#define NEGOTIATE_MAX_PREFIX 32
#define DOMAIN_PASSWORD_COMPLEX 0x00000001
#define DOMAIN_PASSWORD_NO_ANON_CHANGE 0x00000002
#define DOMAIN_PASSWORD_NO_CLEAR_CHANGE 0x00000004
#define DOMAIN_LOCKOUT_ADMINS 0x00000008
#define DOMAIN_PASSWORD_STORE_CLEARTEXT 0x00000010
#define DOMAIN_REFUSE_PASSWORD_CHANGE 0x00000020
#define DOMAIN_NO_LM_OWF_CHANGE 0x00000040
#define LOGON_GUEST 0x00000001
#define LOGON_NOENCRYPTION 0x00000002
#define LOGON_CACHED_ACCOUNT 0x00000004
#define LOGON_USED_LM_PASSWORD 0x00000008
#define LOGON_EXTRA_SIDS 0x00000020
#define LOGON_SUBAUTH_SESSION_KEY 0x00000040
#define LOGON_SERVER_TRUST_ACCOUNT 0x00000080
#define LOGON_NTLMV2_ENABLED 0x00000100
#define LOGON_RESOURCE_GROUPS 0x00000200
#define LOGON_PROFILE_PATH_RETURNED 0x00000400
#define LOGON_NT_V2 0x00000800
#define LOGON_LM_V2 0x00001000
#define LOGON_NTLM_V2 0x00002000
#define LOGON_OPTIMIZED 0x00004000
#define LOGON_WINLOGON 0x00008000
#define LOGON_PKINIT 0x00010000
#define LOGON_NO_OPTIMIZED 0x00020000
#define LOGON_NO_ELEVATION 0x00040000
#define LOGON_MANAGED_SERVICE 0x00080000
#define LOGON_GRACE_LOGON 0x01000000
#define MSV1_0_PACKAGE_NAMEW_LENGTH 74
#define MSV1_0_CHALLENGE_LENGTH 8
#define MSV1_0_USER_SESSION_KEY_LENGTH 16
#define MSV1_0_LANMAN_SESSION_KEY_LENGTH 8
#define MSV1_0_CLEARTEXT_PASSWORD_ALLOWED 0x00000002
#define MSV1_0_UPDATE_LOGON_STATISTICS 0x00000004
#define MSV1_0_RETURN_USER_PARAMETERS 0x00000008
#define MSV1_0_DONT_TRY_GUEST_ACCOUNT 0x00000010
#define MSV1_0_ALLOW_SERVER_TRUST_ACCOUNT 0x00000020
#define MSV1_0_RETURN_PASSWORD_EXPIRY 0x00000040
#define MSV1_0_USE_CLIENT_CHALLENGE 0x00000080
#define MSV1_0_TRY_GUEST_ACCOUNT_ONLY 0x00000100
#define MSV1_0_RETURN_PROFILE_PATH 0x00000200
#define MSV1_0_TRY_SPECIFIED_DOMAIN_ONLY 0x00000400
#define MSV1_0_ALLOW_WORKSTATION_TRUST_ACCOUNT 0x00000800
#define MSV1_0_DISABLE_PERSONAL_FALLBACK 0x00001000
#define MSV1_0_ALLOW_FORCE_GUEST 0x00002000
#define MSV1_0_CLEARTEXT_PASSWORD_SUPPLIED 0x00004000
#define MSV1_0_USE_DOMAIN_FOR_ROUTING_ONLY 0x00008000
#define MSV1_0_SUBAUTHENTICATION_DLL_EX 0x00100000
#define MSV1_0_ALLOW_MSVCHAPV2 0x00010000
#define MSV1_0_S4U2SELF 0x00020000
#define MSV1_0_CHECK_LOGONHOURS_FOR_S4U 0x00040000
#define MSV1_0_INTERNET_DOMAIN 0x00080000
#define MSV1_0_SUBAUTHENTICATION_DLL 0xFF000000
#define MSV1_0_SUBAUTHENTICATION_DLL_SHIFT 24
#define MSV1_0_MNS_LOGON 0x01000000
#define MSV1_0_SUBAUTHENTICATION_DLL_RAS 2
#define MSV1_0_SUBAUTHENTICATION_DLL_IIS 132
#define MSV1_0_S4U_LOGON_FLAG_CHECK_LOGONHOURS 0x00000002
#define MSV1_0_SUBAUTHENTICATION_FLAGS 0xFF000000
#define MSV1_0_OWF_PASSWORD_LENGTH 16
#define MSV1_0_SHA_PASSWORD_LENGTH 20
#define MSV1_0_CREDENTIAL_KEY_LENGTH 20
#define MSV1_0_CRED_LM_PRESENT 0x00000001
#define MSV1_0_CRED_NT_PRESENT 0x00000002
#define MSV1_0_CRED_REMOVED 0x00000004
#define MSV1_0_CRED_CREDKEY_PRESENT 0x00000008
#define MSV1_0_CRED_SHA_PRESENT 0x00000010
#define MSV1_0_CRED_VERSION 0
#define MSV1_0_CRED_VERSION_V2 2
#define MSV1_0_CRED_VERSION_V3 4
#define MSV1_0_CRED_VERSION_IUM 0xFFFF0001
#define MSV1_0_CRED_VERSION_REMOTE 0xFFFF0002
#define MSV1_0_CRED_VERSION_ARSO 0xFFFF0003
#define MSV1_0_CRED_VERSION_RESERVED_1 0xFFFFFFFE
#define MSV1_0_CRED_VERSION_INVALID 0xFFFFFFFF
#define MSV1_0_NTLM3_RESPONSE_LENGTH 16
#define MSV1_0_NTLM3_OWF_LENGTH 16
#define MSV1_0_MAX_NTLM3_LIFE 0x0001FA40
#define MSV1_0_MAX_AVL_SIZE 64000
#define MSV1_0_AV_FLAG_FORCE_GUEST 0x00000001
#define MSV1_0_AV_FLAG_MIC_HANDSHAKE_MESSAGES 0x00000002
#define MSV1_0_AV_FLAG_UNVERIFIED_TARGET 0x00000004
#define MSV1_0_NTLM3_INPUT_LENGTH 32
#define MSV1_0_NTLM3_MIN_NT_RESPONSE_LENGTH 44
#define NEGOTIATE_ALLOW_NTLM 0x10000000
#define NEGOTIATE_NEG_NTLM 0x20000000
#define MSV1_0_GUEST_LOGON 2
#define MSV1_0_PASSTHRU 1
#define MSV1_0_SUBAUTH_ACCOUNT_DISABLED 1
#define MSV1_0_SUBAUTH_ACCOUNT_EXPIRY 0x00000010
#define MSV1_0_SUBAUTH_ACCOUNT_TYPE 0x00000040
#define MSV1_0_SUBAUTH_LOCKOUT 0x00000080
#define MSV1_0_SUBAUTH_LOGON_HOURS 8
#define MSV1_0_SUBAUTH_PASSWORD 2
#define MSV1_0_SUBAUTH_PASSWORD_EXPIRY 0x00000020
#define MSV1_0_SUBAUTH_WORKSTATIONS 4
#define MSV1_0_VALIDATION_KICKOFF_TIME 2
#define MSV1_0_VALIDATION_LOGOFF_TIME 1
#define MSV1_0_VALIDATION_LOGON_DOMAIN 8
#define MSV1_0_VALIDATION_LOGON_SERVER 4
#define MSV1_0_VALIDATION_SESSION_KEY 0x00000010
#define MSV1_0_VALIDATION_USER_FLAGS 0x00000020
#define MSV1_0_VALIDATION_USER_ID 0x00000040
#define MsvAvSingleHost 8
#define STATUS_MULTIPLE_FAULT_VIOLATION ((NTSTATUS)0xC00002E8L)
#define STATUS_SUCCESS ((NTSTATUS)0L)
#define STATUS_WAIT_0 ((NTSTATUS)0L)
#define STATUS_TIMEOUT ((NTSTATUS)0x00000102L)
#define STATUS_PENDING ((NTSTATUS)0x00000103L)
#define STATUS_MORE_ENTRIES ((NTSTATUS)0x00000105L)
#define STATUS_NOT_ALL_ASSIGNED ((NTSTATUS)0x00000106L)
#define STATUS_SOME_NOT_MAPPED ((NTSTATUS)0x00000107L)
#define STATUS_BUFFER_ALL_ZEROS ((NTSTATUS)0x00000117L)
#define STATUS_LOCAL_USER_SESSION_KEY ((NTSTATUS)0x40000006L)
#define STATUS_NULL_LM_PASSWORD ((NTSTATUS)0x4000000DL)
#define STATUS_ACCESS_AUDIT_BY_POLICY ((NTSTATUS)0x40000032L)
#define STATUS_BUFFER_OVERFLOW ((NTSTATUS)0x80000005L)
#define STATUS_GUID_SUBSTITUTION_MADE ((NTSTATUS)0x8000000CL)
#define STATUS_NO_MORE_ENTRIES ((NTSTATUS)0x8000001AL)
#define STATUS_UNSUCCESSFUL ((NTSTATUS)0xC0000001L)
#define STATUS_NOT_IMPLEMENTED ((NTSTATUS)0xC0000002L)
#define STATUS_INVALID_INFO_CLASS ((NTSTATUS)0xC0000003L)
#define STATUS_INFO_LENGTH_MISMATCH ((NTSTATUS)0xC0000004L)
#define STATUS_ACCESS_VIOLATION ((NTSTATUS)0xC0000005L)
#define STATUS_INVALID_HANDLE ((NTSTATUS)0xC0000008L)
#define STATUS_BAD_INITIAL_STACK ((NTSTATUS)0xC0000009L)
#define STATUS_BAD_INITIAL_PC ((NTSTATUS)0xC000000AL)
#define STATUS_INVALID_PARAMETER ((NTSTATUS)0xC000000DL)
#define STATUS_NO_SUCH_DEVICE ((NTSTATUS)0xC000000EL)
#define STATUS_NO_SUCH_FILE ((NTSTATUS)0xC000000FL)
#define STATUS_INVALID_DEVICE_REQUEST ((NTSTATUS)0xC0000010L)
#define STATUS_NO_MEMORY ((NTSTATUS)0xC0000017L)
#define STATUS_ACCESS_DENIED ((NTSTATUS)0xC0000022L)
#define STATUS_BUFFER_TOO_SMALL ((NTSTATUS)0xC0000023L)
#define STATUS_OBJECT_TYPE_MISMATCH ((NTSTATUS)0xC0000024L)
#define STATUS_INVALID_PORT_ATTRIBUTES ((NTSTATUS)0xC000002EL)
#define STATUS_PORT_MESSAGE_TOO_LONG ((NTSTATUS)0xC000002FL)
#define STATUS_INVALID_PARAMETER_MIX ((NTSTATUS)0xC0000030L)
#define STATUS_OBJECT_NAME_INVALID ((NTSTATUS)0xC0000033L)
#define STATUS_OBJECT_NAME_NOT_FOUND ((NTSTATUS)0xC0000034L)
#define STATUS_OBJECT_NAME_COLLISION ((NTSTATUS)0xC0000035L)
#define STATUS_PORT_DISCONNECTED ((NTSTATUS)0xC0000037L)
#define STATUS_DATA_ERROR ((NTSTATUS)0xC000003EL)
#define STATUS_PORT_CONNECTION_REFUSED ((NTSTATUS)0xC0000041L)
#define STATUS_INVALID_PORT_HANDLE ((NTSTATUS)0xC0000042L)
#define STATUS_QUOTA_EXCEEDED ((NTSTATUS)0xC0000044L)
#define STATUS_PORT_ALREADY_SET ((NTSTATUS)0xC0000048L)
#define STATUS_UNKNOWN_REVISION ((NTSTATUS)0xC0000058L)
#define STATUS_REVISION_MISMATCH ((NTSTATUS)0xC0000059L)
#define STATUS_INVALID_OWNER ((NTSTATUS)0xC000005AL)
#define STATUS_INVALID_PRIMARY_GROUP ((NTSTATUS)0xC000005BL)
#define STATUS_NO_IMPERSONATION_TOKEN ((NTSTATUS)0xC000005CL)
#define STATUS_CANT_DISABLE_MANDATORY ((NTSTATUS)0xC000005DL)
#define STATUS_NO_LOGON_SERVERS ((NTSTATUS)0xC000005EL)
#define STATUS_NO_SUCH_LOGON_SESSION ((NTSTATUS)0xC000005FL)
#define STATUS_NO_SUCH_PRIVILEGE ((NTSTATUS)0xC0000060L)
#define STATUS_PRIVILEGE_NOT_HELD ((NTSTATUS)0xC0000061L)
#define STATUS_INVALID_ACCOUNT_NAME ((NTSTATUS)0xC0000062L)
#define STATUS_NO_SUCH_USER ((NTSTATUS)0xC0000064L)
#define STATUS_NO_SUCH_GROUP ((NTSTATUS)0xC0000066L)
#define STATUS_WRONG_PASSWORD ((NTSTATUS)0xC000006AL)
#define STATUS_ILL_FORMED_PASSWORD ((NTSTATUS)0xC000006BL)
#define STATUS_PASSWORD_RESTRICTION ((NTSTATUS)0xC000006CL)
#define STATUS_LOGON_FAILURE ((NTSTATUS)0xC000006DL)
#define STATUS_ACCOUNT_RESTRICTION ((NTSTATUS)0xC000006EL)
#define STATUS_INVALID_LOGON_HOURS ((NTSTATUS)0xC000006FL)
#define STATUS_INVALID_WORKSTATION ((NTSTATUS)0xC0000070L)
#define STATUS_PASSWORD_EXPIRED ((NTSTATUS)0xC0000071L)
#define STATUS_ACCOUNT_DISABLED ((NTSTATUS)0xC0000072L)
#define STATUS_NONE_MAPPED ((NTSTATUS)0xC0000073L)
#define STATUS_TOO_MANY_LUIDS_REQUESTED ((NTSTATUS)0xC0000074L)
#define STATUS_INVALID_SUB_AUTHORITY ((NTSTATUS)0xC0000076L)
#define STATUS_INVALID_ACL ((NTSTATUS)0xC0000077L)
#define STATUS_INVALID_SID ((NTSTATUS)0xC0000078L)
#define STATUS_INVALID_SECURITY_DESCR ((NTSTATUS)0xC0000079L)
#define STATUS_NO_TOKEN ((NTSTATUS)0xC000007CL)
#define STATUS_BAD_INHERITANCE_ACL ((NTSTATUS)0xC000007DL)
#define STATUS_SERVER_DISABLED ((NTSTATUS)0xC0000080L)
#define STATUS_SERVER_NOT_DISABLED ((NTSTATUS)0xC0000081L)
#define STATUS_TOO_MANY_GUIDS_REQUESTED ((NTSTATUS)0xC0000082L)
#define STATUS_INVALID_ID_AUTHORITY ((NTSTATUS)0xC0000084L)
#define STATUS_RESOURCE_DATA_NOT_FOUND ((NTSTATUS)0xC0000089L)
#define STATUS_RESOURCE_TYPE_NOT_FOUND ((NTSTATUS)0xC000008AL)
#define STATUS_RESOURCE_NAME_NOT_FOUND ((NTSTATUS)0xC000008BL)
#define STATUS_INSUFFICIENT_RESOURCES ((NTSTATUS)0xC000009AL)
#define STATUS_BAD_IMPERSONATION_LEVEL ((NTSTATUS)0xC00000A5L)
#define STATUS_CANT_OPEN_ANONYMOUS ((NTSTATUS)0xC00000A6L)
#define STATUS_BAD_VALIDATION_CLASS ((NTSTATUS)0xC00000A7L)
#define STATUS_BAD_TOKEN_TYPE ((NTSTATUS)0xC00000A8L)
#define STATUS_BAD_MASTER_BOOT_RECORD ((NTSTATUS)0xC00000A9L)
#define STATUS_ILLEGAL_FUNCTION ((NTSTATUS)0xC00000AFL)
#define STATUS_IO_TIMEOUT ((NTSTATUS)0xC00000B5L)
#define STATUS_NOT_SUPPORTED ((NTSTATUS)0xC00000BBL)
#define STATUS_DUPLICATE_NAME ((NTSTATUS)0xC00000BDL)
#define STATUS_BAD_NETWORK_PATH ((NTSTATUS)0xC00000BEL)
#define STATUS_NETWORK_BUSY ((NTSTATUS)0xC00000BFL)
#define STATUS_NETWORK_NAME_DELETED ((NTSTATUS)0xC00000C9L)
#define STATUS_NETWORK_ACCESS_DENIED ((NTSTATUS)0xC00000CAL)
#define STATUS_BAD_NETWORK_NAME ((NTSTATUS)0xC00000CCL)
#define STATUS_NO_SECURITY_ON_OBJECT ((NTSTATUS)0xC00000D7L)
#define STATUS_CANT_TERMINATE_SELF ((NTSTATUS)0xC00000DBL)
#define STATUS_INVALID_SERVER_STATE ((NTSTATUS)0xC00000DCL)
#define STATUS_INVALID_DOMAIN_STATE ((NTSTATUS)0xC00000DDL)
#define STATUS_INVALID_DOMAIN_ROLE ((NTSTATUS)0xC00000DEL)
#define STATUS_NO_SUCH_DOMAIN ((NTSTATUS)0xC00000DFL)
#define STATUS_DOMAIN_EXISTS ((NTSTATUS)0xC00000E0L)
#define STATUS_DOMAIN_LIMIT_EXCEEDED ((NTSTATUS)0xC00000E1L)
#define STATUS_INTERNAL_DB_CORRUPTION ((NTSTATUS)0xC00000E4L)
#define STATUS_INTERNAL_ERROR ((NTSTATUS)0xC00000E5L)
#define STATUS_BAD_DESCRIPTOR_FORMAT ((NTSTATUS)0xC00000E7L)
#define STATUS_INVALID_USER_BUFFER ((NTSTATUS)0xC00000E8L)
#define STATUS_NOT_LOGON_PROCESS ((NTSTATUS)0xC00000EDL)
#define STATUS_LOGON_SESSION_EXISTS ((NTSTATUS)0xC00000EEL)
#define STATUS_INVALID_PARAMETER_1 ((NTSTATUS)0xC00000EFL)
#define STATUS_INVALID_PARAMETER_2 ((NTSTATUS)0xC00000F0L)
#define STATUS_INVALID_PARAMETER_3 ((NTSTATUS)0xC00000F1L)
#define STATUS_INVALID_PARAMETER_4 ((NTSTATUS)0xC00000F2L)
#define STATUS_INVALID_PARAMETER_5 ((NTSTATUS)0xC00000F3L)
#define STATUS_INVALID_PARAMETER_6 ((NTSTATUS)0xC00000F4L)
#define STATUS_INVALID_PARAMETER_7 ((NTSTATUS)0xC00000F5L)
#define STATUS_INVALID_PARAMETER_8 ((NTSTATUS)0xC00000F6L)
#define STATUS_INVALID_PARAMETER_9 ((NTSTATUS)0xC00000F7L)
#define STATUS_INVALID_PARAMETER_10 ((NTSTATUS)0xC00000F8L)
#define STATUS_INVALID_PARAMETER_11 ((NTSTATUS)0xC00000F9L)
#define STATUS_INVALID_PARAMETER_12 ((NTSTATUS)0xC00000FAL)
#define STATUS_NO_SUCH_PACKAGE ((NTSTATUS)0xC00000FEL)
#define STATUS_NOT_A_DIRECTORY ((NTSTATUS)0xC0000103L)
#define STATUS_BAD_LOGON_SESSION_STATE ((NTSTATUS)0xC0000104L)
#define STATUS_LOGON_SESSION_COLLISION ((NTSTATUS)0xC0000105L)
#define STATUS_NAME_TOO_LONG ((NTSTATUS)0xC0000106L)
#define STATUS_INVALID_LOGON_TYPE ((NTSTATUS)0xC000010BL)
#define STATUS_CANCELLED ((NTSTATUS)0xC0000120L)
#define STATUS_INVALID_COMPUTER_NAME ((NTSTATUS)0xC0000122L)
#define STATUS_SPECIAL_ACCOUNT ((NTSTATUS)0xC0000124L)
#define STATUS_SPECIAL_GROUP ((NTSTATUS)0xC0000125L)
#define STATUS_SPECIAL_USER ((NTSTATUS)0xC0000126L)
#define STATUS_LOGON_SERVER_CONFLICT ((NTSTATUS)0xC0000132L)
#define STATUS_TIME_DIFFERENCE_AT_DC ((NTSTATUS)0xC0000133L)
#define STATUS_SYNCHRONIZATION_REQUIRED ((NTSTATUS)0xC0000134L)
#define STATUS_DLL_NOT_FOUND ((NTSTATUS)0xC0000135L)
#define STATUS_ENTRYPOINT_NOT_FOUND ((NTSTATUS)0xC0000139L)
#define STATUS_INVALID_CONNECTION ((NTSTATUS)0xC0000140L)
#define STATUS_WRONG_PASSWORD_CORE ((NTSTATUS)0xC0000149L)
#define STATUS_NO_SUCH_ALIAS ((NTSTATUS)0xC0000151L)
#define STATUS_LOGON_NOT_GRANTED ((NTSTATUS)0xC0000155L)
#define STATUS_TOO_MANY_SECRETS ((NTSTATUS)0xC0000156L)
#define STATUS_SECRET_TOO_LONG ((NTSTATUS)0xC0000157L)
#define STATUS_INTERNAL_DB_ERROR ((NTSTATUS)0xC0000158L)
#define STATUS_TOO_MANY_CONTEXT_IDS ((NTSTATUS)0xC000015AL)
#define STATUS_LOGON_TYPE_NOT_GRANTED ((NTSTATUS)0xC000015BL)
#define STATUS_NT_CROSS_ENCRYPTION_REQUIRED ((NTSTATUS)0xC000015DL)
#define STATUS_DOMAIN_CTRLR_CONFIG_ERROR ((NTSTATUS)0xC000015EL)
#define STATUS_NO_SUCH_MEMBER ((NTSTATUS)0xC000017AL)
#define STATUS_TOO_MANY_SIDS ((NTSTATUS)0xC000017EL)
#define STATUS_LM_CROSS_ENCRYPTION_REQUIRED ((NTSTATUS)0xC000017FL)
#define STATUS_NO_TRUST_LSA_SECRET ((NTSTATUS)0xC000018AL)
#define STATUS_NO_TRUST_SAM_ACCOUNT ((NTSTATUS)0xC000018BL)
#define STATUS_TRUSTED_DOMAIN_FAILURE ((NTSTATUS)0xC000018CL)
#define STATUS_TRUSTED_RELATIONSHIP_FAILURE ((NTSTATUS)0xC000018DL)
#define STATUS_TRUST_FAILURE ((NTSTATUS)0xC0000190L)
#define STATUS_NETLOGON_NOT_STARTED ((NTSTATUS)0xC0000192L)
#define STATUS_ACCOUNT_EXPIRED ((NTSTATUS)0xC0000193L)
#define STATUS_NETWORK_CREDENTIAL_CONFLICT ((NTSTATUS)0xC0000195L)
#define STATUS_DOMAIN_TRUST_INCONSISTENT ((NTSTATUS)0xC000019BL)
#define STATUS_INVALID_ACE_CONDITION ((NTSTATUS)0xC00001A2L)
#define STATUS_NO_USER_SESSION_KEY ((NTSTATUS)0xC0000202L)
#define STATUS_RESOURCE_LANG_NOT_FOUND ((NTSTATUS)0xC0000204L)
#define STATUS_INVALID_BUFFER_SIZE ((NTSTATUS)0xC0000206L)
#define STATUS_CONNECTION_DISCONNECTED ((NTSTATUS)0xC000020CL)
#define STATUS_CONNECTION_RESET ((NTSTATUS)0xC000020DL)
#define STATUS_DATA_NOT_ACCEPTED ((NTSTATUS)0xC000021BL)
#define STATUS_NO_BROWSER_SERVERS_FOUND ((NTSTATUS)0xC000021CL)
#define STATUS_REPLY_MESSAGE_MISMATCH ((NTSTATUS)0xC000021FL)
#define STATUS_PASSWORD_MUST_CHANGE ((NTSTATUS)0xC0000224L)
#define STATUS_NOT_FOUND ((NTSTATUS)0xC0000225L)
#define STATUS_RETRY ((NTSTATUS)0xC000022DL)
#define STATUS_DOMAIN_CONTROLLER_NOT_FOUND ((NTSTATUS)0xC0000233L)
#define STATUS_ACCOUNT_LOCKED_OUT ((NTSTATUS)0xC0000234L)
#define STATUS_CONNECTION_REFUSED ((NTSTATUS)0xC0000236L)
#define STATUS_CONNECTION_INVALID ((NTSTATUS)0xC000023AL)
#define STATUS_NETWORK_UNREACHABLE ((NTSTATUS)0xC000023CL)
#define STATUS_HOST_UNREACHABLE ((NTSTATUS)0xC000023DL)
#define STATUS_PROTOCOL_UNREACHABLE ((NTSTATUS)0xC000023EL)
#define STATUS_PORT_UNREACHABLE ((NTSTATUS)0xC000023FL)
#define STATUS_REQUEST_ABORTED ((NTSTATUS)0xC0000240L)
#define STATUS_CONNECTION_ABORTED ((NTSTATUS)0xC0000241L)
#define STATUS_LOGIN_TIME_RESTRICTION ((NTSTATUS)0xC0000247L)
#define STATUS_LOGIN_WKSTA_RESTRICTION ((NTSTATUS)0xC0000248L)
#define STATUS_INSUFFICIENT_LOGON_INFO ((NTSTATUS)0xC0000250L)
#define STATUS_LPC_REPLY_LOST ((NTSTATUS)0xC0000253L)
#define STATUS_NO_CALLBACK_ACTIVE ((NTSTATUS)0xC0000258L)
#define STATUS_ENCRYPTION_FAILED ((NTSTATUS)0xC000028AL)
#define STATUS_DECRYPTION_FAILED ((NTSTATUS)0xC000028BL)
#define STATUS_NO_EFS ((NTSTATUS)0xC000028EL)
#define STATUS_MUTUAL_AUTHENTICATION_FAILED ((NTSTATUS)0xC00002C3L)
#define STATUS_DS_SAM_INIT_FAILURE ((NTSTATUS)0xC00002CBL)
#define STATUS_ONLY_IF_CONNECTED ((NTSTATUS)0xC00002CCL)
#define STATUS_INSUFFICIENT_POWER ((NTSTATUS)0xC00002DEL)
#define STATUS_DS_SAM_INIT_FAILURE_CONSOLE ((NTSTATUS)0xC00002EDL)
#define STATUS_UNFINISHED_CONTEXT_DELETED ((NTSTATUS)0xC00002EEL)
#define STATUS_NO_TGT_REPLY ((NTSTATUS)0xC00002EFL)
#define STATUS_NO_IP_ADDRESSES ((NTSTATUS)0xC00002F1L)
#define STATUS_WRONG_CREDENTIAL_HANDLE ((NTSTATUS)0xC00002F2L)
#define STATUS_CRYPTO_SYSTEM_INVALID ((NTSTATUS)0xC00002F3L)
#define STATUS_STRONG_CRYPTO_NOT_SUPPORTED ((NTSTATUS)0xC00002F6L)
#define STATUS_TOO_MANY_PRINCIPALS ((NTSTATUS)0xC00002F7L)
#define STATUS_NO_PA_DATA ((NTSTATUS)0xC00002F8L)
#define STATUS_PKINIT_NAME_MISMATCH ((NTSTATUS)0xC00002F9L)
#define STATUS_SMARTCARD_LOGON_REQUIRED ((NTSTATUS)0xC00002FAL)
#define STATUS_KDC_INVALID_REQUEST ((NTSTATUS)0xC00002FBL)
#define STATUS_KDC_UNABLE_TO_REFER ((NTSTATUS)0xC00002FCL)
#define STATUS_KDC_UNKNOWN_ETYPE ((NTSTATUS)0xC00002FDL)
#define STATUS_SHUTDOWN_IN_PROGRESS ((NTSTATUS)0xC00002FEL)
#define STATUS_PKINIT_FAILURE ((NTSTATUS)0xC0000320L)
#define STATUS_SMARTCARD_SUBSYSTEM_FAILURE ((NTSTATUS)0xC0000321L)
#define STATUS_NO_KERB_KEY ((NTSTATUS)0xC0000322L)
#define STATUS_UNSUPPORTED_PREAUTH ((NTSTATUS)0xC0000351L)
#define STATUS_PORT_NOT_SET ((NTSTATUS)0xC0000353L)
#define STATUS_BAD_BINDINGS ((NTSTATUS)0xC000035BL)
#define STATUS_NETWORK_SESSION_EXPIRED ((NTSTATUS)0xC000035CL)
#define STATUS_NO_SECRETS ((NTSTATUS)0xC0000371L)
#define STATUS_SMARTCARD_WRONG_PIN ((NTSTATUS)0xC0000380L)
#define STATUS_SMARTCARD_CARD_BLOCKED ((NTSTATUS)0xC0000381L)
#define STATUS_SMARTCARD_CARD_NOT_AUTHENTICATED ((NTSTATUS)0xC0000382L)
#define STATUS_SMARTCARD_NO_CARD ((NTSTATUS)0xC0000383L)
#define STATUS_SMARTCARD_NO_KEY_CONTAINER ((NTSTATUS)0xC0000384L)
#define STATUS_SMARTCARD_NO_CERTIFICATE ((NTSTATUS)0xC0000385L)
#define STATUS_SMARTCARD_NO_KEYSET ((NTSTATUS)0xC0000386L)
#define STATUS_SMARTCARD_IO_ERROR ((NTSTATUS)0xC0000387L)
#define STATUS_DOWNGRADE_DETECTED ((NTSTATUS)0xC0000388L)
#define STATUS_SMARTCARD_CERT_REVOKED ((NTSTATUS)0xC0000389L)
#define STATUS_ISSUING_CA_UNTRUSTED ((NTSTATUS)0xC000038AL)
#define STATUS_REVOCATION_OFFLINE_C ((NTSTATUS)0xC000038BL)
#define STATUS_PKINIT_CLIENT_FAILURE ((NTSTATUS)0xC000038CL)
#define STATUS_SMARTCARD_CERT_EXPIRED ((NTSTATUS)0xC000038DL)
#define STATUS_SMARTCARD_SILENT_CONTEXT ((NTSTATUS)0xC000038FL)
#define STATUS_PER_USER_TRUST_QUOTA_EXCEEDED ((NTSTATUS)0xC0000401L)
#define STATUS_ALL_USER_TRUST_QUOTA_EXCEEDED ((NTSTATUS)0xC0000402L)
#define STATUS_USER_DELETE_TRUST_QUOTA_EXCEEDED ((NTSTATUS)0xC0000403L)
#define STATUS_USER2USER_REQUIRED ((NTSTATUS)0xC0000408L)
#define STATUS_NO_S4U_PROT_SUPPORT ((NTSTATUS)0xC000040AL)
#define STATUS_REVOCATION_OFFLINE_KDC ((NTSTATUS)0xC000040CL)
#define STATUS_ISSUING_CA_UNTRUSTED_KDC ((NTSTATUS)0xC000040DL)
#define STATUS_KDC_CERT_EXPIRED ((NTSTATUS)0xC000040EL)
#define STATUS_KDC_CERT_REVOKED ((NTSTATUS)0xC000040FL)
#define STATUS_AUTHENTICATION_FIREWALL_FAILED ((NTSTATUS)0xC0000413L)
#define STATUS_INSUFFICIENT_RESOURCE_FOR_SPECIFIED_SHARED_SECTION_SIZE (NTSTATUS)3221226518u
#define STATUS_INVALID_CRUNTIME_PARAMETER ((NTSTATUS)0xC0000417L)
#define STATUS_NTLM_BLOCKED ((NTSTATUS)0xC0000418L)
#define STATUS_IMPLEMENTATION_LIMIT ((NTSTATUS)0xC000042BL)
#define STATUS_NO_SECURITY_CONTEXT ((NTSTATUS)0xC000042DL)
#define STATUS_INSUFFICIENT_NVRAM_RESOURCES ((NTSTATUS)0xC0000454L)
#define STATUS_INVALID_TASK_NAME ((NTSTATUS)0xC0000500L)
#define STATUS_INVALID_TASK_INDEX ((NTSTATUS)0xC0000501L)
#define STATUS_PORT_CLOSED ((NTSTATUS)0xC0000700L)
#define STATUS_LPC_RECEIVE_BUFFER_EXPECTED ((NTSTATUS)0xC0000705L)
#define STATUS_LPC_INVALID_CONNECTION_USAGE ((NTSTATUS)0xC0000706L)
#define STATUS_LPC_REQUESTS_NOT_ALLOWED ((NTSTATUS)0xC0000707L)
#define STATUS_CALLBACK_RETURNED_WHILE_IMPERSONATING ((NTSTATUS)0xC0000710L)
#define STATUS_CONTEXT_MISMATCH ((NTSTATUS)0xC0000719L)
#define STATUS_PORT_ALREADY_HAS_COMPLETION_LIST ((NTSTATUS)0xC000071AL)
#define STATUS_CALLBACK_RETURNED_THREAD_PRIORITY ((NTSTATUS)0xC000071BL)
#define STATUS_CALLBACK_RETURNED_TRANSACTION ((NTSTATUS)0xC000071DL)
#define STATUS_CALLBACK_RETURNED_LDR_LOCK ((NTSTATUS)0xC000071EL)
#define STATUS_CALLBACK_RETURNED_LANG ((NTSTATUS)0xC000071FL)
#define STATUS_CALLBACK_RETURNED_PRI_BACK ((NTSTATUS)0xC0000720L)
#define STATUS_INVALID_SIGNATURE ((NTSTATUS)0xC000A000L)
#define STATUS_HASH_NOT_SUPPORTED ((NTSTATUS)0xC000A100L)
#define STATUS_HASH_NOT_PRESENT ((NTSTATUS)0xC000A101L)
#define ISSP_LEVEL 32
#define ISSP_MODE 1
#define SECURITY_NATIVE_DREP 0x00000010
#define SECURITY_NETWORK_DREP 0x00000000
#define SECURITY_SUPPORT_PROVIDER_INTERFACE_VERSION 1
#define SECURITY_SUPPORT_PROVIDER_INTERFACE_VERSION_2 2
#define SECURITY_SUPPORT_PROVIDER_INTERFACE_VERSION_3 3
#define SECURITY_SUPPORT_PROVIDER_INTERFACE_VERSION_4 4
#define SECURITY_SUPPORT_PROVIDER_INTERFACE_VERSION_5 5
#define SECPKG_ID_NONE 0x0000FFFF
#define SECPKG_FLAG_INTEGRITY 0x00000001
#define SECPKG_FLAG_PRIVACY 0x00000002
#define SECPKG_FLAG_TOKEN_ONLY 0x00000004
#define SECPKG_FLAG_DATAGRAM 0x00000008
#define SECPKG_FLAG_CONNECTION 0x00000010
#define SECPKG_FLAG_MULTI_REQUIRED 0x00000020
#define SECPKG_FLAG_CLIENT_ONLY 0x00000040
#define SECPKG_FLAG_EXTENDED_ERROR 0x00000080
#define SECPKG_FLAG_IMPERSONATION 0x00000100
#define SECPKG_FLAG_ACCEPT_WIN32_NAME 0x00000200
#define SECPKG_FLAG_STREAM 0x00000400
#define SECPKG_FLAG_NEGOTIABLE 0x00000800
#define SECPKG_FLAG_GSS_COMPATIBLE 0x00001000
#define SECPKG_FLAG_LOGON 0x00002000
#define SECPKG_FLAG_ASCII_BUFFERS 0x00004000
#define SECPKG_FLAG_FRAGMENT 0x00008000
#define SECPKG_FLAG_MUTUAL_AUTH 0x00010000
#define SECPKG_FLAG_DELEGATION 0x00020000
#define SECPKG_FLAG_READONLY_WITH_CHECKSUM 0x00040000
#define SECPKG_FLAG_RESTRICTED_TOKENS 0x00080000
#define SECPKG_FLAG_NEGO_EXTENDER 0x00100000
#define SECPKG_FLAG_NEGOTIABLE2 0x00200000
#define SECPKG_FLAG_APPCONTAINER_PASSTHROUGH 0x00400000
#define SECPKG_FLAG_APPCONTAINER_CHECKS 0x00800000
#define SECPKG_FLAG_CREDENTIAL_ISOLATION_ENABLED 0x01000000
#define SECPKG_FLAG_APPLY_LOOPBACK 0x02000000
#define SECPKG_CALLFLAGS_APPCONTAINER 0x00000001
#define SECPKG_CALLFLAGS_APPCONTAINER_AUTHCAPABLE 0x00000002
#define SECPKG_CALLFLAGS_FORCE_SUPPLIED 0x00000004
#define SECPKG_CALLFLAGS_APPCONTAINER_UPNCAPABLE 0x00000008
#define SECPKG_OPTIONS_TYPE_UNKNOWN 0
#define SECPKG_OPTIONS_TYPE_LSA 1
#define SECPKG_OPTIONS_TYPE_SSPI 2
#define SECPKG_OPTIONS_PERMANENT 0x00000001
#define SECPKG_CRED_INBOUND 0x00000001
#define SECPKG_CRED_OUTBOUND 0x00000002
#define SECPKG_CRED_BOTH 0x00000003
#define SECPKG_CRED_DEFAULT 0x00000004
#define SECPKG_CRED_RESERVED 0xF0000000
#define SECPKG_CRED_AUTOLOGON_RESTRICTED 0x00000010
#define SECPKG_CRED_PROCESS_POLICY_ONLY 0x00000020
#define SECPKG_CRED_ATTR_NAMES 1
#define SECPKG_CRED_ATTR_SSI_PROVIDER 2
#define SECPKG_CRED_ATTR_KDC_PROXY_SETTINGS 3
#define SECPKG_CRED_ATTR_CERT 4
#define SECPKG_CRED_ATTR_PAC_BYPASS 5
#define KDC_PROXY_SETTINGS_V1 1
#define KDC_PROXY_SETTINGS_FLAGS_FORCEPROXY 0x00000001
#define SECPKG_ATTR_SIZES 0
#define SECPKG_ATTR_NAMES 1
#define SECPKG_ATTR_LIFESPAN 2
#define SECPKG_ATTR_DCE_INFO 3
#define SECPKG_ATTR_STREAM_SIZES 4
#define SECPKG_ATTR_KEY_INFO 5
#define SECPKG_ATTR_AUTHORITY 6
#define SECPKG_ATTR_PROTO_INFO 7
#define SECPKG_ATTR_PASSWORD_EXPIRY 8
#define SECPKG_ATTR_SESSION_KEY 9
#define SECPKG_ATTR_PACKAGE_INFO 10
#define SECPKG_ATTR_USER_FLAGS 11
#define SECPKG_ATTR_NEGOTIATION_INFO 12
#define SECPKG_ATTR_NATIVE_NAMES 13
#define SECPKG_ATTR_FLAGS 14
#define SECPKG_ATTR_USE_VALIDATED 15
#define SECPKG_ATTR_CREDENTIAL_NAME 16
#define SECPKG_ATTR_TARGET_INFORMATION 17
#define SECPKG_ATTR_ACCESS_TOKEN 18
#define SECPKG_ATTR_TARGET 19
#define SECPKG_ATTR_AUTHENTICATION_ID 20
#define SECPKG_ATTR_LOGOFF_TIME 21
#define SECPKG_ATTR_NEGO_KEYS 22
#define SECPKG_ATTR_PROMPTING_NEEDED 24
#define SECPKG_ATTR_UNIQUE_BINDINGS 25
#define SECPKG_ATTR_ENDPOINT_BINDINGS 26
#define SECPKG_ATTR_CLIENT_SPECIFIED_TARGET 27
#define SECPKG_ATTR_LAST_CLIENT_TOKEN_STATUS 30
#define SECPKG_ATTR_NEGO_PKG_INFO 31
#define SECPKG_ATTR_NEGO_STATUS 32
#define SECPKG_ATTR_CONTEXT_DELETED 33
#define SECPKG_ATTR_DTLS_MTU 34
#define SECPKG_ATTR_DATAGRAM_SIZES 4
#define SECPKG_ATTR_SUBJECT_SECURITY_ATTRIBUTES 128
#define SECPKG_ATTR_APPLICATION_PROTOCOL 35
#define SECPKG_ATTR_NEGOTIATED_TLS_EXTENSIONS 36
#define SECPKG_ATTR_IS_LOOPBACK 37
#define SECPKG_ATTR_SASL_CONTEXT 0x00010000
#define SECPKG_ATTR_THUNK_ALL 0x00010000
#define SECPKG_ATTR_ISSUER_LIST 0x00000050
#define SECPKG_ATTR_REMOTE_CRED 0x00000051
#define SECPKG_ATTR_LOCAL_CRED 0x00000052
#define SECPKG_ATTR_REMOTE_CERT_CONTEXT 0x00000053
#define SECPKG_ATTR_LOCAL_CERT_CONTEXT 0x00000054
#define SECPKG_ATTR_ROOT_STORE 0x00000055
#define SECPKG_ATTR_SUPPORTED_ALGS 0x00000056
#define SECPKG_ATTR_CIPHER_STRENGTHS 0x00000057
#define SECPKG_ATTR_SUPPORTED_PROTOCOLS 0x00000058
#define SECPKG_ATTR_ISSUER_LIST_EX 0x00000059
#define SECPKG_ATTR_CONNECTION_INFO 0x0000005A
#define SECPKG_ATTR_EAP_KEY_BLOCK 0x0000005B
#define SECPKG_ATTR_MAPPED_CRED_ATTR 0x0000005C
#define SECPKG_ATTR_SESSION_INFO 0x0000005D
#define SECPKG_ATTR_APP_DATA 0x0000005E
#define SECPKG_ATTR_REMOTE_CERTIFICATES 0x0000005F
#define SECPKG_ATTR_CLIENT_CERT_POLICY 0x00000060
#define SECPKG_ATTR_CC_POLICY_RESULT 0x00000061
#define SECPKG_ATTR_USE_NCRYPT 0x00000062
#define SECPKG_ATTR_LOCAL_CERT_INFO 0x00000063
#define SECPKG_ATTR_CIPHER_INFO 0x00000064
#define SECPKG_ATTR_EAP_PRF_INFO 0x00000065
#define SECPKG_ATTR_SUPPORTED_SIGNATURES 0x00000066
#define SECPKG_ATTR_REMOTE_CERT_CHAIN 0x00000067
#define SECPKG_ATTR_UI_INFO 0x00000068
#define SECPKG_ATTR_EARLY_START 0x00000069
#define SECPKG_ATTR_KEYING_MATERIAL_INFO 0x0000006A
#define SECPKG_ATTR_KEYING_MATERIAL 0x0000006B
#define SECPKG_ATTR_SRTP_PARAMETERS 0x0000006C
#define SECPKG_ATTR_TOKEN_BINDING 0x0000006D
#define SECPKG_ATTR_CONNECTION_INFO_EX 0x0000006E
#define SECPKG_ATTR_KEYING_MATERIAL_TOKEN_BINDING 0x0000006F
#define SECPKG_ATTR_KEYING_MATERIAL_INPROC 0x00000070
#define SECPKG_ATTR_NEGO_INFO_FLAG_NO_KERBEROS 0x00000001
#define SECPKG_ATTR_NEGO_INFO_FLAG_NO_NTLM 0x00000002
#define SECPKG_NEGOTIATION_COMPLETE 0
#define SECPKG_NEGOTIATION_OPTIMISTIC 1
#define SECPKG_NEGOTIATION_IN_PROGRESS 2
#define SECPKG_NEGOTIATION_DIRECT 3
#define SECPKG_NEGOTIATION_TRY_MULTICRED 4
#define SECPKG_CONTEXT_EXPORT_RESET_NEW 0x00000001
#define SECPKG_CONTEXT_EXPORT_DELETE_OLD 0x00000002
#define SECPKG_CONTEXT_EXPORT_TO_KERNEL 0x00000004
#define MAX_PROTOCOL_ID_SIZE 0x000000FF
#define SZ_ALG_MAX_SIZE 64
#define SECPKG_ANSI_ATTRIBUTE 0
#define SECPKG_ATTR_CERT_TRUST_STATUS 0x80000084
#define SECPKG_ATTR_CREDS 0x80000080
#define SECPKG_ATTR_CREDS_2 0x80000086
#define SECPKG_ATTR_C_ACCESS_TOKEN 0x80000012
#define SECPKG_ATTR_C_FULL_ACCESS_TOKEN 0x80000082
#define SECPKG_ATTR_NEGOTIATION_PACKAGE 0x80000081
#define SECPKG_ATTR_SERVER_AUTH_FLAGS 0x80000083
#define SECPKG_CREDENTIAL_ATTRIBUTE 0
#define SECPKG_UNICODE_ATTRIBUTE 0x80000000
#define SEC_E_OK _HRESULT_TYPEDEF_(0L)
#define SEC_E_INSUFFICIENT_MEMORY _HRESULT_TYPEDEF_(0x80090300L)
#define SEC_E_INVALID_HANDLE _HRESULT_TYPEDEF_(0x80090301L)
#define SEC_E_UNSUPPORTED_FUNCTION _HRESULT_TYPEDEF_(0x80090302L)
#define SEC_E_TARGET_UNKNOWN _HRESULT_TYPEDEF_(0x80090303L)
#define SEC_E_INTERNAL_ERROR _HRESULT_TYPEDEF_(0x80090304L)
#define SEC_E_SECPKG_NOT_FOUND _HRESULT_TYPEDEF_(0x80090305L)
#define SEC_E_NOT_OWNER _HRESULT_TYPEDEF_(0x80090306L)
#define SEC_E_CANNOT_INSTALL _HRESULT_TYPEDEF_(0x80090307L)
#define SEC_E_INVALID_TOKEN _HRESULT_TYPEDEF_(0x80090308L)
#define SEC_E_CANNOT_PACK _HRESULT_TYPEDEF_(0x80090309L)
#define SEC_E_QOP_NOT_SUPPORTED _HRESULT_TYPEDEF_(0x8009030AL)
#define SEC_E_NO_IMPERSONATION _HRESULT_TYPEDEF_(0x8009030BL)
#define SEC_E_LOGON_DENIED _HRESULT_TYPEDEF_(0x8009030CL)
#define SEC_E_UNKNOWN_CREDENTIALS _HRESULT_TYPEDEF_(0x8009030DL)
#define SEC_E_NO_CREDENTIALS _HRESULT_TYPEDEF_(0x8009030EL)
#define SEC_E_MESSAGE_ALTERED _HRESULT_TYPEDEF_(0x8009030FL)
#define SEC_E_OUT_OF_SEQUENCE _HRESULT_TYPEDEF_(0x80090310L)
#define SEC_E_NO_AUTHENTICATING_AUTHORITY _HRESULT_TYPEDEF_(0x80090311L)
#define SEC_I_CONTINUE_NEEDED _HRESULT_TYPEDEF_(0x00090312L)
#define SEC_I_COMPLETE_NEEDED _HRESULT_TYPEDEF_(0x00090313L)
#define SEC_I_COMPLETE_AND_CONTINUE _HRESULT_TYPEDEF_(0x00090314L)
#define SEC_I_LOCAL_LOGON _HRESULT_TYPEDEF_(0x00090315L)
#define SEC_I_GENERIC_EXTENSION_RECEIVED _HRESULT_TYPEDEF_(0x00090316L)
#define SEC_E_BAD_PKGID _HRESULT_TYPEDEF_(0x80090316L)
#define SEC_E_CONTEXT_EXPIRED _HRESULT_TYPEDEF_(0x80090317L)
#define SEC_I_CONTEXT_EXPIRED _HRESULT_TYPEDEF_(0x00090317L)
#define SEC_E_INCOMPLETE_MESSAGE _HRESULT_TYPEDEF_(0x80090318L)
#define SEC_E_INCOMPLETE_CREDENTIALS _HRESULT_TYPEDEF_(0x80090320L)
#define SEC_E_BUFFER_TOO_SMALL _HRESULT_TYPEDEF_(0x80090321L)
#define SEC_I_INCOMPLETE_CREDENTIALS _HRESULT_TYPEDEF_(0x00090320L)
#define SEC_I_RENEGOTIATE _HRESULT_TYPEDEF_(0x00090321L)
#define SEC_E_WRONG_PRINCIPAL _HRESULT_TYPEDEF_(0x80090322L)
#define SEC_I_NO_LSA_CONTEXT _HRESULT_TYPEDEF_(0x00090323L)
#define SEC_E_TIME_SKEW _HRESULT_TYPEDEF_(0x80090324L)
#define SEC_E_UNTRUSTED_ROOT _HRESULT_TYPEDEF_(0x80090325L)
#define SEC_E_ILLEGAL_MESSAGE _HRESULT_TYPEDEF_(0x80090326L)
#define SEC_E_CERT_UNKNOWN _HRESULT_TYPEDEF_(0x80090327L)
#define SEC_E_CERT_EXPIRED _HRESULT_TYPEDEF_(0x80090328L)
#define SEC_E_ENCRYPT_FAILURE _HRESULT_TYPEDEF_(0x80090329L)
#define SEC_E_DECRYPT_FAILURE _HRESULT_TYPEDEF_(0x80090330L)
#define SEC_E_ALGORITHM_MISMATCH _HRESULT_TYPEDEF_(0x80090331L)
#define SEC_E_SECURITY_QOS_FAILED _HRESULT_TYPEDEF_(0x80090332L)
#define SEC_E_UNFINISHED_CONTEXT_DELETED _HRESULT_TYPEDEF_(0x80090333L)
#define SEC_E_NO_TGT_REPLY _HRESULT_TYPEDEF_(0x80090334L)
#define SEC_E_NO_IP_ADDRESSES _HRESULT_TYPEDEF_(0x80090335L)
#define SEC_E_WRONG_CREDENTIAL_HANDLE _HRESULT_TYPEDEF_(0x80090336L)
#define SEC_E_CRYPTO_SYSTEM_INVALID _HRESULT_TYPEDEF_(0x80090337L)
#define SEC_E_MAX_REFERRALS_EXCEEDED _HRESULT_TYPEDEF_(0x80090338L)
#define SEC_E_MUST_BE_KDC _HRESULT_TYPEDEF_(0x80090339L)
#define SEC_E_STRONG_CRYPTO_NOT_SUPPORTED _HRESULT_TYPEDEF_(0x8009033AL)
#define SEC_E_TOO_MANY_PRINCIPALS _HRESULT_TYPEDEF_(0x8009033BL)
#define SEC_E_NO_PA_DATA _HRESULT_TYPEDEF_(0x8009033CL)
#define SEC_E_PKINIT_NAME_MISMATCH _HRESULT_TYPEDEF_(0x8009033DL)
#define SEC_E_SMARTCARD_LOGON_REQUIRED _HRESULT_TYPEDEF_(0x8009033EL)
#define SEC_E_SHUTDOWN_IN_PROGRESS _HRESULT_TYPEDEF_(0x8009033FL)
#define SEC_E_KDC_INVALID_REQUEST _HRESULT_TYPEDEF_(0x80090340L)
#define SEC_E_KDC_UNABLE_TO_REFER _HRESULT_TYPEDEF_(0x80090341L)
#define SEC_E_KDC_UNKNOWN_ETYPE _HRESULT_TYPEDEF_(0x80090342L)
#define SEC_E_UNSUPPORTED_PREAUTH _HRESULT_TYPEDEF_(0x80090343L)
#define SEC_E_DELEGATION_REQUIRED _HRESULT_TYPEDEF_(0x80090345L)
#define SEC_E_BAD_BINDINGS _HRESULT_TYPEDEF_(0x80090346L)
#define SEC_E_MULTIPLE_ACCOUNTS _HRESULT_TYPEDEF_(0x80090347L)
#define SEC_E_NO_KERB_KEY _HRESULT_TYPEDEF_(0x80090348L)
#define SEC_E_CERT_WRONG_USAGE _HRESULT_TYPEDEF_(0x80090349L)
#define SEC_E_DOWNGRADE_DETECTED _HRESULT_TYPEDEF_(0x80090350L)
#define SEC_E_SMARTCARD_CERT_REVOKED _HRESULT_TYPEDEF_(0x80090351L)
#define SEC_E_ISSUING_CA_UNTRUSTED _HRESULT_TYPEDEF_(0x80090352L)
#define SEC_E_REVOCATION_OFFLINE_C _HRESULT_TYPEDEF_(0x80090353L)
#define SEC_E_PKINIT_CLIENT_FAILURE _HRESULT_TYPEDEF_(0x80090354L)
#define SEC_E_SMARTCARD_CERT_EXPIRED _HRESULT_TYPEDEF_(0x80090355L)
#define SEC_E_NO_S4U_PROT_SUPPORT _HRESULT_TYPEDEF_(0x80090356L)
#define SEC_E_CROSSREALM_DELEGATION_FAILURE _HRESULT_TYPEDEF_(0x80090357L)
#define SEC_E_REVOCATION_OFFLINE_KDC _HRESULT_TYPEDEF_(0x80090358L)
#define SEC_E_ISSUING_CA_UNTRUSTED_KDC _HRESULT_TYPEDEF_(0x80090359L)
#define SEC_E_KDC_CERT_EXPIRED _HRESULT_TYPEDEF_(0x8009035AL)
#define SEC_E_KDC_CERT_REVOKED _HRESULT_TYPEDEF_(0x8009035BL)
#define SEC_I_SIGNATURE_NEEDED _HRESULT_TYPEDEF_(0x0009035CL)
#define SEC_E_INVALID_PARAMETER _HRESULT_TYPEDEF_(0x8009035DL)
#define SEC_E_DELEGATION_POLICY _HRESULT_TYPEDEF_(0x8009035EL)
#define SEC_E_POLICY_NLTM_ONLY _HRESULT_TYPEDEF_(0x8009035FL)
#define SEC_I_NO_RENEGOTIATION _HRESULT_TYPEDEF_(0x00090360L)
#define SEC_E_NO_CONTEXT _HRESULT_TYPEDEF_(0x80090361L)
#define SEC_E_PKU2U_CERT_FAILURE _HRESULT_TYPEDEF_(0x80090362L)
#define SEC_E_MUTUAL_AUTH_FAILED _HRESULT_TYPEDEF_(0x80090363L)
#define SEC_I_MESSAGE_FRAGMENT _HRESULT_TYPEDEF_(0x00090364L)
#define SEC_E_ONLY_HTTPS_ALLOWED _HRESULT_TYPEDEF_(0x80090365L)
#define SEC_I_CONTINUE_NEEDED_MESSAGE_OK _HRESULT_TYPEDEF_(0x00090366L)
#define SEC_E_APPLICATION_PROTOCOL_MISMATCH _HRESULT_TYPEDEF_(0x80090367L)
#define SEC_I_ASYNC_CALL_PENDING _HRESULT_TYPEDEF_(0x00090368L)
#define SEC_E_INVALID_UPN_NAME _HRESULT_TYPEDEF_(0x80090369L)
#define SEC_E_EXT_BUFFER_TOO_SMALL _HRESULT_TYPEDEF_(0x8009036AL)
#define SEC_E_INSUFFICIENT_BUFFERS _HRESULT_TYPEDEF_(0x8009036BL)
#define SEC_E_NO_SPM _HRESULT_TYPEDEF_(0x80090304L)
#define SEC_E_NOT_SUPPORTED _HRESULT_TYPEDEF_(0x80090302L)
#define E_UNEXPECTED _HRESULT_TYPEDEF_(0x8000FFFFL)
#define E_NOTIMPL _HRESULT_TYPEDEF_(0x80004001L)
#define E_OUTOFMEMORY _HRESULT_TYPEDEF_(0x8007000EL)
#define E_INVALIDARG _HRESULT_TYPEDEF_(0x80070057L)
#define E_POINTER _HRESULT_TYPEDEF_(0x80004003L)
#define E_HANDLE _HRESULT_TYPEDEF_(0x80070006L)
#define E_FAIL _HRESULT_TYPEDEF_(0x80004005L)
#define E_ACCESSDENIED _HRESULT_TYPEDEF_(0x80070005L)
#define S_OK _HRESULT_TYPEDEF_(0L)
#define S_FALSE _HRESULT_TYPEDEF_(0x00000001L)
#define FACILITY_SSPI 9
#define FACILITY_SECURITY 9
#define FACILITY_WIN32 7
#define FACILITY_NULL 0
#define FACILITY_ITF 4
#define FACILITY_CERT 11
#define ERROR_SUCCESS 0
#define NO_ERROR 0
#define ERROR_INVALID_FUNCTION 1
#define ERROR_FILE_NOT_FOUND 2
#define ERROR_PATH_NOT_FOUND 3
#define ERROR_ACCESS_DENIED 5
#define ERROR_INVALID_HANDLE 6
#define ERROR_NOT_ENOUGH_MEMORY 8
#define ERROR_BAD_FORMAT 11
#define ERROR_INVALID_DATA 13
#define ERROR_OUTOFMEMORY 14
#define ERROR_BAD_LENGTH 24
#define ERROR_GEN_FAILURE 31
#define ERROR_NOT_SUPPORTED 50
#define ERROR_BAD_NETPATH 53
#define ERROR_INVALID_PASSWORD 86
#define ERROR_INVALID_PARAMETER 87
#define ERROR_BUFFER_OVERFLOW 111
#define ERROR_CALL_NOT_IMPLEMENTED 120
#define ERROR_INSUFFICIENT_BUFFER 122
#define ERROR_INVALID_NAME 123
#define ERROR_INVALID_LEVEL 124
#define ERROR_MOD_NOT_FOUND 126
#define ERROR_PROC_NOT_FOUND 127
#define ERROR_BAD_ARGUMENTS 160
#define ERROR_ALREADY_EXISTS 183
#define ERROR_FILENAME_EXCED_RANGE 206
#define ERROR_NO_DATA 232
#define ERROR_MORE_DATA 234
#define ERROR_NO_MORE_ITEMS 259
#define ERROR_INVALID_FLAGS 1004
#define ERROR_NO_TOKEN 1008
#define ERROR_NO_UNICODE_TRANSLATION 1113
#define ERROR_NOT_FOUND 1168
#define ERROR_INVALID_GROUPNAME 1209
#define ERROR_INVALID_COMPUTERNAME 1210
#define ERROR_INVALID_DOMAINNAME 1212
#define ERROR_INVALID_PASSWORDNAME 1216
#define ERROR_CANCELLED 1223
#define ERROR_NO_SUCH_SITE 1249
#define ERROR_DOWNGRADE_DETECTED 1265
#define ERROR_UNIDENTIFIED_ERROR 1287
#define ERROR_SOME_NOT_MAPPED 1301
#define ERROR_UNKNOWN_REVISION 1305
#define ERROR_REVISION_MISMATCH 1306
#define ERROR_INVALID_PRIMARY_GROUP 1308
#define ERROR_NO_IMPERSONATION_TOKEN 1309
#define ERROR_NO_LOGON_SERVERS 1311
#define ERROR_NO_SUCH_LOGON_SESSION 1312
#define ERROR_NO_SUCH_PRIVILEGE 1313
#define ERROR_PRIVILEGE_NOT_HELD 1314
#define ERROR_INVALID_ACCOUNT_NAME 1315
#define ERROR_NO_SUCH_USER 1317
#define ERROR_NO_SUCH_GROUP 1319
#define ERROR_WRONG_PASSWORD 1323
#define ERROR_ILL_FORMED_PASSWORD 1324
#define ERROR_PASSWORD_RESTRICTION 1325
#define ERROR_LOGON_FAILURE 1326
#define ERROR_ACCOUNT_RESTRICTION 1327
#define ERROR_INVALID_LOGON_HOURS 1328
#define ERROR_INVALID_WORKSTATION 1329
#define ERROR_PASSWORD_EXPIRED 1330
#define ERROR_ACCOUNT_DISABLED 1331
#define ERROR_NONE_MAPPED 1332
#define ERROR_INVALID_SID 1337
#define ERROR_INVALID_SECURITY_DESCR 1338
#define ERROR_BAD_IMPERSONATION_LEVEL 1346
#define ERROR_BAD_TOKEN_TYPE 1349
#define ERROR_CANT_ACCESS_DOMAIN_INFO 1351
#define ERROR_INVALID_SERVER_STATE 1352
#define ERROR_INVALID_DOMAIN_STATE 1353
#define ERROR_INVALID_DOMAIN_ROLE 1354
#define ERROR_NO_SUCH_DOMAIN 1355
#define ERROR_INTERNAL_ERROR 1359
#define ERROR_NO_SUCH_PACKAGE 1364
#define ERROR_INVALID_LOGON_TYPE 1367
#define ERROR_NO_SUCH_ALIAS 1376
#define ERROR_LOGON_NOT_GRANTED 1380
#define ERROR_INTERNAL_DB_ERROR 1383
#define ERROR_LOGON_TYPE_NOT_GRANTED 1385
#define ERROR_NO_SUCH_MEMBER 1387
#define ERROR_MUTUAL_AUTH_FAILED 1397
#define ERROR_TIME_SKEW 1398
#define ERROR_NO_SYSTEM_RESOURCES 1450
#define ERROR_TIMEOUT 1460
#define ERROR_INVALID_USER_BUFFER 1784
#define ERROR_NO_TRUST_LSA_SECRET 1786
#define ERROR_NO_TRUST_SAM_ACCOUNT 1787
#define ERROR_TRUSTED_DOMAIN_FAILURE 1788
#define ERROR_TRUSTED_RELATIONSHIP_FAILURE 1789
#define ERROR_TRUST_FAILURE 1790
#define ERROR_NETLOGON_NOT_STARTED 1792
#define ERROR_ACCOUNT_EXPIRED 1793
#define ERROR_PASSWORD_MUST_CHANGE 1907
#define ERROR_ACCOUNT_LOCKED_OUT 1909
#define ERROR_CONTEXT_EXPIRED 1931
#define ERROR_AUTHENTICATION_FIREWALL_FAILED 1935
#define ERROR_BAD_USERNAME 2202
#define ERROR_DS_NO_ATTRIBUTE_OR_VALUE 8202
#define ERROR_DS_NO_SUCH_OBJECT 8240
#define ERROR_DS_OBJ_STRING_NAME_EXISTS 8305
#define ERROR_DS_BAD_NAME_SYNTAX 8335
#define ERROR_DS_NAME_TOO_MANY_PARTS 8347
#define ERROR_DS_NAME_TOO_LONG 8348
#define ERROR_DS_NAME_VALUE_TOO_LONG 8349
#define ERROR_DS_NAME_UNPARSEABLE 8350
#define ERROR_DS_NAME_TYPE_UNKNOWN 8351
#define ERROR_DS_NO_DELETED_NAME 8355
#define ERROR_DS_NCNAME_MUST_BE_NC 8357
#define ERROR_DS_CROSS_NC_DN_RENAME 8368
#define ERROR_DS_NAME_REFERENCE_INVALID 8373
#define ERROR_DS_DUP_LDAP_DISPLAY_NAME 8382
#define ERROR_DS_NCNAME_MISSING_CR_REF 8412
#define ERROR_DS_DRA_NAME_COLLISION 8458
#define ERROR_DS_NAME_ERROR_RESOLVING 8469
#define ERROR_DS_NAME_ERROR_NOT_FOUND 8470
#define ERROR_DS_NAME_ERROR_NOT_UNIQUE 8471
#define ERROR_DS_NAME_ERROR_NO_MAPPING 8472
#define ERROR_DS_NAME_ERROR_DOMAIN_ONLY 8473
#define ERROR_DS_NAME_ERROR_NO_SYNTACTICAL_MAPPING 8474
#define ERROR_DS_INVALID_LDAP_DISPLAY_NAME 8479
#define ERROR_DS_SRC_NAME_MISMATCH 8484
#define ERROR_DS_INVALID_NAME_FOR_SPN 8554
#define ERROR_DS_NAME_NOT_UNIQUE 8571
#define ERROR_DS_NAME_ERROR_TRUST_REFERRAL 8583
#define ERROR_DS_DOMAIN_RENAME_IN_PROGRESS 8612
#define LOGON32_LOGON_INTERACTIVE 2
#define LOGON32_LOGON_NETWORK 3
#define LOGON32_LOGON_BATCH 4
#define LOGON32_LOGON_SERVICE 5
#define LOGON32_LOGON_UNLOCK 7
#define LOGON32_LOGON_NETWORK_CLEARTEXT 8
#define LOGON32_LOGON_NEW_CREDENTIALS 9
#define LOGON32_PROVIDER_DEFAULT 0
#define LOGON32_PROVIDER_WINNT35 1
#define LOGON32_PROVIDER_WINNT40 2
#define LOGON32_PROVIDER_WINNT50 3
#define LOGON32_PROVIDER_VIRTUAL 4
#define TOKEN_SOURCE_LENGTH 8
#define CNLEN 15
#define LM20_CNLEN 15
#define DNLEN 15
#define LM20_DNLEN 15
#define UNCLEN 17
#define LM20_UNCLEN 17
#define NNLEN 80
#define LM20_NNLEN 12
#define RMLEN 98
#define LM20_RMLEN 30
#define SNLEN 80
#define LM20_SNLEN 15
#define STXTLEN 256
#define LM20_STXTLEN 63
#define PATHLEN 256
#define LM20_PATHLEN 256
#define DEVLEN 80
#define LM20_DEVLEN 8
#define EVLEN 16
#define UNLEN 256
#define LM20_UNLEN 20
#define GNLEN 256
#define LM20_GNLEN 20
#define PWLEN 256
#define LM20_PWLEN 14
#define SHPWLEN 8
#define CLTYPE_LEN 12
#define QNLEN 80
#define LM20_QNLEN 12
#define NETBIOS_NAME_LEN 16
#define CRYPT_KEY_LEN 7
#define CRYPT_TXT_LEN 8
#define ENCRYPTED_PWLEN 16
#define SESSION_PWLEN 24
#define SESSION_CRYPT_KLEN 21

#ifdef __cplusplus
extern "C" {
#endif /* __cplusplus */

/*
 * Asks for an attribute of a context. What the attribute's structure points at is freed by
 * `FreeContextBuffer`.
 *
 * Pointers:
 * `phContext` is NULL or readable, `pBuffer` NULL or writable for the attribute's structure.
 */
SECURITY_STATUS QueryContextAttributesW(PCtxtHandle phContext, ULONG ulAttribute, void *pBuffer);

/*
 * Asks for an attribute of a context. What the attribute's structure points at is freed by
 * `FreeContextBuffer`.
 *
 * Pointers:
 * `phContext` is NULL or readable, `pBuffer` NULL or writable for the attribute's structure.
 */
SECURITY_STATUS QueryContextAttributesA(PCtxtHandle phContext, ULONG ulAttribute, void *pBuffer);

/*
 * `QueryContextAttributesW` with the size of the buffer.
 *
 * Pointers:
 * `phContext` is NULL or readable, `pBuffer` NULL or writable for `cbBuffer` bytes.
 */
SECURITY_STATUS QueryContextAttributesExW(PCtxtHandle phContext,
                                          ULONG ulAttribute,
                                          void *pBuffer,
                                          ULONG cbBuffer);

/*
 * `QueryContextAttributesA` with the size of the buffer.
 *
 * Pointers:
 * `phContext` is NULL or readable, `pBuffer` NULL or writable for `cbBuffer` bytes.
 */
SECURITY_STATUS QueryContextAttributesExA(PCtxtHandle phContext,
                                          ULONG ulAttribute,
                                          void *pBuffer,
                                          ULONG cbBuffer);

/*
 * Takes the first or the next step of a handshake as client. SEC_I_CONTINUE_NEEDED asks for the
 * peer's answer; a token that comes with SEC_E_OK must still be sent. A TOKEN buffer that is too
 * small is answered with SEC_E_BUFFER_TOO_SMALL and the needed size, and the call may be
 * repeated.
 *
 * Pointers:
 * Handles, descriptors and the target name are NULL or readable with all that they point at;
 * outputs are NULL or writable.
 */
SECURITY_STATUS InitializeSecurityContextW(PCredHandle phCredential,
                                           PCtxtHandle phContext,
                                           SEC_WCHAR *pszTargetName,
                                           ULONG fContextReq,
                                           ULONG Reserved1,
                                           ULONG TargetDataRep,
                                           PSecBufferDesc pInput,
                                           ULONG Reserved2,
                                           PCtxtHandle phNewContext,
                                           PSecBufferDesc pOutput,
                                           ULONG *pfContextAttr,
                                           PTimeStamp ptsExpiry);

/*
 * Takes the first or the next step of a handshake as client. SEC_I_CONTINUE_NEEDED asks for the
 * peer's answer; a token that comes with SEC_E_OK must still be sent. A TOKEN buffer that is too
 * small is answered with SEC_E_BUFFER_TOO_SMALL and the needed size, and the call may be
 * repeated.
 *
 * Pointers:
 * Handles, descriptors and the target name are NULL or readable with all that they point at;
 * outputs are NULL or writable.
 */
SECURITY_STATUS InitializeSecurityContextA(PCredHandle phCredential,
                                           PCtxtHandle phContext,
                                           SEC_CHAR *pszTargetName,
                                           ULONG fContextReq,
                                           ULONG Reserved1,
                                           ULONG TargetDataRep,
                                           PSecBufferDesc pInput,
                                           ULONG Reserved2,
                                           PCtxtHandle phNewContext,
                                           PSecBufferDesc pOutput,
                                           ULONG *pfContextAttr,
                                           PTimeStamp ptsExpiry);

/*
 * Takes the first or the next step of a handshake as server. The results are those of
 * `InitializeSecurityContext`; a client that does not prove who it is gets SEC_E_LOGON_DENIED.
 *
 * Pointers:
 * Handles and descriptors are NULL or readable with all that they point at; outputs are NULL or
 * writable.
 */
SECURITY_STATUS AcceptSecurityContext(PCredHandle phCredential,
                                      PCtxtHandle phContext,
                                      PSecBufferDesc pInput,
                                      ULONG fContextReq,
                                      ULONG TargetDataRep,
                                      PCtxtHandle phNewContext,
                                      PSecBufferDesc pOutput,
                                      ULONG *pfContextAttr,
                                      PTimeStamp ptsExpiry);

/*
 * Completes a token whose checksum covers later data. No package of this library makes such
 * tokens, so that for a living context there is nothing left to do.
 *
 * Pointers:
 * `phContext` is NULL or readable.
 */
SECURITY_STATUS CompleteAuthToken(PCtxtHandle phContext, PSecBufferDesc pToken);

/*
 * Deletes a context, finished or not, and wipes its keys. A context that was deleted before is
 * answered with SEC_E_OK, as documented.
 *
 * Pointers:
 * `phContext` is NULL or readable.
 */
SECURITY_STATUS DeleteSecurityContext(PCtxtHandle phContext);

/*
 * Acquires a credential of a package. This is no logon: a wrong password is found out later.
 * `pAuthData` is copied; NULL means the default credentials.
 *
 * Pointers:
 * Strings are NULL or terminated, `pAuthData` NULL or an identity, `pvLogonId` NULL or readable,
 * outputs NULL or writable.
 */
SECURITY_STATUS AcquireCredentialsHandleW(SEC_WCHAR *pszPrincipal,
                                          SEC_WCHAR *pszPackage,
                                          ULONG fCredentialUse,
                                          void *pvLogonId,
                                          void *pAuthData,
                                          SEC_GET_KEY_FN pGetKeyFn,
                                          void *pvGetKeyArgument,
                                          PCredHandle phCredential,
                                          PTimeStamp ptsExpiry);

/*
 * Acquires a credential of a package. This is no logon: a wrong password is found out later.
 * `pAuthData` is copied; NULL means the default credentials.
 *
 * Pointers:
 * Strings are NULL or terminated, `pAuthData` NULL or an identity, `pvLogonId` NULL or readable,
 * outputs NULL or writable.
 */
SECURITY_STATUS AcquireCredentialsHandleA(SEC_CHAR *pszPrincipal,
                                          SEC_CHAR *pszPackage,
                                          ULONG fCredentialUse,
                                          void *pvLogonId,
                                          void *pAuthData,
                                          SEC_GET_KEY_FN pGetKeyFn,
                                          void *pvGetKeyArgument,
                                          PCredHandle phCredential,
                                          PTimeStamp ptsExpiry);

/*
 * Adds a credential for one of Negotiate's packages, or for all that can use it when
 * `pszPackage` is Negotiate itself. Handshakes that run go on with what they began with. The
 * other packages' credentials are single ones: SEC_E_UNSUPPORTED_FUNCTION.
 *
 * Pointers:
 * `hCredentials` is NULL or readable, strings are NULL or terminated, `pAuthData` NULL or an
 * identity, `ptsExpiry` NULL or writable.
 */
SECURITY_STATUS AddCredentialsW(PCredHandle hCredentials,
                                SEC_WCHAR *pszPrincipal,
                                SEC_WCHAR *pszPackage,
                                ULONG fCredentialUse,
                                void *pAuthData,
                                SEC_GET_KEY_FN pGetKeyFn,
                                void *pvGetKeyArgument,
                                PTimeStamp ptsExpiry);

/*
 * Adds a credential for one of Negotiate's packages, or for all that can use it when
 * `pszPackage` is Negotiate itself. Handshakes that run go on with what they began with. The
 * other packages' credentials are single ones: SEC_E_UNSUPPORTED_FUNCTION.
 *
 * Pointers:
 * `hCredentials` is NULL or readable, strings are NULL or terminated, `pAuthData` NULL or an
 * identity, `ptsExpiry` NULL or writable.
 */
SECURITY_STATUS AddCredentialsA(PCredHandle hCredentials,
                                SEC_CHAR *pszPrincipal,
                                SEC_CHAR *pszPackage,
                                ULONG fCredentialUse,
                                void *pAuthData,
                                SEC_GET_KEY_FN pGetKeyFn,
                                void *pvGetKeyArgument,
                                PTimeStamp ptsExpiry);

/*
 * Frees a credential. Established contexts and running handshakes go on without it.
 *
 * Pointers:
 * `phCredential` is NULL or readable.
 */
SECURITY_STATUS FreeCredentialsHandle(PCredHandle phCredential);

/*
 * Asks for an attribute of a credential: SECPKG_CRED_ATTR_NAMES, whose string is freed by
 * `FreeContextBuffer`.
 *
 * Pointers:
 * `phCredential` is NULL or readable, `pBuffer` NULL or writable for the attribute's structure.
 */
SECURITY_STATUS QueryCredentialsAttributesW(PCredHandle phCredential,
                                            ULONG ulAttribute,
                                            void *pBuffer);

/*
 * Asks for an attribute of a credential: SECPKG_CRED_ATTR_NAMES, whose string is freed by
 * `FreeContextBuffer`.
 *
 * Pointers:
 * `phCredential` is NULL or readable, `pBuffer` NULL or writable for the attribute's structure.
 */
SECURITY_STATUS QueryCredentialsAttributesA(PCredHandle phCredential,
                                            ULONG ulAttribute,
                                            void *pBuffer);

/*
 * `QueryCredentialsAttributesW` with the size of the buffer.
 *
 * Pointers:
 * `phCredential` is NULL or readable, `pBuffer` NULL or writable for `cbBuffer` bytes.
 */
SECURITY_STATUS QueryCredentialsAttributesExW(PCredHandle phCredential,
                                              ULONG ulAttribute,
                                              void *pBuffer,
                                              ULONG cbBuffer);

/*
 * `QueryCredentialsAttributesA` with the size of the buffer.
 *
 * Pointers:
 * `phCredential` is NULL or readable, `pBuffer` NULL or writable for `cbBuffer` bytes.
 */
SECURITY_STATUS QueryCredentialsAttributesExA(PCredHandle phCredential,
                                              ULONG ulAttribute,
                                              void *pBuffer,
                                              ULONG cbBuffer);

/*
 * Sets an attribute of a credential: SECPKG_CRED_ATTR_KDC_PROXY_SETTINGS of Kerberos.
 *
 * Pointers:
 * `phCredential` is NULL or readable, `pBuffer` NULL or readable for `cbBuffer` bytes.
 */
SECURITY_STATUS SetCredentialsAttributesW(PCredHandle phCredential,
                                          ULONG ulAttribute,
                                          void *pBuffer,
                                          ULONG cbBuffer);

/*
 * Sets an attribute of a credential: SECPKG_CRED_ATTR_KDC_PROXY_SETTINGS of Kerberos, whose text
 * is UTF-16 here too.
 *
 * Pointers:
 * `phCredential` is NULL or readable, `pBuffer` NULL or readable for `cbBuffer` bytes.
 */
SECURITY_STATUS SetCredentialsAttributesA(PCredHandle phCredential,
                                          ULONG ulAttribute,
                                          void *pBuffer,
                                          ULONG cbBuffer);

/*
 * Makes an identity of up to three strings, of which one must be there. The third is the password.
 * Free it with SspiFreeAuthIdentity.
 *
 * Pointers:
 * Each string is NULL, or readable up to its terminator. `ppAuthIdentity` is NULL or writable.
 */
SECURITY_STATUS SspiEncodeStringsAsAuthIdentity(PCWSTR pszUserName,
                                                PCWSTR pszDomainName,
                                                PCWSTR pszPackedCredentialsString,
                                                PSEC_WINNT_AUTH_IDENTITY_OPAQUE *ppAuthIdentity);

/*
 * Gives the three strings of an identity, NULL where there is none. Free each with SspiLocalFree.
 * An encrypted identity must be decrypted first.
 *
 * Pointers:
 * `pAuthIdentity` is NULL or an identity. The other pointers are NULL or writable.
 */
SECURITY_STATUS SspiEncodeAuthIdentityAsStrings(PSEC_WINNT_AUTH_IDENTITY_OPAQUE pAuthIdentity,
                                                PCWSTR *ppszUserName,
                                                PCWSTR *ppszDomainName,
                                                PCWSTR *ppszPackedCredentialsString);

/*
 * Wipes and frees an identity that this library gave out. NULL and foreign pointers are left
 * alone.
 *
 * Pointers:
 * An identity of this library is used by nobody else any more.
 */
void SspiFreeAuthIdentity(PSEC_WINNT_AUTH_IDENTITY_OPAQUE AuthData);

/*
 * Frees a string or a byte array of the identity functions. NULL and foreign pointers are left
 * alone.
 *
 * Pointers:
 * A block of this library is used by nobody else any more.
 */
void SspiLocalFree(PVOID DataBuffer);

/*
 * Wipes the password of an identity where it lies; user and domain stay.
 *
 * Pointers:
 * `AuthData` is NULL or an identity whose password is writable.
 */
void SspiZeroAuthIdentity(PSEC_WINNT_AUTH_IDENTITY_OPAQUE AuthData);

/*
 * Makes a deep copy with the same flags. Free it with SspiFreeAuthIdentity.
 *
 * Pointers:
 * `AuthData` is NULL or an identity. `AuthDataCopy` is NULL or writable.
 */
SECURITY_STATUS SspiCopyAuthIdentity(PSEC_WINNT_AUTH_IDENTITY_OPAQUE AuthData,
                                     PSEC_WINNT_AUTH_IDENTITY_OPAQUE *AuthDataCopy);

/*
 * Says whether two identities have the same user and domain, and whether everything in them is the
 * same. NULL is the same as NULL only.
 *
 * Pointers:
 * Both identities are NULL or identities. The other pointers are NULL or writable.
 */
SECURITY_STATUS SspiCompareAuthIdentities(PSEC_WINNT_AUTH_IDENTITY_OPAQUE AuthIdentity1,
                                          PSEC_WINNT_AUTH_IDENTITY_OPAQUE AuthIdentity2,
                                          PBOOLEAN SameSuppliedUser,
                                          PBOOLEAN SameSuppliedIdentity);

/*
 * Says whether an identity can be understood: SEC_E_OK, or SEC_E_INVALID_TOKEN.
 *
 * Pointers:
 * `AuthData` is NULL or an identity.
 */
SECURITY_STATUS SspiValidateAuthIdentity(PSEC_WINNT_AUTH_IDENTITY_OPAQUE AuthData);

/*
 * Turns an identity into bytes, which hold its password as the identity holds it. Wipe them, and
 * free them with SspiLocalFree.
 *
 * Pointers:
 * `AuthIdentity` is NULL or an identity. The other pointers are NULL or writable.
 */
SECURITY_STATUS SspiMarshalAuthIdentity(PSEC_WINNT_AUTH_IDENTITY_OPAQUE AuthIdentity,
                                        PULONG AuthIdentityLength,
                                        char **AuthIdentityByteArray);

/*
 * Turns bytes into an identity. Free it with SspiFreeAuthIdentity.
 *
 * Pointers:
 * `AuthIdentityByteArray` is NULL, or readable for `AuthIdentityLength` bytes. `ppAuthIdentity` is
 * NULL or writable.
 */
SECURITY_STATUS SspiUnmarshalAuthIdentity(ULONG AuthIdentityLength,
                                          char *AuthIdentityByteArray,
                                          PSEC_WINNT_AUTH_IDENTITY_OPAQUE *ppAuthIdentity);

/*
 * Makes a copy of an identity (NULL: of the default one) whose package list also excludes a
 * package. Free it with SspiFreeAuthIdentity.
 *
 * Pointers:
 * `AuthIdentity` is NULL or an identity. `pszPackageName` is NULL or readable up to its
 * terminator. `ppNewAuthIdentity` is NULL or writable.
 */
SECURITY_STATUS SspiExcludePackage(PSEC_WINNT_AUTH_IDENTITY_OPAQUE AuthIdentity,
                                   PCWSTR pszPackageName,
                                   PSEC_WINNT_AUTH_IDENTITY_OPAQUE *ppNewAuthIdentity);

/*
 * Encrypts the password of an identity in place, for this process. The identity must be one that
 * this library gave out.
 *
 * Pointers:
 * `AuthData` is NULL or an identity that nobody else uses.
 */
SECURITY_STATUS SspiEncryptAuthIdentity(PSEC_WINNT_AUTH_IDENTITY_OPAQUE AuthData);

/*
 * Encrypts the password of an identity in place: for this process, or for all processes of the
 * user's logon.
 *
 * Pointers:
 * As SspiEncryptAuthIdentity.
 */
SECURITY_STATUS SspiEncryptAuthIdentityEx(ULONG Options, PSEC_WINNT_AUTH_IDENTITY_OPAQUE AuthData);

/*
 * Decrypts the password of an identity in place; nothing happens to a clear one.
 *
 * Pointers:
 * `EncryptedAuthData` is NULL or an identity that nobody else uses, whose password is writable.
 */
SECURITY_STATUS SspiDecryptAuthIdentity(PSEC_WINNT_AUTH_IDENTITY_OPAQUE EncryptedAuthData);

/*
 * Decrypts the password of an identity in place. The identity itself says how it is encrypted.
 *
 * Pointers:
 * As SspiDecryptAuthIdentity.
 */
SECURITY_STATUS SspiDecryptAuthIdentityEx(ULONG Options,
                                          PSEC_WINNT_AUTH_IDENTITY_OPAQUE EncryptedAuthData);

/*
 * Says whether the password of an identity is encrypted. NULL and what is no identity are not.
 *
 * Pointers:
 * `EncryptedAuthData` is NULL or an identity.
 */
BOOLEAN SspiIsAuthIdentityEncrypted(PSEC_WINNT_AUTH_IDENTITY_OPAQUE EncryptedAuthData);

/*
 * The calling thread, and no other, acts as the client of a server's complete context: its
 * effective user, group and supplementary groups are those of the client's account of this
 * machine. SEC_E_NO_IMPERSONATION, and nothing is changed, for anonymous clients, those that let
 * themselves be identified only, those without an account here, and where the process has not
 * CAP_SETUID and CAP_SETGID. A thread that acts as another client already leaves it for this one.
 *
 * Pointers:
 * `phContext` is NULL or readable.
 */
SECURITY_STATUS ImpersonateSecurityContext(PCtxtHandle phContext);

/*
 * The calling thread acts as its process again, whichever client it acted as; SEC_E_OK when it
 * did not act as one. Any living context will do.
 *
 * Pointers:
 * `phContext` is NULL or readable.
 */
SECURITY_STATUS RevertSecurityContext(PCtxtHandle phContext);

/*
 * The number of the logon session that holds what the client delegated to a server's context:
 * AcquireCredentialsHandle takes it as `pvLogonId` and gives a credential that speaks for the
 * client. The session ends with the context, such a credential lives on. SEC_E_NO_CREDENTIALS
 * when the client delegated nothing.
 *
 * Pointers:
 * `phContext` is NULL or readable, `pLogonId` NULL or writable.
 */
SECURITY_STATUS Secur32QueryContextLogonId(PCtxtHandle phContext, PLUID pLogonId);

/*
 * Connects to the authority without privileges: good for every call here. The handle is given up
 * by `LsaDeregisterLogonProcess`.
 *
 * Pointers:
 * `LsaHandle` is NULL or writable.
 */
NTSTATUS LsaConnectUntrusted(PHANDLE LsaHandle);

/*
 * Connects to the authority as a logon process, which only the machine's own user (root) may:
 * others get STATUS_PORT_CONNECTION_REFUSED. `SecurityMode` is set to 0 and means nothing.
 *
 * Pointers:
 * `LogonProcessName` is NULL or readable, the others are NULL or writable.
 */
NTSTATUS LsaRegisterLogonProcess(PLSA_STRING LogonProcessName,
                                 PHANDLE LsaHandle,
                                 PLSA_OPERATIONAL_MODE SecurityMode);

/*
 * Ends a connection to the authority. What was logged on by it stays so.
 *
 * Pointers:
 * Nothing is demanded: the handle is never followed.
 */
NTSTATUS LsaDeregisterLogonProcess(HANDLE LsaHandle);

/*
 * Gives the number of a package by its name, in any case: Negotiate's is 0.
 *
 * Pointers:
 * `PackageName` is NULL or readable, `AuthenticationPackage` NULL or writable.
 */
NTSTATUS LsaLookupAuthenticationPackage(HANDLE LsaHandle,
                                        PLSA_STRING PackageName,
                                        PULONG AuthenticationPackage);

/*
 * Passes a message to a package. What is returned says whether the package was reached;
 * `ProtocolStatus` is what it answers. Its message is freed by `LsaFreeReturnBuffer`.
 *
 * Pointers:
 * `ProtocolSubmitBuffer` is NULL or readable for `SubmitBufferLength` bytes, the outputs are
 * NULL or writable.
 */
NTSTATUS LsaCallAuthenticationPackage(HANDLE LsaHandle,
                                      ULONG AuthenticationPackage,
                                      PVOID ProtocolSubmitBuffer,
                                      ULONG SubmitBufferLength,
                                      PVOID *ProtocolReturnBuffer,
                                      PULONG ReturnBufferLength,
                                      PNTSTATUS ProtocolStatus);

/*
 * Frees what the functions here hand out. NULL is nothing to do; a pointer that is not of these
 * functions, or was freed already, is STATUS_INVALID_PARAMETER and stays untouched.
 *
 * Pointers:
 * `Buffer` is not used any more by anybody else.
 */
NTSTATUS LsaFreeReturnBuffer(PVOID Buffer);

/*
 * Lists the logon sessions: the caller's own, and those that began in this process. The list is
 * freed by `LsaFreeReturnBuffer`.
 *
 * Pointers:
 * Both pointers are NULL or writable.
 */
NTSTATUS LsaEnumerateLogonSessions(PULONG LogonSessionCount, PLUID *LogonSessionList);

/*
 * Describes a logon session; freed by `LsaFreeReturnBuffer`.
 *
 * Pointers:
 * `LogonId` is NULL or readable, `ppLogonSessionData` NULL or writable.
 */
NTSTATUS LsaGetLogonSessionData(PLUID LogonId, PSECURITY_LOGON_SESSION_DATA *ppLogonSessionData);

/*
 * Names the user of a logon session; NULL is the caller's own. Freed by `LsaFreeReturnBuffer`.
 *
 * Pointers:
 * `LogonId` is NULL or readable, `UserInformation` NULL or writable.
 */
NTSTATUS GetSecurityUserInfo(PLUID LogonId, ULONG Flags, PSecurityUserData *UserInformation);

/*
 * Signals an event whenever a policy of this machine changes. The event's handle is the number of
 * an `eventfd`, which becomes readable. There are the classes of the account
 * domain, the server's role and the DNS domain (the machine's names in secur32.conf and the host's
 * name), of Kerberos' tickets (lifetimes in krb5.conf) and of the machine's password (its keytab);
 * the others never change here and answer STATUS_NOT_SUPPORTED.
 *
 * Pointers:
 * Nothing is demanded: the handle is a number.
 */
NTSTATUS LsaRegisterPolicyChangeNotification(POLICY_NOTIFICATION_INFORMATION_CLASS InformationClass,
                                             HANDLE NotificationEventHandle);

/*
 * Ends such signals. STATUS_INVALID_PARAMETER if the event does not wait for this class.
 *
 * Pointers:
 * Nothing is demanded: the handle is a number.
 */
NTSTATUS LsaUnregisterPolicyChangeNotification(POLICY_NOTIFICATION_INFORMATION_CLASS InformationClass,
                                               HANDLE NotificationEventHandle);

/*
 * Frees what the library handed out: tokens, package information, attribute strings, packed
 * contexts. NULL is nothing to do; a pointer that the library does not know is left alone and
 * answered with SEC_E_INVALID_HANDLE.
 *
 * Pointers:
 * `pvContextBuffer` may be any pointer; after success the memory is gone.
 */
SECURITY_STATUS FreeContextBuffer(void *pvContextBuffer);

/*
 * Signs the DATA buffers into the TOKEN buffer, whose size becomes that of the signature.
 *
 * Pointers:
 * `phContext` is NULL or readable; `pMessage` is NULL or a descriptor whose buffers are readable,
 * TOKEN writable.
 */
SECURITY_STATUS MakeSignature(PCtxtHandle phContext,
                              ULONG fQOP,
                              PSecBufferDesc pMessage,
                              ULONG MessageSeqNo);

/*
 * Verifies the signature in the TOKEN buffer over the DATA buffers.
 *
 * Pointers:
 * `phContext` is NULL or readable; `pMessage` is NULL or a descriptor whose buffers are readable;
 * `pfQOP` is NULL or writable.
 */
SECURITY_STATUS VerifySignature(PCtxtHandle phContext,
                                PSecBufferDesc pMessage,
                                ULONG MessageSeqNo,
                                ULONG *pfQOP);

/*
 * Encrypts the DATA buffers in place; TOKEN and PADDING get the sizes that were used.
 * TOKEN|DATA|PADDING is the message.
 *
 * Pointers:
 * `phContext` is NULL or readable; `pMessage` is NULL or a descriptor whose buffers are readable
 * and, unless marked read-only, writable.
 */
SECURITY_STATUS EncryptMessage(PCtxtHandle phContext,
                               ULONG fQOP,
                               PSecBufferDesc pMessage,
                               ULONG MessageSeqNo);

/*
 * Decrypts in place: TOKEN and DATA buffers, or a STREAM buffer that holds a whole message, into
 * which the DATA buffer then points.
 *
 * Pointers:
 * `phContext` is NULL or readable; `pMessage` is NULL or a descriptor whose buffers are readable
 * and, unless marked read-only, writable; `pfQOP` is NULL or writable.
 */
SECURITY_STATUS DecryptMessage(PCtxtHandle phContext,
                               PSecBufferDesc pMessage,
                               ULONG MessageSeqNo,
                               ULONG *pfQOP);

/*
 * `EncryptMessage` under its old name.
 *
 * Pointers:
 * As `EncryptMessage`.
 */
SECURITY_STATUS SealMessage(PCtxtHandle phContext,
                            ULONG fQOP,
                            PSecBufferDesc pMessage,
                            ULONG MessageSeqNo);

/*
 * `DecryptMessage` under its old name.
 *
 * Pointers:
 * As `DecryptMessage`.
 */
SECURITY_STATUS UnsealMessage(PCtxtHandle phContext,
                              PSecBufferDesc pMessage,
                              ULONG MessageSeqNo,
                              ULONG *pfQOP);

/*
 * Gives the name of the user that the calling thread acts for. `*nSize` is the buffer's size in
 * characters, and afterwards the length of the name without its terminator. ERROR_MORE_DATA when
 * the buffer is absent or too small: the buffer is untouched and `*nSize` says what is needed,
 * with the terminator. ERROR_NONE_MAPPED when there is no such name, ERROR_NO_SUCH_DOMAIN when
 * only a domain controller could tell and none can be asked, ERROR_NO_SUCH_USER for NameUnknown.
 *
 * Pointers:
 * `lpNameBuffer` is NULL or writable for `*nSize` characters, `nSize` NULL or writable.
 */
BOOLEAN GetUserNameExW(EXTENDED_NAME_FORMAT NameFormat, LPWSTR lpNameBuffer, PULONG nSize);

/*
 * As GetUserNameExW, in UTF-8; sizes count bytes.
 *
 * Pointers:
 * As [`GetUserNameExW`].
 */
BOOLEAN GetUserNameExA(EXTENDED_NAME_FORMAT NameFormat, LPSTR lpNameBuffer, PULONG nSize);

/*
 * Gives the name of this computer's account. Sizes as with GetUserNameExW, but too little room is
 * ERROR_INSUFFICIENT_BUFFER. ERROR_INVALID_PARAMETER for NameUnknown and for formats that only
 * people have, ERROR_CANT_ACCESS_DOMAIN_INFO when the computer belongs to no domain,
 * ERROR_NO_SUCH_DOMAIN when no domain controller can be asked.
 *
 * Pointers:
 * As [`GetUserNameExW`].
 */
BOOLEAN GetComputerObjectNameW(EXTENDED_NAME_FORMAT NameFormat, LPWSTR lpNameBuffer, PULONG nSize);

/*
 * As GetComputerObjectNameW, in UTF-8; sizes count bytes.
 *
 * Pointers:
 * As [`GetUserNameExW`].
 */
BOOLEAN GetComputerObjectNameA(EXTENDED_NAME_FORMAT NameFormat, LPSTR lpNameBuffer, PULONG nSize);

/*
 * Gives another form of an account's name, as a domain controller knows it. `*nSize` is the
 * buffer's size in characters, and afterwards the size of the name with its terminator; an absent
 * buffer of size 0 succeeds and is told the size. ERROR_INSUFFICIENT_BUFFER when it is too small,
 * ERROR_NONE_MAPPED when there is no such account, or several, or no such form of its name,
 * ERROR_NO_SUCH_DOMAIN when no domain controller can be asked.
 *
 * Pointers:
 * `lpAccountName` is NULL or a terminated string; the rest as with [`GetUserNameExW`].
 */
BOOLEAN TranslateNameW(LPCWSTR lpAccountName,
                       EXTENDED_NAME_FORMAT AccountNameFormat,
                       EXTENDED_NAME_FORMAT DesiredNameFormat,
                       LPWSTR lpTranslatedName,
                       PULONG nSize);

/*
 * As TranslateNameW, in UTF-8; sizes count bytes.
 *
 * Pointers:
 * As [`TranslateNameW`].
 */
BOOLEAN TranslateNameA(LPCSTR lpAccountName,
                       EXTENDED_NAME_FORMAT AccountNameFormat,
                       EXTENDED_NAME_FORMAT DesiredNameFormat,
                       LPSTR lpTranslatedName,
                       PULONG nSize);

/*
 * Lists the security packages in one block, freed by `FreeContextBuffer`.
 *
 * Pointers:
 * Both pointers are NULL or writable.
 */
SECURITY_STATUS EnumerateSecurityPackagesW(ULONG *pcPackages, PSecPkgInfoW *ppPackageInfo);

/*
 * Lists the security packages in one block, freed by `FreeContextBuffer`.
 *
 * Pointers:
 * Both pointers are NULL or writable.
 */
SECURITY_STATUS EnumerateSecurityPackagesA(ULONG *pcPackages, PSecPkgInfoA *ppPackageInfo);

/*
 * Describes one package, whose name may be in any case, in one block freed by
 * `FreeContextBuffer`. An unknown name leaves `*ppPackageInfo` as it was.
 *
 * Pointers:
 * `pszPackageName` is NULL or a terminated string, `ppPackageInfo` NULL or writable.
 */
SECURITY_STATUS QuerySecurityPackageInfoW(SEC_WCHAR *pszPackageName, PSecPkgInfoW *ppPackageInfo);

/*
 * Describes one package, whose name may be in any case, in one block freed by
 * `FreeContextBuffer`. An unknown name leaves `*ppPackageInfo` as it was.
 *
 * Pointers:
 * `pszPackageName` is NULL or a terminated string, `ppPackageInfo` NULL or writable.
 */
SECURITY_STATUS QuerySecurityPackageInfoA(SEC_CHAR *pszPackageName, PSecPkgInfoA *ppPackageInfo);

/*
 * Adds a package from a file: answers SEC_E_UNSUPPORTED_FUNCTION.
 *
 * Pointers:
 * Nothing is demanded: no pointer is followed.
 */
SECURITY_STATUS AddSecurityPackageW(LPWSTR pszPackageName, PSECURITY_PACKAGE_OPTIONS pOptions);

/*
 * Adds a package from a file: answers SEC_E_UNSUPPORTED_FUNCTION.
 *
 * Pointers:
 * Nothing is demanded: no pointer is followed.
 */
SECURITY_STATUS AddSecurityPackageA(LPSTR pszPackageName, PSECURITY_PACKAGE_OPTIONS pOptions);

/*
 * Removes a package: answers SEC_E_UNSUPPORTED_FUNCTION.
 *
 * Pointers:
 * Nothing is demanded: no pointer is followed.
 */
SECURITY_STATUS DeleteSecurityPackageW(SEC_WCHAR *pszPackageName);

/*
 * Removes a package: answers SEC_E_UNSUPPORTED_FUNCTION.
 *
 * Pointers:
 * Nothing is demanded: no pointer is followed.
 */
SECURITY_STATUS DeleteSecurityPackageA(SEC_CHAR *pszPackageName);

/*
 * Changes the password of an account of Kerberos (RFC 3244). When the authority refuses the new
 * password and tells its policy, a SECBUFFER_CHANGE_PASS_RESPONSE of `pOutput` receives a
 * DOMAIN_PASSWORD_INFORMATION: in the caller's memory where `pvBuffer` is given, else in memory
 * that is freed by `FreeContextBuffer`.
 *
 * Pointers:
 * Strings are NULL or terminated, `pOutput` is NULL or a descriptor with readable and writable
 * buffers.
 */
SECURITY_STATUS ChangeAccountPasswordW(SEC_WCHAR *pszPackageName,
                                       SEC_WCHAR *pszDomainName,
                                       SEC_WCHAR *pszAccountName,
                                       SEC_WCHAR *pszOldPassword,
                                       SEC_WCHAR *pszNewPassword,
                                       BOOLEAN bImpersonating,
                                       ULONG dwReserved,
                                       PSecBufferDesc pOutput);

/*
 * Changes the password of an account of Kerberos (RFC 3244). When the authority refuses the new
 * password and tells its policy, a SECBUFFER_CHANGE_PASS_RESPONSE of `pOutput` receives a
 * DOMAIN_PASSWORD_INFORMATION: in the caller's memory where `pvBuffer` is given, else in memory
 * that is freed by `FreeContextBuffer`.
 *
 * Pointers:
 * Strings are NULL or terminated, `pOutput` is NULL or a descriptor with readable and writable
 * buffers.
 */
SECURITY_STATUS ChangeAccountPasswordA(SEC_CHAR *pszPackageName,
                                       SEC_CHAR *pszDomainName,
                                       SEC_CHAR *pszAccountName,
                                       SEC_CHAR *pszOldPassword,
                                       SEC_CHAR *pszNewPassword,
                                       BOOLEAN bImpersonating,
                                       ULONG dwReserved,
                                       PSecBufferDesc pOutput);

/*
 * Lists the profiles, that is the mechanisms of SASL: each terminated, and a terminator after the
 * last, in one block freed by `FreeContextBuffer`.
 *
 * Pointers:
 * Both pointers are NULL or writable.
 */
SECURITY_STATUS SaslEnumerateProfilesW(LPWSTR *ProfileList, ULONG *ProfileCount);

/*
 * Lists the profiles, that is the mechanisms of SASL: each terminated, and a terminator after the
 * last, in one block freed by `FreeContextBuffer`.
 *
 * Pointers:
 * Both pointers are NULL or writable.
 */
SECURITY_STATUS SaslEnumerateProfilesA(LPSTR *ProfileList, ULONG *ProfileCount);

/*
 * Describes the package of a profile, whose name may be in any case, as
 * `QuerySecurityPackageInfo` does. Free the block with `FreeContextBuffer`.
 *
 * Pointers:
 * `ProfileName` is NULL or terminated, `PackageInfo` NULL or writable.
 */
SECURITY_STATUS SaslGetProfilePackageW(LPWSTR ProfileName, PSecPkgInfoW *PackageInfo);

/*
 * Describes the package of a profile, whose name may be in any case, as
 * `QuerySecurityPackageInfo` does. Free the block with `FreeContextBuffer`.
 *
 * Pointers:
 * `ProfileName` is NULL or terminated, `PackageInfo` NULL or writable.
 */
SECURITY_STATUS SaslGetProfilePackageA(LPSTR ProfileName, PSecPkgInfoA *PackageInfo);

/*
 * Describes the package that a client's first token is for; SEC_E_SECPKG_NOT_FOUND when it is for
 * none. Free the block with `FreeContextBuffer`.
 *
 * Pointers:
 * `pInput` is NULL or a descriptor, `PackageInfo` NULL or writable.
 */
SECURITY_STATUS SaslIdentifyPackageW(PSecBufferDesc pInput, PSecPkgInfoW *PackageInfo);

/*
 * Describes the package that a client's first token is for; SEC_E_SECPKG_NOT_FOUND when it is for
 * none. Free the block with `FreeContextBuffer`.
 *
 * Pointers:
 * `pInput` is NULL or a descriptor, `PackageInfo` NULL or writable.
 */
SECURITY_STATUS SaslIdentifyPackageA(PSecBufferDesc pInput, PSecPkgInfoA *PackageInfo);

/*
 * `InitializeSecurityContext` as a mechanism of SASL: after Kerberos (GSSAPI) the security layer is
 * agreed on in two further messages. The flags ask for the layer, the attributes of SEC_E_OK tell
 * it. An empty token with SEC_I_CONTINUE_NEEDED must be sent as well, as an empty response.
 *
 * Pointers:
 * As `InitializeSecurityContextW`.
 */
SECURITY_STATUS SaslInitializeSecurityContextW(PCredHandle phCredential,
                                               PCtxtHandle phContext,
                                               LPWSTR pszTargetName,
                                               ULONG fContextReq,
                                               ULONG Reserved1,
                                               ULONG TargetDataRep,
                                               PSecBufferDesc pInput,
                                               ULONG Reserved2,
                                               PCtxtHandle phNewContext,
                                               PSecBufferDesc pOutput,
                                               ULONG *pfContextAttr,
                                               PTimeStamp ptsExpiry);

/*
 * `InitializeSecurityContext` as a mechanism of SASL: after Kerberos (GSSAPI) the security layer is
 * agreed on in two further messages. The flags ask for the layer, the attributes of SEC_E_OK tell
 * it. An empty token with SEC_I_CONTINUE_NEEDED must be sent as well, as an empty response.
 *
 * Pointers:
 * As `InitializeSecurityContextA`.
 */
SECURITY_STATUS SaslInitializeSecurityContextA(PCredHandle phCredential,
                                               PCtxtHandle phContext,
                                               LPSTR pszTargetName,
                                               ULONG fContextReq,
                                               ULONG Reserved1,
                                               ULONG TargetDataRep,
                                               PSecBufferDesc pInput,
                                               ULONG Reserved2,
                                               PCtxtHandle phNewContext,
                                               PSecBufferDesc pOutput,
                                               ULONG *pfContextAttr,
                                               PTimeStamp ptsExpiry);

/*
 * `AcceptSecurityContext` as a mechanism of SASL. The flags demand a layer: what falls short of
 * them is not offered. The attributes of SEC_E_OK tell the layer.
 *
 * Pointers:
 * As `AcceptSecurityContext`.
 */
SECURITY_STATUS SaslAcceptSecurityContext(PCredHandle phCredential,
                                          PCtxtHandle phContext,
                                          PSecBufferDesc pInput,
                                          ULONG fContextReq,
                                          ULONG TargetDataRep,
                                          PCtxtHandle phNewContext,
                                          PSecBufferDesc pOutput,
                                          ULONG *pfContextAttr,
                                          PTimeStamp ptsExpiry);

/*
 * Sets an option of a SASL context, before the layer is agreed on.
 *
 * Pointers:
 * `ContextHandle` is NULL or readable, `Value` NULL or readable for `Size` bytes.
 */
SECURITY_STATUS SaslSetContextOption(PCtxtHandle ContextHandle,
                                     ULONG Option,
                                     PVOID Value,
                                     ULONG Size);

/*
 * Gives an option of a SASL context. `Needed` gets the size of the value.
 *
 * Pointers:
 * `ContextHandle` is NULL or readable, `Value` NULL or writable for `Size` bytes, `Needed` NULL or
 * writable.
 */
SECURITY_STATUS SaslGetContextOption(PCtxtHandle ContextHandle,
                                     ULONG Option,
                                     PVOID Value,
                                     ULONG Size,
                                     PULONG Needed);

/*
 * Gives what CredWrite would save an identity with: the kind of credential, the target (the user
 * if `pszTargetName` is NULL), the user as `DOMAIN\user`, and the password as UTF-16 without
 * terminator. Free target, user and blob with SspiLocalFree.
 *
 * Pointers:
 * `AuthIdentity` is NULL or an identity. `pszTargetName` is NULL or readable up to its terminator.
 * The other pointers are NULL or writable.
 */
SECURITY_STATUS SspiPrepareForCredWrite(PSEC_WINNT_AUTH_IDENTITY_OPAQUE AuthIdentity,
                                        PCWSTR pszTargetName,
                                        PULONG pCredmanCredentialType,
                                        PCWSTR *ppszCredmanTargetName,
                                        PCWSTR *ppszCredmanUserName,
                                        PUCHAR *ppCredentialBlob,
                                        PULONG pCredentialBlobSize);

/*
 * Gives what CredRead would look an identity up with: the kind of credential and the target (the
 * user if `pszTargetName` is NULL). Free the target with SspiLocalFree.
 *
 * Pointers:
 * As SspiPrepareForCredWrite.
 */
SECURITY_STATUS SspiPrepareForCredRead(PSEC_WINNT_AUTH_IDENTITY_OPAQUE AuthIdentity,
                                       PCWSTR pszTargetName,
                                       PULONG pCredmanCredentialType,
                                       PCWSTR *ppszCredmanTargetName);

/*
 * Gives the host that a target name names: what stands between the first slash and the next slash
 * or colon; a name without a slash is given back whole. Free it with SspiLocalFree.
 *
 * Pointers:
 * `pszTargetName` is NULL or readable up to its terminator. `pszHostName` is NULL or writable.
 */
SECURITY_STATUS SspiGetTargetHostName(PCWSTR pszTargetName, PWSTR *pszHostName);

/*
 * The table of the `...W` functions: static, never freed, every slot callable but the reserved
 * ones that Windows leaves NULL.
 */
PSecurityFunctionTableW InitSecurityInterfaceW(void);

/*
 * The table of the `...A` functions: static, never freed, every slot callable but the reserved
 * ones that Windows leaves NULL.
 */
PSecurityFunctionTableA InitSecurityInterfaceA(void);

/*
 * Puts what is known of a server into a string, as it may hang behind a service name. `BufferSize`
 * gets its size in bytes, without the terminator that follows. Free it with SspiLocalFree.
 *
 * Pointers:
 * `InTargetInfo` is NULL or readable with all that it points at, the others are NULL or writable.
 */
NTSTATUS CredMarshalTargetInfo(PCREDENTIAL_TARGET_INFORMATIONW InTargetInfo,
                               PUSHORT *Buffer,
                               PULONG BufferSize);

/*
 * Takes what is known of a server out of the end of a string, and tells how many bytes of it that
 * was. Free the structure, which is one block with all that it points at, with SspiLocalFree.
 *
 * Pointers:
 * `Buffer` is NULL or readable for `BufferSize` bytes, the others are NULL or writable.
 */
NTSTATUS CredUnmarshalTargetInfo(PUSHORT Buffer,
                                 ULONG BufferSize,
                                 PCREDENTIAL_TARGET_INFORMATIONW *RetTargetInfo,
                                 PULONG RetActualSize);

/*
 * Gives the access token of a server's client. The handle is the caller's, who closes it by
 * `Secur32CloseHandle`; it outlives the context. `secur32_token.h` reads it. SEC_E_NO_IMPERSONATION
 * for a client's own context, SEC_E_INVALID_HANDLE for one that is not complete.
 *
 * Pointers:
 * `phContext` is NULL or readable, `Token` NULL or writable.
 */
SECURITY_STATUS QuerySecurityContextToken(PCtxtHandle phContext, HANDLE *Token);

/*
 * Closes the handle of a token that `QuerySecurityContextToken`, `LsaLogonUser` or
 * `Secur32DuplicateToken` gave. A session that a logon began ends with its last token; credentials
 * acquired from it live on. What `CloseHandle` does on Windows, which on Linux is nobody's to
 * export. FALSE for everything that is no such handle, a connection of `LsaConnectUntrusted` and
 * the borrowed handle of SECPKG_ATTR_ACCESS_TOKEN among it; the thread's last error is
 * ERROR_INVALID_HANDLE then.
 *
 * Pointers:
 * Nothing is demanded: the handle is never followed.
 */
BOOL Secur32CloseHandle(HANDLE hObject);

/*
 * Packs an established context for another process of this machine. The bytes, freed by
 * `FreeContextBuffer`, hold the keys of the session: hand them over a private channel only.
 *
 * Pointers:
 * `phContext` is NULL or readable, the outputs NULL or writable.
 */
SECURITY_STATUS ExportSecurityContext(PCtxtHandle phContext,
                                      ULONG fFlags,
                                      PSecBuffer pPackedContext,
                                      void **pToken);

/*
 * Makes a context of the bytes of `ExportSecurityContext`; messages go on with the sequence.
 *
 * Pointers:
 * `pszPackage` is NULL or terminated, `pPackedContext` NULL or readable with what it points at,
 * `phContext` NULL or writable.
 */
SECURITY_STATUS ImportSecurityContextW(SEC_WCHAR *pszPackage,
                                       PSecBuffer pPackedContext,
                                       void *Token,
                                       PCtxtHandle phContext);

/*
 * Makes a context of the bytes of `ExportSecurityContext`; messages go on with the sequence.
 *
 * Pointers:
 * `pszPackage` is NULL or terminated, `pPackedContext` NULL or readable with what it points at,
 * `phContext` NULL or writable.
 */
SECURITY_STATUS ImportSecurityContextA(SEC_CHAR *pszPackage,
                                       PSecBuffer pPackedContext,
                                       void *Token,
                                       PCtxtHandle phContext);

/*
 * Applies a control token (Schannel): answers SEC_E_UNSUPPORTED_FUNCTION.
 *
 * Pointers:
 * `phContext` is NULL or readable.
 */
SECURITY_STATUS ApplyControlToken(PCtxtHandle phContext, PSecBufferDesc pInput);

/*
 * Sets an attribute of a context (Schannel): answers SEC_E_UNSUPPORTED_FUNCTION.
 *
 * Pointers:
 * `phContext` is NULL or readable.
 */
SECURITY_STATUS SetContextAttributesW(PCtxtHandle phContext,
                                      ULONG ulAttribute,
                                      void *pBuffer,
                                      ULONG cbBuffer);

/*
 * Sets an attribute of a context (Schannel): answers SEC_E_UNSUPPORTED_FUNCTION.
 *
 * Pointers:
 * `phContext` is NULL or readable.
 */
SECURITY_STATUS SetContextAttributesA(PCtxtHandle phContext,
                                      ULONG ulAttribute,
                                      void *pBuffer,
                                      ULONG cbBuffer);

/*
 * Marks channel bindings of a TLS context (Schannel's) for auditing: answers
 * SEC_E_UNSUPPORTED_FUNCTION.
 *
 * Pointers:
 * Nothing is demanded: no pointer is followed.
 */
SECURITY_STATUS SspiSetChannelBindingFlags(PSecPkgContext_Bindings pBindings, ULONG flags);

#ifdef __cplusplus
}  /* extern "C" */
#endif  /* __cplusplus */

#endif  /* SECUR32_H */

#include "secur32_macros.h"
