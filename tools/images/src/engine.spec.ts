import { describe, expect, it } from '@jest/globals';
import { buildArguments, findEngine } from './engine.ts';

const request = { name: 'topics', tag: 'dev', version: '1.2.3', revision: 'abc' } as const;

describe('findEngine', () => {
  it('passes over a docker client that has no daemon', async () => {
    const engine = await findEngine((command) => Promise.resolve(command === 'podman'));
    expect(engine).toBe('podman');
  });

  it('asks docker for its daemon, not for its version', async () => {
    const asked: string[] = [];
    await findEngine((command, args) => {
      asked.push([command, ...args].join(' '));
      return Promise.resolve(false);
    });
    expect(asked).toEqual(['docker info', 'podman info', 'buildah --version']);
  });

  it('finds nothing where nothing works', async () => {
    expect(await findEngine(() => Promise.resolve(false))).toBeUndefined();
  });
});

describe('buildArguments', () => {
  it.each(['podman', 'buildah'] as const)('keeps the health check with %s', (engine) => {
    expect(buildArguments(engine, request).join(' ')).toContain('--format docker');
  });

  it('passes no format to docker, which does not know the option', () => {
    expect(buildArguments('docker', request)).not.toContain('--format');
  });

  it('names the folder of what is not an app', () => {
    expect(buildArguments('docker', request)).toContain('APP_FOLDER=tools/topics');
  });

  it('passes on what the labels say', () => {
    const args = buildArguments('docker', request);
    expect(args).toEqual(expect.arrayContaining(['VERSION=1.2.3', 'REVISION=abc']));
  });

  it('gives a health check to what stays, and none to what ends', () => {
    expect(buildArguments('docker', { ...request, name: 'es-sink' })).toContain('service');
    expect(buildArguments('docker', request)).toContain('command');
  });
});
