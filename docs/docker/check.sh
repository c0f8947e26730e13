#!/usr/bin/env bash
# Checks what the Dockerfile does, without a Docker daemon: its install step, and the server as it runs there, as a user without rights on
# a file system that is read-only, without capabilities. Linux, as root (for the user namespace and the mounts).
#
#     bash docs/docker/check.sh [package.tgz...]
#
# Without packages the published one is installed, as the Dockerfile does. Prints a line for each check; ends with status 1 if one fails.
set -euo pipefail
packages=("$@")
[ "${#packages[@]}" -gt 0 ] || packages=(captioneer@latest)
port="${PORT:-18080}"
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
dockerfile="$here/Dockerfile"
image="$here/../images/cat.jpg"
root="$(mktemp -d /tmp/captioneer-docker-XXXXXX)"
server=""
finish() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  rm -rf "$root"
}
trap finish EXIT
failures=0
check() { # check NAME COMMAND...
  if "${@:2}" >"$root/log" 2>&1; then echo "holds: $1"; else echo "FAILS: $1"; sed 's/^/    /' "$root/log" | tail -5; failures=1; fi
}

# The words of an instruction of the form ["a", "b"], one a line: what runs here is what the file says.
words() { sed -n "s/^ *$1 *\(\[.*\]\)\$/\1/p" "$dockerfile" | tail -1 | node -e 'console.log(JSON.parse(require("fs").readFileSync(0, "utf8")).join("\0"))' | tr '\0' '\n'; }
mapfile -t entrypoint < <(words ENTRYPOINT)
mapfile -t health < <(words '  CMD')
[ "${#entrypoint[@]}" -gt 3 ] && [ "${#health[@]}" -eq 3 ] || { echo "the Dockerfile's instructions were not found"; exit 1; }

# RUN: the install step, with the package in place of the published one.
mkdir "$root/app"
cd "$root/app"
npm init --yes >/dev/null
npm install --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error "${packages[@]}"
chmod -R a+rX "$root"

# ENTRYPOINT and CMD as user "nobody", with everything read-only but /proc and /dev, no capabilities and no new rights.
health[2]="${health[2]//8080/$port}"
inside='mount -o remount,ro,bind / 2>/dev/null || true
for place in $(awk "{print \$2}" /proc/mounts); do case "$place" in /proc*|/dev*|/sys*) ;; *) mount -o remount,ro,bind "$place" 2>/dev/null || true ;; esac; done
cd "$1"; shift
exec setpriv --reuid=65534 --regid=65534 --clear-groups --bounding-set=-all --inh-caps=-all --no-new-privs "$@"'
subshell() { (isolated "$@"); }
isolated() { exec env -i PATH="$PATH" NODE_ENV=production unshare --mount --propagation private bash -c "$inside" isolated "$root/app" "$@"; }

# Each runs in a shell of its own, which becomes the program.
check 'nothing can be written' subshell bash -c '! touch "$PWD/x" && ! touch /tmp/x && [ "$(id -u)" = 65534 ]'
isolated "${entrypoint[@]}" --port "$port" >"$root/server.log" 2>&1 &
server=$!
for _ in $(seq 600); do
  kill -0 "$server" 2>/dev/null || { cat "$root/server.log"; exit 1; }
  grep -q "http://" "$root/server.log" && break
  sleep 0.1
done
check 'HEALTHCHECK says healthy' subshell "${health[@]}"
check 'POST /caption answers' bash -c "curl -fs --data-binary @'$image' -H 'content-type: image/jpeg' http://127.0.0.1:$port/caption | tee '$root/answer' | grep -q '\"text\":\"'"
echo "       $(cut -c1-120 "$root/answer")"
# As process 1 of the container gets it from "docker stop".
kill -TERM "$server"
code=0
wait "$server" || code=$?
server=""
check 'SIGTERM ends it with exit code 0' test "$code" -eq 0
check 'HEALTHCHECK says unhealthy once it has ended' bash -c "! $(printf '%q ' "${health[@]}")"
exit "$failures"
