#!/usr/bin/env bash
# Brings the fonts of the printed papers into fonts/. What is there already stays as it is, so that a second run does
# nothing, and a machine without a network can be given the files by hand.
#
#   Noto Serif SC, Noto Sans SC   npm package     needed
#   LXGW WenKai                   Debian package  needed: the only one here with 𠮷 and other rare characters of names
#   FandolFang, Kai, Hei          Debian package  wanted: FangSong for the body; without it papers are set in Song
#
# An office that holds licences for other fonts puts them into the same folder.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
fonts="$root/fonts"
mkdir -p "$fonts"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Copied to the side first: a run that is cut short leaves no half a font behind.
put() {
  install -m 644 "$1" "$fonts/.$2.part"
  mv -f "$fonts/.$2.part" "$fonts/$2"
}

have() {
  local name
  for name in "$@"; do [ -s "$fonts/$name" ] || return 1; done
}

noto() {
  local npm="$root/web/node_modules/@expo-google-fonts"
  have NotoSerifSC_400Regular.ttf NotoSerifSC_700Bold.ttf NotoSansSC_400Regular.ttf && return
  echo "== fonts: Noto Serif SC, Noto Sans SC"
  if [ ! -d "$npm/noto-serif-sc" ] || [ ! -d "$npm/noto-sans-sc" ]; then
    "$root/scripts/npm.sh" web
  fi
  put "$npm/noto-serif-sc/400Regular/NotoSerifSC_400Regular.ttf" NotoSerifSC_400Regular.ttf
  put "$npm/noto-serif-sc/700Bold/NotoSerifSC_700Bold.ttf" NotoSerifSC_700Bold.ttf
  put "$npm/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf" NotoSansSC_400Regular.ttf
}

# Downloads and unpacks a Debian package into $work/NAME without installing it, so that it takes no root. Where the
# machine has no package lists yet, fresh ones are fetched into a folder of our own.
unpack() {
  local package=$1 own
  command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || return 1
  mkdir -p "$work/$package"
  cd "$work"
  if ! apt-get download "$package" >"$work/log" 2>&1; then
    own=(-o "Dir::State::Lists=$work/lists" -o "Dir::Cache=$work/cache")
    mkdir -p "$work/lists/partial" "$work/cache/archives/partial"
    apt-get "${own[@]}" update >>"$work/log" 2>&1 || return 1
    apt-get "${own[@]}" download "$package" >>"$work/log" 2>&1 || return 1
  fi
  dpkg-deb -x "$work/$package"_*.deb "$work/$package"
}

# from_debian PACKAGE FOLDER FILE...: from the installed package if it is there, else from a downloaded one.
from_debian() {
  local package=$1 folder=$2 source name
  shift 2
  have "$@" && return
  echo "== fonts: $package from Debian"
  source=$folder
  if [ ! -s "$folder/$1" ]; then
    (unpack "$package") || return 1
    source=$work/$package$folder
  fi
  for name in "$@"; do
    [ -s "$source/$name" ] || return 1
    put "$source/$name" "$name"
  done
}

say_why() { [ ! -s "$work/log" ] || grep -v '^W:' "$work/log" | tail -n 3 >&2 || true; }

noto
if ! from_debian fonts-lxgw-wenkai /usr/share/fonts/truetype/lxgw-wenkai LXGWWenKai-Regular.ttf; then
  say_why
  echo "fonts: LXGW WenKai could not be had. It is needed: no other font here has 𠮷, and papers carry names." >&2
  echo "       Put LXGWWenKai-Regular.ttf (Debian package fonts-lxgw-wenkai) into fonts/ and run this again." >&2
  exit 1
fi
if ! from_debian texlive-lang-chinese /usr/share/texlive/texmf-dist/fonts/opentype/public/fandol \
  FandolFang-Regular.otf FandolKai-Regular.otf FandolHei-Regular.otf; then
  say_why
  echo "fonts: Fandol could not be had (Debian package texlive-lang-chinese); papers will be set in Song instead of FangSong." >&2
fi
