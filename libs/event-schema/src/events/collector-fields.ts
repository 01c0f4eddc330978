import { Flag, Instant, Network, Optional, Required, Text } from '../contract/field-rules.ts';

/** What the collector adds to every event; what a client sends under these names is replaced. */
export class CollectorFields {
  @Required('the request header, cut at its limit')
  @Text({ min: 0, max: 512, type: 'words' })
  user_agent!: string;

  @Required('when it was accepted')
  @Instant()
  received_at!: string;

  // What was sent may be anything, so it must not be able to refuse the event: a text, no instant.
  @Optional('what was sent, where it was corrected; empty: an id and no time')
  @Text({ min: 0, max: 128 })
  occurred_at_original?: string;

  @Optional('whether the collector took its sender for a bot; absent in events older than the mark')
  @Flag()
  is_bot?: boolean;

  @Optional()
  @Text({ min: 1, max: 128 })
  bot_reason?: string;

  @Optional('network of the client (/24, /48), where the collector is set to store it')
  @Network()
  client_network?: string;
}

/** Those of them that every ingress adds; the others say something of an HTTP request. */
export const RECEIPT_FIELDS = ['received_at', 'occurred_at_original'] as const;
