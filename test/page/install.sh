#!/bin/sh
# Puts axe-core into the cache, from the npm registry, by its digest. What is there
# already is left.
set -eu
version=4.14.1
archive=e6b0ce02b84d892e2e33e403485e7f3d6c29e2be6df65daf44d89ba564139745
cache=${SPRAYC_CACHE:-$(dirname "$0")/../../.cache}
[ ! -f "$cache/axe-core-$version/axe.min.js" ] || exit 0
mkdir -p "$cache"
work=$(mktemp -d "$cache/axe-core.XXXXXX")
trap 'rm -rf "$work"' EXIT
(cd "$work" && npm pack --silent "axe-core@$version" >name)
printf '%s  %s\n' "$archive" "$work/axe-core-$version.tgz" | sha256sum -c --quiet
tar -xzf "$work/axe-core-$version.tgz" -C "$work" package/axe.min.js package/LICENSE
mv "$work/package" "$cache/axe-core-$version"
