import { describe, expect, it } from '@jest/globals';
import { OpenQuestions } from './open-questions.ts';

function setUp() {
  const questions = new OpenQuestions({ perClient: 2, atATime: 2, inAll: 3 });
  const answers: (() => void)[] = [];
  const ask = (client: string, question: string) =>
    questions.ask(client, question, () => new Promise<string>((done) => answers.push(() => done(question))));
  return { ask, answer: () => answers.shift()?.() };
}
const REFUSED = { code: 'too-many-questions', retriable: true };

describe('open questions', () => {
  it('are bounded for each client, and those of another are asked', async () => {
    const { ask, answer } = setUp();
    const first = ask('a', '1');
    void ask('a', '2');
    await expect(ask('a', '3')).rejects.toMatchObject(REFUSED);
    void ask('b', '3');
    answer();
    await expect(first).resolves.toBe('1');
    void ask('a', '4');
    await expect(ask('a', '5')).rejects.toMatchObject(REFUSED);
  });

  it('of one client are asked a few at a time, in their order, whatever becomes of those before', async () => {
    const questions = new OpenQuestions({ perClient: 9, atATime: 2, inAll: 9 });
    const asked: string[] = [];
    const ends: (() => void)[] = [];
    const ask = (client: string, question: string) =>
      questions.ask(client, question, () => {
        asked.push(question);
        return new Promise<void>((done, fail) =>
          ends.push(question === '1' ? () => fail(new Error('no')) : done),
        );
      });
    const first = ask('a', '1');
    const others = ['2', '3', '4', '4'].map((question) => ask('a', question));
    void ask('b', '5');
    expect(asked).toEqual(['1', '2', '5']);
    ends[0]!();
    await expect(first).rejects.toThrow('no');
    expect(asked).toEqual(['1', '2', '5', '3']);
    for (let next = 1; next < 6; next++) {
      ends[next]?.();
      await new Promise(setImmediate);
    }
    await Promise.all(others);
    expect(asked).toEqual(['1', '2', '5', '3', '4', '4']);
  });

  it('are bounded over all clients', async () => {
    const { ask } = setUp();
    for (const client of ['a', 'b', 'c']) void ask(client, '1');
    await expect(ask('d', '1')).rejects.toMatchObject(REFUSED);
  });

  it('count once for all pages behind an address that ask the same', async () => {
    const { ask, answer } = setUp();
    const [first, second] = [ask('a', '1'), ask('a', '1')];
    void ask('a', '1');
    void ask('a', '2');
    answer();
    answer();
    expect(await Promise.all([first, second])).toEqual(['1', '1']);
    await expect(ask('a', '3')).rejects.toMatchObject(REFUSED);
  });

  it('are no longer open when they have failed', async () => {
    const questions = new OpenQuestions({ perClient: 1, atATime: 1, inAll: 1 });
    for (let round = 0; round < 3; round++)
      await expect(questions.ask('a', String(round), () => Promise.reject(new Error('no')))).rejects.toThrow(
        'no',
      );
  });
});
