/* Base64 (RFC 4648, section 4). */
#include "sample.h"

#include <string.h>

static const char Alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void EncodeBase64(const unsigned char *bytes, size_t size, char *text)
{
    size_t i;

    for (i = 0; i < size; i += 3) {
        unsigned group = (unsigned)bytes[i] << 16 | (i + 1 < size ? bytes[i + 1] : 0u) << 8 |
                         (i + 2 < size ? bytes[i + 2] : 0u);
        *text++ = Alphabet[group >> 18];
        *text++ = Alphabet[group >> 12 & 63];
        *text++ = i + 1 < size ? Alphabet[group >> 6 & 63] : '=';
        *text++ = i + 2 < size ? Alphabet[group & 63] : '=';
    }
    *text = '\0';
}

long DecodeBase64(char *text, size_t length)
{
    unsigned char *out = (unsigned char *)text;
    unsigned group = 0;
    size_t i, padding = 0;

    if (length % 4 != 0)
        return -1;
    for (i = 0; i < length; i++) {
        const char *digit = text[i] != '\0' ? strchr(Alphabet, text[i]) : NULL;

        if (text[i] == '=' && i + 2 >= length)
            padding++;
        else if (digit == NULL || padding > 0)
            return -1;
        group = group << 6 | (unsigned)(digit != NULL ? digit - Alphabet : 0);
        if (i % 4 == 3) {
            *out++ = (unsigned char)(group >> 16);
            *out++ = (unsigned char)(group >> 8);
            *out++ = (unsigned char)group;
        }
    }
    return (long)(length / 4 * 3 - padding);
}
