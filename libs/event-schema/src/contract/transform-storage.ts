import { type TransformationType, type TransformFnParams } from 'class-transformer';
// @ts-expect-error -- the package has types for its decorators only, not for the storage that they fill
import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';

/** The part of class-transformer that knows which transforms a class declares. */
export const transformStorage = defaultMetadataStorage as {
  findTransformMetadatas(
    contract: object,
    field: string,
    type: TransformationType,
  ): readonly { transformFn(this: void, params: TransformFnParams): unknown }[];
};
