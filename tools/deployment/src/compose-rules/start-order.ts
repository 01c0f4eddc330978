import { type ComposeRule, ofEach, ofOurs } from './compose-rule.ts';

/** The one-shot that creates the topics. */
const TOPICS = 'topics';
const FOR_EVER = ['always', 'unless-stopped'];

/** What is waited for is there, and can become what is waited for. */
export const waitsEnd: ComposeRule = ({ services }) =>
  ofEach(services, ({ depends_on = {} }) =>
    Object.entries(depends_on).flatMap(([name, { condition }]) => {
      const other = services[name];
      if (other === undefined) return [`waits for ${name}, which is not there`];
      // Images of ours bring their health check, but for commands.
      const hasHealth =
        other.healthcheck !== undefined || (other.build !== undefined && other.build.target !== 'command');
      if (condition === 'service_healthy' && !hasHealth)
        return [`waits for the health of ${name}, which has no check`];
      if (condition === 'service_completed_successfully' && FOR_EVER.includes(other.restart ?? 'no'))
        return [`waits for the end of ${name}, which is always started again`];
      return [];
    }),
  );

/** An app starts when its topics are there, and everything else that it waits for is healthy, not merely started. */
export const startIsGated: ComposeRule = ({ services }) =>
  ofOurs(services, ({ depends_on = {} }, app) => [
    ...(app === TOPICS || depends_on[TOPICS]?.condition === 'service_completed_successfully'
      ? []
      : ['does not wait for the topics']),
    ...Object.entries(depends_on)
      .filter(([, { condition }]) => condition === 'service_started')
      .map(([name]) => `waits only for the start of ${name}`),
  ]);
