/*
 * The little of windows.h that an SSPI source takes from it: scalar types, status codes, text
 * macros, a few memory macros, the last error. It declares no function of other Windows libraries
 * that is not here, so that what is missing is found by the compiler and not at run time.
 */
#ifndef SECUR32_COMPAT_WINDOWS_H
#define SECUR32_COMPAT_WINDOWS_H

#include <string.h>

#include "../secur32_status.h"
#include "../winerror.h"
#include "sal.h"

#ifndef IN
#define IN
#endif
#ifndef OUT
#define OUT
#endif
#ifndef OPTIONAL
#define OPTIONAL
#endif
#ifndef UNALIGNED
#define UNALIGNED
#endif
#ifndef DECLSPEC_IMPORT
#define DECLSPEC_IMPORT
#endif
#ifndef WINADVAPI
#define WINADVAPI
#endif
#ifndef FORCEINLINE
#define FORCEINLINE static __inline__
#endif
#ifndef __cdecl
#define __cdecl
#endif
#ifndef __stdcall
#define __stdcall
#endif
#ifndef __fastcall
#define __fastcall
#endif
#ifndef __forceinline
#define __forceinline static __inline__
#endif
#ifndef UNREFERENCED_PARAMETER
#define UNREFERENCED_PARAMETER(name) ((void)(name))
#endif
#ifndef ARRAYSIZE
#define ARRAYSIZE(array) (sizeof(array) / sizeof((array)[0]))
#endif
#ifndef _countof
#define _countof(array) (sizeof(array) / sizeof((array)[0]))
#endif

#ifdef __cplusplus
#define EXTERN_C extern "C"
#else
#define EXTERN_C extern
#endif

typedef float FLOAT;
typedef signed char INT8;
typedef short INT16;
typedef int INT32;
typedef unsigned char UINT8;
typedef unsigned short UINT16;
typedef unsigned int UINT32;
typedef int LONG32;
typedef unsigned int ULONG32;
typedef unsigned int DWORD32;
typedef LONGLONG INT64;
typedef ULONGLONG UINT64;
typedef ULONG64 *PULONG64;
typedef intptr_t SSIZE_T;
typedef PVOID HLOCAL;
typedef PVOID HGLOBAL;
typedef PVOID HWND;
typedef struct HINSTANCE__ *HINSTANCE;
typedef HINSTANCE HMODULE;
typedef int (*FARPROC)(void);
typedef LONG LSTATUS;
typedef DWORD ACCESS_MASK;
typedef ACCESS_MASK *PACCESS_MASK;
typedef PVOID PSECURITY_DESCRIPTOR;
typedef GUID UUID;
typedef GUID IID;
typedef GUID CLSID;

#ifdef UNICODE
typedef WCHAR TCHAR;
#else
typedef char TCHAR;
#endif
typedef TCHAR *PTCHAR;
typedef TCHAR *PTSTR;
typedef TCHAR *LPTSTR;
typedef const TCHAR *PCTSTR;
typedef const TCHAR *LPCTSTR;

#ifdef UNICODE
/* In C before C11 there is no such literal (see secur32_base.h): using it is an error then. */
#define SECUR32_TEXT(text) SECUR32_WIDE(text)
#else
#define SECUR32_TEXT(text) text
#endif
#ifndef TEXT
#define TEXT(text) SECUR32_TEXT(text)
#endif
#ifndef __TEXT
#define __TEXT(text) SECUR32_TEXT(text)
#endif

#ifndef INVALID_HANDLE_VALUE
#define INVALID_HANDLE_VALUE ((HANDLE)(LONG_PTR)-1)
#endif
#ifndef MAXDWORD
#define MAXDWORD 0xFFFFFFFF
#endif

#define LOWORD(value) ((WORD)((DWORD_PTR)(value) & 0xFFFF))
#define HIWORD(value) ((WORD)(((DWORD_PTR)(value) >> 16) & 0xFFFF))
#define LOBYTE(value) ((BYTE)((DWORD_PTR)(value) & 0xFF))
#define HIBYTE(value) ((BYTE)(((DWORD_PTR)(value) >> 8) & 0xFF))
#define MAKEWORD(low, high) ((WORD)(((BYTE)(low)) | ((WORD)((BYTE)(high)) << 8)))
#define MAKELONG(low, high) ((LONG)(((WORD)(low)) | ((DWORD)((WORD)(high)) << 16)))

#define RtlZeroMemory(memory, length) memset((memory), 0, (length))
#define RtlFillMemory(memory, length, value) memset((memory), (value), (length))
#define RtlCopyMemory(to, from, length) memcpy((to), (from), (length))
#define RtlMoveMemory(to, from, length) memmove((to), (from), (length))
#define RtlEqualMemory(one, other, length) (memcmp((one), (other), (length)) == 0)
#define ZeroMemory RtlZeroMemory
#define FillMemory RtlFillMemory
#define CopyMemory RtlCopyMemory
#define MoveMemory RtlMoveMemory

/* A memset that the compiler keeps. */
SECUR32_UNUSED static __inline__ PVOID secur32_secure_zero(PVOID memory, SIZE_T length)
{
    volatile BYTE *byte = (volatile BYTE *)memory;
    while (length-- > 0) {
        *byte++ = 0;
    }
    return memory;
}
#define RtlSecureZeroMemory secur32_secure_zero
#define SecureZeroMemory RtlSecureZeroMemory

/* Of kernel32: the error that this library's BOOLEAN functions leave for the thread. */
SECUR32_UNUSED static __inline__ DWORD GetLastError(void)
{
    return Secur32GetLastError();
}
SECUR32_UNUSED static __inline__ void SetLastError(DWORD error)
{
    Secur32SetLastError(error);
}

/* Of kernel32: closes access tokens, and nothing else. */
EXTERN_C BOOL Secur32CloseHandle(HANDLE hObject);
SECUR32_UNUSED static __inline__ BOOL CloseHandle(HANDLE object)
{
    return Secur32CloseHandle(object);
}

#endif /* SECUR32_COMPAT_WINDOWS_H */
