# The sections in which the matcher runs alone, on one thread, on a text in memory.

# Engines that read the same blocks of the same text; they take turns.
section_matcher() {
    matcher_table "sparse" codes.txt sparse.log
    matcher_table "dense" codes.txt dense.log
    matcher_table "sparse, large catalogue" large.txt sparse-large.log
    matcher_table "dense, large catalogue" large.txt dense-large.log
}

matcher_table() {
    local title=$1 codes=$2 round
    text=$3
    rm -f rounds/*
    for round in $(seq "$rounds"); do
        "$compare" engines "$codes" "$text" 1 >>rounds/engines
        ./hyperscan "$codes" "$text" 1 answers/hyperscan >>rounds/engines
    done
    printf '\nengine of errsift: %s\n' "$(engine_for "$codes")"
    {
        echo "| matcher alone, $title | GB/s | time / ours | matches | build ms | codes found | missed | wrong counts |"
        echo "|---|---|---|---|---|---|---|---|"
        engine_rows "$(stat -c %s "$text")" "$(codes_of answers/hyperscan)" <rounds/engines
    } | aligned
}

# What errsift chooses for a list of codes.
engine_for() {
    echo | errsift scan --stats --exit-zero --catalog "$1" 2>&1 >/dev/null | sed -n 's/^engine: //p'
}

# The best round of each engine, in the order in which they came.
engine_rows() {
    local matched lines codes
    read -r matched lines <"$text.lines"
    codes=$(wc -l <"$text.counts")
    awk -F '\t' -v bytes="$1" -v hyperscan="$2" -v matched="$matched" -v lines="$lines" -v codes="$codes" '
        !($1 in best) { order[++engines] = $1; best[$1] = $2; build[$1] = $4 }
        $2 < best[$1] { best[$1] = $2 }
        $4 < build[$1] { build[$1] = $4 }
        { matches[$1] = $3 }
        function answer(engine) {
            if (engine ~ /^Hyperscan/) return hyperscan
            if (engine ~ /^newlines/) return " | | " (matches[engine] == lines ? "" : "wrong")
            return matches[engine] == matched ? codes " | 0 | 0" : " | | wrong"
        }
        END {
            for (at = 1; at <= engines; at++) {
                engine = order[at]
                printf "| %s | %.2f | %.2f | %d | %.1f | %s |\n", engine, bytes / best[engine] / 1e9,
                    best[engine] / best[order[1]], matches[engine], 1000 * build[engine], answer(engine)
            }
        }'
}

# Texts that are hard for one part of a matcher, each beside aho-corasick's DFA.
section_hard() {
    "$compare" hard "$((mib < 64 ? mib : 64))" "$rounds" | {
        echo "| hard text | catalogue | errsift GB/s | aho-corasick DFA GB/s | errsift / DFA |"
        echo "|---|---|---|---|---|"
        awk -F '\t' '{ printf "| %s | %s | %.2f | %.2f | %.2f |\n", $1, $2, $3 / $4 / 1e9, $3 / $5 / 1e9, $5 / $4 }'
    } | aligned
}

# The cost against the size of the catalogue, as a table and as a picture.
section_sizes() {
    (cd "$root" && CARGO_TARGET_DIR=$target ERRSIFT_BENCH_PLOT=$work/catalogue-size.svg ERRSIFT_BENCH_MIB=16 \
        cargo bench --quiet --bench catalog_size) >sizes 2>sizes.errors || fail "$(cat sizes.errors)"
    {
        echo "| codes in the catalogue | sparse GB/s | dense GB/s |"
        echo "|---|---|---|"
        awk '
            match($0, /^catalog_size\/[a-z]+\/[0-9]+/) { split(substr($0, 1, RLENGTH), name, "/") }
            # A second such line tells how it changed since the last run, in percent.
            $1 == "thrpt:" && $5 ~ /B\/s$/ {
                size = name[3]
                rate[name[2], size] = $4 * 1.073741824 / ($5 == "GiB/s" ? 1 : 1024)
                if (!seen[size]++) sizes[++count] = size
            }
            END {
                for (at = 1; at <= count; at++)
                    printf "| %d | %.2f | %.2f |\n", sizes[at], rate["sparse", sizes[at]], rate["dense", sizes[at]]
            }
        ' sizes
    } | aligned
}
