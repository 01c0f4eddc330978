import { type FindingKind, SINK_NAMES, type SinkName } from '@pipeline/event-schema';

/** One thing that is wrong. */
export interface Example {
  /** Absent where nothing names them. */
  readonly partition?: number;
  readonly offset?: number;
  /** Absent where the record has none. */
  eventId?: string;
  readonly detail: string;
}

/** Everything of one kind that is wrong with one sink. */
export interface Finding {
  readonly sink: SinkName;
  readonly kind: FindingKind;
  readonly total: number;
  /** The first {@link MAX_EXAMPLES}. */
  readonly examples: readonly Example[];
}

export const MAX_EXAMPLES = 20;

/** Collects what is wrong: counts all of it, keeps the first examples. */
export class Findings {
  private readonly byKind = new Map<
    string,
    { sink: SinkName; kind: FindingKind; total: number; examples: Example[] }
  >();

  add(sink: SinkName, kind: FindingKind, example: Example): void {
    const key = `${sink} ${kind}`;
    const finding = this.byKind.get(key) ?? { sink, kind, total: 0, examples: [] };
    this.byKind.set(key, finding);
    finding.total += 1;
    if (finding.examples.length < MAX_EXAMPLES) finding.examples.push(example);
  }

  list(): Finding[] {
    return [...this.byKind.values()].sort((a, b) => order(a) - order(b));
  }
}

const KINDS: readonly FindingKind[] = ['lost', 'double', 'invented', 'damaged'];

function order({ sink, kind }: Finding): number {
  return KINDS.indexOf(kind) * SINK_NAMES.length + SINK_NAMES.indexOf(sink);
}
