import 'reflect-metadata';

export { type Acceptance, Intake } from './accept/intake.ts';
export { exceedsJsonLimits, JSON_LIMITS, type JsonLimits } from './accept/json-limits.ts';
export { hasOtherSpelling, parseAsSpelt } from './accept/number-spelling.ts';
export { type FinishedEvent } from './accept/request-draft.ts';
export { IntakeModule } from './accept/intake.module.ts';
export { type IntakeOptions, intakeSettings, type IntakeValues } from './intake-settings.ts';
export { type Origin } from './origin.ts';
export { type Durability } from './publish/event-publisher.ts';
export { type RejectedValue } from './reject/rejected-log.ts';
export { IntakeRefusal, type IntakeRefusalCode } from './refusal.ts';
