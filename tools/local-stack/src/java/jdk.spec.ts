import { describe, expect, it } from '@jest/globals';
import { jdkFeatureVersion } from './jdk-version.ts';
import { chooseJdk, type Jdk } from './jdk.ts';

const jdk = (home: string, version: number, hasCompiler = true): Jdk => ({
  home,
  version,
  hasCompiler,
  release: `JAVA_VERSION="${version}"`,
});

describe('the version of a JDK', () => {
  it.each([
    ['JAVA_VERSION="25.0.3"', 25],
    ['IMPLEMENTOR="Debian"\nJAVA_RUNTIME_VERSION="17.0.15+6"\nJAVA_VERSION="17.0.15"\n', 17],
    ['JAVA_VERSION="21"', 21],
    ['JAVA_VERSION="26-ea"', 26],
    ['JAVA_VERSION="1.8.0_412"', 8],
  ])('is read from its release file: %j', (release, version) => {
    expect(jdkFeatureVersion(release)).toBe(version);
  });

  it('is unknown where the file names none', () => {
    expect(jdkFeatureVersion('IMPLEMENTOR="Somebody"')).toBeUndefined();
    expect(jdkFeatureVersion('JAVA_VERSION="next"')).toBeUndefined();
  });
});

describe('the choice of a JDK', () => {
  it('takes the preferred one that is new enough, though a newer one is installed', () => {
    expect(chooseJdk([jdk('/home', 21)], [jdk('/jvm/25', 25)]).home).toBe('/home');
  });

  it('passes over a preferred one that is too old and takes the newest of the others', () => {
    const others = [jdk('/jvm/21', 21), jdk('/jvm/25', 25), jdk('/jvm/11', 11)];
    expect(chooseJdk([jdk('/usr', 17)], others).home).toBe('/jvm/25');
  });

  it('takes no Java without a compiler', () => {
    expect(chooseJdk([jdk('/jre', 25, false)], [jdk('/jvm/21', 21)]).home).toBe('/jvm/21');
  });

  it('says in one sentence what was found and what to do when none is good enough', () => {
    expect(() => chooseJdk([jdk('/usr', 17)], [jdk('/jre', 25, false)])).toThrow(
      'The local stack needs a JDK 21 or newer and found 17 in /usr, 25 without javac in /jre: install one',
    );
    expect(() => chooseJdk([], [])).toThrow(/found no Java at all: install one .* or set JAVA_HOME/);
  });
});
