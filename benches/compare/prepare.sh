# What has to be there before anything is measured: peers, programs, codes and texts.

note() {
    printf 'compare: %s\n' "$*" >&2
}

fail() {
    note "$@"
    exit 2
}

# Installs the packages whose program or header is missing.
install_peers() {
    local missing=() wanted package
    for wanted in rg:ripgrep ugrep:ugrep grep:grep hyperfine:hyperfine jq:jq cc:gcc column:bsdextrautils \
        pigz:pigz zstd:zstd xz:xz-utils bzip2:bzip2 /usr/bin/time:time; do
        package=${wanted#*:}
        command -v "${wanted%%:*}" >/dev/null || missing+=("$package")
    done
    [ -e /usr/include/hs/hs.h ] || missing+=(libhyperscan-dev)
    [ ${#missing[@]} -gt 0 ] || return 0

    command -v apt-get >/dev/null ||
        fail "${missing[*]}: not installed, and there is no apt-get; install them and run this again"
    local as_root=()
    [ "$(id -u)" = 0 ] || as_root=(sudo)
    note "installing ${missing[*]}"
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" apt-get install -y -qq "${missing[@]}" >/dev/null
}

build() {
    note "building"
    mkdir -p "$work/answers" "$work/rounds"
    (cd "$root" && CARGO_TARGET_DIR=$target cargo build --quiet --release --bins --example compare)
    cc -O2 -Wall -Wextra -o "$work/hyperscan" "$root/benches/compare/hyperscan.c" -lhs
    PATH=$target/release:$PATH
    compare=$target/release/examples/compare
}

# The codes that errsift knows with the options that are given, HTTP statuses left out.
known_codes() {
    errsift codes list -f json "$@" | jq -r '.[] | select(.provider != "http") | .code' | sort -u
}

# Writes codes.txt and large.txt, and a sparse and a dense text with the codes of each.
write_texts() {
    local stamp
    known_codes >"$work/codes.txt"
    "$compare" codes >"$work/added.txt"
    known_codes --catalog "$work/added.txt" >"$work/large.txt"
    stamp=$(cat "$root"/benches/corpus/*.rs "$work/codes.txt" "$work/large.txt" | sha256sum)
    stamp="$mib MiB ${stamp%% *}"
    [ "$(cat "$work/stamp" 2>/dev/null)" != "$stamp" ] || return 0

    note "writing texts of $mib MiB"
    rm -f "$work/stamp" "$work"/*.log*
    "$compare" corpus sparse "$work/codes.txt" "$mib" "$work/sparse.log"
    "$compare" corpus dense "$work/codes.txt" "$mib" "$work/dense.log"
    "$compare" corpus sparse "$work/large.txt" "$mib" "$work/sparse-large.log"
    "$compare" corpus dense "$work/large.txt" "$mib" "$work/dense-large.log"
    echo "$stamp" >"$work/stamp"
}

# The heading of a record: when, on what, with what.
describe_machine() {
    local cpu memory distribution hyperscan large_kind=made-up
    [ -z "${ERRSIFT_BENCH_CODES:-}" ] || large_kind=$(basename "$ERRSIFT_BENCH_CODES")
    cpu=$(lscpu | sed -n 's/^Model name: *//p' | head -n1)
    memory=$(awk '/^MemTotal/ { printf "%.1f GiB", $2 / 1048576 }' /proc/meminfo)
    distribution=$(. /etc/os-release && echo "$PRETTY_NAME")
    hyperscan=$(sed -n 's/^#define HS_\(MAJOR\|MINOR\|PATCH\) *//p' /usr/include/hs/hs.h | paste -sd.)
    cat <<END
# $(date -u +%F)

- machine: $cpu, $(nproc) cores, $memory; $(uname -sr), $distribution
- errsift: $(errsift --version | cut -d' ' -f2) at $(git -C "$root" describe --always --dirty 2>/dev/null || echo 'no commit'), $(rustc --version | cut -d' ' -f1,2)
- peers: $(rg --version | head -n1 | cut -d' ' -f1,2), $(ugrep --version | head -n1 | cut -d' ' -f1,2), $(grep --version | head -n1), Hyperscan $hyperscan, $(hyperfine --version)
- texts: $mib MiB each, in page cache; codes: $(wc -l <"$work/codes.txt"), large: $(wc -l <"$work/large.txt") ($large_kind)
- rounds: $rounds, of which the best counts; the commands of a table take turns
END
}
