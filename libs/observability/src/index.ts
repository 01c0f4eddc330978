export { appSettings } from './app-settings.ts';
export { checkHealth } from './check-health.ts';
export { createLogger, LOG_LEVELS, type Logger, type LogLevel } from './logger.ts';
export { ObservabilityModule } from './observability.module.ts';
export { PipelineMetrics } from './pipeline-metrics.ts';
export { Readiness, type ReadinessCheck } from './readiness.ts';
export { runApp, type AppOptions } from './run-app.ts';
export { LOGGER, METRICS_REGISTRY } from './tokens.ts';
