import { type Setting } from './setting.ts';

/** Every mistake in the environment of a program, one sentence each. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly mistakes: readonly string[]) {
    super(`Configuration mistakes:\n${mistakes.map((mistake) => `  - ${mistake}`).join('\n')}`);
  }
}

export type Environment = Readonly<Record<string, string | undefined>>;

type Shape = Readonly<Record<string, Setting<unknown>>>;

/** The typed values of a settings shape. */
export type Values<S extends Shape> = { readonly [K in keyof S]: S[K] extends Setting<infer T> ? T : never };

/** A rule over several keys: the sentence of what is wrong, or nothing. */
export type CrossFieldRule<V> = (values: V) => string | undefined;

/** All settings of one program: name in the code → key of the environment, type, unit, default, one line of doc. */
export interface Settings<S extends Shape> {
  readonly shape: S;
  /** @throws ConfigError that lists every mistake at once. */
  load(environment: Environment): Values<S>;
  /** The values as they may be logged: secrets replaced. */
  redact(values: Values<S>): Record<string, unknown>;
}

/** Declares the settings of a program; `rules` run when every key by itself is right. */
export function defineSettings<const S extends Shape>(
  shape: S,
  rules: readonly CrossFieldRule<Values<S>>[] = [],
): Settings<S> {
  return {
    shape,
    load(environment) {
      const { values, mistakes } = readShape(shape, environment);
      if (mistakes.length > 0) throw new ConfigError(mistakes);
      const broken = rules.map((rule) => rule(values)).filter((sentence) => sentence !== undefined);
      if (broken.length > 0) throw new ConfigError(broken);
      return values;
    },
    redact: (values) =>
      Object.fromEntries(
        Object.entries(shape).map(([name, { key, secret }]) => [
          key,
          secret ? '***' : values[name as keyof S],
        ]),
      ),
  };
}

function readShape<S extends Shape>(shape: S, environment: Environment) {
  const values: Record<string, unknown> = {};
  const mistakes: string[] = [];
  for (const [name, setting] of Object.entries(shape)) {
    const given = environment[setting.key];
    const value = given === undefined || given === '' ? setting.fallback : given;
    if (value === undefined) {
      mistakes.push(`${setting.key} is missing: ${setting.doc}`);
      continue;
    }
    const parsed =
      value === '' && setting.fallback === '' ? emptyValue(setting) : setting.schema.safeParse(value);
    if (parsed.success) values[name] = parsed.data;
    else {
      const shown = setting.secret ? '***' : JSON.stringify(value);
      mistakes.push(`${setting.key}=${shown} ${parsed.error.issues[0]?.message ?? 'is not valid'}`);
    }
  }
  return { values: values as Values<S>, mistakes };
}

/** An optional key that is unset: the schema's own idea of empty, else the empty text. */
function emptyValue(setting: Setting<unknown>) {
  const parsed = setting.schema.safeParse('');
  return parsed.success ? parsed : { success: true as const, data: '' };
}
