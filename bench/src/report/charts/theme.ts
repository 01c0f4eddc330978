import { type Kind } from '../../contestant.ts';

/** A document is read on light and on dark ground. */
export const THEME_NAMES = ['light', 'dark'] as const;
export type Theme = (typeof THEME_NAMES)[number];

interface Colours {
  readonly ink: string;
  readonly faint: string;
  readonly kinds: Readonly<Record<Kind, string>>;
}

export const THEMES: Readonly<Record<Theme, Colours>> = {
  light: {
    ink: '#1f2328',
    faint: '#d1d9e0',
    kinds: { ours: '#2563eb', floor: '#9aa4b0', peer: '#d97706' },
  },
  dark: {
    ink: '#e6edf3',
    faint: '#3d444d',
    kinds: { ours: '#60a5fa', floor: '#6e7681', peer: '#fbbf24' },
  },
};
