import { describe, expect, it } from '@jest/globals';
import { IMAGE_NAMES } from '@pipeline/images';
import { composeService, runArguments } from './run-arguments.ts';

describe('the arguments of a container', () => {
  it('are what compose would do', () => {
    const service = {
      read_only: true,
      tmpfs: ['/tmp'],
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      mem_limit: '512m',
      stop_grace_period: '30s',
    };
    expect(runArguments(service).join(' ')).toBe(
      '--read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges --memory 512m --stop-timeout 30',
    );
  });

  it('confine nothing where compose does not', () => {
    expect(runArguments({})).toEqual([]);
  });

  it.each(IMAGE_NAMES)('come out of docker/compose.yaml for %s', (name) => {
    expect(runArguments(composeService(name))).toEqual(
      expect.arrayContaining(['--read-only', '--cap-drop', 'ALL', '--security-opt', '--memory']),
    );
  });

  it('are refused for a service that is not there', () => {
    expect(() => composeService('nobody')).toThrow('docker/compose.yaml has no service nobody');
  });
});
