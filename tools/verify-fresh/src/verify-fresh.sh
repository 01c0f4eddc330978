#!/usr/bin/env bash
# npm run verify:fresh: the commands of the README and .ci/run on a Debian that was made a moment ago. See ../README.md.
# Each step is a process group: Ctrl-C comes to us alone, and ends the step as a whole.
set -uom pipefail
readonly HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly WORKSPACE=$(cd "$HERE/../../.." && pwd)
readonly PACKAGES=(ca-certificates git nodejs npm maven openjdk-21-jdk-headless)

usage() {
  echo 'Usage: npm run verify:fresh [-- [--suite <name>] [--quick | --unit]]
  --suite  release of Debian; default trixie
  --quick  npm ci and npm start, no tests
  --unit   tests without the end-to-end specs'
  exit 2
}

suite=trixie
tests=(all)
while [ $# -gt 0 ]; do
  case $1 in
    --suite) suite=${2:-} && shift ;;
    --quick) tests=() ;;
    --unit) tests=(--unit) ;;
    *) usage ;;
  esac
  shift
done
[ "$suite" != '' ] || usage
[ "$(id -u)" -eq 0 ] || { echo 'verify:fresh needs root: it makes a root folder of its own.' && exit 2; }
command -v debootstrap >/dev/null || { echo 'verify:fresh needs debootstrap: apt-get install debootstrap.' && exit 2; }

readonly ROOT=$(mktemp -d "${TMPDIR:-/tmp}/verify-fresh.XXXXXX")
readonly LOGS=$(mktemp -d "${TMPDIR:-/tmp}/verify-fresh-logs.XXXXXX")
step=''
passed=0
failed=0

# Processes and mounts of a step are in namespaces that end with it, however it ends.
readonly ISOLATED=(unshare --mount --pid --fork --kill-child=KILL --mount-proc)

finish() {
  trap - EXIT INT TERM HUP
  [ -z "$step" ] || kill -KILL -- "-$step" 2>/dev/null
  wait
  rm -rf --one-file-system "$ROOT"
  echo "$passed passed, $failed failed"
  [ "$failed" -eq 0 ] && [ "${1:-0}" -eq 0 ]
  exit
}
trap 'finish 0' EXIT
trap 'failed=$((failed + 1)); echo "  ✗ interrupted"; finish 1' INT TERM HUP

# check <what> <command …>: runs it with its output in a log. What follows a failure would fail as well.
check() {
  local what=$1 log="$LOGS/$((passed + 1)).log" started=$SECONDS
  shift
  "$@" >"$log" 2>&1 </dev/null &
  step=$!
  if wait "$step"; then
    step=''
    passed=$((passed + 1))
    echo "  ✓ $what ($((SECONDS - started)) s)"
  else
    step=''
    failed=$((failed + 1))
    echo "  ✗ $what ($((SECONDS - started)) s): $log"
    tail -n 25 "$log"
    exit 1
  fi
}

# inside <script>: runs a script in the fresh root, in the clone once that is there.
inside() {
  "${ISOLATED[@]}" sh -ec '
    mount --bind "$0" "$0"
    mount -t proc proc "$0/proc"
    mount --rbind /dev "$0/dev"
    exec chroot "$0" env -i "$@"' "$ROOT" "${environment[@]}" sh -ec "cd /src 2>/dev/null || cd /; $1"
}

# What the machine says about its registries goes along: addresses, proxies, authorities. Nothing of it is kept.
environment=(PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive)
while IFS= read -r variable; do
  environment+=("$variable")
done < <(env | grep -iE '^([a-z]+_proxy|PIP_[A-Z_]+|[A-Z_]*(CERT|CA_BUNDLE|CAINFO|CERT_FILE|CERT_DIR|CA_CERTS))=')

mirror() {
  cat /etc/apt/sources.list /etc/apt/sources.list.d/*.sources /etc/apt/sources.list.d/*.list 2>/dev/null |
    sed -nE 's/^(URIs:|deb( \[[^]]*\])?) *(https?:[^ ]*\/debian\/?)( .*)?$/\3/p' | head -n 1
}

carry() {
  local file
  for file in /etc/resolv.conf /etc/hosts /etc/pip.conf /root/.config/pip/pip.conf /root/.m2/settings.xml \
    $(grep -ls '^Acquire' /etc/apt/apt.conf.d/*) /etc/apt/auth.conf.d/* /usr/local/share/ca-certificates/*.crt; do
    [ -e "$file" ] && install -D "$file" "$ROOT$file"
  done
  cat /root/.npmrc "$(cd / && npm config get globalconfig)" 2>/dev/null >"$ROOT/root/.npmrc"
}

bootstrap() {
  "${ISOLATED[@]}" debootstrap --variant=minbase "$suite" "$ROOT" "$(mirror)" && carry
}

echo "$(git -C "$WORKSPACE" log -1 --format='%h %s') on Debian $suite; logs in $LOGS"
check "a bare Debian $suite" bootstrap
check "apt-get install ${PACKAGES[*]:1}" inside "apt-get update && apt-get install -y --no-install-recommends ${PACKAGES[*]}"
check 'git clone' git clone --quiet --no-hardlinks "$WORKSPACE" "$ROOT/src"
check 'npm ci' inside 'node --version; npm --version; npm ci'
cp "$HERE/start-and-stop.sh" "$ROOT/root/"
check 'npm start: an event is in both stores; kill of npm stops everything' inside 'sh /root/start-and-stop.sh'
if [ ${#tests[@]} -gt 0 ]; then
  [ "${tests[0]}" = all ] && tests=()
  check "npm test ${tests[*]}" inside "npm test -- ${tests[*]}"
  check ".ci/run ${tests[*]}" inside ".ci/run ${tests[*]}"
fi
