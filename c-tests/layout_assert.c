/* Every fact about layouts and constants as an assertion: it holds when this compiles.
   C11 and C++11; with and without -fshort-wchar, with and without UNICODE. */
#include "layout_headers.h"

#ifdef __cplusplus
#define ASSERT static_assert
#define ALIGNMENT alignof
#else
#define ASSERT _Static_assert
#define ALIGNMENT _Alignof
#endif

#define STRUCT(name, size, alignment)                  \
    ASSERT(sizeof(name) == (size), "size of " #name); \
    ASSERT(ALIGNMENT(name) == (alignment), "alignment of " #name);
#define FIELD(type, name, offset, size)                                   \
    ASSERT(offsetof(type, name) == (offset), "offset of " #type "." #name); \
    ASSERT(sizeof(((type *)0)->name) == (size), "size of " #type "." #name);
#define CONSTANT(name, value) ASSERT((unsigned int)(name) == (value), #name);
#define CONSTANT64(name, value) \
    ASSERT((ULONGLONG)(name) == (__extension__(value)), #name);
#define STRING(name, text) ASSERT(sizeof(name) == sizeof(text), #name);
#define WIDE(name, text) ASSERT(sizeof(name) == sizeof(text) * sizeof(WCHAR), #name);
#define TEXT_NAME(name, text) ASSERT(sizeof(name) == sizeof(text) * sizeof(TCHAR), #name);
#define GUID_BYTES(name, ...) ASSERT(sizeof(name) == 16, #name);

#include "abi_facts.h"
#include "abi_facts_newer.h"

/* What every layout stands on. */
ASSERT(sizeof(WCHAR) == 2 && sizeof(ULONG) == 4 && sizeof(LONG) == 4, "scalars");
ASSERT(sizeof(BOOLEAN) == 1 && sizeof(BOOL) == 4 && sizeof(HANDLE) == 8, "scalars");
ASSERT(sizeof(SECURITY_STATUS) == 4 && sizeof(NTSTATUS) == 4 && sizeof(ULONG_PTR) == 8, "scalars");
ASSERT((SECURITY_STATUS)-1 < 0 && (NTSTATUS)-1 < 0 && (ULONG)-1 > 0, "signs");
