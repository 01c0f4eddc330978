const MIB = 1_024 * 1_024;
const GIB = 1_024 * MIB;

/** The sentence above the table of addresses. */
export function readyText(elapsedMs: number, residentBytes: number): string {
  return `Ready in ${(elapsedMs / 1_000).toFixed(1)} s, ${memoryText(residentBytes)} of memory in use. Ctrl-C stops everything.`;
}

export function memoryText(bytes: number): string {
  return bytes < GIB ? `${Math.round(bytes / MIB)} MiB` : `${(bytes / GIB).toFixed(1)} GiB`;
}
