#!/bin/sh
# Compiles every public header, first and alone, with each compiler, standard and character mode,
# and all of them together in two orders. Usage: matrix.sh INCLUDE-DIRECTORY
set -eu
include=$1
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
warnings="-Wall -Wextra -pedantic -Werror"

public=$(cd "$include" && ls ./*.h)
compat=$(cd "$include/compat" && ls ./*.h)

mkdir "$work/once"

one() { # name, headers...
    file="$work/$1.c"
    shift
    : >"$file"
    for header in "$@"; do echo "#include <${header#./}>" >>"$file"; done
    echo "typedef int not_empty;" >>"$file"
}
for header in $public; do one "alone-${header#./}" "$header"; done
for header in $compat; do
    # Those that only include another one are the same everywhere.
    if [ "$(wc -l <"$include/compat/$header")" -lt 4 ]; then
        one "once/compat-${header#./}" "$header"
    else
        one "compat-${header#./}" "$header"
    fi
done
# shellcheck disable=SC2086
one together $public $compat
# shellcheck disable=SC2046,SC2086
one reversed $(printf '%s\n' $public $compat | sort -r)
for file in together reversed; do echo "#include \"$here/use.h\"" >>"$work/$file.c"; done
# As on Windows: windows.h first, with and without the word that Windows wants.
printf '#define SECURITY_WIN32\n#include <windows.h>\n#include <sspi.h>\n#include "%s"\n' \
    "$here/use.h" >"$work/windows-first.c"

count=0
for compiler in gcc clang; do
    command -v $compiler >/dev/null || { echo "$compiler is missing" >&2; exit 1; }
    for standard in gnu89 c99 c11 c17 c++11 c++20; do
        case $standard in c++*) language=c++ ;; *) language=c ;; esac
        for wide in "" -fshort-wchar; do
            for unicode in "" "-DUNICODE -D_UNICODE"; do
                files="$work/*.c"
                case "$standard$wide$unicode" in
                c99 | c++11) files="$files $work/once/*.c" ;;
                esac
                # One run of the compiler for all files of this combination.
                # shellcheck disable=SC2086
                $compiler -x $language -std=$standard $wide $unicode $warnings -fsyntax-only \
                    -I "$include" -I "$include/compat" $files || {
                    echo "failed: $compiler -std=$standard $wide $unicode" >&2
                    exit 1
                }
                count=$((count + 1))
            done
        done
    done
done
echo "$count combinations, $(find "$work" -maxdepth 1 -name "*.c" | wc -l) files each"
