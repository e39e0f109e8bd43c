/*
 * The functions' prototypes on Windows, as facts: PROTOTYPE(result, name, (arguments)).
 * ULONG stands where Windows' headers write "unsigned long".
 */
#ifdef SSPI_PROTOTYPES_NEWER
/* mingw-w64 10 does not declare these. */
PROTOTYPE(SECURITY_STATUS, QueryContextAttributesExW, (PCtxtHandle phContext, ULONG ulAttribute, void *pBuffer, ULONG cbBuffer))
PROTOTYPE(SECURITY_STATUS, QueryContextAttributesExA, (PCtxtHandle phContext, ULONG ulAttribute, void *pBuffer, ULONG cbBuffer))
PROTOTYPE(SECURITY_STATUS, QueryCredentialsAttributesExW, (PCredHandle phCredential, ULONG ulAttribute, void *pBuffer, ULONG cbBuffer))
PROTOTYPE(SECURITY_STATUS, QueryCredentialsAttributesExA, (PCredHandle phCredential, ULONG ulAttribute, void *pBuffer, ULONG cbBuffer))
PROTOTYPE(SECURITY_STATUS, SealMessage, (PCtxtHandle phContext, ULONG fQOP, PSecBufferDesc pMessage, ULONG MessageSeqNo))
PROTOTYPE(SECURITY_STATUS, UnsealMessage, (PCtxtHandle phContext, PSecBufferDesc pMessage, ULONG MessageSeqNo, ULONG *pfQOP))
PROTOTYPE(SECURITY_STATUS, SspiSetChannelBindingFlags, (SecPkgContext_Bindings *pBindings, ULONG flags))
PROTOTYPE(NTSTATUS, GetSecurityUserInfo, (PLUID LogonId, ULONG Flags, PSecurityUserData *UserInformation))
#endif

PROTOTYPE(NTSTATUS, LsaRegisterLogonProcess,
          (PLSA_STRING LogonProcessName, PHANDLE LsaHandle, PLSA_OPERATIONAL_MODE SecurityMode))
PROTOTYPE(NTSTATUS, LsaLogonUser,
          (HANDLE LsaHandle, PLSA_STRING OriginName, SECURITY_LOGON_TYPE LogonType,
           ULONG AuthenticationPackage, PVOID AuthenticationInformation,
           ULONG AuthenticationInformationLength, PTOKEN_GROUPS LocalGroups,
           PTOKEN_SOURCE SourceContext, PVOID *ProfileBuffer, PULONG ProfileBufferLength,
           PLUID LogonId, PHANDLE Token, PQUOTA_LIMITS Quotas, PNTSTATUS SubStatus))
PROTOTYPE(NTSTATUS, LsaLookupAuthenticationPackage,
          (HANDLE LsaHandle, PLSA_STRING PackageName, PULONG AuthenticationPackage))
PROTOTYPE(NTSTATUS, LsaFreeReturnBuffer, (PVOID Buffer))
PROTOTYPE(NTSTATUS, LsaCallAuthenticationPackage,
          (HANDLE LsaHandle, ULONG AuthenticationPackage, PVOID ProtocolSubmitBuffer,
           ULONG SubmitBufferLength, PVOID *ProtocolReturnBuffer, PULONG ReturnBufferLength,
           PNTSTATUS ProtocolStatus))
PROTOTYPE(NTSTATUS, LsaDeregisterLogonProcess, (HANDLE LsaHandle))
PROTOTYPE(NTSTATUS, LsaConnectUntrusted, (PHANDLE LsaHandle))
PROTOTYPE(NTSTATUS, LsaEnumerateLogonSessions, (PULONG LogonSessionCount, PLUID *LogonSessionList))
PROTOTYPE(NTSTATUS, LsaGetLogonSessionData,
          (PLUID LogonId, PSECURITY_LOGON_SESSION_DATA *ppLogonSessionData))
PROTOTYPE(NTSTATUS, LsaRegisterPolicyChangeNotification,
          (POLICY_NOTIFICATION_INFORMATION_CLASS InformationClass, HANDLE NotificationEventHandle))
PROTOTYPE(NTSTATUS, LsaUnregisterPolicyChangeNotification,
          (POLICY_NOTIFICATION_INFORMATION_CLASS InformationClass, HANDLE NotificationEventHandle))
PROTOTYPE(SECURITY_STATUS, AcquireCredentialsHandleW,
          (SEC_WCHAR *pszPrincipal, SEC_WCHAR *pszPackage, ULONG fCredentialUse, void *pvLogonId,
           void *pAuthData, SEC_GET_KEY_FN pGetKeyFn, void *pvGetKeyArgument,
           PCredHandle phCredential, PTimeStamp ptsExpiry))
PROTOTYPE(SECURITY_STATUS, AcquireCredentialsHandleA,
          (SEC_CHAR *pszPrincipal, SEC_CHAR *pszPackage, ULONG fCredentialUse, void *pvLogonId,
           void *pAuthData, SEC_GET_KEY_FN pGetKeyFn, void *pvGetKeyArgument,
           PCredHandle phCredential, PTimeStamp ptsExpiry))
PROTOTYPE(SECURITY_STATUS, FreeCredentialsHandle, (PCredHandle phCredential))
PROTOTYPE(SECURITY_STATUS, AddCredentialsW,
          (PCredHandle hCredentials, SEC_WCHAR *pszPrincipal, SEC_WCHAR *pszPackage,
           ULONG fCredentialUse, void *pAuthData, SEC_GET_KEY_FN pGetKeyFn, void *pvGetKeyArgument,
           PTimeStamp ptsExpiry))
PROTOTYPE(SECURITY_STATUS, AddCredentialsA,
          (PCredHandle hCredentials, SEC_CHAR *pszPrincipal, SEC_CHAR *pszPackage,
           ULONG fCredentialUse, void *pAuthData, SEC_GET_KEY_FN pGetKeyFn, void *pvGetKeyArgument,
           PTimeStamp ptsExpiry))
PROTOTYPE(SECURITY_STATUS, InitializeSecurityContextW,
          (PCredHandle phCredential, PCtxtHandle phContext, SEC_WCHAR *pszTargetName,
           ULONG fContextReq, ULONG Reserved1, ULONG TargetDataRep, PSecBufferDesc pInput,
           ULONG Reserved2, PCtxtHandle phNewContext, PSecBufferDesc pOutput, ULONG *pfContextAttr,
           PTimeStamp ptsExpiry))
PROTOTYPE(SECURITY_STATUS, InitializeSecurityContextA,
          (PCredHandle phCredential, PCtxtHandle phContext, SEC_CHAR *pszTargetName,
           ULONG fContextReq, ULONG Reserved1, ULONG TargetDataRep, PSecBufferDesc pInput,
           ULONG Reserved2, PCtxtHandle phNewContext, PSecBufferDesc pOutput, ULONG *pfContextAttr,
           PTimeStamp ptsExpiry))
PROTOTYPE(SECURITY_STATUS, AcceptSecurityContext,
          (PCredHandle phCredential, PCtxtHandle phContext, PSecBufferDesc pInput,
           ULONG fContextReq, ULONG TargetDataRep, PCtxtHandle phNewContext, PSecBufferDesc pOutput,
           ULONG *pfContextAttr, PTimeStamp ptsExpiry))
PROTOTYPE(SECURITY_STATUS, CompleteAuthToken, (PCtxtHandle phContext, PSecBufferDesc pToken))
PROTOTYPE(SECURITY_STATUS, ImpersonateSecurityContext, (PCtxtHandle phContext))
PROTOTYPE(SECURITY_STATUS, RevertSecurityContext, (PCtxtHandle phContext))
PROTOTYPE(SECURITY_STATUS, QuerySecurityContextToken, (PCtxtHandle phContext, HANDLE *Token))
PROTOTYPE(SECURITY_STATUS, DeleteSecurityContext, (PCtxtHandle phContext))
PROTOTYPE(SECURITY_STATUS, ApplyControlToken, (PCtxtHandle phContext, PSecBufferDesc pInput))
PROTOTYPE(SECURITY_STATUS, QueryContextAttributesW,
          (PCtxtHandle phContext, ULONG ulAttribute, void *pBuffer))
PROTOTYPE(SECURITY_STATUS, QueryContextAttributesA,
          (PCtxtHandle phContext, ULONG ulAttribute, void *pBuffer))
PROTOTYPE(SECURITY_STATUS, SetContextAttributesW,
          (PCtxtHandle phContext, ULONG ulAttribute, void *pBuffer, ULONG cbBuffer))
PROTOTYPE(SECURITY_STATUS, SetContextAttributesA,
          (PCtxtHandle phContext, ULONG ulAttribute, void *pBuffer, ULONG cbBuffer))
PROTOTYPE(SECURITY_STATUS, QueryCredentialsAttributesW,
          (PCredHandle phCredential, ULONG ulAttribute, void *pBuffer))
PROTOTYPE(SECURITY_STATUS, QueryCredentialsAttributesA,
          (PCredHandle phCredential, ULONG ulAttribute, void *pBuffer))
PROTOTYPE(SECURITY_STATUS, SetCredentialsAttributesW,
          (PCredHandle phCredential, ULONG ulAttribute, void *pBuffer, ULONG cbBuffer))
PROTOTYPE(SECURITY_STATUS, SetCredentialsAttributesA,
          (PCredHandle phCredential, ULONG ulAttribute, void *pBuffer, ULONG cbBuffer))
PROTOTYPE(SECURITY_STATUS, FreeContextBuffer, (void *pvContextBuffer))
PROTOTYPE(SECURITY_STATUS, MakeSignature,
          (PCtxtHandle phContext, ULONG fQOP, PSecBufferDesc pMessage, ULONG MessageSeqNo))
PROTOTYPE(SECURITY_STATUS, VerifySignature,
          (PCtxtHandle phContext, PSecBufferDesc pMessage, ULONG MessageSeqNo, ULONG *pfQOP))
PROTOTYPE(SECURITY_STATUS, EncryptMessage,
          (PCtxtHandle phContext, ULONG fQOP, PSecBufferDesc pMessage, ULONG MessageSeqNo))
PROTOTYPE(SECURITY_STATUS, DecryptMessage,
          (PCtxtHandle phContext, PSecBufferDesc pMessage, ULONG MessageSeqNo, ULONG *pfQOP))
PROTOTYPE(SECURITY_STATUS, EnumerateSecurityPackagesW,
          (ULONG *pcPackages, PSecPkgInfoW *ppPackageInfo))
PROTOTYPE(SECURITY_STATUS, EnumerateSecurityPackagesA,
          (ULONG *pcPackages, PSecPkgInfoA *ppPackageInfo))
PROTOTYPE(SECURITY_STATUS, QuerySecurityPackageInfoW,
          (SEC_WCHAR *pszPackageName, PSecPkgInfoW *ppPackageInfo))
PROTOTYPE(SECURITY_STATUS, QuerySecurityPackageInfoA,
          (SEC_CHAR *pszPackageName, PSecPkgInfoA *ppPackageInfo))
PROTOTYPE(SECURITY_STATUS, ExportSecurityContext,
          (PCtxtHandle phContext, ULONG fFlags, PSecBuffer pPackedContext, void **pToken))
PROTOTYPE(SECURITY_STATUS, ImportSecurityContextW,
          (SEC_WCHAR *pszPackage, PSecBuffer pPackedContext, void *Token, PCtxtHandle phContext))
PROTOTYPE(SECURITY_STATUS, ImportSecurityContextA,
          (SEC_CHAR *pszPackage, PSecBuffer pPackedContext, void *Token, PCtxtHandle phContext))
PROTOTYPE(SECURITY_STATUS, ChangeAccountPasswordW,
          (SEC_WCHAR *pszPackageName, SEC_WCHAR *pszDomainName, SEC_WCHAR *pszAccountName,
           SEC_WCHAR *pszOldPassword, SEC_WCHAR *pszNewPassword, BOOLEAN bImpersonating,
           ULONG dwReserved, PSecBufferDesc pOutput))
PROTOTYPE(SECURITY_STATUS, ChangeAccountPasswordA,
          (SEC_CHAR *pszPackageName, SEC_CHAR *pszDomainName, SEC_CHAR *pszAccountName,
           SEC_CHAR *pszOldPassword, SEC_CHAR *pszNewPassword, BOOLEAN bImpersonating,
           ULONG dwReserved, PSecBufferDesc pOutput))
PROTOTYPE(PSecurityFunctionTableA, InitSecurityInterfaceA, (void))
PROTOTYPE(PSecurityFunctionTableW, InitSecurityInterfaceW, (void))
PROTOTYPE(SECURITY_STATUS, SaslEnumerateProfilesA, (LPSTR *ProfileList, ULONG *ProfileCount))
PROTOTYPE(SECURITY_STATUS, SaslEnumerateProfilesW, (LPWSTR *ProfileList, ULONG *ProfileCount))
PROTOTYPE(SECURITY_STATUS, SaslGetProfilePackageA, (LPSTR ProfileName, PSecPkgInfoA *PackageInfo))
PROTOTYPE(SECURITY_STATUS, SaslGetProfilePackageW, (LPWSTR ProfileName, PSecPkgInfoW *PackageInfo))
PROTOTYPE(SECURITY_STATUS, SaslIdentifyPackageA, (PSecBufferDesc pInput, PSecPkgInfoA *PackageInfo))
PROTOTYPE(SECURITY_STATUS, SaslIdentifyPackageW, (PSecBufferDesc pInput, PSecPkgInfoW *PackageInfo))
PROTOTYPE(SECURITY_STATUS, SaslInitializeSecurityContextW,
          (PCredHandle phCredential, PCtxtHandle phContext, LPWSTR pszTargetName, ULONG fContextReq,
           ULONG Reserved1, ULONG TargetDataRep, PSecBufferDesc pInput, ULONG Reserved2,
           PCtxtHandle phNewContext, PSecBufferDesc pOutput, ULONG *pfContextAttr,
           PTimeStamp ptsExpiry))
PROTOTYPE(SECURITY_STATUS, SaslInitializeSecurityContextA,
          (PCredHandle phCredential, PCtxtHandle phContext, LPSTR pszTargetName, ULONG fContextReq,
           ULONG Reserved1, ULONG TargetDataRep, PSecBufferDesc pInput, ULONG Reserved2,
           PCtxtHandle phNewContext, PSecBufferDesc pOutput, ULONG *pfContextAttr,
           PTimeStamp ptsExpiry))
PROTOTYPE(SECURITY_STATUS, SaslAcceptSecurityContext,
          (PCredHandle phCredential, PCtxtHandle phContext, PSecBufferDesc pInput,
           ULONG fContextReq, ULONG TargetDataRep, PCtxtHandle phNewContext, PSecBufferDesc pOutput,
           ULONG *pfContextAttr, PTimeStamp ptsExpiry))
PROTOTYPE(SECURITY_STATUS, SaslSetContextOption,
          (PCtxtHandle ContextHandle, ULONG Option, PVOID Value, ULONG Size))
PROTOTYPE(SECURITY_STATUS, SaslGetContextOption,
          (PCtxtHandle ContextHandle, ULONG Option, PVOID Value, ULONG Size, PULONG Needed))
PROTOTYPE(SECURITY_STATUS, AddSecurityPackageA,
          (LPSTR pszPackageName, PSECURITY_PACKAGE_OPTIONS pOptions))
PROTOTYPE(SECURITY_STATUS, AddSecurityPackageW,
          (LPWSTR pszPackageName, PSECURITY_PACKAGE_OPTIONS pOptions))
PROTOTYPE(SECURITY_STATUS, DeleteSecurityPackageA, (SEC_CHAR *pszPackageName))
PROTOTYPE(SECURITY_STATUS, DeleteSecurityPackageW, (SEC_WCHAR *pszPackageName))
PROTOTYPE(SECURITY_STATUS, SspiPrepareForCredRead,
          (PSEC_WINNT_AUTH_IDENTITY_OPAQUE AuthIdentity, PCWSTR pszTargetName,
           PULONG pCredmanCredentialType, PCWSTR *ppszCredmanTargetName))
PROTOTYPE(SECURITY_STATUS, SspiPrepareForCredWrite,
          (PSEC_WINNT_AUTH_IDENTITY_OPAQUE AuthIdentity, PCWSTR pszTargetName,
           PULONG pCredmanCredentialType, PCWSTR *ppszCredmanTargetName,
           PCWSTR *ppszCredmanUserName, PUCHAR *ppCredentialBlob, PULONG pCredentialBlobSize))
PROTOTYPE(SECURITY_STATUS, SspiEncryptAuthIdentity, (PSEC_WINNT_AUTH_IDENTITY_OPAQUE AuthData))
PROTOTYPE(SECURITY_STATUS, SspiEncryptAuthIdentityEx,
          (ULONG Options, PSEC_WINNT_AUTH_IDENTITY_OPAQUE AuthData))
PROTOTYPE(SECURITY_STATUS, SspiDecryptAuthIdentity,
          (PSEC_WINNT_AUTH_IDENTITY_OPAQUE EncryptedAuthData))
PROTOTYPE(SECURITY_STATUS, SspiDecryptAuthIdentityEx,
          (ULONG Options, PSEC_WINNT_AUTH_IDENTITY_OPAQUE EncryptedAuthData))
PROTOTYPE(BOOLEAN, SspiIsAuthIdentityEncrypted, (PSEC_WINNT_AUTH_IDENTITY_OPAQUE EncryptedAuthData))
PROTOTYPE(SECURITY_STATUS, SspiEncodeAuthIdentityAsStrings,
          (PSEC_WINNT_AUTH_IDENTITY_OPAQUE pAuthIdentity, PCWSTR *ppszUserName,
           PCWSTR *ppszDomainName, PCWSTR *ppszPackedCredentialsString))
PROTOTYPE(SECURITY_STATUS, SspiValidateAuthIdentity, (PSEC_WINNT_AUTH_IDENTITY_OPAQUE AuthData))
PROTOTYPE(SECURITY_STATUS, SspiCopyAuthIdentity,
          (PSEC_WINNT_AUTH_IDENTITY_OPAQUE AuthData, PSEC_WINNT_AUTH_IDENTITY_OPAQUE *AuthDataCopy))
PROTOTYPE(void, SspiFreeAuthIdentity, (PSEC_WINNT_AUTH_IDENTITY_OPAQUE AuthData))
PROTOTYPE(void, SspiZeroAuthIdentity, (PSEC_WINNT_AUTH_IDENTITY_OPAQUE AuthData))
PROTOTYPE(void, SspiLocalFree, (PVOID DataBuffer))
PROTOTYPE(SECURITY_STATUS, SspiEncodeStringsAsAuthIdentity,
          (PCWSTR pszUserName, PCWSTR pszDomainName, PCWSTR pszPackedCredentialsString,
           PSEC_WINNT_AUTH_IDENTITY_OPAQUE *ppAuthIdentity))
PROTOTYPE(SECURITY_STATUS, SspiCompareAuthIdentities,
          (PSEC_WINNT_AUTH_IDENTITY_OPAQUE AuthIdentity1,
           PSEC_WINNT_AUTH_IDENTITY_OPAQUE AuthIdentity2, PBOOLEAN SameSuppliedUser,
           PBOOLEAN SameSuppliedIdentity))
PROTOTYPE(SECURITY_STATUS, SspiMarshalAuthIdentity,
          (PSEC_WINNT_AUTH_IDENTITY_OPAQUE AuthIdentity, ULONG *AuthIdentityLength,
           char **AuthIdentityByteArray))
PROTOTYPE(SECURITY_STATUS, SspiUnmarshalAuthIdentity,
          (ULONG AuthIdentityLength, char *AuthIdentityByteArray,
           PSEC_WINNT_AUTH_IDENTITY_OPAQUE *ppAuthIdentity))
PROTOTYPE(SECURITY_STATUS, SspiGetTargetHostName, (PCWSTR pszTargetName, PWSTR *pszHostName))
PROTOTYPE(SECURITY_STATUS, SspiExcludePackage,
          (PSEC_WINNT_AUTH_IDENTITY_OPAQUE AuthIdentity, PCWSTR pszPackageName,
           PSEC_WINNT_AUTH_IDENTITY_OPAQUE *ppNewAuthIdentity))
PROTOTYPE(BOOLEAN, GetUserNameExA,
          (EXTENDED_NAME_FORMAT NameFormat, LPSTR lpNameBuffer, PULONG nSize))
PROTOTYPE(BOOLEAN, GetUserNameExW,
          (EXTENDED_NAME_FORMAT NameFormat, LPWSTR lpNameBuffer, PULONG nSize))
PROTOTYPE(BOOLEAN, GetComputerObjectNameA,
          (EXTENDED_NAME_FORMAT NameFormat, LPSTR lpNameBuffer, PULONG nSize))
PROTOTYPE(BOOLEAN, GetComputerObjectNameW,
          (EXTENDED_NAME_FORMAT NameFormat, LPWSTR lpNameBuffer, PULONG nSize))
PROTOTYPE(BOOLEAN, TranslateNameA,
          (LPCSTR lpAccountName, EXTENDED_NAME_FORMAT AccountNameFormat,
           EXTENDED_NAME_FORMAT DesiredNameFormat, LPSTR lpTranslatedName, PULONG nSize))
PROTOTYPE(BOOLEAN, TranslateNameW,
          (LPCWSTR lpAccountName, EXTENDED_NAME_FORMAT AccountNameFormat,
           EXTENDED_NAME_FORMAT DesiredNameFormat, LPWSTR lpTranslatedName, PULONG nSize))
PROTOTYPE(NTSTATUS, CredMarshalTargetInfo,
          (PCREDENTIAL_TARGET_INFORMATIONW InTargetInfo, PUSHORT *Buffer, PULONG BufferSize))
PROTOTYPE(NTSTATUS, CredUnmarshalTargetInfo,
          (PUSHORT Buffer, ULONG BufferSize, PCREDENTIAL_TARGET_INFORMATIONW *RetTargetInfo,
           PULONG RetActualSize))
