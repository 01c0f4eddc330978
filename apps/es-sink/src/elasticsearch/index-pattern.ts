/**
 * All daily indices of a topic and no others: `select-color-archive-2026.11.22` or `select-colors-…` belong to
 * somebody else. Years 2000–2099.
 */
export function indexPattern(topic: string): string {
  return `${topic}-20*.*.*`;
}
