import { isBot } from 'isbot';

/** Why an event counts as a bot's. Closed: it is stored with the event. */
export type BotReason = 'user-agent-missing' | 'user-agent-listed' | 'headers-inconsistent';

/** What a verdict looks at. */
export interface ClientHeaders {
  readonly 'user-agent'?: string | undefined;
  readonly 'accept-language'?: string | undefined;
}

const MAX_REMEMBERED = 1_000;
const MAX_USER_AGENT = 512;

/**
 * Tells bots from browsers by what they say of themselves. A verdict marks an event and never drops it, so it may be
 * wrong. A user agent costs a dozen microseconds to judge and comes again and again: the last ones are remembered.
 */
export class BotDetector {
  private young = new Map<string, boolean>();
  private old = new Map<string, boolean>();

  /** Nothing where it looks like a browser that a person uses. */
  reasonOf({ 'user-agent': userAgent, 'accept-language': languages }: ClientHeaders): BotReason | undefined {
    if (userAgent === undefined || userAgent === '') return 'user-agent-missing';
    if (this.isListed(userAgent.slice(0, MAX_USER_AGENT))) return 'user-agent-listed';
    // Every browser says which languages its reader wants; a program that borrows a browser's name mostly does not.
    return languages === undefined ? 'headers-inconsistent' : undefined;
  }

  private isListed(userAgent: string): boolean {
    const known = this.young.get(userAgent) ?? this.old.get(userAgent);
    if (known !== undefined) return known;
    if (this.young.size >= MAX_REMEMBERED) {
      this.old = this.young;
      this.young = new Map();
    }
    const isListed = isBot(userAgent);
    this.young.set(userAgent, isListed);
    return isListed;
  }
}
