#!/bin/sh
# Generation with and without guessing ahead: a model goes on with the third copy of a text.
#
#   Benchmarks/lookup.sh [MODEL] [RUNS]
#
# Prints the two speeds (medians), their ratio, and how many guesses were right. Fails when the texts
# differ. The model is one that goes on with what it is given (gemma-3-270m by default). Needs jq, and
# Debian's copy of the GPL. FACET names another binary, THREADS another number of threads than 2.
set -eu

model=${1:-gemma-3-270m-Q4_K_M}
runs=${2:-5}
facet=${FACET:-$(dirname "$0")/../.build/release/facet}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# Some 430 tokens: the GPL's preamble without its title.
copy=$(sed -n '11,50p' /usr/share/common-licenses/GPL-3)
printf '%s\n\n%s\n\n%s\n' "$copy" "$copy" "$(printf '%s' "$copy" | head -n 2)" >"$folder/prompt"
tokens=400

ask() {
    "$facet" ask --model "$model" --threads "${THREADS:-2}" --context 4096 --temp 0 \
        --max-tokens "$tokens" --output json "$@" - <"$folder/prompt"
}

for run in $(seq "$runs"); do
    ask >"$folder/with.$run"
    ask --no-speculation >"$folder/without.$run"
    if [ "$(jq .text "$folder/with.$run")" != "$(jq .text "$folder/without.$run")" ]; then
        echo "The texts differ." >&2
        exit 1
    fi
done

jq -n -r --slurpfile with /dev/stdin '
    def speed: .statistics | .generated_tokens / .generation_seconds;
    def median: sort | .[length / 2 | floor];
    ($with | map(select(.statistics.drafted_tokens != null))) as $fast
    | ($with | map(select(.statistics.drafted_tokens == null) | speed) | median) as $slow
    | ($fast | map(speed) | median) as $quick
    | "without guessing \($slow * 10 | round / 10) tok/s",
      "with guessing    \($quick * 10 | round / 10) tok/s",
      "ratio            \($quick / $slow * 100 | round / 100)",
      "guesses          \($fast[0].statistics | "\(.accepted_tokens) of \(.drafted_tokens) right, \(.generated_tokens) tokens")"
' <<RESULTS
$(cat "$folder"/with.* "$folder"/without.*)
RESULTS
