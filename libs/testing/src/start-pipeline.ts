import { type AppName, PIPELINE_APPS } from '@pipeline/event-schema';
import {
  createTopics,
  startStack as startLocalStack,
  type LocalStack,
  type StackOptions,
} from '@pipeline/local-stack';

export interface PipelineOptions extends Pick<
  StackOptions,
  'brokerCount' | 'isShortLived' | 'secureKafka' | 'servers' | 'shipsLogs'
> {
  /** Default: the pipeline, without the audit. */
  readonly apps?: readonly AppName[];
  /** Settings of all apps that win over the stack's. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Real servers of a test: on free ports, with state that `stop()` removes, and quick to start. */
export function startStack(options: StackOptions = {}): Promise<LocalStack> {
  return startLocalStack({ isShortLived: true, ...options });
}

/**
 * Real servers, all topics and the apps, on free ports and with state that `stop()` removes. Resolves when everything
 * is ready; leaves nothing behind when it rejects. Give `beforeAll` and `afterAll` two minutes.
 */
export async function startPipeline(options: PipelineOptions = {}): Promise<LocalStack> {
  const { apps = PIPELINE_APPS, environment = {}, ...stackOptions } = options;
  const stack = await startStack(stackOptions);
  try {
    await createTopics(stack.kafkaBrokers);
    await Promise.all(apps.map((app) => stack.startApp(app, environment)));
    return stack;
  } catch (error) {
    await stack.stop();
    throw error;
  }
}
