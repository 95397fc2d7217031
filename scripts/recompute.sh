#!/usr/bin/env bash
# Recomputes the workbooks of `inventory --xlsx` with LibreOffice and compares every
# formula cell with the value that is stored in it (tests/workbook_recompute.rs). Installs
# LibreOffice Calc where it is missing (Debian or Ubuntu, as root: about 300 MB); with
# --install it does only that.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! command -v soffice >/dev/null; then
    if ! command -v apt-get >/dev/null || [ "$(id -u)" -ne 0 ]; then
        echo "recompute: LibreOffice Calc is needed; install it so that 'soffice' is on the PATH" >&2
        exit 1
    fi
    echo "recompute: installing LibreOffice Calc" >&2
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends libreoffice-calc >/dev/null
fi
[ "${1:-}" = "--install" ] && exit 0
PARKFLUX_RECOMPUTE=1 cargo test --test workbook_recompute libreoffice -- --nocapture
