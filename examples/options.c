/* The arguments that both samples read. */
#include "sample.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

long ParseNumber(const char *name, const char *text, long low, long high)
{
    char *end;
    long number;

    errno = 0;
    number = strtol(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || number < low || number > high) {
        Complain("--%s takes a number from %ld to %ld, not \"%s\"", name, low, high, text);
        return -1;
    }
    return number;
}

static int HexDigit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

SEC_CHANNEL_BINDINGS *ParseBindings(const char *hex, ULONG *size)
{
    size_t digits = strlen(hex), i;
    SEC_CHANNEL_BINDINGS *bindings;
    unsigned char *data;

    if (digits == 0 || digits % 2 != 0 || digits > 2048) {
        Complain("--bindings takes an even number of hexadecimal digits, at most 2048");
        return NULL;
    }
    *size = (ULONG)(sizeof *bindings + digits / 2);
    bindings = calloc(1, *size);
    if (bindings == NULL) {
        Complain("out of memory");
        return NULL;
    }
    bindings->cbApplicationDataLength = (ULONG)(digits / 2);
    bindings->dwApplicationDataOffset = (ULONG)sizeof *bindings;
    data = (unsigned char *)(bindings + 1);
    for (i = 0; i < digits; i += 2) {
        int high = HexDigit(hex[i]), low = HexDigit(hex[i + 1]);
        if (high < 0 || low < 0) {
            Complain("--bindings: \"%c%c\" is not hexadecimal", hex[i], hex[i + 1]);
            free(bindings);
            return NULL;
        }
        data[i / 2] = (unsigned char)(high * 16 + low);
    }
    return bindings;
}
