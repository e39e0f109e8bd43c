/* Access tokens: functions of this library's own, for what on Windows is in advapi32 and kernel32. They
 * are in no Windows header and in no function table. docs/impersonation.md has the whole. */
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

#ifdef __cplusplus
}
#endif

#endif
