#!/bin/sh
# Install what the tests in a browser need where it is missing and Debian's packages can be had: Chromium, its driver
# and a small font that has Japanese. Where they cannot, say so and go on: the tests in a browser then fail.
set -u

missing=
command -v chromium >/dev/null || missing="$missing chromium"
command -v chromedriver >/dev/null || missing="$missing chromium-driver"
[ -n "$(fc-list :lang=ja 2>/dev/null)" ] || missing="$missing fonts-ipafont-gothic"
[ -n "$missing" ] || exit 0

run=
[ "$(id -u)" -eq 0 ] || run="sudo -n"
# shellcheck disable=SC2086 # words are meant to be split
if command -v apt-get >/dev/null \
    && $run apt-get -qq update \
    && DEBIAN_FRONTEND=noninteractive $run apt-get -qq install --yes --no-install-recommends $missing >/dev/null; then
    exit 0
fi
echo "the tests in a browser will fail; install:$missing (Debian's names)" >&2
