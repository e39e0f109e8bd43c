/* Access tokens: functions of this library's own, for what on Windows is in advapi32 and kernel32. They
 * are in no Windows header and in no function table. docs/tokens.md and docs/impersonation.md have the
 * whole.
 *
 * QuerySecurityContextToken and LsaLogonUser give a token's handle, which Secur32CloseHandle closes;
 * SECPKG_ATTR_ACCESS_TOKEN lends one for the time of the context. */
#ifndef SECUR32_TOKEN_H
#define SECUR32_TOKEN_H

#include "secur32.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The calling thread, and no other, acts as whom an access token speaks of (ImpersonateLoggedOnUser).
 * TRUE, or FALSE and the thread's last error: ERROR_INVALID_HANDLE for what is no token,
 * ERROR_ACCESS_DENIED where ImpersonateSecurityContext answers SEC_E_NO_IMPERSONATION. Check it: the
 * thread has the server's rights then. The token may be closed afterwards. */
BOOL Secur32ImpersonateLoggedOnUser(HANDLE hToken);

/* The calling thread acts as its process again, whomever it acted as (RevertToSelf). TRUE also when it
 * acted as nobody. */
BOOL Secur32RevertToSelf(void);
/* Flags of a token. */
#define SECUR32_TOKEN_ANONYMOUS 0x1  /* the client proved nothing, and may be so */
#define SECUR32_TOKEN_AUTHORIZED 0x2 /* a domain vouches for what is told of the client */
#define SECUR32_TOKEN_DELEGATED 0x4  /* others acted for the client on the way here */

/* What a token says. Texts are UTF-8, and empty, never NULL, where nothing is known; SIDs are NULL where
 * nobody vouches for one. Times are FILETIMEs in UTC. All of it is in one block, which FreeContextBuffer
 * frees. */
struct _SECUR32_TOKEN {
    ULONG Size;                         /* of this structure as the library knows it */
    ULONG Flags;                        /* SECUR32_TOKEN_... */
    TOKEN_TYPE Type;
    SECURITY_IMPERSONATION_LEVEL Level; /* a primary token's: to what it can be duplicated */
    LUID TokenId;
    LUID LogonId;                       /* the session to go on with (pvLogonId), or 0 */
    ULONG LogonType;                    /* SECURITY_LOGON_TYPE */
    ULONG GroupCount;
    PSID User;
    PSID PrimaryGroup;
    PSID_AND_ATTRIBUTES Groups;
    const char *Package;                /* "Kerberos", "NTLM" */
    const char *Account;                /* without its domain */
    const char *Domain;                 /* NetBIOS name, or the realm or machine that vouches */
    const char *DnsDomain;
    const char *Upn;                    /* user@domain */
    const char *Principal;              /* of the ticket, as kinit would take it */
    const char *FullName;
    const char *LogonServer;
    LARGE_INTEGER StartTime;            /* of the context or the session */
    LARGE_INTEGER ExpiryTime;
    LARGE_INTEGER LogonTime;            /* this and what follows is the domain's word */
    LARGE_INTEGER KickOffTime;
    LARGE_INTEGER PasswordLastSet;
    LARGE_INTEGER PasswordMustChange;
    ULONG UserFlags;                    /* LOGON_... */
    ULONG UserAccountControl;           /* USER_... of [MS-SAMR] 2.2.1.12 */
    ULONG LogonCount;
    ULONG BadPasswordCount;
    ULONG PacAttributes;
    ULONG TransitedCount;               /* who acted for the client, the first one first */
    const char *const *TransitedServices;
    const char *DelegationTarget;       /* the service that the last of them asked for */
    ULONG ClientClaimsLength;           /* claims as they are in the PAC */
    ULONG DeviceClaimsLength;
    ULONG DeviceInfoLength;
    const UCHAR *ClientClaims;
    const UCHAR *DeviceClaims;
    const UCHAR *DeviceInfo;
};
typedef struct _SECUR32_TOKEN SECUR32_TOKEN;
typedef SECUR32_TOKEN *PSECUR32_TOKEN;

/* The account of this machine that a client is. */
struct _SECUR32_UNIX_ACCOUNT {
    ULONG Size;
    ULONG User;                         /* uid */
    ULONG Group;                        /* gid */
    ULONG GroupCount;
    const ULONG *Groups;                /* supplementary groups, the primary one among them */
    const char *Name;
    const char *Home;                   /* may be empty */
};
typedef struct _SECUR32_UNIX_ACCOUNT SECUR32_UNIX_ACCOUNT;
typedef SECUR32_UNIX_ACCOUNT *PSECUR32_UNIX_ACCOUNT;

/* Tells all that a token says; nobody is asked. SEC_E_INVALID_HANDLE for what is no token. */
SECURITY_STATUS Secur32QueryToken(HANDLE hToken, PSECUR32_TOKEN *ppToken);

/* Tells which account of this machine the client is (docs/mapping.md); a name service may be waited for.
 * Freed by FreeContextBuffer. SEC_E_NO_IMPERSONATION when it is none. */
SECURITY_STATUS Secur32QueryTokenAccount(HANDLE hToken, PSECUR32_UNIX_ACCOUNT *ppAccount);

/* Makes another token of the same client, of this type and of a level no higher than its own, else
 * SEC_E_NO_IMPERSONATION (DuplicateTokenEx). Both are closed. The level of a primary one is ignored. */
SECURITY_STATUS Secur32DuplicateToken(HANDLE hToken,
                                      SECURITY_IMPERSONATION_LEVEL ImpersonationLevel,
                                      TOKEN_TYPE TokenType, HANDLE *phNewToken);

/* Gives the token of the client that the calling thread acts as (OpenThreadToken), to be closed.
 * SEC_E_NO_IMPERSONATION when it acts as its process. */
SECURITY_STATUS Secur32OpenThreadToken(HANDLE *phToken);

/* Of winnt.h, as far as tokens here have it. */
enum _TOKEN_INFORMATION_CLASS {
    TokenUser = 1,              /* TOKEN_USER */
    TokenGroups = 2,            /* TOKEN_GROUPS */
    TokenPrimaryGroup = 5,      /* TOKEN_PRIMARY_GROUP */
    TokenSource = 7,            /* TOKEN_SOURCE */
    TokenType = 8,              /* TOKEN_TYPE */
    TokenImpersonationLevel = 9, /* SECURITY_IMPERSONATION_LEVEL */
    TokenStatistics = 10        /* TOKEN_STATISTICS */
};
typedef enum _TOKEN_INFORMATION_CLASS TOKEN_INFORMATION_CLASS;

struct _TOKEN_STATISTICS {
    LUID TokenId;
    LUID AuthenticationId;
    LARGE_INTEGER ExpirationTime;
    TOKEN_TYPE TokenType;
    SECURITY_IMPERSONATION_LEVEL ImpersonationLevel;
    DWORD DynamicCharged;
    DWORD DynamicAvailable;
    DWORD GroupCount;
    DWORD PrivilegeCount;
    LUID ModifiedId;
};
typedef struct _TOKEN_STATISTICS TOKEN_STATISTICS;
typedef TOKEN_STATISTICS *PTOKEN_STATISTICS;

/* GetTokenInformation. FALSE leaves the thread's last error: ERROR_INSUFFICIENT_BUFFER, with the size in
 * ReturnLength; ERROR_NONE_MAPPED for a SID for which nobody vouches; ERROR_INVALID_HANDLE;
 * ERROR_INVALID_PARAMETER, also for the level of a primary token. */
BOOL Secur32GetTokenInformation(HANDLE TokenHandle, TOKEN_INFORMATION_CLASS TokenInformationClass,
                                PVOID TokenInformation, ULONG TokenInformationLength,
                                ULONG *ReturnLength);

/* CheckTokenMembership: whether the user or an enabled group of the token is this SID. A NULL handle is
 * the token that the calling thread acts with; ERROR_NO_TOKEN when it acts as its process. */
BOOL Secur32CheckTokenMembership(HANDLE TokenHandle, PSID SidToCheck, BOOL *IsMember);

/* ConvertSidToStringSid, ConvertStringSidToSid: "S-1-5-21-...". What they give is freed by SspiLocalFree.
 * ERROR_INVALID_SID for what is none. SDDL's names of two letters are not read. */
BOOL Secur32ConvertSidToStringSidA(PSID Sid, LPSTR *StringSid);
BOOL Secur32ConvertSidToStringSidW(PSID Sid, LPWSTR *StringSid);
BOOL Secur32ConvertStringSidToSidA(LPCSTR StringSid, PSID *Sid);
BOOL Secur32ConvertStringSidToSidW(LPCWSTR StringSid, PSID *Sid);

#ifdef __cplusplus
}
#endif

#endif
