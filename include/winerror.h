/* Status codes. */
#ifndef SECUR32_WINERROR_H
#define SECUR32_WINERROR_H

#include "secur32.h"

#ifndef HRESULT_CODE
#define HRESULT_CODE(result) ((result) & 0xFFFF)
#endif
#ifndef HRESULT_FACILITY
#define HRESULT_FACILITY(result) (((result) >> 16) & 0x1FFF)
#endif
#ifndef HRESULT_SEVERITY
#define HRESULT_SEVERITY(result) (((result) >> 31) & 0x1)
#endif
#ifndef HRESULT_FROM_WIN32
#define HRESULT_FROM_WIN32(code) \
    ((HRESULT)(code) <= 0 ? (HRESULT)(code) : (HRESULT)(((code) & 0x0000FFFF) | 0x80070000))
#endif
#ifndef HRESULT_FROM_NT
#define HRESULT_FROM_NT(status) ((HRESULT)((status) | 0x10000000))
#endif

#endif
