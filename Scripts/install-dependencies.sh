#!/bin/sh
# Makes sure that Swift and the named Debian packages are there; installs packages that are missing.
# usage: install-dependencies.sh PACKAGE...
set -u

if ! command -v swift >/dev/null 2>&1; then
    echo "Swift is missing: install Swift 6.3 or later from https://swift.org/install, then run make again." >&2
    exit 1
fi

missing=
for package in "$@"; do
    # -dev packages have been renamed over time: ask for what provides the name as well.
    dpkg-query -W -f='${Status} ${Provides}\n' "$package" 2>/dev/null | grep -q 'install ok installed' && continue
    dpkg-query -W -f='${Status}|${Provides}\n' 2>/dev/null | grep 'install ok installed' | grep -qw "$package" && continue
    missing="$missing $package"
done
[ -z "$missing" ] && exit 0

if ! command -v apt-get >/dev/null 2>&1; then
    echo "These packages are missing and there is no apt-get to install them:$missing. Install them with your system's package manager." >&2
    exit 1
fi

line="apt-get update && apt-get install -y$missing"
if [ "$(id -u)" -eq 0 ]; then
    echo "installing:$missing"
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $missing >/dev/null && exit 0
else
    echo "These Debian packages are missing:$missing"
    echo "    sudo sh -c '$line'"
    if [ "${YES:-}" != 1 ]; then
        printf 'Run this line now? [y/N] '
        read -r answer || answer=n
        case "$answer" in y | Y | yes) ;; *) echo "Nothing was installed." >&2; exit 1 ;; esac
    fi
    sudo sh -c "$line" && exit 0
fi
echo "The packages could not be installed:$missing. Run the line above by hand to see why." >&2
exit 1
