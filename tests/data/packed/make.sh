#!/usr/bin/env bash
# Makes the files beside it with the tools that people pack logs with:
# gzip bgzip zstd xz bzip2 lz4, GNU tar, bsdtar, zip, 7zz, and Python's zipfile.
#
# All of them hold `app.log`, three lines with one code each in the second and third, once or more
# often; a file's name says how it was made. No file is larger than 4 KiB.
set -euo pipefail
cd "$(dirname "$0")"
find . -type f ! -name make.sh -delete

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
out=$PWD
cd "$work"
export TZ=UTC LC_ALL=C.UTF-8

cat >app.log <<'LOG'
2026-11-22T10:00:00Z INFO order 7 paid in 55 ms
2026-11-22T10:00:01Z ERROR call failed: error_code=APIG.1002 status=401
2026-11-22T10:00:02Z ERROR 错误码：Organizations.1003
LOG
touch -d 2026-11-22T10:00:02Z app.log

# One text after another.
gzip -nk app.log && cp app.log.gz "$out/gzip.gz"
cat app.log.gz app.log.gz >"$out/gzip-members.gz"
{ cat app.log.gz; printf 'trailing garbage'; } >"$out/gzip-garbage.gz"
{ cat app.log.gz; head -c 512 /dev/zero; } >"$out/gzip-padded.gz"
gzip -c app.log >"$out/gzip-named.gz"
bgzip -c app.log >"$out/bgzip.gz"
zstd -q app.log -o "$out/zstd.zst"
cat "$out/zstd.zst" "$out/zstd.zst" >"$out/zstd-frames.zst"
{ cat "$out/zstd.zst"; printf '\x50\x2a\x4d\x18\x04\0\0\0skip'; cat "$out/zstd.zst"; } >"$out/zstd-skippable.zst"
zstd -q --long=27 <app.log >"$out/zstd-long.zst"
zstd -q --no-check <app.log >"$out/zstd-unchecked.zst"
xz -c app.log >"$out/xz.xz"
xz -c --block-size=64 app.log >"$out/xz-blocks.xz"
xz -c -T2 --block-size=64 app.log >"$out/xz-threads.xz"
xz -c --check=sha256 app.log >"$out/xz-sha256.xz"
{ xz -c app.log; head -c 8 /dev/zero; xz -c app.log; } >"$out/xz-streams.xz"
bzip2 -k app.log && cp app.log.bz2 "$out/bzip2.bz2"
cat app.log.bz2 app.log.bz2 >"$out/bzip2-streams.bz2"
lz4 -q app.log "$out/lz4.lz4"
lz4 -q -BD -B4 --content-size app.log "$out/lz4-linked.lz4"
cat "$out/lz4.lz4" "$out/lz4.lz4" >"$out/lz4-frames.lz4"

# Archives.
long="$(printf 'a-long-folder-name/%.0s' 1 2 3 4 5 6 7)app.log"
mkdir -p "$(dirname "$long")" && cp -p app.log "$long"
cp -p app.log 日志.log
own=(--owner=0 --group=0 --numeric-owner -b1)
tar "${own[@]}" --format=gnu -cf "$out/tar-gnu.tar" app.log "$long"
tar "${own[@]}" --format=pax --pax-option=delete=atime,delete=ctime -cf "$out/tar-pax.tar" "$long"
tar "${own[@]}" --format=ustar -cf tar-ustar.tar app.log && cp tar-ustar.tar "$out"
tar "${own[@]}" --format=v7 -cf "$out/tar-v7.tar" app.log
cp app.log sparse.log
truncate -s 65536 sparse.log
cat app.log >>sparse.log
tar "${own[@]}" -S --hole-detection=raw --format=gnu -cf "$out/tar-sparse.tar" sparse.log
tar "${own[@]}" -S --hole-detection=raw --format=pax --sparse-version=1.0 --pax-option=delete=atime,delete=ctime -cf "$out/tar-sparse-pax.tar" sparse.log
gzip -nc tar-ustar.tar >"$out/tar.tar.gz"
zstd -q <tar-ustar.tar >"$out/tar.tar.zst"
xz -c tar-ustar.tar >"$out/tar.tar.xz"
bzip2 -c tar-ustar.tar >"$out/tar.tar.bz2"
lz4 -qc tar-ustar.tar >"$out/tar.tar.lz4"
tar "${own[@]}" -cf "$out/tar-of-gz.tar" app.log.gz
bsdtar --uid 0 --gid 0 --format=pax -b1 -cf "$out/bsdtar-pax.tar" 日志.log
bsdtar --uid 0 --gid 0 --format=ustar -b1 -cf "$out/bsdtar-ustar.tar" app.log
bsdtar --uid 0 --gid 0 --format=zip -cf "$out/bsdtar.zip" app.log
zip -qX0 "$out/zip-stored.zip" app.log
zip -qX "$out/zip-deflate.zip" app.log 日志.log
zip -qX -fz "$out/zip64.zip" app.log
zip -qX -Z bzip2 "$out/zip-bzip2.zip" app.log
zip -qX - - <app.log | cat >"$out/zip-streamed.zip"
zip -qX -P secret "$out/zip-encrypted.zip" app.log
7zz a -bso0 -tzip "$out/7z.zip" app.log "$long"
7zz a -bso0 -tzip -mm=Deflate64 "$out/7z-deflate64.zip" app.log
7zz a -bso0 -tzip -psecret -mem=AES256 "$out/7z-encrypted.zip" app.log
python3 - "$out" <<'PYTHON'
import sys, zipfile

out = sys.argv[1]
for name, method in [("deflate", zipfile.ZIP_DEFLATED), ("lzma", zipfile.ZIP_LZMA)]:
    with zipfile.ZipFile(f"{out}/python-{name}.zip", "w", method) as archive:
        archive.write("app.log")
with zipfile.ZipFile(f"{out}/python-zip64.zip", "w", zipfile.ZIP_DEFLATED) as archive:
    with archive.open("app.log", "w", force_zip64=True) as member:
        member.write(open("app.log", "rb").read())
with zipfile.ZipFile(f"{out}/python-comment.zip", "w") as archive:
    archive.comment = b"a comment behind the directory"
    archive.writestr("logs/", "")
    archive.write("app.log", "logs/app.log")
PYTHON

# Archives in archives: a text in gzip in zip in tar in gzip.
zip -qX0 inner.zip app.log.gz
tar "${own[@]}" -cf - inner.zip | gzip -n >"$out/nested.tar.gz"

large=$(find "$out" -type f ! -name make.sh -size +4096c)
[ -z "$large" ] || { printf 'larger than 4 KiB: %s\n' "$large" >&2; exit 1; }
