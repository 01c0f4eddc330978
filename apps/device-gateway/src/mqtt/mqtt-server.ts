import { type CustomTransportStrategy, type MessageHandler, Server } from '@nestjs/microservices';
import { lastValueFrom } from 'rxjs';
import { type MqttAdapter, type MqttMessage } from './mqtt-adapter.ts';
import { matches } from './topics.ts';

/** Transport id of the strategy: `@EventPattern('devices/+/readings', MQTT)`. */
export const MQTT = Symbol('mqtt');

/**
 * Nest transport strategy for messages of devices. Nest's own acknowledges a message before its handler has run; here the
 * acknowledgement follows the promise of the handler, and a handler that rejects has its message sent again.
 */
export class MqttServer extends Server implements CustomTransportStrategy {
  override readonly transportId = MQTT;
  private handlers: [pattern: string, handler: MessageHandler][] = [];

  constructor(private readonly adapter: MqttAdapter) {
    super();
  }

  listen(callback: (error?: unknown) => void): void {
    this.handlers = [...this.messageHandlers];
    const wrong = this.handlers.find(([, handler]) => !handler.isEventHandler || handler.next);
    if (this.handlers.length === 0 || wrong !== undefined) {
      callback(
        new TypeError(`MQTT wants one @EventPattern handler per topic: ${wrong?.[0] ?? 'there is none'}`),
      );
      return;
    }
    const patterns = this.handlers.map(([pattern]) => pattern);
    this.adapter.open(patterns, (message) => this.take(message)).then(() => callback(), callback);
  }

  close(): Promise<void> {
    return this.adapter.close();
  }

  on(): never {
    throw new Error('The MQTT strategy has no events');
  }

  unwrap<T>(): T {
    return this.adapter as T;
  }

  private async take(message: MqttMessage): Promise<void> {
    const handler = this.handlers.find(([pattern]) => matches(pattern, message.topic))?.[1];
    if (handler === undefined) throw new Error('No handler for this topic');
    const result = this.transformToObservable(await handler(message));
    await lastValueFrom(result, { defaultValue: undefined });
  }
}
