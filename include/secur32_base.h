/*
 * The scalar types of Windows' headers, in the sizes of 64-bit Windows, and the few types that
 * C declares with anonymous members. Written by hand; everything else is in secur32.h.
 *
 * LONG, ULONG and DWORD have 32 bits: Linux' own "long" has 64 and must not stand for them.
 * WCHAR has 16 bits: it is char16_t, for which strings are written u"...", or wchar_t where
 * that has 16 bits (-fshort-wchar), for which they are written L"...".
 */
#ifndef SECUR32_BASE_H
#define SECUR32_BASE_H

#include <stddef.h>
#include <stdint.h>

#ifndef VOID
#define VOID void
#endif
#ifndef CONST
#define CONST const
#endif
#ifndef TRUE
#define TRUE 1
#endif
#ifndef FALSE
#define FALSE 0
#endif
#ifndef MAX_PATH
#define MAX_PATH 260
#endif
#ifndef ANYSIZE_ARRAY
#define ANYSIZE_ARRAY 1
#endif

/* Calling conventions and address kinds, which Linux has one of. */
#ifndef SEC_ENTRY
#define SEC_ENTRY
#endif
#ifndef SEC_FAR
#define SEC_FAR
#endif
#ifndef FAR
#define FAR
#endif
#ifndef NEAR
#define NEAR
#endif
#ifndef WINAPI
#define WINAPI
#endif
#ifndef NTAPI
#define NTAPI
#endif
#ifndef APIENTRY
#define APIENTRY
#endif
#ifndef CALLBACK
#define CALLBACK
#endif
#ifndef WINBASEAPI
#define WINBASEAPI
#endif
#ifndef KSECDDDECLSPEC
#define KSECDDDECLSPEC
#endif

#define SECUR32_PACKED __attribute__((packed))
#define SECUR32_UNUSED __attribute__((unused))

typedef char CHAR;
typedef char CCHAR;
typedef unsigned char UCHAR;
typedef unsigned char BYTE;
typedef unsigned char BOOLEAN;
typedef short SHORT;
typedef unsigned short USHORT;
typedef unsigned short WORD;
typedef int INT;
typedef unsigned int UINT;
typedef int BOOL;
typedef int LONG;
typedef unsigned int ULONG;
typedef unsigned int DWORD;
__extension__ typedef long long LONGLONG;
__extension__ typedef unsigned long long ULONGLONG;
typedef ULONGLONG ULONG64;
typedef ULONGLONG DWORD64;
typedef ULONGLONG DWORDLONG;
typedef LONGLONG LONG64;
typedef intptr_t INT_PTR;
typedef uintptr_t UINT_PTR;
typedef intptr_t LONG_PTR;
typedef uintptr_t ULONG_PTR;
typedef uintptr_t DWORD_PTR;
typedef size_t SIZE_T;

#if defined(__SIZEOF_WCHAR_T__) && __SIZEOF_WCHAR_T__ == 2
typedef wchar_t WCHAR;
#define SECUR32_WIDE_(text) L##text
#define SECUR32_WIDE(text) SECUR32_WIDE_(text)
#elif defined(__cplusplus)
typedef char16_t WCHAR;
#define SECUR32_WIDE_(text) u##text
#define SECUR32_WIDE(text) SECUR32_WIDE_(text)
#else
typedef __CHAR16_TYPE__ WCHAR;
#if defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L
#define SECUR32_WIDE_(text) u##text
#define SECUR32_WIDE(text) SECUR32_WIDE_(text)
#endif
/* Older C has no literal of this type: names of packages come as arrays, see below. */
#endif

typedef CHAR SEC_CHAR;
typedef WCHAR SEC_WCHAR;
typedef BOOLEAN SECURITY_CONTEXT_TRACKING_MODE;
typedef SECURITY_CONTEXT_TRACKING_MODE *PSECURITY_CONTEXT_TRACKING_MODE;

typedef LONG HRESULT;
typedef LONG NTSTATUS;
typedef LONG SECURITY_STATUS;

typedef void *HANDLE;
typedef HANDLE *PHANDLE;
typedef HANDLE *LPHANDLE;
typedef void *PVOID;
typedef void *LPVOID;
typedef const void *LPCVOID;
typedef void *PSID;
typedef CHAR *PCHAR;
typedef CHAR *PSTR;
typedef CHAR *LPSTR;
typedef const CHAR *PCSTR;
typedef const CHAR *LPCSTR;
typedef WCHAR *PWCHAR;
typedef WCHAR *PWSTR;
typedef WCHAR *LPWSTR;
typedef const WCHAR *PCWSTR;
typedef const WCHAR *LPCWSTR;
typedef UCHAR *PUCHAR;
typedef BYTE *PBYTE;
typedef BYTE *LPBYTE;
typedef USHORT *PUSHORT;
typedef WORD *PWORD;
typedef WORD *LPWORD;
typedef LONG *PLONG;
typedef LONG *LPLONG;
typedef ULONG *PULONG;
typedef DWORD *PDWORD;
typedef DWORD *LPDWORD;
typedef BOOL *PBOOL;
typedef BOOL *LPBOOL;
typedef BOOLEAN *PBOOLEAN;
typedef INT *PINT;
typedef UINT *PUINT;
typedef SIZE_T *PSIZE_T;
typedef ULONG_PTR *PULONG_PTR;
typedef LONGLONG *PLONGLONG;
typedef ULONGLONG *PULONGLONG;
typedef NTSTATUS *PNTSTATUS;

typedef union _LARGE_INTEGER {
    __extension__ struct {
        DWORD LowPart;
        LONG HighPart;
    };
    struct {
        DWORD LowPart;
        LONG HighPart;
    } u;
    LONGLONG QuadPart;
} LARGE_INTEGER, *PLARGE_INTEGER;

typedef union _ULARGE_INTEGER {
    __extension__ struct {
        DWORD LowPart;
        DWORD HighPart;
    };
    struct {
        DWORD LowPart;
        DWORD HighPart;
    } u;
    ULONGLONG QuadPart;
} ULARGE_INTEGER, *PULARGE_INTEGER;

typedef LARGE_INTEGER _SECURITY_INTEGER, SECURITY_INTEGER, *PSECURITY_INTEGER;
typedef SECURITY_INTEGER TimeStamp, *PTimeStamp;

#ifndef GUID_DEFINED
#define GUID_DEFINED
typedef struct _GUID {
    ULONG Data1;
    USHORT Data2;
    USHORT Data3;
    UCHAR Data4[8];
} GUID, *LPGUID;
typedef const GUID *LPCGUID;
#endif

#ifndef _HRESULT_TYPEDEF_
#define _HRESULT_TYPEDEF_(code) ((HRESULT)code)
#endif
#ifndef NT_SUCCESS
#define NT_SUCCESS(status) (((NTSTATUS)(status)) >= 0)
#endif
#ifndef SUCCEEDED
#define SUCCEEDED(result) (((HRESULT)(result)) >= 0)
#endif
#ifndef FAILED
#define FAILED(result) (((HRESULT)(result)) < 0)
#endif

#endif /* SECUR32_BASE_H */
