import { type VisitorCounts } from '@pipeline/event-schema';

export interface Conversion {
  /** 0–1. */
  readonly share: number;
  /** Half the width of the interval that holds the true share with 95 %; 0 where every visitor was compared. */
  readonly error: number;
}

/** Two standard deviations hold 95 %. */
const DEVIATIONS = 1.96;

/** Visitors who saw a page and picked ÷ visitors who saw a page; nothing while nobody saw one. Pure. */
export function conversion({ all, compared, saw, converted }: VisitorCounts): Conversion | undefined {
  if (saw === 0) return undefined;
  const share = converted / saw;
  const sample = (saw * compared) / all;
  return { share, error: compared < all ? DEVIATIONS * Math.sqrt((share * (1 - share)) / sample) : 0 };
}
