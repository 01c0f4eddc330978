import { describe, expect, it } from '@jest/globals';
import { ConfigError } from '@pipeline/config';
import { deviceGatewaySettings } from './device-gateway.config.ts';

const mistakesOf = (environment: Record<string, string>): readonly string[] => {
  try {
    deviceGatewaySettings.load(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes;
    throw error;
  }
  return [];
};

describe('the settings of device-gateway', () => {
  it('need nothing to be set', () => {
    expect(deviceGatewaySettings.load({})).toMatchObject({
      port: 3004,
      mqttPort: 1883,
      listenHost: '127.0.0.1',
    });
  });

  it('ask for access as soon as others reach the port', () => {
    const outside = { LISTEN_HOST: '0.0.0.0' };
    expect(mistakesOf(outside)).toEqual([expect.stringContaining('DEVICE_GATEWAY_DEVICES_FILE')]);
    expect(mistakesOf({ ...outside, DEVICE_GATEWAY_DEVICES_FILE: '/devices' })).toEqual([]);
    expect(mistakesOf({ ...outside, DEVICE_GATEWAY_OPEN: 'true' })).toEqual([]);
  });

  it('must fit together', () => {
    expect(
      mistakesOf({
        DEVICE_GATEWAY_TLS_KEY_FILE: '/key',
        DEVICE_GATEWAY_TLS_CA_FILE: '/ca',
        DEVICE_GATEWAY_MAX_IN_FLIGHT_BYTES: '1000',
        DEVICE_GATEWAY_RETRY_AFTER_MS: '30000',
      }),
    ).toHaveLength(4);
  });
});
