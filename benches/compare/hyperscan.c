/* Counts every occurrence of literals with Hyperscan, in block mode, on one thread.
 *
 *     hyperscan CODES TEXT PASSES COUNTS
 *
 * CODES holds a literal a line. TEXT is read into memory and scanned in blocks of whole lines of up
 * to 256 KiB, as errsift does; a longer line is a block of its own. Prints the name and version, the
 * seconds of the best pass, the occurrences, and the seconds that building took, with tabs between;
 * writes to COUNTS how often each literal was found. Hyperscan knows no tokens: these are raw hits.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <hs/hs.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BLOCK_BYTES = 256 * 1024 };

struct text {
    char *bytes;
    size_t len;
};

struct literals {
    const char **texts;
    size_t *lens;
    unsigned *flags;
    unsigned *ids;
    unsigned count;
};

static void fail(const char *where, const char *what) {
    fprintf(stderr, "hyperscan: %s: %s\n", where, what);
    exit(2);
}

static void *reserve(size_t count, size_t size) {
    void *memory = calloc(count, size);
    if (!memory)
        fail("memory", strerror(errno));
    return memory;
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static struct text read_text(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END) != 0)
        fail(path, strerror(errno));
    struct text text = {.len = (size_t)ftell(file)};
    text.bytes = reserve(text.len + 1, 1);
    rewind(file);
    if (fread(text.bytes, 1, text.len, file) != text.len)
        fail(path, "not read to its end");
    fclose(file);
    return text;
}

static struct literals read_literals(const char *path) {
    struct text text = read_text(path);
    size_t most = 1;
    for (size_t at = 0; at < text.len; at++)
        most += text.bytes[at] == '\n';
    struct literals literals = {
        .texts = reserve(most, sizeof *literals.texts),
        .lens = reserve(most, sizeof *literals.lens),
        .flags = reserve(most, sizeof *literals.flags),
        .ids = reserve(most, sizeof *literals.ids),
    };
    for (char *line = strtok(text.bytes, "\n"); line; line = strtok(NULL, "\n")) {
        unsigned id = literals.count++;
        literals.texts[id] = line;
        literals.lens[id] = strlen(line);
        literals.ids[id] = id;
    }
    return literals;
}

static hs_database_t *build(const struct literals *literals) {
    hs_database_t *database;
    hs_compile_error_t *error;
    if (hs_compile_lit_multi(literals->texts, literals->flags, literals->ids, literals->lens,
                             literals->count, HS_MODE_BLOCK, NULL, &database, &error) != HS_SUCCESS)
        fail("compiling the literals", error->message);
    return database;
}

static int on_match(unsigned id, unsigned long long from, unsigned long long to, unsigned flags,
                    void *counts) {
    (void)from, (void)to, (void)flags;
    ((uint64_t *)counts)[id]++;
    return 0;
}

/* The length of the block that begins `text`. */
static size_t block_len(const char *text, size_t len) {
    if (len <= BLOCK_BYTES)
        return len;
    const char *newline = memrchr(text, '\n', BLOCK_BYTES);
    if (!newline)
        newline = memchr(text, '\n', len);
    return newline ? (size_t)(newline - text) + 1 : len;
}

static void scan(const hs_database_t *database, hs_scratch_t *scratch, struct text text,
                 uint64_t *counts) {
    for (size_t at = 0; at < text.len;) {
        size_t len = block_len(text.bytes + at, text.len - at);
        if (len > UINT32_MAX)
            fail("a line", "longer than Hyperscan takes, expected less than 4 GiB");
        if (hs_scan(database, text.bytes + at, (unsigned)len, 0, scratch, on_match, counts) !=
            HS_SUCCESS)
            fail("scanning", "Hyperscan reports an error");
        at += len;
    }
}

static uint64_t write_counts(const char *path, const struct literals *literals,
                             const uint64_t *counts) {
    FILE *file = fopen(path, "w");
    if (!file)
        fail(path, strerror(errno));
    uint64_t total = 0;
    for (unsigned id = 0; id < literals->count; id++) {
        if (counts[id])
            fprintf(file, "%llu %s\n", (unsigned long long)counts[id], literals->texts[id]);
        total += counts[id];
    }
    if (fclose(file) != 0)
        fail(path, strerror(errno));
    return total;
}

int main(int argc, char **argv) {
    if (argc != 5)
        fail("arguments", "expected CODES TEXT PASSES COUNTS");
    struct literals literals = read_literals(argv[1]);
    struct text text = read_text(argv[2]);

    double started = now();
    hs_database_t *database = build(&literals);
    double building = now() - started;
    hs_scratch_t *scratch = NULL;
    if (hs_alloc_scratch(database, &scratch) != HS_SUCCESS)
        fail("memory", "no room for Hyperscan's scratch");

    uint64_t *counts = reserve(literals.count, sizeof *counts);
    double best = 1e9;
    for (int pass = 0; pass < atoi(argv[3]); pass++) {
        memset(counts, 0, literals.count * sizeof *counts);
        started = now();
        scan(database, scratch, text, counts);
        double elapsed = now() - started;
        best = elapsed < best ? elapsed : best;
    }
    uint64_t total = write_counts(argv[4], &literals, counts);
    char version[16] = {0};
    sscanf(hs_version(), "%15s", version);
    printf("Hyperscan %s\t%.6f\t%llu\t%.6f\n", version, best, (unsigned long long)total, building);
    return 0;
}
