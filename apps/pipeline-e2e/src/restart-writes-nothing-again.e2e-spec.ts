import { TOPICS, SINK_NAMES } from '@pipeline/event-schema';
import { listHdfsFiles, startPipeline, type LocalStack } from '@pipeline/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { colorClicks, idsOf } from './support/color-click.ts';
import { PATIENT_COLLECTOR } from './support/patient-collector.ts';
import { sendEvents } from './support/send-events.ts';
import { bothStoresHoldExactly, INDICES } from './support/stored-once.ts';

/** What each store says about when and how often it was written to. */
async function traces(stack: LocalStack): Promise<{ files: readonly string[]; documents: unknown }> {
  const url = `${stack.elasticsearchUrl}/${INDICES}/_search?size=1000&version=true&seq_no_primary_term=true&_source=false&sort=_seq_no`;
  const { hits } = (await (await fetch(url)).json()) as { hits: { hits: unknown } };
  const paths = await listHdfsFiles(stack, TOPICS.selectColor.name);
  const files = paths.map(async (path) => {
    const status = await fetch(`${stack.webHdfsUrl}/webhdfs/v1${path}?op=GETFILESTATUS`);
    return `${path} ${await status.text()}`;
  });
  return { files: await Promise.all(files), documents: hits.hits };
}

describe('a second start of both sinks', () => {
  let stack: LocalStack;
  const ids: string[] = [];
  beforeAll(async () => {
    stack = await startPipeline({
      apps: ['collector-api', ...SINK_NAMES],
      environment: PATIENT_COLLECTOR,
    });
  });
  afterAll(() => stack?.stop());

  const sendClicks = async (count: number) => {
    const clicks = colorClicks(count);
    expect((await sendEvents(stack.app('collector-api'), clicks)).status).toBe(202);
    ids.push(...idsOf(clicks));
  };

  it('writes nothing again', async () => {
    await sendClicks(200);
    await bothStoresHoldExactly(stack, ids);
    for (const sink of SINK_NAMES) expect(await stack.app(sink).stop()).toBe(0);
    const before = await traces(stack);

    for (const sink of SINK_NAMES) await stack.app(sink).start();
    // These come after whatever the restarted sinks might read again.
    await sendClicks(100);
    await bothStoresHoldExactly(stack, ids);

    const after = await traces(stack);
    expect(after.files).toEqual(expect.arrayContaining([...before.files]));
    expect(after.documents).toEqual(expect.arrayContaining(before.documents as unknown[]));
  });
});
