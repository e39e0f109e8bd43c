/* Texts for the status codes of secur32, and the last error: functions of this library's own, since
 * a Linux program has neither FormatMessage nor GetLastError. They are in no Windows header and in
 * no function table. */
#ifndef SECUR32_STATUS_H
#define SECUR32_STATUS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The name of a status in Windows' headers, such as "SEC_E_LOGON_DENIED"; "unknown status" for a
 * number that has none. The string is static. */
const char *Secur32StatusName(int32_t status);

/* A sentence that says what a status means. The string is static. */
const char *Secur32StatusText(int32_t status);

/* The last failure of the calling thread, such as
 *   AcceptSecurityContext: SEC_E_LOGON_DENIED: user EXAMPLE\alice: the password is wrong
 * as a terminated UTF-8 text that is cut to the buffer. Returns the length of the whole text
 * without its terminator, 0 when nothing has failed. No secret is ever in it; but it may say more
 * than a peer should be told. */
size_t Secur32LastErrorText(char *buffer, size_t size);

/* The Win32 error that a function of this library left for the calling thread, such as
 * ERROR_MORE_DATA of GetUserNameEx; 0 when none has. A call that succeeds leaves it alone. The
 * compat folder's windows.h calls the two GetLastError and SetLastError. */
uint32_t Secur32GetLastError(void);
void Secur32SetLastError(uint32_t error);

#ifdef __cplusplus
}
#endif

#endif
