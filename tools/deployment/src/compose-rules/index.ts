import { type ComposeRule } from './compose-rule.ts';
import { graceIsEnough, memoryIsLimited, oursAreConfined, portsAreLocal } from './confinement.ts';
import { imagesAreOurs, imagesArePinned, versionsAreTested } from './images.ts';
import { settingsExist } from './settings.ts';
import { startIsGated, waitsEnd } from './start-order.ts';
import { volumesExist } from './volumes.ts';

export { strangeVariables, variablesWithoutDefault } from './settings.ts';

export const COMPOSE_RULES: Readonly<Record<string, ComposeRule>> = {
  graceIsEnough,
  imagesAreOurs,
  imagesArePinned,
  memoryIsLimited,
  oursAreConfined,
  portsAreLocal,
  settingsExist,
  startIsGated,
  versionsAreTested,
  volumesExist,
  waitsEnd,
};
