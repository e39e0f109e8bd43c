/*
 * Prints sizes, offsets, constants and texts of the headers it is compiled with: ours, or those
 * of mingw-w64. A program for Windows cannot run here, so the rows lie in a section of their
 * own, which objcopy takes out of the object file:
 *
 *   layout              prints this program's rows
 *   layout FILE         prints the rows of a section that was taken out
 */
#include <stdio.h>
#include <string.h>

#include "layout_headers.h"

struct row {
    char kind[16];
    char name[96];
    unsigned long long value[3];
    char text[64];
    WCHAR wide[64];
};

#define STRUCT(name, size, alignment) \
    {"struct", #name, {sizeof(name), _Alignof(name), 0}, "", {0}},
#define FIELD(type, name, offset, size) \
    {"field", #type "." #name, {offsetof(type, name), sizeof(((type *)0)->name), 0}, "", {0}},
#define CONSTANT(name, value) {"constant", #name, {(unsigned int)(name), 0, 0}, "", {0}},
#define CONSTANT64(name, value) {"constant64", #name, {(unsigned long long)(name), 0, 0}, "", {0}},
#define STRING(name, text) {"string", #name, {sizeof(name), 0, 0}, name, {0}},
#define WIDE(name, text) {"wide", #name, {sizeof(name), 0, 0}, "", name},
#define TEXT_NAME STRING
/* Kinds of credentials are objects and no constants: main looks at them. */
#define GUID_BYTES(name, ...)

__attribute__((section("layout"), used)) const struct row rows[] = {
#include "abi_facts.h"
#ifndef __MINGW32__
#include "abi_facts_newer.h"
#endif
};

#ifndef __MINGW32__

static void print_row(const struct row *row)
{
    size_t index;
    printf("%s %s", row->kind, row->name);
    if (strncmp(row->kind, "constant", 8) == 0) {
        printf(" 0x%08llX", row->value[0]);
    } else {
        printf(" %llu", row->value[0]);
    }
    if (strcmp(row->kind, "struct") == 0 || strcmp(row->kind, "field") == 0) {
        printf(" %llu", row->value[1]);
    }
    printf("%s%s", row->text[0] != 0 ? " " : "", row->text);
    for (index = 0; index < sizeof(row->wide) / sizeof(row->wide[0]); index++) {
        if (row->wide[index] != 0) {
            printf("%s%c", index == 0 ? " " : "", (char)row->wide[index]);
        }
    }
    printf("\n");
}

static int kind_differs(const char *name, const GUID *ours, const unsigned char *bytes)
{
    if (memcmp(ours, bytes, sizeof(*ours)) == 0) {
        return 0;
    }
    fprintf(stderr, "%s has other bytes\n", name);
    return 1;
}

static int kinds_differ(void)
{
    int differences = 0;
#undef STRUCT
#undef FIELD
#undef CONSTANT
#undef CONSTANT64
#undef STRING
#undef WIDE
#undef TEXT_NAME
#undef GUID_BYTES
#define STRUCT(name, size, alignment)
#define FIELD(type, name, offset, size)
#define CONSTANT(name, value)
#define CONSTANT64(name, value)
#define STRING(name, text)
#define WIDE(name, text)
#define TEXT_NAME(name, text)
#define GUID_BYTES(name, ...)                                 \
    {                                                         \
        static const unsigned char bytes[] = {__VA_ARGS__};   \
        differences += kind_differs(#name, &name, bytes);     \
    }
#include "abi_facts.h"
    return differences;
}

int main(int argc, char **argv)
{
    struct row row;
    size_t index;
    FILE *file;
    if (kinds_differ() != 0) {
        return 1;
    }
    if (argc < 2) {
        for (index = 0; index < sizeof(rows) / sizeof(rows[0]); index++) {
            print_row(&rows[index]);
        }
        return 0;
    }
    file = fopen(argv[1], "rb");
    if (file == NULL) {
        perror(argv[1]);
        return 1;
    }
    while (fread(&row, sizeof(row), 1, file) == 1) {
        if (row.kind[0] != 0) {
            print_row(&row);
        }
    }
    fclose(file);
    return 0;
}

#endif
