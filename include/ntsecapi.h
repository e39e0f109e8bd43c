/*
 * The functions of the local security authority, and what its packages exchange through them.
 * What can stand in secur32.h without harm stands there; here is the rest.
 */
#ifndef SECUR32_NTSECAPI_H
#define SECUR32_NTSECAPI_H

#include "secur32.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Kinds of logon. The short names are why this is not in secur32.h. */
typedef enum _SECURITY_LOGON_TYPE {
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
    CachedUnlock = 13
} SECURITY_LOGON_TYPE, *PSECURITY_LOGON_TYPE;

NTSTATUS LsaLogonUser(HANDLE LsaHandle, PLSA_STRING OriginName, SECURITY_LOGON_TYPE LogonType,
                      ULONG AuthenticationPackage, PVOID AuthenticationInformation,
                      ULONG AuthenticationInformationLength, PTOKEN_GROUPS LocalGroups,
                      PTOKEN_SOURCE SourceContext, PVOID *ProfileBuffer,
                      PULONG ProfileBufferLength, PLUID LogonId, PHANDLE Token,
                      PQUOTA_LIMITS Quotas, PNTSTATUS SubStatus);

/* In no public header of Windows; from the documentation. */
typedef struct _KERB_SMARTCARD_CSP_INFO {
    DWORD dwCspInfoLen;
    DWORD MessageType;
    __extension__ union {
        PVOID ContextInformation;
        ULONG64 SpaceHolderForWow64;
    };
    DWORD flags;
    DWORD KeySpec;
    ULONG nCardNameOffset;
    ULONG nReaderNameOffset;
    ULONG nContainerNameOffset;
    ULONG nCSPNameOffset;
#ifdef UNICODE
    WCHAR bBuffer;
#else
    CHAR bBuffer;
#endif
} KERB_SMARTCARD_CSP_INFO, *PKERB_SMARTCARD_CSP_INFO;

#ifdef __cplusplus
}
#endif

#endif /* SECUR32_NTSECAPI_H */
