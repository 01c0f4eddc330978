import { HistoryError } from './history-error.ts';

export interface OpenQuestionLimits {
  readonly perClient: number;
  readonly inAll: number;
}

/** Enough for every range of a dashboard at once, and less than es-sink answers in half a second. */
export const OPEN_QUESTION_LIMITS: OpenQuestionLimits = { perClient: 12, inAll: 64 };

/**
 * How many questions clients have open. Those of one client take no answer from another: es-sink has only so many in
 * hand at a time, for all. Equal questions of a client count once, as they are asked once: many pages may be behind one
 * address.
 */
export class OpenQuestions {
  private readonly open = new Map<string, Map<string, number>>();
  private count = 0;

  constructor(private readonly limits = OPEN_QUESTION_LIMITS) {}

  /**
   * Asks on behalf of a client.
   * @throws HistoryError (as rejection) `too-many-questions`.
   */
  async ask<Answer>(client: string, question: string, ask: () => Promise<Answer>): Promise<Answer> {
    this.enter(client, question);
    try {
      return await ask();
    } finally {
      this.leave(client, question);
    }
  }

  private enter(client: string, question: string): void {
    const mine = this.open.get(client) ?? new Map<string, number>();
    const askers = mine.get(question) ?? 0;
    const isNew = askers === 0;
    if (isNew && (mine.size >= this.limits.perClient || this.count >= this.limits.inAll))
      throw new HistoryError('too-many-questions', 'Too many questions are open; ask again later');
    mine.set(question, askers + 1);
    this.open.set(client, mine);
    if (isNew) this.count++;
  }

  private leave(client: string, question: string): void {
    const mine = this.open.get(client);
    const askers = (mine?.get(question) ?? 1) - 1;
    if (askers > 0) {
      mine?.set(question, askers);
      return;
    }
    mine?.delete(question);
    if (mine?.size === 0) this.open.delete(client);
    this.count--;
  }
}
