/** `devices/<device_id>/<kind>`; no other topic of MQTT is used. */
const ROOT = 'devices';

/** @returns undefined for a topic of no device. */
export function deviceOf(topic: string): string | undefined {
  const [root, deviceId, kind, ...more] = topic.split('/');
  return root === ROOT && deviceId && kind && more.length === 0 ? deviceId : undefined;
}

/** Whether a subscription stays below the topics of one device. */
export function isBelow(filter: string, deviceId: string): boolean {
  return filter.startsWith(`${ROOT}/${deviceId}/`);
}

/** Whether a topic falls under a filter of MQTT (`+` for one level, `#` for all that follow). Source: MQTT 3.1.1 §4.7. */
export function matches(filter: string, topic: string): boolean {
  const levels = topic.split('/');
  const wanted = filter.split('/');
  for (const [index, level] of wanted.entries()) {
    if (level === '#') return true;
    if (index >= levels.length || (level !== '+' && level !== levels[index])) return false;
  }
  return levels.length === wanted.length;
}
