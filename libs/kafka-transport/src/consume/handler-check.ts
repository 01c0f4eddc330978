import { type MessageHandler } from '@nestjs/microservices';
import { TransportError } from '@pipeline/kafka-driver';

/** @throws TransportError unless there is a topic to consume and each has exactly one event handler. */
export function assertOneHandlerPerTopic(handlers: ReadonlyMap<string, MessageHandler>): void {
  if (handlers.size === 0)
    throw new TransportError('no-handler', 'No @EventPattern handler uses the batch transport');
  for (const [topic, handler] of handlers) {
    if (handler.next)
      throw new TransportError('several-handlers', `Topic ${topic} has more than one handler`);
    if (!handler.isEventHandler) {
      throw new TransportError(
        'not-an-event-handler',
        `The handler of topic ${topic} must be an @EventPattern`,
      );
    }
  }
}
