# What the scripts beside this file share; they source it. Leaves the caller in the project's root.
# shellcheck shell=bash
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
jobs=$(nproc)
# A checkout in another folder finds what this one has compiled.
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=true

say() { printf '%s\n' "$*" >&2; }
fail() {
  say "${0##*/}: $*"
  exit 1
}

as_root() {
  if [[ $(id -u) == 0 ]]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    fail "this needs root, and there is no sudo: $*"
  fi
}

# need_packages [--no-install] PACKAGE…: installs those that are missing and says which.
need_packages() {
  local refuse=''
  if [[ ${1:-} == --no-install ]]; then
    refuse=yes
    shift
  fi
  command -v dpkg-query >/dev/null || fail "this is neither Debian nor Ubuntu; install the likes of: $*"
  local package missing=()
  for package in "$@"; do
    [[ $(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || missing+=("$package")
  done
  [[ ${#missing[@]} == 0 ]] && return
  [[ -n $refuse ]] && fail "missing packages, not installed because of --no-install: ${missing[*]}"
  say "installing missing packages: ${missing[*]}"
  if ! apt-cache show "${missing[@]}" >/dev/null 2>&1; then
    as_root apt-get update -qq
  fi
  # A list may be older than the archive: once more with a fresh one before giving up.
  local install=(env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends)
  if ! as_root "${install[@]}" "${missing[@]}" >/dev/null 2>&1; then
    as_root apt-get update -qq
    as_root "${install[@]}" "${missing[@]}" >/dev/null || fail "could not install: ${missing[*]}"
  fi
}

# configure PRESET [OPTION…]: only where something changed does CMake do any work.
configure() {
  local preset=$1
  shift
  command -v ccache >/dev/null && set -- "$@" -DCMAKE_CXX_COMPILER_LAUNCHER=ccache
  cmake --preset "$preset" "$@" >"/tmp/configure-$preset.$$" 2>&1 || {
    cat "/tmp/configure-$preset.$$" >&2
    rm -f "/tmp/configure-$preset.$$"
    fail "cmake --preset $preset failed"
  }
  rm -f "/tmp/configure-$preset.$$"
}

# step NAME COMMAND…: runs it, prints how long it took, and passes its failure on.
step() {
  local name=$1 start=$SECONDS status=0
  shift
  say "== $name"
  "$@" || status=$?
  say "== $name: $([[ $status == 0 ]] && echo passed || echo FAILED) after $((SECONDS - start)) s"
  return $status
}
