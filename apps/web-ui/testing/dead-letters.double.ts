import { type LetterGroup } from '../src/protocol/health-report.ts';
import { type DeadLetters, type FoundLetter } from '../src/journey/dead-letters.ts';

/** Has the letters it was given, counts how often it was asked, fails on demand. */
export class MemoryDeadLetters implements DeadLetters {
  letters: readonly FoundLetter[] = [];
  byReason: readonly LetterGroup[] = [];
  fails = false;
  asked = 0;

  groups(): Promise<readonly LetterGroup[]> {
    return this.fails ? Promise.reject(new Error('down')) : Promise.resolve(this.byReason);
  }

  find(): Promise<readonly FoundLetter[]> {
    this.asked++;
    return this.fails ? Promise.reject(new Error('down')) : Promise.resolve(this.letters);
  }
}
