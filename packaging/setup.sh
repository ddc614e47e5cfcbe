#!/usr/bin/env bash
# Makes a machine ready to build Tercet: says what is missing, then installs it. Sourced by run.sh and test.sh; run by
# itself it does only that. Needs the network only when something is missing. Works with bash 3.2, which macOS has.
set -euo pipefail

tercet_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# Names valid on Debian 12 and on Ubuntu 24.04; a|b means that either serves. Development packages bring their run-time
# libraries, whose names differ between the two (t64), so those are never named here.
debian_packages=(
  cmake ninja-build g++ pkg-config
  libtbb-dev libpcre2-dev libsentencepiece-dev libsimdjson-dev libarchive-dev
  libgl-dev libgl1-mesa-dri libxcb-cursor0
  qt6-base-dev qt6-declarative-dev "qt6-svg-dev|libqt6svg6-dev" qt6-wayland
  qt6-tools-dev qt6-tools-dev-tools qt6-l10n-tools
  qml6-module-qtqml qml6-module-qtqml-models qml6-module-qtqml-workerscript
  qml6-module-qtquick qml6-module-qtquick-controls qml6-module-qtquick-dialogs qml6-module-qtquick-layouts
  qml6-module-qtquick-templates qml6-module-qtquick-window qml6-module-qt-labs-folderlistmodel
  qml6-module-qttest libqt6sql6-sqlite qt6-translations-l10n
)
# For test.sh on another processor than ARM: the ARM kernels and the engine with them, under emulation. The same names on both.
debian_emulation_packages=(g++-aarch64-linux-gnu qemu-user)
# For test.sh: a display, a bus and the bindings with which the window is driven as a screen reader does. The same on both.
debian_screen_reader_packages=(python3-pyatspi at-spi2-core dbus-daemon xvfb xdotool)
homebrew_packages=(cmake ninja pkgconf tbb pcre2 sentencepiece simdjson libarchive qt)

say() { printf '%s\n' "$*"; }
fail() { printf '%s\n' "$*" >&2; exit 1; }

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null 2>&1; then
    sudo "$@"
  else
    fail "This needs administrator rights and there is no sudo. As root, run: $*"
  fi
}

debian_has() {
  local state
  state=$(dpkg-query -W -f='${db:Status-Status} ' "$1" 2>/dev/null) || return 1
  case " $state" in *" installed "*) return 0 ;; *) return 1 ;; esac
}

# Prints the first of the alternatives "a|b" that the package lists offer, or nothing.
debian_candidate() {
  local name policy
  for name in ${1//|/ }; do
    policy=$(LC_ALL=C apt-cache policy "$name" 2>/dev/null)
    case "$policy" in
      *"Candidate: (none)"*) ;;
      *"Candidate: "*) printf '%s' "$name"; return ;;
    esac
  done
}

# debian_missing PACKAGE...: those that are not installed, one a line.
debian_missing() {
  local entry name found
  for entry in "$@"; do
    found=no
    for name in ${entry//|/ }; do
      if debian_has "$name"; then found=yes; fi
    done
    if [ "$found" = no ]; then printf '%s\n' "$entry"; fi
  done
}

# A list that cannot be refreshed (a third-party one, say) is no reason to stop: what is needed may still be there.
debian_refresh() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q ||
    say "Some package lists could not be refreshed; going on with what there is."
}

debian_install() { as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@"; }

set_up_debian() {
  local entry name missing=() wanted=()
  while IFS= read -r entry; do missing+=("$entry"); done < <(debian_missing "${debian_packages[@]}")
  if [ ${#missing[@]} -eq 0 ]; then return; fi

  say "These packages are missing and will be installed with apt-get:"
  say "  ${missing[*]%%|*}"
  debian_refresh
  for entry in "${missing[@]}"; do
    name=$(debian_candidate "$entry")
    if [ -z "$name" ]; then
      fail "No package '$entry' in this system's package lists.
Tercet builds on Debian 12, Ubuntu 24.04 or newer (on Ubuntu the section 'universe' must be on) and needs CMake 3.25 and Qt 6.4."
    fi
    wanted+=("$name")
  done
  debian_install "${wanted[@]}" ||
    fail "apt-get could not install the packages; its message above says why. Nothing was built."
}

# What the tests of the ARM code need on another processor. Without it those tests are left out, nothing else.
set_up_emulation() {
  local name missing=()
  if [ -n "${TERCET_SKIP_SETUP:-}" ] || [ "$(uname -s)" != Linux ] || [ "$(uname -m)" = aarch64 ]; then return; fi
  if ! command -v apt-get >/dev/null 2>&1 || ! command -v dpkg-query >/dev/null 2>&1; then return; fi
  while IFS= read -r name; do missing+=("$name"); done < <(debian_missing "${debian_emulation_packages[@]}")
  if [ ${#missing[@]} -gt 0 ]; then
    say "To test the ARM code under emulation, these packages will be installed with apt-get:"
    say "  ${missing[*]}"
    if ! (debian_refresh && debian_install "${missing[@]}"); then
      say "apt-get could not install them: the ARM tests are left out."
      return
    fi
  fi
  "$tercet_root/packaging/aarch64_libraries.sh" "$tercet_root/build/aarch64-libraries" ||
    say "The engine's libraries for ARM could not be downloaded: only the ARM kernels are tested."
}

# What the test that drives the window over AT-SPI needs. Without it that test is skipped, nothing else.
set_up_screen_reader() {
  local name missing=()
  if [ -n "${TERCET_SKIP_SETUP:-}" ] || [ "$(uname -s)" != Linux ]; then return; fi
  if ! command -v apt-get >/dev/null 2>&1 || ! command -v dpkg-query >/dev/null 2>&1; then return; fi
  while IFS= read -r name; do missing+=("$name"); done < <(debian_missing "${debian_screen_reader_packages[@]}")
  if [ ${#missing[@]} -eq 0 ]; then return; fi
  say "To test the window as a screen reader sees it, these packages will be installed with apt-get:"
  say "  ${missing[*]}"
  if ! (debian_refresh && debian_install "${missing[@]}"); then
    say "apt-get could not install them: that test is skipped."
  fi
}

set_up_homebrew() {
  local name installed missing=()
  xcode-select -p >/dev/null 2>&1 ||
    fail "Apple's command line tools are missing. Install them with: xcode-select --install"
  installed=$(brew list --formula -1)
  for name in "${homebrew_packages[@]}"; do
    case $'\n'"$installed"$'\n' in *$'\n'"$name"$'\n'*) ;; *) missing+=("$name") ;; esac
  done
  if [ ${#missing[@]} -gt 0 ]; then
    say "These packages are missing and will be installed with Homebrew:"
    say "  ${missing[*]}"
    brew install "${missing[@]}" || fail "Homebrew could not install them; its message above says why. Nothing was built."
  fi
  CMAKE_PREFIX_PATH="$(brew --prefix)${CMAKE_PREFIX_PATH:+:$CMAKE_PREFIX_PATH}"
  export CMAKE_PREFIX_PATH
}

explain_unknown_system() {
  fail "This system's package manager is not one that Tercet's set-up knows (apt on Debian and Ubuntu, Homebrew on macOS).
Please install these yourself:
  a C++20 compiler (g++ 12, clang 14 or newer), CMake 3.25 or newer, Ninja, pkg-config,
  oneTBB, PCRE2, sentencepiece, libarchive and simdjson (for the tests) with their headers,
  Qt 6.4 or newer with headers: Base, Declarative (Quick, Quick Controls, Quick Dialogs, Quick Test), SVG, Wayland, Linguist tools.
Then run this again with TERCET_SKIP_SETUP=1 set in the environment."
}

set_up() {
  if [ -n "${TERCET_SKIP_SETUP:-}" ]; then
    say "TERCET_SKIP_SETUP is set: nothing is checked or installed."
  elif [ "$(uname -s)" = Darwin ]; then
    command -v brew >/dev/null 2>&1 || fail "Homebrew is missing. Install it from https://brew.sh, then run this again."
    set_up_homebrew
  elif command -v apt-get >/dev/null 2>&1 && command -v dpkg-query >/dev/null 2>&1; then
    set_up_debian
  else
    explain_unknown_system
  fi
}

# build_preset PRESET [cmake --build argument...]: configures and builds in build/PRESET.
build_preset() {
  local preset=$1
  shift
  (cd "$tercet_root" && cmake --preset "$preset" && cmake --build "build/$preset" "$@")
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
  set_up
  say "Everything that Tercet needs is installed."
fi
