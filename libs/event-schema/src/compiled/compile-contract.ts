import { TransformationType, type ClassConstructor, type TransformFnParams } from 'class-transformer';
// @ts-expect-error -- the package has types for its decorators only, not for the storage that they fill
import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';
import { getMetadataStorage, ValidationTypes } from 'class-validator';
import { type RuleContext, type Shortcut } from '../contract/field-rules.ts';
import { REJECTION_CODES, type Rejection } from '../contract/rejection.ts';

/** The part of class-transformer that knows which transforms a class declares. */
const transformStorage = defaultMetadataStorage as {
  findTransformMetadatas(
    contract: object,
    field: string,
    type: TransformationType,
  ): readonly { transformFn(this: void, params: TransformFnParams): unknown }[];
};

type Plain = Record<string, unknown>;
type RuleMetadata = ReturnType<ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']>[number];

/** Applies a contract to a parsed event in place: transforms fields, then says what is wrong with them. */
export interface CompiledContract {
  readonly fields: readonly string[];
  /** Nothing when the event is right, else one reason per wrong field. */
  readonly check: (plain: Plain) => Rejection[] | undefined;
}

interface CompiledField {
  readonly name: string;
  readonly shortcut: Shortcut | undefined;
  readonly transform: ((value: unknown, plain: Plain) => unknown) | undefined;
  readonly skippedWhenAbsent: boolean;
  readonly rules: readonly CompiledRule[];
}

interface CompiledRule {
  readonly isRight: (value: unknown) => boolean;
  readonly rejection: Rejection;
  readonly shortcut: Shortcut | undefined;
}

/**
 * Reads the decorators of a contract class once, from the storages of class-validator and class-transformer, and
 * returns plain closures: no reflection and no class instance per event. The verdict is that of
 * `validateSync(plainToInstance(contract, plain))`; a spec compares the two.
 * @throws TypeError for a decorator that it cannot compile (groups, `each`, nested, asynchronous, without a code).
 */
export function compileContract(contract: ClassConstructor<object>): CompiledContract {
  const storage = getMetadataStorage();
  const metadata = storage.getTargetValidationMetadatas(contract, '', false, false);
  const fields = Object.entries(storage.groupByPropertyName(metadata)).map(([name, rules]) =>
    compileField(contract, name, rules),
  );
  const byName = new Map(fields.map((field) => [field.name, field]));
  const required = fields.filter(({ skippedWhenAbsent }) => !skippedWhenAbsent).length;
  return {
    fields: fields.map(({ name }) => name),
    check: (plain) => (areRight(byName, required, plain) ? undefined : rejectionsOf(fields, plain)),
  };
}

/** Looks at the fields that are there. True only where none is wrong and none that must be there is missing. */
function areRight(byName: ReadonlyMap<string, CompiledField>, required: number, plain: Plain): boolean {
  let present = 0;
  for (const name in plain) {
    const field = byName.get(name);
    if (field === undefined) continue;
    if (wrongRule(field, plain) !== undefined) return false;
    if (!field.skippedWhenAbsent) present += 1;
  }
  return present === required;
}

/** Every field of the contract in its order. What was transformed before stays as it is when it is transformed again. */
function rejectionsOf(fields: readonly CompiledField[], plain: Plain): Rejection[] | undefined {
  const wrong = fields.map((field) => wrongRule(field, plain)).filter((rule) => rule !== undefined);
  return wrong.length > 0 ? wrong.map(({ rejection }) => rejection) : undefined;
}

/** Transforms a field in place. @returns the first of its rules that refuses it. */
function wrongRule(field: CompiledField, plain: Plain): CompiledRule | undefined {
  let value = plain[field.name];
  if (field.shortcut?.(value) === true) return undefined;
  if (value !== undefined && field.transform !== undefined) {
    value = field.transform(value, plain);
    plain[field.name] = value;
  }
  if (field.skippedWhenAbsent && (value === undefined || value === null)) {
    if (value === null) plain[field.name] = undefined;
    return undefined;
  }
  return field.rules.find(({ isRight }) => !isRight(value));
}

function compileField(
  contract: ClassConstructor<object>,
  name: string,
  metadata: readonly RuleMetadata[],
): CompiledField {
  const conditions = metadata.filter(({ type }) => type === ValidationTypes.CONDITIONAL_VALIDATION);
  const isFirst = ({ type }: RuleMetadata): number => (type === ValidationTypes.IS_DEFINED ? 0 : 1);
  const rules = metadata.filter((rule) => !conditions.includes(rule)).sort((a, b) => isFirst(a) - isFirst(b));
  if (conditions.some((condition) => condition.name !== 'isOptional')) {
    throw new TypeError(`${contract.name}.${name}: only IsOptional can be compiled`);
  }
  const compiled = rules.map((rule) => compileRule(contract, name, rule));
  return {
    name,
    shortcut: compiled.find(({ shortcut }) => shortcut !== undefined)?.shortcut,
    transform: compileTransform(contract, name),
    skippedWhenAbsent: conditions.length > 0,
    rules: compiled,
  };
}

function compileTransform(contract: ClassConstructor<object>, name: string): CompiledField['transform'] {
  const type = TransformationType.PLAIN_TO_CLASS;
  const found = transformStorage.findTransformMetadatas(contract, name, type);
  const [only] = found;
  if (only === undefined) return undefined;
  if (found.length > 1) throw new TypeError(`${contract.name}.${name}: only one Transform can be compiled`);
  return (value, obj) => only.transformFn({ value, key: name, obj, type, options: {} });
}

function compileRule(contract: ClassConstructor<object>, name: string, rule: RuleMetadata): CompiledRule {
  const where = `${contract.name}.${name}`;
  const [constraint, ...others] = getMetadataStorage().getTargetValidatorConstraints(rule.constraintCls);
  const isPlain = !rule.each && !rule.validateIf && !rule.groups?.length && constraint?.async !== true;
  if (constraint === undefined || others.length > 0 || !isPlain) {
    throw new TypeError(`${where}: ${rule.name ?? rule.type} cannot be compiled`);
  }
  const { code, shortcut } = (rule.context ?? {}) as Partial<RuleContext>;
  if (code === undefined || !(code in REJECTION_CODES) || typeof rule.message !== 'string') {
    throw new TypeError(`${where}: ${rule.name ?? rule.type} has no rejection code and message`);
  }
  const instance = constraint.instance;
  // One object for all calls: a rule reads it while it runs and keeps nothing.
  const given = {
    targetName: contract.name,
    property: name,
    object: {},
    constraints: rule.constraints ?? [],
    value: undefined as unknown,
  };
  return {
    isRight(value) {
      given.value = value;
      return instance.validate(value, given) as boolean;
    },
    rejection: { code, message: rule.message.replaceAll('$property', name), path: name },
    shortcut,
  };
}
