/* Texts for the status codes of secur32: functions of this library's own, since a Linux program
 * has no FormatMessage. They are in no Windows header and in no function table. */
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

#ifdef __cplusplus
}
#endif

#endif
