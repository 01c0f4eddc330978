import { describe, expect, it } from '@jest/globals';
import { engineFiles } from './engine-files.ts';

describe('the configuration of the engine', () => {
  const files = engineFiles('/home/me/.cache/run-1');

  it('keeps every path in one folder', () => {
    const paths = Object.values(files).flatMap((text) =>
      [...text.matchAll(/= "(\/[^"]*)"/g)].map(([, path]) => path),
    );
    expect(paths).toHaveLength(3);
    for (const path of paths) expect(path).toMatch(/^\/home\/me\/\.cache\/run-1\//);
  });

  it('is TOML with its sections', () => {
    expect(files['storage.conf']).toMatch(/^\[storage\]\ndriver = "overlay"\n/);
    expect(files['containers.conf']).toContain('default_ulimits = ["nofile=1024:1024","nproc=4096:4096"]');
    expect(files['containers.conf']).toContain('\n[engine]\n');
  });
});
