/* Printing: failures, tokens, flags, and what a context knows of itself. */
#include "sample.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *ProgramName = "sample";

void Complain(const char *format, ...)
{
    va_list arguments;

    fflush(stdout);
    fprintf(stderr, "%s: ", ProgramName);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
}

void ComplainStatus(const char *function, SECURITY_STATUS status)
{
    char story[1024];

    Complain("%s: %s (0x%08X)", function, Secur32StatusName(status), (unsigned)status);
    fprintf(stderr, "  %s\n", Secur32StatusText(status));
    if (Secur32LastErrorText(story, sizeof story) > 0)
        fprintf(stderr, "  %s\n", story);
}

/* What a peer sent may hold anything; the terminal gets only what can be printed. */
void PrintText(const char *label, const char *text, size_t size)
{
    size_t i;

    printf("%s: \"", label);
    for (i = 0; i < size; i++) {
        unsigned char c = (unsigned char)text[i];
        putchar(c < 0x20 || c == 0x7F ? '.' : c);
    }
    printf("\"\n");
}

void PrintBytes(const char *label, const void *bytes, size_t size)
{
    const unsigned char *byte = bytes;
    size_t i, line;

    printf("%s, %lu bytes\n", label, (unsigned long)size);
    for (line = 0; line < size; line += 16) {
        size_t end = line + 16 < size ? line + 16 : size;
        printf("    %04lx ", (unsigned long)line);
        for (i = line; i < line + 16; i++) {
            if (i < end)
                printf(" %02x", byte[i]);
            else
                printf("   ");
        }
        printf("  ");
        for (i = line; i < end; i++)
            putchar(byte[i] < 0x20 || byte[i] > 0x7E ? '.' : byte[i]);
        putchar('\n');
    }
}

typedef struct FlagName {
    ULONG flag;
    const char *name;
} FlagName;

static void PrintFlags(ULONG flags, const FlagName *names, size_t count)
{
    ULONG unknown = flags;
    size_t i;

    printf("flags: 0x%08X", (unsigned)flags);
    for (i = 0; i < count; i++) {
        if (flags & names[i].flag)
            printf(" %s", names[i].name);
        unknown &= ~names[i].flag;
    }
    if (unknown != 0)
        printf(" and 0x%X", (unsigned)unknown);
    printf("\n");
}

/* The two sides have different numbers for the same things above 0x1000. */
void PrintInitiatorFlags(ULONG flags)
{
    static const FlagName names[] = {
        {ISC_RET_DELEGATE, "DELEGATE"},
        {ISC_RET_MUTUAL_AUTH, "MUTUAL_AUTH"},
        {ISC_RET_REPLAY_DETECT, "REPLAY_DETECT"},
        {ISC_RET_SEQUENCE_DETECT, "SEQUENCE_DETECT"},
        {ISC_RET_CONFIDENTIALITY, "CONFIDENTIALITY"},
        {ISC_RET_INTEGRITY, "INTEGRITY"},
        {ISC_RET_IDENTIFY, "IDENTIFY"},
        {ISC_RET_NULL_SESSION, "NULL_SESSION"},
        {ISC_RET_USED_DCE_STYLE, "USED_DCE_STYLE"},
        {ISC_RET_DATAGRAM, "DATAGRAM"},
        {ISC_RET_CONNECTION, "CONNECTION"},
        {ISC_RET_STREAM, "STREAM"},
        {ISC_RET_EXTENDED_ERROR, "EXTENDED_ERROR"},
        {ISC_RET_ALLOCATED_MEMORY, "ALLOCATED_MEMORY"},
    };

    PrintFlags(flags, names, sizeof names / sizeof names[0]);
}

void PrintAcceptorFlags(ULONG flags)
{
    static const FlagName names[] = {
        {ASC_RET_DELEGATE, "DELEGATE"},
        {ASC_RET_MUTUAL_AUTH, "MUTUAL_AUTH"},
        {ASC_RET_REPLAY_DETECT, "REPLAY_DETECT"},
        {ASC_RET_SEQUENCE_DETECT, "SEQUENCE_DETECT"},
        {ASC_RET_CONFIDENTIALITY, "CONFIDENTIALITY"},
        {ASC_RET_INTEGRITY, "INTEGRITY"},
        {ASC_RET_IDENTIFY, "IDENTIFY"},
        {ASC_RET_NULL_SESSION, "NULL_SESSION"},
        {ASC_RET_USED_DCE_STYLE, "USED_DCE_STYLE"},
        {ASC_RET_DATAGRAM, "DATAGRAM"},
        {ASC_RET_CONNECTION, "CONNECTION"},
        {ASC_RET_STREAM, "STREAM"},
        {ASC_RET_EXTENDED_ERROR, "EXTENDED_ERROR"},
        {ASC_RET_ALLOCATED_MEMORY, "ALLOCATED_MEMORY"},
    };

    PrintFlags(flags, names, sizeof names / sizeof names[0]);
}

int PrintPackages(void)
{
    SecPkgInfoA *packages = NULL;
    ULONG count = 0, i;
    SECURITY_STATUS status = EnumerateSecurityPackagesA(&count, &packages);

    if (status != SEC_E_OK) {
        ComplainStatus("EnumerateSecurityPackages", status);
        return -1;
    }
    printf("packages:\n");
    for (i = 0; i < count; i++)
        printf("    %-12s %-34s tokens up to %5u bytes, capabilities 0x%08X\n", packages[i].Name,
               packages[i].Comment, (unsigned)packages[i].cbMaxToken,
               (unsigned)packages[i].fCapabilities);
    FreeContextBuffer(packages);
    return 0;
}

/* ---- SHA-256 (FIPS 180-4), for the fingerprint of a key that itself is never shown ---- */

static ULONG Rotate(ULONG word, int bits)
{
    return word >> bits | word << (32 - bits);
}

static void Sha256Block(ULONG state[8], const unsigned char block[64])
{
    static const ULONG k[64] = {
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
        0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
        0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
        0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
        0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
        0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
        0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
        0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
        0xc67178f2,
    };
    ULONG w[64], v[8];
    int i;

    for (i = 0; i < 16; i++)
        w[i] = (ULONG)block[4 * i] << 24 | (ULONG)block[4 * i + 1] << 16 |
               (ULONG)block[4 * i + 2] << 8 | (ULONG)block[4 * i + 3];
    for (i = 16; i < 64; i++)
        w[i] = w[i - 16] + w[i - 7] +
               (Rotate(w[i - 15], 7) ^ Rotate(w[i - 15], 18) ^ w[i - 15] >> 3) +
               (Rotate(w[i - 2], 17) ^ Rotate(w[i - 2], 19) ^ w[i - 2] >> 10);
    memcpy(v, state, sizeof v);
    for (i = 0; i < 64; i++) {
        ULONG first = v[7] + (Rotate(v[4], 6) ^ Rotate(v[4], 11) ^ Rotate(v[4], 25)) +
                      ((v[4] & v[5]) ^ (~v[4] & v[6])) + k[i] + w[i];
        ULONG second = (Rotate(v[0], 2) ^ Rotate(v[0], 13) ^ Rotate(v[0], 22)) +
                       ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
        memmove(v + 1, v, 7 * sizeof v[0]);
        v[4] += first;
        v[0] = first + second;
    }
    for (i = 0; i < 8; i++)
        state[i] += v[i];
    explicit_bzero(w, sizeof w);
}

/* Of at most 55 bytes, which is one block; no session key is longer. */
static int Fingerprint(const unsigned char *key, ULONG size, unsigned char print[8])
{
    ULONG state[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    unsigned char block[64] = {0};
    int i;

    if (size == 0 || size > 55)
        return -1;
    memcpy(block, key, size);
    block[size] = 0x80;
    block[62] = (unsigned char)(size * 8 >> 8);
    block[63] = (unsigned char)(size * 8);
    Sha256Block(state, block);
    explicit_bzero(block, sizeof block);
    for (i = 0; i < 8; i++)
        print[i] = (unsigned char)(state[i / 4] >> (24 - 8 * (i % 4)));
    return 0;
}

static int PrintFingerprint(CtxtHandle *context)
{
    SecPkgContext_SessionKey key;
    unsigned char print[8];
    SECURITY_STATUS status = QueryContextAttributesA(context, SECPKG_ATTR_SESSION_KEY, &key);
    int made, i;

    if (status != SEC_E_OK) {
        ComplainStatus("QueryContextAttributes(SESSION_KEY)", status);
        return -1;
    }
    made = Fingerprint(key.SessionKey, key.SessionKeyLength, print);
    explicit_bzero(key.SessionKey, key.SessionKeyLength);
    FreeContextBuffer(key.SessionKey);
    if (made != 0) {
        Complain("a session key of %lu bytes", (unsigned long)key.SessionKeyLength);
        return -1;
    }
    printf("session key: %u bytes, fingerprint ", (unsigned)key.SessionKeyLength);
    for (i = 0; i < 8; i++)
        printf("%02x", print[i]);
    printf("\n");
    return 0;
}

/* What only some packages know: the service, and how messages are protected. */
static void PrintMore(CtxtHandle *context)
{
    SecPkgContext_NativeNamesA names;
    SecPkgContext_KeyInfoA info;

    if (QueryContextAttributesA(context, SECPKG_ATTR_NATIVE_NAMES, &names) == SEC_E_OK) {
        if (names.sServerName[0] != '\0')
            PrintText("service", names.sServerName, strlen(names.sServerName));
        FreeContextBuffer(names.sClientName);
        FreeContextBuffer(names.sServerName);
    }
    if (QueryContextAttributesA(context, SECPKG_ATTR_KEY_INFO, &info) == SEC_E_OK) {
        printf("messages: %s, %s, %u bits\n", info.sEncryptAlgorithmName,
               info.sSignatureAlgorithmName, (unsigned)info.KeySize);
        FreeContextBuffer(info.sEncryptAlgorithmName);
        FreeContextBuffer(info.sSignatureAlgorithmName);
    }
}

int PrintContext(CtxtHandle *context, int has_key)
{
    SecPkgContext_PackageInfoA package;
    SecPkgContext_NamesA names;
    SecPkgContext_Sizes sizes;
    SECURITY_STATUS status;

    status = QueryContextAttributesA(context, SECPKG_ATTR_PACKAGE_INFO, &package);
    if (status != SEC_E_OK) {
        ComplainStatus("QueryContextAttributes(PACKAGE_INFO)", status);
        return -1;
    }
    printf("package: %s\n", package.PackageInfo->Name);
    FreeContextBuffer(package.PackageInfo);

    status = QueryContextAttributesA(context, SECPKG_ATTR_NAMES, &names);
    if (status != SEC_E_OK) {
        ComplainStatus("QueryContextAttributes(NAMES)", status);
        return -1;
    }
    PrintText("client", names.sUserName, strlen(names.sUserName));
    FreeContextBuffer(names.sUserName);
    PrintMore(context);

    status = QueryContextAttributesA(context, SECPKG_ATTR_SIZES, &sizes);
    if (status != SEC_E_OK) {
        ComplainStatus("QueryContextAttributes(SIZES)", status);
        return -1;
    }
    printf("sizes: token %u, signature %u, block %u, trailer %u\n", (unsigned)sizes.cbMaxToken,
           (unsigned)sizes.cbMaxSignature, (unsigned)sizes.cbBlockSize,
           (unsigned)sizes.cbSecurityTrailer);
    return has_key ? PrintFingerprint(context) : 0;
}
