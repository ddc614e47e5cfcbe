#!/usr/bin/env bash
# Sets the machine up, then builds and runs all tests: ./packaging/test.sh [--quick]
# First the release build with every test, then those of all but the window again under AddressSanitizer with
# UndefinedBehaviorSanitizer, and those with threads under ThreadSanitizer. --quick leaves the sanitizers out.
# Needs no display, no network beyond missing packages, and nothing outside this folder.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/setup.sh"

sanitizers=yes
for argument in "$@"; do
  case "$argument" in
    --quick) sanitizers=no ;;
    *) printf 'usage: %s [--quick]\n' "$0" >&2; exit 2 ;;
  esac
done

section() { printf '\n==== %s\n' "$*"; }

# Qt wants a UTF-8 locale for file names; a bare machine often has none set.
case "$(locale charmap 2>/dev/null || true)" in
  UTF-8) ;;
  *) export LC_ALL=C.UTF-8 ;;
esac
export QT_QPA_PLATFORM=offscreen QT_QUICK_BACKEND=software
# Some wait more than they compute, others use several threads themselves.
export CTEST_PARALLEL_LEVEL=2

summary=()
failed=0
note() {  # note RESULT WHAT
  summary+=("$1  $2")
  if [ "$1" = FAILED ]; then failed=1; fi
}

# ThreadSanitizer's shadow memory does not go with the address randomisation of newer kernels.
without_randomisation() {
  if command -v setarch >/dev/null 2>&1 && setarch "$(uname -m)" -R true 2>/dev/null; then
    setarch "$(uname -m)" -R "$@"
  else
    "$@"
  fi
}

# run_sanitized PRESET TITLE CTEST-ARGUMENT...: builds and runs only the tests that the arguments select, in build/PRESET.
run_sanitized() {
  local preset=$1 title=$2 tests targets
  shift 2
  section "$title: build"
  if ! (cd "$tercet_root" && cmake --preset "$preset"); then note FAILED "$title: configuration"; return; fi
  tests=$(cd "$tercet_root/build/$preset" && ctest -N "$@" | sed -n 's/^ *Test *#[0-9]*: *//p')
  if [ -z "$tests" ]; then note FAILED "$title: there are no tests for $*"; return; fi
  # A test program's target has the name of the test; tests that are only commands have none.
  targets=$(cmake --build "$tercet_root/build/$preset" --target help | sed -n 's/^\([A-Za-z0-9_]*\): .*/\1/p' |
    grep -Fx "$tests" || true)
  # shellcheck disable=SC2086  # the names are separate arguments
  if ! cmake --build "$tercet_root/build/$preset" --target $targets; then note FAILED "$title: build"; return; fi
  section "$title: tests"
  if (cd "$tercet_root/build/$preset" && without_randomisation ctest --output-on-failure "$@"); then
    note passed "$title"
  else
    note FAILED "$title"
  fi
}

section "Set-up"
set_up
set_up_emulation
set_up_screen_reader
say "Everything that Tercet needs is installed."

section "Release: build"
if build_preset release; then
  section "Release: tests"
  if (cd "$tercet_root/build/release" && ctest --output-on-failure); then
    note passed "Release"
  else
    note FAILED "Release"
  fi
else
  note FAILED "Release: build"
fi

if [ "$sanitizers" = yes ] && [ "$(uname -s)" = Darwin ]; then
  note "left out" "Sanitizers (they are run on Linux)"
elif [ "$sanitizers" = yes ]; then
  export ASAN_OPTIONS="detect_stack_use_after_return=1${ASAN_OPTIONS:+:$ASAN_OPTIONS}"
  export LSAN_OPTIONS="suppressions='$here/lsan.supp':print_suppressions=0${LSAN_OPTIONS:+:$LSAN_OPTIONS}"
  export UBSAN_OPTIONS="print_stacktrace=1${UBSAN_OPTIONS:+:$UBSAN_OPTIONS}"
  export TSAN_OPTIONS="suppressions='$here/tsan.supp':halt_on_error=0:second_deadlock_stack=1${TSAN_OPTIONS:+:$TSAN_OPTIONS}"
  run_sanitized asan "Address and undefined-behaviour sanitizers" -L '^(kernels|format|text|engine|cli|app)$'
  run_sanitized tsan "Thread sanitizer" -R '^tst_(parallel|session|model|inference_worker)$'
fi

section "Summary"
printf '%s\n' "${summary[@]}"
exit "$failed"
