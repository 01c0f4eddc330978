import {
  bytes,
  defineSettings,
  flag,
  integer,
  milliseconds,
  port,
  text,
  type Values,
} from '@pipeline/config';
import { intakeSettings } from '@pipeline/intake';

const shape = {
  ...intakeSettings('device-gateway'),
  mqttPort: port('MQTT_PORT', 'MQTT port', 1883),
  devicesFile: text(
    'DEVICE_GATEWAY_DEVICES_FILE',
    'File of the devices that may connect, one <device_id>:<SHA-256 of its secret, hex> per line',
    { fallback: '' },
  ),
  tlsCertFile: text(
    'DEVICE_GATEWAY_TLS_CERT_FILE',
    'PEM file with the gateway’s certificate; empty: no TLS',
    {
      fallback: '',
    },
  ),
  tlsKeyFile: text('DEVICE_GATEWAY_TLS_KEY_FILE', 'PEM file with the private key of this certificate', {
    fallback: '',
  }),
  tlsCaFile: text(
    'DEVICE_GATEWAY_TLS_CA_FILE',
    'PEM file of the authority for client certificates; the common name is the device id',
    { fallback: '' },
  ),
  isOpen: flag(
    'DEVICE_GATEWAY_OPEN',
    'Accept connections without authentication for any device, also from other machines',
    false,
  ),
  maxConnections: integer(
    'DEVICE_GATEWAY_MAX_CONNECTIONS',
    'Most open connections; further ones are closed at once',
    {
      fallback: '20000',
      unit: 'connections',
      min: 1,
    },
  ),
  maxPacketBytes: bytes('DEVICE_GATEWAY_MAX_PACKET_BYTES', 'Largest packet (message with topic)', {
    fallback: '131072',
    min: 1_024,
    max: 1_048_576,
  }),
  maxInFlight: integer(
    'DEVICE_GATEWAY_MAX_IN_FLIGHT',
    'Most unacknowledged messages of one connection; a connection with more is closed',
    { fallback: '5000', unit: 'messages', min: 1 },
  ),
  maxInFlightBytes: bytes(
    'DEVICE_GATEWAY_MAX_IN_FLIGHT_BYTES',
    'Most bytes of all unacknowledged messages; a connection that exceeds it is closed',
    { fallback: '67108864' },
  ),
  messagesPerSecond: integer(
    'DEVICE_GATEWAY_RATE_LIMIT',
    'Messages per second of one connection; faster ones wait; 0: no limit',
    { fallback: '0', unit: 'messages/s' },
  ),
  retryAfterMs: milliseconds(
    'DEVICE_GATEWAY_RETRY_AFTER_MS',
    'Time after which a connection is closed if its message cannot be made durable, so that the device sends it again',
    { fallback: '2000' },
  ),
} as const;

export type DeviceGatewayConfig = Values<typeof shape>;

const LOOPBACK = ['127.0.0.1', '::1', 'localhost'];

/** Every setting of device-gateway. */
export const deviceGatewaySettings = defineSettings(shape, [
  ({ listenHost, devicesFile, tlsCaFile, isOpen }) =>
    LOOPBACK.includes(listenHost) || devicesFile !== '' || tlsCaFile !== '' || isOpen
      ? undefined
      : 'LISTEN_HOST is reached from outside: set DEVICE_GATEWAY_DEVICES_FILE or DEVICE_GATEWAY_TLS_CA_FILE, or DEVICE_GATEWAY_OPEN=true',
  ({ tlsCertFile, tlsKeyFile }) =>
    (tlsCertFile === '') === (tlsKeyFile === '')
      ? undefined
      : 'DEVICE_GATEWAY_TLS_CERT_FILE and DEVICE_GATEWAY_TLS_KEY_FILE belong together',
  ({ tlsCertFile, tlsCaFile }) =>
    tlsCaFile === '' || tlsCertFile !== ''
      ? undefined
      : 'DEVICE_GATEWAY_TLS_CA_FILE needs DEVICE_GATEWAY_TLS_CERT_FILE',
  ({ maxPacketBytes, maxInFlightBytes, publishMaxQueueBytes }) =>
    maxPacketBytes < maxInFlightBytes && maxPacketBytes < publishMaxQueueBytes
      ? undefined
      : 'DEVICE_GATEWAY_MAX_PACKET_BYTES must be below DEVICE_GATEWAY_MAX_IN_FLIGHT_BYTES and PUBLISH_MAX_QUEUE_BYTES',
  ({ publishTimeoutMs, retryAfterMs, shutdownGraceMs }) =>
    publishTimeoutMs + retryAfterMs < shutdownGraceMs
      ? undefined
      : 'PUBLISH_TIMEOUT_MS and DEVICE_GATEWAY_RETRY_AFTER_MS together must be below SHUTDOWN_GRACE_MS',
]);
