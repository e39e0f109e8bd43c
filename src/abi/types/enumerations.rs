//! Holds: the enumerations as C declares them. They are made for the header and for their names:
//! a C caller may store any number where it should store one of these, so fields and arguments
//! have the types of [`super::numbers`] instead.

#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum _SID_NAME_USE {
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
    SidTypeLogonSession = 11,
}
pub type SID_NAME_USE = _SID_NAME_USE;

#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum _SECURITY_IMPERSONATION_LEVEL {
    SecurityAnonymous = 0,
    SecurityIdentification = 1,
    SecurityImpersonation = 2,
    SecurityDelegation = 3,
}
pub type SECURITY_IMPERSONATION_LEVEL = _SECURITY_IMPERSONATION_LEVEL;

#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum _TOKEN_TYPE {
    TokenPrimary = 1,
    TokenImpersonation = 2,
}
pub type TOKEN_TYPE = _TOKEN_TYPE;

/// Kinds of logon.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum _SECURITY_LOGON_TYPE {
    UndefinedLogonType = 0,
    Interactive = 2,
    Network = 3,
    Batch = 4,
    Service = 5,
    Proxy = 6,
    Unlock = 7,
    NetworkCleartext = 8,
    NewCredentials = 9,
    RemoteInteractive = 10,
    CachedInteractive = 11,
    CachedRemoteInteractive = 12,
    CachedUnlock = 13,
}
pub type SECURITY_LOGON_TYPE = _SECURITY_LOGON_TYPE;
pub type PSECURITY_LOGON_TYPE = *mut SECURITY_LOGON_TYPE;

#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum _POLICY_NOTIFICATION_INFORMATION_CLASS {
    PolicyNotifyAuditEventsInformation = 1,
    PolicyNotifyAccountDomainInformation = 2,
    PolicyNotifyServerRoleInformation = 3,
    PolicyNotifyDnsDomainInformation = 4,
    PolicyNotifyDomainEfsInformation = 5,
    PolicyNotifyDomainKerberosTicketInformation = 6,
    PolicyNotifyMachineAccountPasswordInformation = 7,
    PolicyNotifyGlobalSaclInformation = 8,
    PolicyNotifyMax = 9,
}
pub type POLICY_NOTIFICATION_INFORMATION_CLASS = _POLICY_NOTIFICATION_INFORMATION_CLASS;
pub type PPOLICY_NOTIFICATION_INFORMATION_CLASS = *mut POLICY_NOTIFICATION_INFORMATION_CLASS;

#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NEGOTIATE_MESSAGES {
    NegEnumPackagePrefixes = 0,
    NegGetCallerName = 1,
    NegTransferCredentials = 2,
    NegMsgReserved1 = 3,
    NegCallPackageMax = 4,
}

#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum _MSV1_0_LOGON_SUBMIT_TYPE {
    MsV1_0InteractiveLogon = 2,
    MsV1_0Lm20Logon = 3,
    MsV1_0NetworkLogon = 4,
    MsV1_0SubAuthLogon = 5,
    MsV1_0WorkstationUnlockLogon = 7,
    MsV1_0S4ULogon = 12,
    MsV1_0VirtualLogon = 82,
    MsV1_0NoElevationLogon = 83,
    MsV1_0LuidLogon = 84,
}
pub type MSV1_0_LOGON_SUBMIT_TYPE = _MSV1_0_LOGON_SUBMIT_TYPE;
pub type PMSV1_0_LOGON_SUBMIT_TYPE = *mut MSV1_0_LOGON_SUBMIT_TYPE;

#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum _MSV1_0_PROFILE_BUFFER_TYPE {
    MsV1_0InteractiveProfile = 2,
    MsV1_0Lm20LogonProfile = 3,
    MsV1_0SmartCardProfile = 4,
}
pub type MSV1_0_PROFILE_BUFFER_TYPE = _MSV1_0_PROFILE_BUFFER_TYPE;
pub type PMSV1_0_PROFILE_BUFFER_TYPE = *mut MSV1_0_PROFILE_BUFFER_TYPE;

#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum _MSV1_0_CREDENTIAL_KEY_TYPE {
    InvalidCredKey = 0,
    DeprecatedIUMCredKey = 1,
    DomainUserCredKey = 2,
    LocalUserCredKey = 3,
    ExternallySuppliedCredKey = 4,
}
pub type MSV1_0_CREDENTIAL_KEY_TYPE = _MSV1_0_CREDENTIAL_KEY_TYPE;

#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum _MSV1_0_AVID {
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
    MsvAvChannelBindings = 10,
}
pub type MSV1_0_AVID = _MSV1_0_AVID;

#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum _MSV1_0_PROTOCOL_MESSAGE_TYPE {
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
    MsV1_0DeleteTbalSecrets = 24,
}
pub type MSV1_0_PROTOCOL_MESSAGE_TYPE = _MSV1_0_PROTOCOL_MESSAGE_TYPE;
pub type PMSV1_0_PROTOCOL_MESSAGE_TYPE = *mut MSV1_0_PROTOCOL_MESSAGE_TYPE;

#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum _KERB_LOGON_SUBMIT_TYPE {
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
    KerbLuidLogon = 84,
}
pub type KERB_LOGON_SUBMIT_TYPE = _KERB_LOGON_SUBMIT_TYPE;
pub type PKERB_LOGON_SUBMIT_TYPE = *mut KERB_LOGON_SUBMIT_TYPE;

#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum _KERB_PROFILE_BUFFER_TYPE {
    KerbInteractiveProfile = 2,
    KerbSmartCardProfile = 4,
    KerbTicketProfile = 6,
}
pub type KERB_PROFILE_BUFFER_TYPE = _KERB_PROFILE_BUFFER_TYPE;
pub type PKERB_PROFILE_BUFFER_TYPE = *mut KERB_PROFILE_BUFFER_TYPE;

#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum _KERB_PROTOCOL_MESSAGE_TYPE {
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
    KerbPrintCloudKerberosDebugMessage = 36,
}
pub type KERB_PROTOCOL_MESSAGE_TYPE = _KERB_PROTOCOL_MESSAGE_TYPE;
pub type PKERB_PROTOCOL_MESSAGE_TYPE = *mut KERB_PROTOCOL_MESSAGE_TYPE;

#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum _KERB_CERTIFICATE_INFO_TYPE {
    CertHashInfo = 1,
}
pub type KERB_CERTIFICATE_INFO_TYPE = _KERB_CERTIFICATE_INFO_TYPE;
pub type PKERB_CERTIFICATE_INFO_TYPE = *mut KERB_CERTIFICATE_INFO_TYPE;

#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum _SEC_APPLICATION_PROTOCOL_NEGOTIATION_EXT {
    SecApplicationProtocolNegotiationExt_None = 0,
    SecApplicationProtocolNegotiationExt_NPN = 1,
    SecApplicationProtocolNegotiationExt_ALPN = 2,
}
pub type SEC_APPLICATION_PROTOCOL_NEGOTIATION_EXT = _SEC_APPLICATION_PROTOCOL_NEGOTIATION_EXT;
pub type PSEC_APPLICATION_PROTOCOL_NEGOTIATION_EXT = *mut SEC_APPLICATION_PROTOCOL_NEGOTIATION_EXT;

#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum _SEC_TRAFFIC_SECRET_TYPE {
    SecTrafficSecret_None = 0,
    SecTrafficSecret_Client = 1,
    SecTrafficSecret_Server = 2,
}
pub type SEC_TRAFFIC_SECRET_TYPE = _SEC_TRAFFIC_SECRET_TYPE;
pub type PSEC_TRAFFIC_SECRET_TYPE = *mut SEC_TRAFFIC_SECRET_TYPE;

#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum _SECPKG_CRED_CLASS {
    SecPkgCredClass_None = 0,
    SecPkgCredClass_Ephemeral = 10,
    SecPkgCredClass_PersistedGeneric = 20,
    SecPkgCredClass_PersistedSpecific = 30,
    SecPkgCredClass_Explicit = 40,
}
pub type SECPKG_CRED_CLASS = _SECPKG_CRED_CLASS;
pub type PSECPKG_CRED_CLASS = *mut SECPKG_CRED_CLASS;

#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum _SECPKG_ATTR_LCT_STATUS {
    SecPkgAttrLastClientTokenYes = 0,
    SecPkgAttrLastClientTokenNo = 1,
    SecPkgAttrLastClientTokenMaybe = 2,
}
pub type SECPKG_ATTR_LCT_STATUS = _SECPKG_ATTR_LCT_STATUS;
pub type PSECPKG_ATTR_LCT_STATUS = *mut SECPKG_ATTR_LCT_STATUS;

#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum _SEC_APPLICATION_PROTOCOL_NEGOTIATION_STATUS {
    SecApplicationProtocolNegotiationStatus_None = 0,
    SecApplicationProtocolNegotiationStatus_Success = 1,
    SecApplicationProtocolNegotiationStatus_SelectedClientOnly = 2,
}
pub type SEC_APPLICATION_PROTOCOL_NEGOTIATION_STATUS = _SEC_APPLICATION_PROTOCOL_NEGOTIATION_STATUS;
pub type PSEC_APPLICATION_PROTOCOL_NEGOTIATION_STATUS =
    *mut SEC_APPLICATION_PROTOCOL_NEGOTIATION_STATUS;

#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum _SecDelegationType {
    SecFull = 0,
    SecService = 1,
    SecTree = 2,
    SecDirectory = 3,
    SecObject = 4,
}
pub type SecDelegationType = _SecDelegationType;
pub type PSecDelegationType = *mut SecDelegationType;

#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum _SASL_AUTHZID_STATE {
    Sasl_AuthZIDForbidden = 0,
    Sasl_AuthZIDProcessed = 1,
}
pub type SASL_AUTHZID_STATE = _SASL_AUTHZID_STATE;

/// The forms of an account's name (secext.h).
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum _EXTENDED_NAME_FORMAT {
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
    NameSurname = 14,
}
pub type EXTENDED_NAME_FORMAT = _EXTENDED_NAME_FORMAT;
pub type PEXTENDED_NAME_FORMAT = *mut EXTENDED_NAME_FORMAT;

#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum _CRED_MARSHAL_TYPE {
    CertCredential = 1,
    UsernameTargetCredential = 2,
}
pub type CRED_MARSHAL_TYPE = _CRED_MARSHAL_TYPE;
