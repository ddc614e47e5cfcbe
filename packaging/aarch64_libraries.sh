#!/usr/bin/env bash
# Gets the engine's libraries for 64-bit ARM, for the tests that run it under emulation: ./packaging/aarch64_libraries.sh FOLDER
# Debian's packages are downloaded and unpacked into FOLDER, with package lists of their own: no administrator rights, nothing is
# installed, and the system's lists and architectures stay as they are (Ubuntu's usual mirrors have no ARM lists at all).
set -euo pipefail

if [ $# -ne 1 ]; then printf 'usage: %s FOLDER\n' "$0" >&2; exit 2; fi
mkdir -p "$1"
folder=$(cd "$1" && pwd)
development=(libtbb-dev libpcre2-dev libsentencepiece-dev libsimdjson-dev)
# Holds what is there: a longer list is downloaded again.
if [ "$(cat "$folder/complete" 2>/dev/null)" = "${development[*]}" ]; then exit 0; fi

. /etc/os-release
case "$ID" in
  debian) keys=debian mirror=http://deb.debian.org/debian components=main ;;
  ubuntu) keys=ubuntu mirror=http://ports.ubuntu.com/ubuntu-ports components="main universe" ;;
  *) printf 'Only Debian and Ubuntu have these packages; this is %s.\n' "$ID" >&2; exit 1 ;;
esac

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/lists/partial" "$work/cache/archives/partial"
: >"$work/status"
printf 'deb [signed-by=/usr/share/keyrings/%s-archive-keyring.gpg] %s %s %s\n' \
  "$keys" "$mirror" "$VERSION_CODENAME" "$components" >"$work/sources.list"
options=(-q -o Dir::State::lists="$work/lists" -o Dir::State::status="$work/status" -o Dir::Cache="$work/cache"
  -o Dir::Etc::sourcelist="$work/sources.list" -o Dir::Etc::sourceparts=/dev/null -o Acquire::Languages=none
  -o APT::Architecture=arm64 -o APT::Architectures::=arm64 -o APT::Sandbox::User="$(id -un)")

apt-get "${options[@]}" update
# depends_of PACKAGE...: the libraries they need, without those that come with the cross compiler.
depends_of() {
  apt-cache "${options[@]}" depends "$@" | sed -n 's/^ *Depends: \(lib[a-z0-9.-]*\)$/\1/p' |
    grep -Ev '^lib(c6|gcc|stdc)' | sort -u
}
# shellcheck disable=SC2046,SC2086  # the names are separate arguments
{
  libraries=$(depends_of "${development[@]}")
  packages=$(printf '%s\n' $libraries $(depends_of $libraries) | sort -u)
  (cd "$work" && apt-get "${options[@]}" download "${development[@]}" $packages)
}
for package in "$work"/*.deb; do dpkg-deb -x "$package" "$folder"; done
printf '%s\n' "${development[*]}" >"$folder/complete"
