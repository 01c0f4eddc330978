import { bytes, integer, oneOf, text, type Values } from '@pipeline/config';
import { type EventTypeName, type IngressName, settingPrefix } from '@pipeline/event-schema';
import { kafkaSettings, publisherSettings } from '@pipeline/kafka-transport';
import { appSettings, type Logger, tracingSettings } from '@pipeline/observability';

/** The settings of every ingress, its own under its prefix; spread into the app's `defineSettings`. */
export function intakeSettings(app: IngressName) {
  const prefix = settingPrefix(app);
  return {
    ...appSettings(app),
    ...kafkaSettings,
    ...publisherSettings,
    ...tracingSettings,
    recentIds: integer(`${prefix}_RECENT_IDS`, 'Acknowledged ids remembered to recognise retries; 0: none', {
      fallback: '100000',
      unit: 'ids',
      max: 10_000_000,
    }),
    rejectedEvents: oneOf(
      `${prefix}_REJECTED_EVENTS`,
      'Rejected events in <topic>.rejected: with personal texts masked, whole, or none',
      ['masked', 'whole', 'off'],
      'masked',
    ),
    spoolDir: text(
      `${prefix}_SPOOL_DIR`,
      'Folder on a local disk, used by this replica only, that stores events while Kafka is unavailable; empty: events are refused then',
      { fallback: '' },
    ),
    spoolMaxBytes: bytes(`${prefix}_SPOOL_MAX_BYTES`, 'Largest size of the spool on disk', {
      fallback: '1073741824',
      min: 1_048_576,
    }),
  } as const;
}

export type IntakeValues = Values<ReturnType<typeof intakeSettings>>;

/** What an ingress tells its intake. */
export interface IntakeOptions {
  readonly app: IngressName;
  readonly config: IntakeValues;
  readonly logger: Logger;
  /** Event types that the ingress takes, at least one. What is rejected and names none of them goes with the first. */
  readonly topics: readonly EventTypeName[];
}

export const INTAKE_OPTIONS = Symbol('intake-options');
