import { expect } from '@jest/globals';
import { type KafkaRecord } from '@pipeline/kafka-transport';
import { type AuditScope, auditSources } from '../src/audit-sources.ts';
import { type AuditReport, exitCode } from '../src/report/audit-report.ts';
import { MemorySources } from './sources.double.ts';

export const TOPIC = 'select-color';
export const NINE = Date.parse('2026-11-22T09:30:00Z');

export const record = (
  offset: number,
  value: string | null = event(`id-${offset}`),
  timestampMs = NINE,
): KafkaRecord => ({
  key: null,
  value: value === null ? null : Buffer.from(value),
  offset,
  timestamp: timestampMs,
});

export function event(id: string, color = 'green'): string {
  return JSON.stringify({ event_id: id, color_name: color, big: 1 });
}

/** Five events in partition 0, each in both stores. */
export function fiveEvents(): MemorySources {
  const sources = new MemorySources(TOPIC);
  for (let offset = 0; offset < 5; offset += 1) sources.add(0, record(offset));
  return sources;
}

export function audit(sources: MemorySources, scope: Partial<AuditScope> = {}): Promise<AuditReport> {
  const { rows, documents } = sources;
  return auditSources({ kafka: sources, rows, documents }, { topic: TOPIC, ...scope });
}

/** What is wrong, one line each; an empty list comes with exit code 0 and three promises, anything else with 1. */
export async function wrong(sources: MemorySources, scope: Partial<AuditScope> = {}): Promise<string[]> {
  const report = await audit(sources, scope);
  const lines = report.findings.flatMap(({ sink, kind, examples }) =>
    examples.map(({ partition, offset, eventId }) => `${sink} ${kind} ${partition}:${offset} ${eventId}`),
  );
  expect(exitCode(report)).toBe(lines.length === 0 ? 0 : 1);
  const kinds = new Set(report.findings.map(({ kind }) => kind));
  expect(report).toMatchObject({
    conserved: !kinds.has('lost') && !kinds.has('invented'),
    unique: !kinds.has('double'),
    intact: !kinds.has('damaged'),
  });
  return lines;
}
