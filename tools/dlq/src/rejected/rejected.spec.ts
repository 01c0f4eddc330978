import { beforeEach, describe, expect, it } from '@jest/globals';
import { listRejected } from './list-rejected.ts';
import { MemoryCollector, MemoryRejectedBox } from '../../testing/rejected-box.double.ts';
import { replayRejected, type RejectedReplay } from './replay-rejected.ts';
import { showRejected } from './show-rejected.ts';

const click = (n: number, change: object = {}) => ({
  event_id: `01890a5d-ac96-774b-8000-00000000000${n}`,
  event_type: 'select-color',
  user_name: 'Ada',
  color_name: 'pink',
  ...change,
});

const REPLAY: RejectedReplay = { limit: Infinity, repairs: {}, takesMasked: false, execute: true };

let box: MemoryRejectedBox;
let collector: MemoryCollector;

beforeEach(() => {
  box = new MemoryRejectedBox();
  collector = new MemoryCollector();
  const kept = { received_at: '2026-11-22T09:00:00.000Z', is_masked: false, is_cut: false, message: 'm' };
  box.add({ ...kept, code: 'color-unknown', path: 'color_name', event: click(1) });
  box.add({ ...kept, code: 'color-unknown', path: 'color_name', is_masked: true, event: click(2) });
  box.add({ ...kept, code: 'field-missing', path: 'user_name', event: click(3, { user_name: undefined }) });
  box.add({ ...kept, code: 'malformed-json', path: '', is_cut: true, text: '{' });
});

const list = async (filter: object) => (await listRejected(box, { limit: 50, ...filter })).lines.join('\n');
const replay = async (change: Partial<RejectedReplay>) =>
  (await replayRejected(box, collector, { ...REPLAY, ...change })).lines;
const sentIds = () =>
  collector.requests.flat().map((event) => (event as { event_id: string }).event_id.at(-1));

describe('dlq rejected list', () => {
  it('shows where each lies, why it was refused, and whether it is masked', async () => {
    const lines = await list({ codes: ['color-unknown'] });
    expect(lines).toMatch(/0:0 +│ color-unknown +│ color_name +│ m +│ no +│ 2026-11-22T09:00:00.000Z/);
    expect(lines).toMatch(/0:1 .*│ yes /);
    expect(lines).toMatch(/2 rejected events$/);
  });

  it('filters by time, and counts what is beyond the limit', async () => {
    expect(await list({ from: new Date('2026-11-22T09:00:00.001Z') })).toBe('no rejected events');
    expect(await list({ to: new Date('2026-11-22T09:00:00Z') })).toBe('no rejected events');
    expect(await list({ limit: 1 })).toMatch(/4 rejected events, the first 1 shown/);
  });
});

describe('what strangers wrote into the topic', () => {
  beforeEach(() => {
    for (const text of ['no JSON', '[]', '{"code":7}', '']) box.addRecord(text);
    const kept = { received_at: '2026-11-22T09:00:00.000Z', is_masked: false, is_cut: false };
    box.add({ ...kept, code: 'field-unknown', path: '\u001b[2J\u202e', message: '\u0007' } as never);
  });

  it('is shown and counted as such', async () => {
    expect(await list({})).toMatch(/9 rejected events, 4 of them written by no collector$/);
    expect(await list({ codes: ['foreign'] })).toMatch(/0:4 +│ foreign +│ +│ not written by a collector/);
    expect((await showRejected(box, { partition: 0, offset: 4 })).lines.join('')).toContain('no JSON');
  });

  it('is never sent', async () => {
    expect(await replay({ takesMasked: true, repairs: click(1, { color_name: 'red' }) })).toContain(
      '4 were not written by a collector',
    );
    expect(sentIds()).toHaveLength(3);
  });

  it('does nothing to a terminal', async () => {
    expect(await list({ codes: ['field-unknown'] })).toMatch(/\\u001b\[2J\\u202e +│ \\u0007 /);
  });
});

describe('dlq rejected show', () => {
  it('gives all that is kept, and says where nothing is', async () => {
    const { lines } = await showRejected(box, { partition: 0, offset: 3 });
    expect(JSON.parse(lines.join(''))).toMatchObject({ code: 'malformed-json', text: '{' });
    expect(await showRejected(box, { partition: 0, offset: 9 })).toEqual({
      lines: ['no rejected event at 0:9'],
      exitCode: 1,
    });
  });
});

describe('dlq rejected replay', () => {
  it('sends nothing without being told to, and says what it would do', async () => {
    const lines = await replay({ execute: false, repairs: { color_name: 'red' } });
    expect(lines[0]).toBe('1 events would be sent again; --execute does it');
    expect(collector.requests).toEqual([]);
  });

  it('sends what is right after its repair, under its own id, so that a repetition is a duplicate', async () => {
    expect(await replay({ repairs: { color_name: 'red' } })).toEqual([
      '1 events sent again: 1 accepted',
      '1 were cut or are no JSON: there is nothing whole to send',
      '1 are masked (--masked sends them with the x in their names)',
      '1 would be rejected again (repair them with --set <field>=<value>)',
    ]);
    expect(collector.requests).toEqual([[click(1, { color_name: 'red' })]]);
    expect((await replay({ repairs: { color_name: 'red' } }))[0]).toBe('1 events sent again: 1 duplicate');
  });

  it('leaves alone what the collector would refuse again', async () => {
    expect((await replay({}))[0]).toBe('0 events sent again');
    expect(collector.requests).toEqual([]);
  });

  it('sends masked ones when they are asked for, up to the limit', async () => {
    const repairs = { color_name: 'red', user_name: 'Ada' };
    const lines = await replay({ repairs, takesMasked: true, limit: 2 });
    expect(sentIds()).toEqual(['1', '2']);
    expect(lines).toContain('1 are beyond the limit');
  });

  it('sends many in requests that a collector takes', async () => {
    const kept = { received_at: '2026-11-22T09:00:00.000Z', is_masked: false, is_cut: false, message: '' };
    for (let n = 0; n < 250; n++) {
      box.add({ ...kept, code: 'color-unknown', path: '', event: click(1, { color_name: 'red' }) });
    }
    await replay({});
    expect(collector.requests.map(({ length }) => length)).toEqual([100, 100, 50]);
  });
});
