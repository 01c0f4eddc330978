import { describe, expect, it } from '@jest/globals';
import { Checklist, seconds } from './checklist.ts';
import { Closers } from './closers.ts';

function checklist() {
  const lines: string[] = [];
  const clock = { nowMs: 0 };
  const made = new Checklist(
    (line) => lines.push(line),
    () => clock.nowMs,
  );
  return { checklist: made, lines, clock };
}

describe('a checklist', () => {
  it('prints a line per check, with what was seen or what is wrong', async () => {
    const { checklist: list, lines } = checklist();
    await list.check('it starts', () => '1.2 s');
    await list.check('it is small', () => undefined);
    await list.check('it stops', () => Promise.reject(new Error('exit code 137')));
    expect(lines).toEqual(['  ✔ it starts: 1.2 s', '  ✔ it is small', '  ✗ it stops: exit code 137']);
  });

  it('ends with 0 when everything passed, and with 1 when something failed or nothing was checked', async () => {
    const { checklist: list } = checklist();
    expect(list.exitCode).toBe(1);
    await list.check('one', () => undefined);
    expect(list.exitCode).toBe(0);
    await list.check('two', () => {
      throw new Error('no');
    });
    expect(list.exitCode).toBe(1);
  });

  it('closes with durations, counts and the failures once more', async () => {
    const { checklist: list, clock } = checklist();
    list.section('build');
    clock.nowMs = 90_000;
    list.section('run');
    await list.check('one', () => undefined);
    await list.check('two', () => Promise.reject(new Error('no')));
    clock.nowMs = 90_500;
    expect(list.summary()).toEqual([
      '  build 1 min 30 s',
      '  run 500 ms',
      '1 passed, 1 failed in 1 min 31 s',
      '  ✗ two',
    ]);
  });

  it('stops where nothing else makes sense', async () => {
    const { checklist: list, lines } = checklist();
    const failing = list.require('it is built', () => Promise.reject(new Error('no space')));
    await expect(failing).rejects.toThrow('it is built');
    expect(lines).toEqual(['  ✗ it is built: no space']);
  });
});

describe('a duration', () => {
  it.each([
    [999, '999 ms'],
    [1_440, '1.4 s'],
    [59_940, '59.9 s'],
    [125_000, '2 min 5 s'],
  ])('of %d ms reads well', (ms, text) => {
    expect(seconds(ms)).toBe(text);
  });
});

describe('what has to be undone', () => {
  it('is undone once, the latest first', async () => {
    const undone: string[] = [];
    const closers = new Closers();
    for (const name of ['engine', 'stack']) closers.add(() => Promise.resolve(undone.push(name)));
    await Promise.all([closers.close(), closers.close()]);
    expect(undone).toEqual(['stack', 'engine']);
  });
});
