#!/bin/sh
# Looks at the repository without building it.
set -eu
cd "$(dirname "$0")/.."

for dir in internal/auth internal/config internal/database internal/models; do
    test -d "$dir" || { echo "missing: $dir" >&2; exit 1; }
done
test -f "internal/config/model_prices.json"
ls internal/database/migrations/*.sql > /dev/null

unformatted=$(gofmt -l cmd internal | grep -v '^internal/models/legacy.go$' || true)
if [ -n "$unformatted" ]; then
    echo "not formatted: $unformatted" >&2
    exit 1
fi
echo "all there"
