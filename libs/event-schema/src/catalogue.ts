// Generated from the classes in events/: npm run catalogue
import { type EventTypeEntry } from './event-type.ts';

/** Every event type as plain data, for code that loads no validation. */
export const CATALOGUE = [
  {
    name: 'select-color',
    doc: 'A visitor chose their favourite colour.',
    versions: [1],
    key: ['visitor_id', 'user_name'],
    fields: [
      { name: 'event_id', type: 'uuid', doc: 'identity of the event: the key of deduplication' },
      { name: 'event_type', type: 'text', isRequired: true },
      { name: 'schema_version', type: 'integer' },
      { name: 'user_name', type: 'words', limit: 64, isRequired: true, doc: 'what the visitor typed' },
      {
        name: 'color_name',
        type: 'text',
        values: ['red', 'orange', 'yellow', 'green', 'blue', 'navy', 'purple'],
        isRequired: true,
      },
      {
        name: 'occurred_at',
        type: 'instant',
        doc: 'when it happened, by the clock of the page, corrected by the collector: ISO-8601, UTC, milliseconds',
      },
      { name: 'page_url', type: 'address', limit: 2048 },
      { name: 'referrer', type: 'address', limit: 2048, doc: 'empty where the browser has none' },
      { name: 'visitor_id', type: 'text', limit: 128 },
      { name: 'session_id', type: 'text', limit: 128 },
      {
        name: 'user_agent',
        type: 'words',
        limit: 512,
        isRequired: true,
        doc: 'the request header, cut at its limit',
      },
      { name: 'received_at', type: 'instant', isRequired: true, doc: 'when the collector took it' },
      {
        name: 'occurred_at_original',
        type: 'text',
        limit: 128,
        doc: 'what the page sent, where it was corrected; empty: an id and no time',
      },
      {
        name: 'is_bot',
        type: 'boolean',
        doc: 'whether the collector took its sender for a bot; absent in events older than the mark',
      },
      { name: 'bot_reason', type: 'text', limit: 128 },
      {
        name: 'client_network',
        type: 'network',
        limit: 64,
        doc: 'network of the client (/24, /48), where the collector is set to store it',
      },
    ],
  },
  {
    name: 'page-view',
    doc: 'A page was shown, also when it came back from the back-forward cache.',
    versions: [1],
    key: ['visitor_id'],
    fields: [
      { name: 'event_id', type: 'uuid', doc: 'identity of the event: the key of deduplication' },
      { name: 'event_type', type: 'text', isRequired: true },
      { name: 'schema_version', type: 'integer' },
      {
        name: 'occurred_at',
        type: 'instant',
        doc: 'when it happened, by the clock of the page, corrected by the collector: ISO-8601, UTC, milliseconds',
      },
      { name: 'page_url', type: 'address', limit: 2048 },
      { name: 'referrer', type: 'address', limit: 2048, doc: 'empty where the browser has none' },
      { name: 'visitor_id', type: 'text', limit: 128 },
      { name: 'session_id', type: 'text', limit: 128 },
      {
        name: 'user_agent',
        type: 'words',
        limit: 512,
        isRequired: true,
        doc: 'the request header, cut at its limit',
      },
      { name: 'received_at', type: 'instant', isRequired: true, doc: 'when the collector took it' },
      {
        name: 'occurred_at_original',
        type: 'text',
        limit: 128,
        doc: 'what the page sent, where it was corrected; empty: an id and no time',
      },
      {
        name: 'is_bot',
        type: 'boolean',
        doc: 'whether the collector took its sender for a bot; absent in events older than the mark',
      },
      { name: 'bot_reason', type: 'text', limit: 128 },
      {
        name: 'client_network',
        type: 'network',
        limit: 64,
        doc: 'network of the client (/24, /48), where the collector is set to store it',
      },
    ],
  },
] as const satisfies readonly EventTypeEntry[];
