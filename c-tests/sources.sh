#!/bin/sh
# The C tests are sources that a Windows programmer could have written: they are also C++, with
# each kind of wide characters, and mingw-w64's headers take them as they are.
# Usage: sources.sh SOURCE...
set -eu
strict="-fsyntax-only -Wall -Wextra -pedantic -Werror"
here="-I ../include -I ../include/compat"

for source in "$@"; do
    # shellcheck disable=SC2086
    {
        gcc -x c -std=gnu17 -fshort-wchar -DUNICODE -D_UNICODE $strict $here "$source"
        g++ -x c++ -std=c++11 $strict $here "$source"
        clang++ -x c++ -std=c++20 $strict $here "$source"
        # Calls what mingw-w64 does not declare.
        [ "$source" = not_offered.c ] ||
            x86_64-w64-mingw32-gcc -std=gnu11 -fsyntax-only -Wall -Wextra -Werror "$source"
    }
done
echo "$# sources, 4 compilers each"
