import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WORKSPACE } from '../project-paths.ts';
import { requiredVersion, upstream, versionLine } from './versions.ts';

describe('versions', () => {
  it('are read out of go.mod, whether it requires one module or a list', () => {
    expect(requiredVersion('module a\n\nrequire b v1.2.3 // indirect\n', 'b')).toBe('v1.2.3');
    expect(requiredVersion('require (\n\tbb v2.0.0\n\tb v1.2.3\n)\n', 'b')).toBe('v1.2.3');
    expect(() => requiredVersion('require bb v2.0.0', 'b')).toThrow('go.mod requires no b');
  });

  it('are those that the schemas of the overlays were generated from', () => {
    const generator = readFileSync(join(WORKSPACE, 'tools/deployment/src/schemas/generate.ts'), 'utf8');
    expect(generator).toContain(`'${upstream('control-plane')}'`);
    expect(generator).toContain(`'${upstream('keda')}'`);
  });

  it('are those that docs/deploy.md names', () => {
    expect(readFileSync(join(WORKSPACE, 'docs/deploy.md'), 'utf8')).toContain(versionLine());
  });
});
