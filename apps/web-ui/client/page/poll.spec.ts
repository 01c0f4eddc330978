import { beforeEach, describe, expect, it } from '@jest/globals';
import { validateEvent } from '@pipeline/event-schema/contract';
import { click } from '../../testing/clicks.fixture.ts';
import { type OwnPick, uncounted, withOwn } from './own-picks.ts';
import { nameMistake } from './pick-name.ts';
import { Poll } from './poll.ts';

let poll: Poll;
let tracked: unknown[];
let remembered: string;

beforeEach(() => {
  tracked = [];
  remembered = '';
  const memory = { get: () => 'Minji', set: (name: string) => (remembered = name) };
  poll = new Poll({ memory, now: () => 5 });
  poll.connect((...event) => `id-${tracked.push(event)}`);
});

const notice = () => poll.state.value.notice;

describe('a pick', () => {
  it('is shown at once, sent with the trimmed name, and the name is remembered', () => {
    poll.rename('  하윤 ');
    expect(poll.pick('navy')).toBe(true);
    expect(tracked).toEqual([['select-color', { user_name: '하윤', color_name: 'navy' }]]);
    expect(poll.state.value.picks).toEqual([{ id: 'id-1', name: '하윤', color: 'navy', pickedAt: 5 }]);
    expect([notice(), remembered]).toEqual([{ kind: 'picked', name: '하윤', color: 'navy' }, '하윤']);
  });

  it('needs a name, and says so until the name changes', () => {
    poll.rename(' ');
    expect(poll.pick('red')).toBe(false);
    expect([notice(), tracked]).toEqual([{ kind: 'mistake', mistake: 'missing' }, []]);
    poll.rename('A');
    expect(notice()).toEqual({ kind: 'none' });
  });

  it('is known by name from the visit before', () => {
    expect(poll.state.value.name).toBe('Minji');
  });

  it('that waits says so quietly, and says when it is sent', () => {
    poll.pick('red');
    poll.onDelay();
    expect(poll.state.value.waiting).toBe(true);
    poll.pick('blue');
    expect(poll.state.value.waiting).toBe(true);
    poll.onResults([{ id: 'id-1', status: 'accepted', code: undefined }]);
    expect([poll.state.value.waiting, notice()]).toEqual([false, { kind: 'sent' }]);
  });

  it('goes on waiting when only a page view got through', () => {
    poll.pick('red');
    poll.onDelay();
    poll.onResults([{ id: 'a-view', status: 'accepted', code: undefined }]);
    expect([poll.state.value.waiting, notice().kind]).toEqual([true, 'picked']);
  });

  it('says nothing of waiting when only events of other pages wait', () => {
    poll.onDelay();
    expect(poll.state.value.waiting).toBe(false);
  });

  it('that was refused is taken back', () => {
    poll.pick('red');
    poll.onResults([{ id: 'id-1', status: 'rejected', code: 'field-too-long' }]);
    expect([poll.state.value.picks, notice()]).toEqual([[], { kind: 'refused' }]);
  });
});

describe('own picks', () => {
  const NOW = Date.UTC(2026, 10, 22, 12);
  const known = { seen: [], historyEnd: 0, isLive: true, nowMs: NOW };
  const pick = (id: string, change: Partial<OwnPick> = {}): OwnPick => ({
    id,
    name: 'Minji',
    color: 'red',
    pickedAt: NOW - 1_000,
    ...change,
  });
  const event = (change: Parameters<typeof click>[1] = {}) =>
    click('red', { occurred_at: new Date(NOW - 900).toISOString(), ...change });

  it('are added to what the server counts until the server counts them', () => {
    const picks = uncounted([pick('a'), pick('b')], { ...known, seen: [event()] });
    expect(withOwn([1, 0, 0, 0, 0, 0, 0], [pick('a'), pick('b')])).toEqual([3, 0, 0, 0, 0, 0, 0]);
    expect(withOwn([1, 0, 0, 0, 0, 0, 0], picks)).toEqual([2, 0, 0, 0, 0, 0, 0]);
    expect(uncounted(picks, known)).toBe(picks);
  });

  it('are not taken for the event of another name, colour or moment, nor two of them for one', () => {
    const others = [
      event({ user_name: 'Ada' }),
      event({ color_name: 'blue' }),
      event({ occurred_at: new Date(NOW - 4_000).toISOString() }),
    ];
    const picks = [pick('a')];
    expect(uncounted(picks, { ...known, seen: others })).toBe(picks);
    const seen = [event()];
    const first = uncounted(picks, { ...known, seen });
    expect(withOwn([1, 0, 0, 0, 0, 0, 0], uncounted([...first, pick('b')], { ...known, seen }))[0]).toBe(2);
  });

  it('are the history’s when it speaks for their time, and the feed’s after a while', () => {
    const accepted = (ms: number) => [pick('a', { acceptedAt: NOW - ms })];
    expect(uncounted(accepted(2_000), { ...known, historyEnd: NOW - 1_000 })).toEqual([]);
    expect(uncounted(accepted(5_000), known)).toEqual([]);
    expect(uncounted(accepted(5_000), { ...known, isLive: false })).toHaveLength(1);
  });
});

describe('the rule for names', () => {
  it.each([
    'Minji',
    ' 하윤 ',
    '',
    '   ',
    'x'.repeat(64),
    'x'.repeat(65),
    '👍'.repeat(64),
    '👍'.repeat(65),
    'a\tb',
    'a\u0000',
    '\ud800',
    '<b>',
    '\u200b',
    '\u3164',
    '\u202eAda',
  ])('is that of the collector for %j', (user_name) => {
    const verdict = validateEvent({ event_type: 'select-color', user_name, color_name: 'red' });
    expect(nameMistake(user_name) === undefined).toBe(verdict.ok);
  });
});
