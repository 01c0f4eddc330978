export { RunningApp } from './apps/running-app.ts';
export { serverVersions } from './jars/server-versions.ts';
export { APP_NAMES, FREE_PORTS, type AppName, type PublicPorts } from './ports/stack-ports.ts';
export { StackError, type StackErrorCode } from './stack-error.ts';
export { LocalStack } from './stack/local-stack.ts';
export { type Part } from './stack/part.ts';
export { type ServerGroup, type StackOptions } from './stack/stack-options.ts';
export { createTopics } from './stack/create-topics.ts';
export { startStack } from './stack/start-stack.ts';
