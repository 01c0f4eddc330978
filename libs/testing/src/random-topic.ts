import { randomBytes } from 'node:crypto';

/** A name that no other test has, good for topics, groups and indices alike. */
export function randomTopic(prefix = 'test'): string {
  return `${prefix}-${randomBytes(6).toString('hex')}`;
}
