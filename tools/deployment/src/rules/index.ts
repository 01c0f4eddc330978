import { serversAreReachable } from './egress.ts';
import { filesAreMounted } from './files.ts';
import { imagesArePinned } from './images.ts';
import { portsExist } from './ports.ts';
import { probesFit } from './probes.ts';
import { resourcesFit } from './resources.ts';
import { type Rule } from './rule.ts';
import { scalersFit } from './scaling.ts';
import { podsAreRestricted } from './security.ts';
import { selectorsMatch } from './selectors.ts';
import { settingsExist } from './settings.ts';
import { graceIsEnough } from './stopping.ts';

/** What schemas cannot see. */
export const RULES: Readonly<Record<string, Rule>> = {
  filesAreMounted,
  graceIsEnough,
  imagesArePinned,
  podsAreRestricted,
  portsExist,
  probesFit,
  resourcesFit,
  scalersFit,
  selectorsMatch,
  serversAreReachable,
  settingsExist,
};
