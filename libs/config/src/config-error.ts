/** Every mistake in the environment of a program, one sentence each. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly mistakes: readonly string[]) {
    super(`Configuration mistakes:\n${mistakes.map((mistake) => `  - ${mistake}`).join('\n')}`);
  }
}
