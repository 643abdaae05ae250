#!/bin/sh
# Shows how much processor time an open, idle chat takes in ten seconds.
# usage: idle.sh [MODEL]      needs tmux and a built facet
set -eu
facet=$(cd "$(dirname "$0")/.." && pwd)/.build/release/facet
folder=$(mktemp -d)
socket=facet-idle-$$
trap 'tmux -L "$socket" kill-server 2>/dev/null || true; rm -rf "$folder"' EXIT INT TERM

set -- "$facet" --sessions "$folder" ${1:+--model "$1"}
tmux -L "$socket" -f /dev/null new-session -d -x 100 -y 30 "$@"
pid=$(tmux -L "$socket" display-message -p '#{pane_pid}')

# Processor time of the process and its threads, in clock ticks: utime and stime follow the name.
ticks() { sed 's/.*) //' "/proc/$pid/stat" | awk '{ print $12 + $13 }'; }

sleep 5
[ -d "/proc/$pid" ] || { echo "facet ended before it was idle" >&2; exit 1; }
tmux -L "$socket" capture-pane -p | grep -v '^ *$' | tail -1
before=$(ticks)
sleep 10
after=$(ticks)
echo "processor time of an idle chat in 10 s: $(((after - before) * 1000 / $(getconf CLK_TCK))) ms"
