import { type SavedObject } from './saved-objects.ts';

/** A column of a Lens layer: an operation on a field. */
export interface LensColumn {
  readonly operationType: string;
  readonly sourceField: string;
  readonly params?: { readonly orderBy?: { readonly columnId?: string } };
}

export interface LensLayer {
  readonly columnOrder: readonly string[];
  readonly columns: Readonly<Record<string, LensColumn>>;
}

/** A layer of the picture; names columns in several ways. */
export interface DrawnLayer {
  readonly layerId: string;
  readonly xAccessor?: string;
  readonly splitAccessor?: string;
  readonly accessors?: readonly string[];
  readonly primaryGroups?: readonly string[];
  readonly metrics?: readonly string[];
  readonly colorMapping?: { readonly assignments: readonly ColorAssignment[] };
}

export interface ColorAssignment {
  readonly rule: { readonly values: readonly string[] };
}

interface LensState {
  readonly datasourceStates: {
    readonly formBased: { readonly layers: Readonly<Record<string, LensLayer>> };
  };
  readonly visualization: { readonly layers: readonly DrawnLayer[] };
}

export function layersOf({ attributes }: SavedObject): Readonly<Record<string, LensLayer>> {
  return (attributes['state'] as LensState).datasourceStates.formBased.layers;
}

export function drawnLayersOf({ attributes }: SavedObject): readonly DrawnLayer[] {
  return (attributes['state'] as LensState).visualization.layers;
}

export function columnsDrawn(layer: DrawnLayer): string[] {
  const { xAccessor, splitAccessor, accessors, primaryGroups, metrics } = layer;
  return [xAccessor, splitAccessor, accessors, primaryGroups, metrics]
    .flat()
    .filter((column) => column !== undefined);
}
