import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import { AnswerReceiver, freeAnswer, receiveInPlace } from './receive-patch.ts';

receiveInPlace();
const require = createRequire(import.meta.url);
const { prototype } = require('kafkajs/src/network/connection') as { prototype: object };

interface Answer {
  readonly correlationId: number;
  readonly payload: Buffer;
}

const onWire = ({ correlationId, payload }: Answer): Buffer => {
  const head = Buffer.alloc(8);
  head.writeInt32BE(payload.length + 4);
  head.writeInt32BE(correlationId, 4);
  return Buffer.concat([head, payload]);
};

/** A connection as kafkajs has it, up to its socket; what it was given is overwritten at once. */
function connection() {
  const answers: Answer[] = [];
  const destroyed: Error[] = [];
  const newSocket = () => ({ destroy: (error: Error) => void destroyed.push(error) });
  const fulfillRequest = (answer: Answer & { size: number }) => {
    expect(answer.size).toBe(answer.payload.length + 4);
    answers.push({ correlationId: answer.correlationId, payload: answer.payload });
  };
  const logins: Buffer[] = [];
  const self = Object.assign(Object.create(prototype) as { processData(chunk: Buffer): void }, {
    socket: newSocket(),
    requestQueue: { fulfillRequest },
    authHandlers: null as null | { onSuccess(bytes: Buffer): void },
  });
  const receive = (bytes: Buffer) => {
    const chunk = Buffer.from(bytes);
    self.processData(chunk);
    chunk.fill(0xee);
  };
  const breakOff = () => void (self.socket = newSocket());
  const logIn = () => void (self.authHandlers = { onSuccess: (bytes) => void logins.push(bytes) });
  return { receive, breakOff, logIn, answers, destroyed, logins };
}

const answers = [0, 1, 3, 4, 5, 17, 0, 29].map((length, n) => ({
  correlationId: n,
  payload: Buffer.alloc(length, `${n}`),
}));
const wire = Buffer.concat(answers.map(onWire));

describe('a connection of kafkajs', () => {
  it.each(Array.from({ length: wire.length }, (_none, n) => n + 1))(
    'has each answer whole and in order when chunks have %i bytes',
    (length) => {
      const { receive, answers: received } = connection();
      for (let at = 0; at < wire.length; at += length) receive(wire.subarray(at, at + length));
      expect(received).toEqual(answers);
    },
  );

  it('takes nothing of an answer that broke off for the beginning of the next', () => {
    const { receive, breakOff, answers } = connection();
    receive(onWire({ correlationId: 1, payload: Buffer.alloc(10) }).subarray(0, 9));
    breakOff();
    const next = { correlationId: 2, payload: Buffer.from('whole') };
    receive(onWire(next));
    expect(answers).toEqual([next]);
  });

  it('ends where something else than a broker answers', () => {
    const { receive, answers, destroyed } = connection();
    receive(Buffer.from([0, 0, 0, 3, 0, 0, 0]));
    expect(destroyed).toEqual([new RangeError('An answer of 3 bytes')]);
    expect(answers).toEqual([]);
  });

  it('leaves a login that is not made of requests to kafkajs, in memory of its own', () => {
    const { receive, logIn, logins } = connection();
    logIn();
    receive(Buffer.from('ticket'));
    expect(String(logins[0])).toBe('ticket');
  });
});

describe('an answer', () => {
  it('is copied once', () => {
    const receiver = new AnswerReceiver();
    const seen: Buffer[] = [];
    const whole = Buffer.alloc(100_000, 'x');
    receiver.take(onWire({ correlationId: 7, payload: whole }), (bytes) => seen.push(bytes));
    expect(seen).toHaveLength(1);
    expect(seen[0]!.buffer.byteLength).toBe(whole.length + 4);
  });

  it('gives its memory back when it is freed, and other memory stays', () => {
    const { receive, answers } = connection();
    receive(onWire({ correlationId: 1, payload: Buffer.from('fetched') }));
    const { payload } = answers[0]!;
    freeAnswer(payload);
    expect(payload.byteLength).toBe(0);
    const others = Buffer.from('not an answer');
    freeAnswer(others);
    expect(String(others)).toBe('not an answer');
  });
});
