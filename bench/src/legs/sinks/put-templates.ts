import { createTopics, type LocalStack } from '@pipeline/local-stack';

/** The product brings its mapping, which every contestant's index then has. */
export async function putTemplates(stack: LocalStack): Promise<void> {
  await createTopics(stack.kafkaBrokers);
  const { name } = await stack.startApp('es-sink', { LOG_LEVEL: 'warn' });
  await stack.dismiss(name);
}
