#!/bin/sh
# Runs inside the fresh root, as its only processes: `npm start`, an event, `kill`.
set -e
npm start </dev/null >/tmp/start.log 2>&1 &
npm=$!

waited=0
until [ -e .local/stack.env ]; do
  if ! kill -0 "$npm" 2>/dev/null || [ "$waited" -ge 600 ]; then
    cat /tmp/start.log
    exit 1
  fi
  sleep 1
  waited=$((waited + 1))
done
echo "ready after $waited s"

node --input-type=module - <<'SCRIPT'
const post = await fetch('http://localhost:3001/v1/events', {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: '{"event_type":"select-color","schema_version":1,"user_name":"Fresh","color_name":"green"}',
});
if (post.status !== 202) throw new Error(`collector-api answered ${post.status}: ${await post.text()}`);

async function count(name, ask) {
  for (let second = 0; second < 60; second++) {
    if ((await ask().catch(() => 0)) === 1) return console.log(`${name} has the event`);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
  throw new Error(`${name} does not have the event`);
}
const json = async (url) => (await fetch(url)).json();
await count('Elasticsearch', async () =>
  (await json('http://localhost:9200/select-color-*/_count?q=user_name:Fresh')).count);
await count('HDFS', async () =>
  (await json('http://localhost:9870/webhdfs/v1/pipeline/select-color?op=GETCONTENTSUMMARY')).ContentSummary.fileCount);
SCRIPT

kill "$npm"
wait "$npm" || true
for second in $(seq 60); do
  # This shell and its sleep are all that may run.
  left=$(cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\0' ' ' | grep -cE 'java|dist/main.js|start.ts' || true)
  [ "$left" -eq 0 ] && exit 0
  sleep 1
done
echo 'npm has ended, and this still runs:'
cat /proc/[0-9]*/cmdline | tr '\0' ' '
exit 1
