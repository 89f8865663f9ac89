# The sections of a comparison in which whole programs run.

# Programs that count the codes of a list in a text: errsift's options, the text, the list.
count_codes() {
    local options=$1 codes=$3
    begin "$2"
    row "errsift scan -j2" json "errsift scan -j2 $options -f json $text >$answer"
    row "errsift scan -j1" json "errsift scan -j1 $options -f json $text >$answer"
    row "wc -l" lines "wc -l $text >$answer"
    row "rg -c -F -f" matched "rg -c -F -f $codes $text >$answer"
    row "rg -o -F -f, sort, uniq -c" counts "rg -o -I -N -F -f $codes $text | sort | uniq -c >$answer"
    row "ugrep -c -F -f" matched "ugrep -c -F -f $codes $text >$answer"
    row "ugrep -o -F -f, sort, uniq -c" counts "ugrep -o -F -f $codes $text | sort | uniq -c >$answer"
    row "grep -c -F -f" matched "grep -a -c -F -f $codes $text >$answer"
    row "grep -o -F -f, sort, uniq -c" counts "grep -a -o -F -f $codes $text | sort | uniq -c >$answer"
}

section_sparse() {
    count_codes "" sparse.log codes.txt
    finish "one line in 200 holds a code"
}

section_dense() {
    count_codes "" dense.log codes.txt
    finish "every line holds a code"
}

section_large() {
    count_codes "--catalog added.txt" sparse-large.log large.txt
    finish "large catalogue, sparse"
    count_codes "--catalog added.txt" dense-large.log large.txt
    finish "large catalogue, dense"
}

section_stdin() {
    begin sparse.log
    row "cat sparse.log, errsift scan" json "cat $text | errsift scan -f json >$answer"
    row "cat sparse.log, wc -l" lines "cat $text | wc -l >$answer"
    finish "standard input"
}

# What an option costs, beside a scan without it.
section_options() {
    local kind option
    for kind in sparse dense; do
        begin "$kind.log"
        row "errsift scan" json "errsift scan -f json $text >$answer"
        for option in "--no-builtin --catalog codes.txt" --discover --http "--bucket 1m" "--samples 10"; do
            row "$option" json "errsift scan $option -f json $text >$answer"
        done
        finish "options, $kind"
    done
}

section_explain() {
    hyperfine --style none -N --warmup 10 --runs 100 --export-json rounds/explain.json \
        'errsift explain APIG.1002' >/dev/null 2>rounds/errors || fail "$(cat rounds/errors)"
    {
        echo "| start to end, 100 runs | median ms | slowest ms |"
        echo "|---|---|---|"
        jq -r '.results[0] | [.median, .max] | map(. * 100000 | round / 100) |
            "| errsift explain APIG.1002 | \(.[0]) | \(.[1]) |"' rounds/explain.json
    } | aligned
}

section_memory() {
    local command
    {
        echo "| peak memory | MiB |"
        echo "|---|---|"
        for command in "errsift scan -j1 sparse.log" "errsift scan -j2 sparse.log" "errsift scan -j2 dense.log" \
            "errsift scan <sparse.log" "errsift scan --catalog added.txt sparse-large.log" \
            "rg -c -F -f codes.txt sparse.log" "ugrep -c -F -f codes.txt sparse.log"; do
            printf '| %s | %s |\n' "$command" "$(peak_mib "$command")"
        done
    } | aligned
}

peak_mib() {
    # GNU time tells the peak of its child alone, so the shell must not stand between them.
    /usr/bin/time -v sh -c "exec $1" 2>&1 >/dev/null |
        awk '/Maximum resident set size/ { printf "%.1f", $NF / 1024 }'
}

# Compressed files: only those kinds that this errsift reads.
section_packed() {
    local packer suffix
    while read -r suffix packer; do
        reads "$packer" "$suffix" || continue
        [ -e "sparse.log.$suffix" ] || $packer -c <sparse.log >"sparse.log.$suffix"
        begin sparse.log
        cat "sparse.log.$suffix" >/dev/null
        row "errsift scan sparse.log.$suffix" json "errsift scan -f json sparse.log.$suffix >$answer"
        row "${packer%% *} -dc, wc -l" lines "${packer%% *} -dc sparse.log.$suffix | wc -l >$answer"
        row "rg -z -c -F -f" matched "rg -z -c -F -f codes.txt sparse.log.$suffix >$answer"
        row "ugrep -z -c -F -f" matched "ugrep -z -c -F -f codes.txt sparse.log.$suffix >$answer"
        finish "compressed: $suffix"
    done <<'END'
gz pigz
zst zstd
xz xz -T0 -3
bz2 bzip2
END
    eight_files
}

# Files that two threads can divide among them.
eight_files() {
    if [ ! -e eight.8.log.gz ]; then
        split -n l/8 --numeric-suffixes=1 -a 1 --additional-suffix=.log sparse.log eight.
        pigz eight.?.log
    fi
    begin sparse.log
    cat eight.?.log.gz >/dev/null
    row "errsift scan -j 2" json "errsift scan -j 2 -f json eight.?.log.gz >$answer"
    row "errsift scan -j 1" json "errsift scan -j 1 -f json eight.?.log.gz >$answer"
    row "rg -z -c -F -f, summed" matched \
        "rg -z -c -I -F -f codes.txt eight.?.log.gz | awk '{ sum += \$1 } END { print sum }' >$answer"
    finish "8 compressed files: gz"
}

# Whether errsift finds a code in what a packer writes.
reads() {
    echo 'error_code=APIG.1002' | $1 -c >"probe.$2"
    if errsift scan "probe.$2" >/dev/null 2>&1; then return 0; fi
    note "this errsift does not read .$2: left out"
    return 1
}
