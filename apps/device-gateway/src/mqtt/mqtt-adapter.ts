/** What a device published, or left as its will. */
export interface MqttMessage {
  readonly topic: string;
  /** The device, as the topic names it. */
  readonly deviceId: string;
  readonly payload: Buffer;
  readonly qos: 0 | 1 | 2;
  /** By the clock of this machine: whole milliseconds since the epoch. */
  readonly receivedMs: number;
}

/** Resolves when the message is safe, or when no repetition of it could be: the device then gets its acknowledgement. */
export type TakeMessage = (message: MqttMessage) => Promise<void>;

/** A way by which messages of devices come: a broker in this process, or the client of another one. */
export interface MqttAdapter {
  /**
   * Calls `take` for each message of one of these patterns and acknowledges it after that, in the order in which a device sent.
   * A message that `take` refuses is not acknowledged, and the device is made to send it again.
   * @param patterns topic filters of MQTT.
   */
  open(patterns: readonly string[], take: TakeMessage): Promise<void>;
  /** Takes nothing more; resolves when what was taken is acknowledged or given up. */
  close(): Promise<void>;
}
