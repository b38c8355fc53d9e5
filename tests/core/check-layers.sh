#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# check-layers.sh SOURCE-ROOT CORE-LIBRARY: who may include and call whom, and what the core must not do.
# Prints each breach; exits with 1 when there is one.
set -u
library=$(realpath -- "$2") || exit 2
cd "$1" || exit 2
breaches=$(mktemp)
trap 'rm -f "$breaches"' EXIT

# breach WHAT: each line of standard input is one.
breach() {
    sed "s|^|$1: |" >>"$breaches"
}

# includes FILE...: "file:line:included", with its quotes or brackets.
includes() {
    grep -HnoE '^ *# *include *[<"][^>"]+[>"]' "$@" | sed -E 's/# *include *//; s/ //g'
}

# ---- Includes ----

pure='<(assert|float|limits|math|stdalign|stdbool|stddef|stdint|stdlib|string)\.h>'
includes helper/core/*.[ch] \
    | grep -vE ":$pure\$" \
    | grep -vE '^helper/core/ntp-address\.c:[0-9]+:<arpa/inet\.h>$' \
    | grep -vE '^helper/core/nts-aead\.c:[0-9]+:<openssl/[a-z_]+\.h>$' \
    | grep -vE ':"[a-z-]+\.h"$' \
    | breach "the core includes nothing but itself and pure parts of the C library"

includes helper/core/*.[ch] | sed -nE 's/^([^"]*:)"([a-z-]+\.h)"$/\1\2/p' \
    | while IFS=: read -r file line header; do
        [ -f "helper/core/$header" ] || echo "$file:$line: $header"
    done | breach "the core includes nothing but itself"

codecs='(bytes|ntp-(time|packet|reason|address)|nts-[a-z]+)'
includes helper/core/*.[ch] | grep -E "^helper/core/$codecs\.[ch]:" | grep '"' | grep -vE ":\"$codecs\.h\"\$" \
    | breach "codecs know nothing of what decides"

includes helper/*.[ch] | grep '"core/' | grep -vE ":\"core/(ntp-system|$codecs)\.h\"\$" \
    | breach "the shell knows the core by ntp-system.h and the codecs"

includes helper/*.[ch] helper/core/*.[ch] | grep -E '[<"](gtk|adwaita|gdk)|app/' \
    | breach "the helper knows nothing of the application"

includes app/*.[ch] app/*/*.[ch] 2>/dev/null | grep -E '"([./]*helper/|core/|.*/core/)|<openssl/' \
    | breach "the application knows the helper by D-Bus alone"

# ---- Symbols of the library ----

# undefined: "object symbol" for all that the library wants and does not define itself.
undefined() {
    nm -A "$library" | awk '
        { split ($1, where, ":"); object = where[2]; sub (".*/", "", object) }
        $(NF - 1) == "U" { wanted[object " " $NF] = $NF; next }
        $(NF - 1) ~ /^[A-TV-Z]$/ { defined[$NF] = 1 }
        END { for (pair in wanted) if (!(wanted[pair] in defined)) print pair }' | sort
}

# Pure functions of the C library and its mathematics, assertions, and what compilers put in.
pure='(mem(chr|cmp|cpy|move|set)|str(len|cmp|ncmp|chr|rchr|nlen)|bcmp|abs|labs|llabs)'
pure="$pure|(fabs|floor|ceil|sqrt|cbrt|exp|exp2|expm1|log|log2|log1p|log10|pow|ldexp|frexp|scalbn|hypot|erfc?|sinh|tanh)f?"
pure="$pure|(fmin|fmax|fmod|round|lround|llround|rint|lrint|trunc|copysign|nearbyint)f?"
compiler='__assert_fail|__stack_chk_fail|_GLOBAL_OFFSET_TABLE_|__(mem|str)[a-z]+_chk'
compiler="$compiler|__(asan|ubsan|sanitizer|gcov|llvm)_.*"
undefined \
    | grep -vE "^[^ ]+ ($pure|$compiler)\$" \
    | grep -vE '^ntp-address\.c\.o inet_pton$' \
    | grep -vE '^nts-aead\.c\.o (EVP_[A-Za-z0-9_]+|OSSL_PARAM_[a-z_0-9]+|OPENSSL_cleanse|CRYPTO_memcmp)$' \
    | breach "the core calls nothing that reads, writes, allocates or asks"
nm "$library" | grep -q ' T ' || echo "$library" | breach "no symbols"

# Sanitizers keep books of their own in writable sections.
if ! nm "$library" | grep -qE '__(asan|ubsan|gcov|llvm)_'; then
    objdump -t "$library" | grep -E ' O (\.data|\.bss|\*COM\*)	' | breach "the core keeps no state of its own"
fi

# ---- Habits ----

grep -nE '\bgoto\b' helper/*.c helper/core/*.[ch] app/*.c | breach "no goto"
grep -nE '__attribute__.*packed' helper/*.[ch] helper/core/*.[ch] | breach "no casts to packed structures"
grep -nE '\bmem(cpy|move) ' helper/core/ntp-packet.c helper/core/nts-fields.c helper/core/ntp-reply.c 2>/dev/null \
    | breach "octets of packets are read through bytes.h"
# A property and a method of the contract end in "sync" themselves.
grep -nE '\b(g|gdk|gtk|adw|bus)_[a-z0-9_]+_sync \(' app/*.c app/*/*.c 2>/dev/null | grep -vE '_(last|cancel)_sync \(' \
    | breach "the application never waits"

sort -u "$breaches"
[ ! -s "$breaches" ]
