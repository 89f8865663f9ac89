#!/usr/bin/env bash
# Compares errsift with other tools on the same machine, texts and codes, and checks every answer.
#
#     benches/compare.sh [--record] [SECTION]...
#
# --record also writes benches/record/YYYY-MM-DD.md and catalogue-size.svg there. Sections: sparse
# dense large stdin explain memory packed matcher hard sizes options; all where none is given.
# Peers that are missing are installed with apt-get. Everything else lands in target/compare.
#
# ERRSIFT_BENCH_MIB     size of each text in MiB (512)
# ERRSIFT_BENCH_ROUNDS  how often each command runs; the commands of a table take turns, and the
#                       best time of each counts (5)
# ERRSIFT_BENCH_CODES   a file with the codes of the large catalogue, a code a line (11,545 made-up
#                       ones); the built-in ones are always among them
set -euo pipefail
export LC_ALL=C
root=$(cd "$(dirname "$0")/.." && pwd)
mib=${ERRSIFT_BENCH_MIB:-512}
rounds=${ERRSIFT_BENCH_ROUNDS:-5}
target=$(realpath -m "${CARGO_TARGET_DIR:-$root/target}")
work=$target/compare
if [ -n "${ERRSIFT_BENCH_CODES:-}" ]; then
    ERRSIFT_BENCH_CODES=$(realpath -e "$ERRSIFT_BENCH_CODES")
    export ERRSIFT_BENCH_CODES
fi

for part in prepare table sections matcher; do
    # shellcheck source=/dev/null
    . "$root/benches/compare/$part.sh"
done

all_sections=(sparse dense large stdin explain memory packed matcher hard sizes options)
sections=()
record=
for argument; do
    if [ "$argument" = --record ]; then
        record=$root/benches/record
    elif [[ " ${all_sections[*]} " == *" $argument "* ]]; then
        sections+=("$argument")
    else
        fail "'$argument': no section, expected --record or one of ${all_sections[*]}"
    fi
done
[ ${#sections[@]} -gt 0 ] || sections=("${all_sections[@]}")

install_peers
build
write_texts
cd "$work"
{
    describe_machine
    for section in "${sections[@]}"; do
        note "$section"
        "section_$section"
    done
} | tee report.md
if [ -n "$record" ]; then
    mkdir -p "$record"
    cp report.md "$record/$(date -u +%F).md"
    [ ! -e catalogue-size.svg ] || cp catalogue-size.svg "$record/"
fi
