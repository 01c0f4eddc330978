import { randomUUID } from 'node:crypto';
import { COLORS } from '@pipeline/event-schema';
import { seeded } from '../support/seeded.ts';

const NAMES = [
  'Ada',
  'Grace',
  '민지',
  'Barbara',
  'Dennis',
  '하윤',
  'Ken',
  'Radia',
  '도윤',
  'Frances',
  'Alan',
  '서연',
];
const FAVOUR = [2, 3, 4, 6, 5, 2, 4];
const AGENTS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36',
  'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0',
];

/** The same visitors every time, so that pictures differ only where the pages do: sends a quarter of an hour of visits that rise and fall; two of three visitors pick a colour. */
export async function someVisitors(collectorUrl: string, visits = 900): Promise<void> {
  const random = seeded(7);
  const nowMs = Date.now();
  const batches = new Map(AGENTS.map((agent) => [agent, [] as object[]]));
  for (let visit = 0; visit < visits; visit++) {
    const at = nowMs - 900_000 * random() ** (random() < 0.3 ? 2 : 1);
    const visitor_id = randomUUID();
    const event = { visitor_id, schema_version: 1, occurred_at: new Date(at).toISOString() };
    const batch = batches.get(AGENTS[Math.floor(random() ** 1.6 * AGENTS.length)] ?? '') ?? [];
    batch.push({ ...event, event_type: 'page-view' });
    if (random() > 0.66) continue;
    const user_name = NAMES[Math.floor(random() * NAMES.length)];
    batch.push({ ...event, event_type: 'select-color', user_name, color_name: color(random()) });
  }
  for (const [agent, events] of batches)
    for (let from = 0; from < events.length; from += 400)
      await send(collectorUrl, agent, events.slice(from, from + 400));
}

function color(share: number): string {
  let left = share * FAVOUR.reduce((sum, weight) => sum + weight, 0);
  return COLORS[FAVOUR.findIndex((weight) => (left -= weight) < 0)] ?? 'green';
}

async function send(collectorUrl: string, agent: string, events: readonly object[]): Promise<void> {
  const headers = { 'content-type': 'application/json', 'user-agent': agent };
  const answer = await fetch(`${collectorUrl}/v1/events`, {
    method: 'POST',
    headers,
    body: JSON.stringify(events),
  });
  if (answer.status !== 202)
    throw new Error(`The collector answered ${answer.status}: ${await answer.text()}`);
}
