import { type DeadLetters, type FoundLetter } from '../src/journey/dead-letters.ts';

/** Has the letters it was given, counts how often it was asked, fails on demand. */
export class MemoryDeadLetters implements DeadLetters {
  letters: readonly FoundLetter[] = [];
  fails = false;
  asked = 0;

  find(): Promise<readonly FoundLetter[]> {
    this.asked++;
    return this.fails ? Promise.reject(new Error('down')) : Promise.resolve(this.letters);
  }
}
