/** The seven colours a visitor can choose from, in the order of the page's buttons. */
export const COLORS = ['red', 'orange', 'yellow', 'green', 'blue', 'navy', 'purple'] as const;

export type Color = (typeof COLORS)[number];

export function isColor(value: unknown): value is Color {
  return (COLORS as readonly unknown[]).includes(value);
}
