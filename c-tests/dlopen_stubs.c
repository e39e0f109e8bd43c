/*
 * Every export as a stub that jumps to the function of a library loaded with dlopen. A program
 * linked with this runs as one that was linked with the library, and proves that a loader finds
 * all names. SECUR32_LIBRARY in the environment names another file.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

#if defined(__x86_64__)
#define JUMP(name) "    jmp *secur32_stub_" #name "(%rip)\n"
#elif defined(__aarch64__)
#define JUMP(name)                              \
    "    adrp x16, secur32_stub_" #name "\n"    \
    "    ldr x16, [x16, #:lo12:secur32_stub_" #name "]\n" \
    "    br x16\n"
#else
#error "no stubs for this machine: build the tests with NO_DLOPEN"
#endif

#define X(name)                                        \
    __attribute__((used)) void *secur32_stub_##name;   \
    __asm__(".pushsection .text\n"                     \
            "    .globl " #name "\n"                   \
            "    .type " #name ", %function\n" #name ":\n" JUMP(name) ".popsection\n");
#include "stub_names.h"
#undef X

static void load(void *library, const char *name, void **stub)
{
    *stub = dlsym(library, name);
    if (*stub == NULL) {
        fprintf(stderr, "%s\n", dlerror());
        abort();
    }
}

__attribute__((constructor)) static void load_all(void)
{
    const char *file = getenv("SECUR32_LIBRARY");
    void *library = dlopen(file != NULL ? file : LIBRARY_FILE, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        fprintf(stderr, "%s\n", dlerror());
        abort();
    }
#define X(name) load(library, #name, &secur32_stub_##name);
#include "stub_names.h"
#undef X
}
