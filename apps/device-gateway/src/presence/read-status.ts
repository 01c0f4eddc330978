import { instantOf, isObject } from '../readings/said-reading.ts';

/**
 * The event of what a device says of itself, or of what it left as its will: `{"status":"offline","reason":"battery"}`, or the
 * status alone, as text or JSON. Other fields are kept.
 */
export function readStatus(sent: unknown, deviceId: string): object {
  const said = isObject(sent) ? sent : { status: sent };
  return {
    ...said,
    event_id: undefined,
    event_type: 'device-status',
    device_id: deviceId,
    occurred_at: instantOf(said['occurred_at'] ?? said['ts']),
    sent_at: instantOf(said['sent_at']),
    ts: undefined,
  };
}
