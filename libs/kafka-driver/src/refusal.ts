/** Kafka's names of what an operator has taken away and can give back. */
const REFUSALS = new Set([
  'TOPIC_AUTHORIZATION_FAILED',
  'GROUP_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'SASL_AUTHENTICATION_FAILED',
]);

/** Whether kafkajs failed because the brokers refuse the login, or what it may do. */
export function isRefusal(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { name, type, cause } = error as Error & { readonly type?: string };
  return name === 'KafkaJSSASLAuthenticationError' || REFUSALS.has(type ?? '') || isRefusal(cause);
}
