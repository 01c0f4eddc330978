#!/bin/bash
# make-base.sh ARCHIVE NODE: writes an oci-archive of a stand-in for docker.io/library/node:24-slim, for machines that
# reach no container registry. Debian bookworm minbase, the given Node, npm and the user `node`, put together as the real
# image is. NOT the real image: its packages, their patch level and its size are not verified by this.
# Needs root, debootstrap, npm and buildah. CONTAINERS_STORAGE_CONF says in which storage buildah works.
set -euo pipefail

readonly ARCHIVE=$1 NODE=$2
readonly TAG=docker.io/library/node:24-slim
readonly NPM_VERSION=11.17.0
readonly CERTIFICATES=/etc/ssl/certs/ca-certificates.crt

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root

debootstrap --variant=minbase bookworm "$root"
rm -rf "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/* "$root"/usr/share/{doc,man,locale}/*

install -D "$NODE" "$root/usr/local/bin/node"
ln -s node "$root/usr/local/bin/nodejs"
npm install --global --prefix "$root/usr/local" --no-fund --no-audit "npm@$NPM_VERSION"

echo 'node:x:1000:' >> "$root/etc/group"
echo 'node:x:1000:1000::/home/node:/bin/bash' >> "$root/etc/passwd"
install -d -o 1000 -g 1000 "$root/home/node"

cat > "$root/usr/local/bin/docker-entrypoint.sh" <<'SH'
#!/bin/sh
set -e
if [ "${1#-}" != "${1}" ] || [ -z "$(command -v "${1}")" ] || { [ -f "${1}" ] && ! [ -x "${1}" ]; }; then
  set -- node "$@"
fi
exec "$@"
SH
chmod +x "$root/usr/local/bin/docker-entrypoint.sh"

# A build inside must get its packages from where this machine gets them, through the authorities that it trusts.
install -D -m 644 "$CERTIFICATES" "$root$CERTIFICATES"
install -D -m 644 /dev/stdin "$root/usr/local/etc/npmrc" <<NPMRC
cafile=$CERTIFICATES
registry=$(npm config get registry)
NPMRC

container=$(buildah from scratch)
buildah add --quiet "$container" "$root" /
buildah config --env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
  --env "NODE_VERSION=$("$NODE" --version | tr -d v)" \
  --entrypoint '["docker-entrypoint.sh"]' --cmd node --label local.stand-in=true "$container"
buildah commit --quiet --rm --format docker "$container" "$TAG"
buildah push --quiet --format oci "$TAG" "oci-archive:$ARCHIVE.part:$TAG"
mv "$ARCHIVE.part" "$ARCHIVE"
