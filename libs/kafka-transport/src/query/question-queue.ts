import { type KafkaMessage } from '@pipeline/kafka-driver';

/** A header of a question: for how long its asker waits, in milliseconds. */
export const ANSWER_WITHIN_HEADER = 'answer_within_ms';

const DEFAULT_MS = 30_000;
const LONGEST_MS = 60_000;
/** Clocks of askers and servers may be so far apart. */
const CLOCK_TOLERANCE_MS = 10_000;

/**
 * Until when an answer is waited for, in milliseconds since the epoch by this process's clock. It counts from now, since
 * clocks differ; the question's own time only tells those that have lain in the topic for long.
 */
export function questionDeadline({ headers, timestamp }: KafkaMessage, nowMs: number): number {
  const said = Number(String(headers?.[ANSWER_WITHIN_HEADER] ?? ''));
  const withinMs = said >= 1 && said <= LONGEST_MS ? said : DEFAULT_MS;
  const askedMs = Number(timestamp);
  return Math.min(nowMs, askedMs > 0 ? askedMs + CLOCK_TOLERANCE_MS : nowMs) + withinMs;
}

/** Answers one question; must not reject. */
export type Answer<Question> = (question: Question) => Promise<void>;

export interface QuestionQueueOptions {
  /** How many are answered at a time. */
  readonly atATime: number;
  /** How many may wait; the one that has waited longest makes room, as its asker is the next to give up. */
  readonly maxWaiting: number;
  readonly nowMs?: () => number;
}

interface Waiting<Question> {
  readonly question: Question;
  readonly deadlineMs: number;
}

/** Questions that wait for their turn. One whose asker has given up meanwhile is not answered. */
export class QuestionQueue<Question> {
  private readonly waiting: Waiting<Question>[] = [];
  private answering = 0;

  constructor(
    private readonly answer: Answer<Question>,
    private readonly options: QuestionQueueOptions,
  ) {}

  /** Returns at once. */
  add(question: Question, deadlineMs: number): void {
    this.waiting.push({ question, deadlineMs });
    if (this.waiting.length > this.options.maxWaiting) this.waiting.shift();
    this.next();
  }

  clear(): void {
    this.waiting.length = 0;
  }

  private next(): void {
    const { atATime, nowMs = Date.now } = this.options;
    while (this.answering < atATime) {
      const next = this.waiting.shift();
      if (!next) return;
      if (next.deadlineMs <= nowMs()) continue;
      this.answering++;
      void this.answer(next.question).finally(() => {
        this.answering--;
        this.next();
      });
    }
  }
}
