#!/usr/bin/env bash
# Sets the machine up, builds the release and opens Tercet: ./packaging/run.sh [MODEL]
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

set_up
build_preset release --target tercet tercet-cli

app="$tercet_root/build/release/bin/tercet"
if [ -d "$app.app" ]; then app="$app.app/Contents/MacOS/tercet"; fi

if [ "$(uname -s)" != Darwin ] && [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}${QT_QPA_PLATFORM:-}" ]; then
  fail "Built $app, but there is no display here to open its window on.
In a terminal, use: $tercet_root/build/release/bin/tercet-cli chat MODEL"
fi
exec "$app" "$@"
