# Tables of commands that take turns: how long each takes, and what its answer is worth.
#
#     begin TEXT                    a new table over TEXT, which goes into the page cache
#     row NAME KIND COMMAND         the first row is what the others are compared with
#     finish TITLE                  measure and print
#
# COMMAND writes its answer to the file $answer. KIND is what stands there: `json` a result of
# errsift's, `counts` what `uniq -c` prints, `matched` the number of lines with a code, `lines` the
# number of all lines.

begin() {
    text=$1
    names=() kinds=() commands=()
    answer=answers/0
    cat "$text" >/dev/null
}

row() {
    names+=("$1")
    kinds+=("$2")
    commands+=("$3")
    answer=answers/${#commands[@]}
}

finish() {
    local round times
    rm -f rounds/*
    for round in $(seq "$rounds"); do
        hyperfine --show-output --runs 1 --export-json "rounds/$round.json" "${commands[@]}" \
            >/dev/null 2>rounds/errors || fail "$1: $(cat rounds/errors)"
    done
    mapfile -t times < <(jq -s '[.[].results] | transpose | .[] | map(.times[0]) | min' rounds/*.json)
    {
        echo "| $1 | seconds | time / ours | codes found | missed | wrong counts | lines |"
        echo "|---|---|---|---|---|---|---|"
        local at
        for at in "${!names[@]}"; do
            printf '| %s | %.3f | %s | %s |\n' "${names[at]}" "${times[at]}" \
                "$(ratio "${times[at]}" "${times[0]}")" "$(judge "${kinds[at]}" "answers/$at")"
        done
    } | aligned
}

# $1 / $2
ratio() {
    awk -v a="$1" -v b="$2" 'BEGIN { if (b > 0) printf "%.2f", a / b; else printf "?" }'
}

# Prints the table on standard input with its columns below each other, after an empty line.
aligned() {
    echo
    column -t -s '|' -o '|' | sed 's/^|\(.*[^ ]\) *$/|\1/'
}

# The four last cells of a row: how the answer in a file compares with what is in the text.
judge() {
    local matched lines counted
    read -r matched lines <"$text.lines"
    case $1 in
    json)
        jq -r '.codes[] | "\(.count) \(.code)"' "$2" >"$2.counts"
        counted=$(jq .totals.matched_lines "$2")
        [ "$(jq .totals.lines "$2")" = "$lines" ] || fail "${text}: errsift counted other lines than $lines"
        echo "$(codes_of "$2.counts") | $(beside "$counted" "$matched")"
        ;;
    counts) echo "$(codes_of "$2") | " ;;
    matched) echo "| | | $(beside "$(awk '{ print $1 }' "$2")" "$matched")" ;;
    lines) echo "| | | $(beside "$(awk '{ print $1 }' "$2")" "$lines")" ;;
    esac
}

# Found, missed and wrongly counted codes; one that does not stand in the text is counted wrongly.
codes_of() {
    awk '
        NR == FNR { truth[$2] = $1; next }
        { answer[$2] += $1 }
        END {
            for (code in truth)
                if (code in answer) { found++; wrong += answer[code] != truth[code] } else missed++
            for (code in answer) wrong += !(code in truth)
            printf "%d | %d | %d", found, missed, wrong
        }' "$text.counts" "$1"
}

# A number, and by how much it is off.
beside() {
    if [ "$1" = "$2" ]; then echo "$1"; else echo "$1 ($(($1 - $2)) too many)"; fi
}
