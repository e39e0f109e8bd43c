/* Every function has the prototype that it has on Windows: it holds when this compiles. With
   mingw-w64's headers it shows that the facts are Windows' own. */
#include "layout_headers.h"

#ifndef __MINGW32__
#define SSPI_PROTOTYPES_NEWER 1
#endif

#define PROTOTYPE(result, name, arguments)     \
    extern result(SEC_ENTRY *check_##name) arguments; \
    result(SEC_ENTRY *check_##name) arguments = name;

#include "prototypes.h"
