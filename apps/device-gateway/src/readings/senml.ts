import { isNumber, isObject, numberOf, type ReadingSource, type SaidReading } from './said-reading.ts';

/** Versions of SenML up to this one; a pack of a later version is not for us. */
const VERSION = 10;
/** Times below this number of seconds are relative to now. Source: RFC 8428 §4.5.3. */
const FIRST_ABSOLUTE_SECOND = 2 ** 28;

const BASES = ['bn', 'bt', 'bu', 'bv', 'bs', 'bver'];
const VALUES = ['v', 'vs', 'vb', 'vd', 's'];

interface Base {
  name: string;
  seconds: number;
  unit: unknown;
  value: number;
  sum: number;
  version: number;
}

/** Whether a payload is a SenML pack: a record names bases, or each has a name and a value under the names of SenML. */
export function isSenml(payload: unknown): payload is Record<string, unknown>[] {
  if (!Array.isArray(payload) || payload.length === 0 || !payload.every(isObject)) return false;
  if (payload.some((record) => BASES.some((name) => name in record))) return true;
  return payload.every((record) => typeof record['n'] === 'string' && VALUES.some((name) => name in record));
}

/**
 * The readings of a SenML pack, its bases resolved (RFC 8428 §4.6). The metric is the resolved name, without the name of the
 * device in front. A sum is the metric `<name>.sum`.
 * @returns undefined if the pack is of a later version, has a field that must be understood and is not, or a base that is wrong.
 */
export function readSenml(
  pack: readonly Record<string, unknown>[],
  source: ReadingSource,
): SaidReading[] | undefined {
  const base: Base = { name: '', seconds: 0, unit: undefined, value: 0, sum: 0, version: VERSION };
  const readings: SaidReading[] = [];
  const { id, seq } = pack[0]!;
  for (const [index, record] of pack.entries()) {
    if (!takeBases(base, record) || Object.keys(record).some((name) => name.endsWith('_'))) return undefined;
    const common = {
      id,
      seq,
      place: String(index),
      occurredAt: timeOf(record['t'], base, source),
      unit: record['u'] ?? base.unit,
    };
    const metric = metricOf(base.name, record['n'], source.deviceId);
    const value = valueOf(record, base);
    if (value !== undefined) readings.push({ ...common, metric, value });
    const sum = record['s'];
    if (sum !== undefined) readings.push({ ...common, metric: `${metric}.sum`, value: plus(base.sum, sum) });
  }
  return readings;
}

/** @returns whether all bases of the record are right. */
function takeBases(base: Base, record: Record<string, unknown>): boolean {
  const { bn = base.name, bt = base.seconds, bv = base.value, bs = base.sum, bver = base.version } = record;
  if (typeof bn !== 'string' || ![bt, bv, bs, bver].every(isNumber)) return false;
  Object.assign(base, { name: bn, seconds: numberOf(bt), value: numberOf(bv), sum: numberOf(bs) });
  base.unit = record['bu'] ?? base.unit;
  base.version = numberOf(bver);
  return base.version <= VERSION;
}

function metricOf(baseName: string, own: unknown, deviceId: string): string {
  const name = own === undefined ? '' : typeof own === 'string' ? own : '?';
  const isOfDevice = baseName.replace(/[-:./_]+$/, '').endsWith(deviceId);
  return isOfDevice && name !== '' ? name : baseName + name;
}

function valueOf({ v, vs, vb, vd }: Record<string, unknown>, base: Base): unknown {
  if (v !== undefined) return plus(base.value, v);
  return vs ?? vb ?? vd;
}

/** Without a base the number stays as it is spelt. What is no number is left to the contract. */
function plus(base: number, value: unknown): unknown {
  return base === 0 || !isNumber(value) ? value : base + numberOf(value);
}

/** Seconds as the time that is to be stored; none for now. */
function timeOf(own: unknown, base: Base, { receivedMs }: ReadingSource): unknown {
  if (own !== undefined && !isNumber(own)) return own;
  const seconds = base.seconds + (own === undefined ? 0 : numberOf(own));
  if (seconds === 0) return undefined;
  return seconds < FIRST_ABSOLUTE_SECOND ? receivedMs + Math.round(seconds * 1_000) : seconds * 1_000;
}
