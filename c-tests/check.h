/*
 * What the C tests share: the headers that a Windows source would include, checks that say what
 * is not so, and strings in both kinds of characters. C11 (for u"...") and C++11.
 */
#ifndef CHECK_H
#define CHECK_H

#ifndef SECURITY_WIN32
#define SECURITY_WIN32
#endif
#include <windows.h>

#include <security.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef _WIN32
#include <secur32_status.h>
#endif

/* A wide literal: wchar_t is not Windows' WCHAR everywhere. */
#ifdef _WIN32
#define WIDE_(text) L##text
#define WIDE(text) WIDE_(text)
#else
#define WIDE(text) SECUR32_WIDE(text)
#endif
/* Literals as the interface wants them, without const. */
#define WSTR(text) ((SEC_WCHAR *)WIDE(text))
#define ASTR(text) ((SEC_CHAR *)(text))

/* What nobody hands out. */
#define FILLED(type) ((type)(ULONG_PTR)0x5A5A5A50)

static int check_failures;
static unsigned long check_count;
/* Threads check too. */
#define CHECK_ONE_MORE(counter) ((void)__sync_add_and_fetch(&(counter), 1))

static inline const char *status_name(SECURITY_STATUS status)
{
#ifdef _WIN32
    static char text[16];
    snprintf(text, sizeof(text), "0x%08x", (unsigned)status);
    return text;
#else
    return Secur32StatusName(status);
#endif
}

static inline int check_failed(const char *file, int line, const char *what)
{
    fprintf(stderr, "%s:%d: not so: %s\n", file, line, what);
    CHECK_ONE_MORE(check_failures);
    return 0;
}

static inline int check_status(SECURITY_STATUS status, SECURITY_STATUS expected, const char *file,
                               int line, const char *what)
{
    CHECK_ONE_MORE(check_count);
    if (status == expected) return 1;
    fprintf(stderr, "%s:%d: %s gives %s (0x%08x)", file, line, what, status_name(status),
            (unsigned)status);
    fprintf(stderr, " and not %s\n", status_name(expected));
    CHECK_ONE_MORE(check_failures);
    return 0;
}

/* Both give whether it is so. */
#define CHECK(condition) \
    (CHECK_ONE_MORE(check_count), (condition) ? 1 : check_failed(__FILE__, __LINE__, #condition))
#define CHECK_STATUS(call, expected) check_status((call), (expected), __FILE__, __LINE__, #call)
/* What makes no sense without it. */
#define MUST(condition)             \
    do {                            \
        if (!CHECK(condition)) {    \
            exit(EXIT_FAILURE);     \
        }                           \
    } while (0)
#define MUST_STATUS(call, expected)         \
    do {                                    \
        if (!CHECK_STATUS(call, expected)) { \
            exit(EXIT_FAILURE);             \
        }                                   \
    } while (0)

/* The end of main. A test that checked nothing has not passed. */
static inline int check_end(void)
{
    printf("%lu checks, %d failures\n", check_count, check_failures);
    return check_failures == 0 && check_count > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

static inline size_t wide_length(const SEC_WCHAR *text)
{
    size_t length = 0;
    while (text[length] != 0) length++;
    return length;
}

static inline int wide_equal(const SEC_WCHAR *one, const SEC_WCHAR *other)
{
    size_t length = wide_length(one);
    return length == wide_length(other) && memcmp(one, other, length * sizeof(*one)) == 0;
}

/* Whether a wide text is this ASCII one. */
static inline int wide_is(const SEC_WCHAR *text, const char *ascii)
{
    size_t index = 0;
    while (ascii[index] != 0 && text[index] == (SEC_WCHAR)ascii[index]) index++;
    return ascii[index] == 0 && text[index] == 0;
}

static inline int same_handle(const SecHandle *one, const SecHandle *other)
{
    return one->dwLower == other->dwLower && one->dwUpper == other->dwUpper;
}

static inline SecHandle make_handle(ULONG_PTR lower, ULONG_PTR upper)
{
    SecHandle handle;
    handle.dwLower = lower;
    handle.dwUpper = upper;
    return handle;
}

static inline SecBuffer make_buffer(ULONG type, void *bytes, size_t length)
{
    SecBuffer buffer;
    buffer.cbBuffer = (ULONG)length;
    buffer.BufferType = type;
    buffer.pvBuffer = bytes;
    return buffer;
}

static inline SecBufferDesc make_desc(SecBuffer *buffers, size_t count)
{
    SecBufferDesc desc;
    desc.ulVersion = SECBUFFER_VERSION;
    desc.cBuffers = (ULONG)count;
    desc.pBuffers = buffers;
    return desc;
}

#endif
