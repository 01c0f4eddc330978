import { type Contestant } from './contestant.ts';

/**
 * Lets each contestant get what it needs, one after the other.
 * @returns those that can take part, and why the other peers cannot.
 * @throws what one of ours or a floor says.
 */
export async function prepared<C extends Contestant>(
  contestants: readonly C[],
  say: (text: string) => void,
): Promise<{ readonly ready: C[]; readonly leftOut: string[] }> {
  const ready: C[] = [];
  const leftOut: string[] = [];
  for (const contestant of contestants) {
    try {
      if (contestant.prepare) say(`${contestant.name}: getting it ready`);
      await contestant.prepare?.();
      ready.push(contestant);
    } catch (error) {
      if (contestant.kind !== 'peer') throw error;
      leftOut.push(`${contestant.name} was left out: ${(error as Error).message}`);
    }
  }
  return { ready, leftOut };
}
