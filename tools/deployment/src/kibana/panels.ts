import { type SavedObject } from './saved-objects.ts';

/** A panel of a dashboard: a saved object, and the rectangle in which it is shown. */
export interface Panel {
  readonly panelIndex: string;
  readonly panelRefName: string;
  readonly gridData: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
}

/** Kibana keeps the panels as text within the object. */
export function panelsOf({ attributes }: SavedObject): Panel[] {
  return JSON.parse(String(attributes['panelsJSON'])) as Panel[];
}
