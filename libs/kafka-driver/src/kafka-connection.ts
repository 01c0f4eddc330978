import { addresses, flag, oneOf, text, type Values } from '@pipeline/config';

/** Where Kafka is and how to log in; spread into an app's `defineSettings`. */
export const kafkaSettings = {
  kafkaBrokers: addresses(
    'KAFKA_BROKERS',
    'Kafka bootstrap brokers, comma list of host:port',
    'localhost:9092',
  ),
  kafkaTls: flag('KAFKA_TLS', 'Connect to the brokers over TLS', false),
  kafkaTlsCaFile: text(
    'KAFKA_TLS_CA_FILE',
    'PEM file of the authority that signed the brokers; empty: the system’s authorities',
    {
      fallback: '',
    },
  ),
  kafkaSaslMechanism: oneOf(
    'KAFKA_SASL_MECHANISM',
    'SASL mechanism for the login to the brokers',
    ['none', 'plain', 'scram-sha-256', 'scram-sha-512'],
    'none',
  ),
  kafkaSaslUsername: text('KAFKA_SASL_USERNAME', 'User of the SASL login', { fallback: '' }),
  kafkaSaslPassword: text('KAFKA_SASL_PASSWORD', 'Password of the SASL login', {
    fallback: '',
    secret: true,
  }),
} as const;

export interface SaslLogin {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  readonly username: string;
  readonly password: string;
}

/** How to reach a Kafka cluster. */
export interface KafkaConnection {
  readonly brokers: readonly string[];
  /** Shows in the broker's logs and quotas. */
  readonly clientId: string;
  readonly tls: { readonly caFile: string } | undefined;
  readonly sasl: SaslLogin | undefined;
}

export function kafkaConnection(values: Values<typeof kafkaSettings>, clientId: string): KafkaConnection {
  const { kafkaSaslMechanism: mechanism } = values;
  return {
    brokers: values.kafkaBrokers,
    clientId,
    tls: values.kafkaTls ? { caFile: values.kafkaTlsCaFile } : undefined,
    sasl:
      mechanism === 'none'
        ? undefined
        : { mechanism, username: values.kafkaSaslUsername, password: values.kafkaSaslPassword },
  };
}
