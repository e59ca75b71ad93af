#!/bin/sh
# Install the site generators that the tests build sites with: Jekyll where Debian's packages can be had, and by npm
# those of the lock file, without running anything that they bring. Where one is missing its tests fail.
set -eu

if ! command -v jekyll >/dev/null && command -v apt-get >/dev/null; then
    run=
    [ "$(id -u)" -eq 0 ] || run="sudo -n"
    $run apt-get -qq update || true
    DEBIAN_FRONTEND=noninteractive $run apt-get -qq install --yes --no-install-recommends jekyll >/dev/null ||
        echo "the test with Jekyll will fail; install: jekyll (Debian's name)" >&2
fi
cd "$(dirname "$0")/node"
npm ci --ignore-scripts --no-audit --no-fund
