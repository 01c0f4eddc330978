import { PassingTracer } from '@pipeline/observability';
import { type Origin } from '../src/origin.ts';

const RECEIVED_MS = Date.parse('2026-11-22T10:00:00.000Z');

/** An origin as an ingress makes it. */
export function originOf(parts: Partial<Origin> = {}): Origin {
  return {
    receivedMs: RECEIVED_MS,
    span: new PassingTracer().start('accept', { kind: 'server' }),
    client: '192.0.2.1',
    fields: { user_agent: 'Test "1"', is_bot: false },
    withheld: [],
    ...parts,
  };
}

export const EVENT = { event_type: 'select-color', user_name: 'Ada', color_name: 'navy' } as const;

/** A UUID that ends in `number`. */
export function idOf(number: number): string {
  return `01890a5d-ac96-774b-bcce-${String(number).padStart(12, '0')}`;
}
