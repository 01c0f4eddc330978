import { Counter, Gauge, type Registry } from 'prom-client';

export type GatewayMetrics = ReturnType<typeof gatewayMetrics>;

export const GATEWAY_METRICS = Symbol('gateway-metrics');

/** What the door counts. */
export function gatewayMetrics(registry: Registry) {
  const registers = [registry];
  return {
    /** `outcome`: `acknowledged`, `lost` (QoS 0), or why it was not acknowledged. */
    messages: new Counter({
      name: 'gateway_messages_total',
      help: 'Messages of devices, by what became of them',
      labelNames: ['outcome'],
      registers,
    }),
    connections: new Gauge({ name: 'gateway_connections', help: 'Open connections of devices', registers }),
    connectionsRefused: new Counter({
      name: 'gateway_connections_refused_total',
      help: 'Connections that were refused or ended, by reason',
      labelNames: ['reason'],
      registers,
    }),
    inFlightBytes: new Gauge({
      name: 'gateway_in_flight_bytes',
      help: 'Payload bytes that were received and are not acknowledged',
      registers,
    }),
  };
}
