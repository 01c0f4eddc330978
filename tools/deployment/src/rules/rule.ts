import { type Manifest } from '../manifests.ts';

/** Something that schemas cannot see; returns a sentence for each violation. */
export type Rule = (manifests: readonly Manifest[]) => string[];
