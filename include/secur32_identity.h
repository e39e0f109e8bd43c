/* A kind of packed credential of this library's own: Windows has no public one for a hash. It is
 * in no Windows header. */
#ifndef SECUR32_IDENTITY_H
#define SECUR32_IDENTITY_H

#include "secur32.h"

/* CredType of SEC_WINNT_AUTH_PACKED_CREDENTIALS whose CredData are the 16 bytes of the NT hash,
 * MD4 of the password in UTF-16. NTLM takes it in the place of a password. */
SECUR32_UNUSED static const GUID SECUR32_AUTH_DATA_TYPE_NT_HASH = {
    0x20777c4d, 0xf64b, 0x467c, {0xad, 0x01, 0x39, 0x69, 0xd7, 0xd6, 0xa1, 0xc2}
};

#endif
