import { overlayIsTaken, secretsAreMade } from './apply.ts';
import { type Check } from './check.ts';
import { collectorFollowsItsLoad } from './cpu.ts';
import { drainHeedsTheBudget } from './drain.ts';
import { kedaReadsTheLag, sinksFollowTheirLag } from './lag.ts';
import { isSecure, overlayIsChangedForThisMachine } from './own-overlay.ts';
import { mistakesAreRefused } from './refusals.ts';
import { everythingRollsOut, podsSpread, servicesLeadToPods } from './rollout.ts';
import { podsAreRestricted, podsHaveNoToken } from './security.ts';
import { sinksScaleByHand, updatesGoAndComeBack } from './update.ts';

/** In their order: each works on what the ones before it have left. */
export function checksOf(overlay: string, withKeda: boolean): readonly Check[] {
  return [
    ...(isSecure(overlay) ? [secretsAreMade] : []),
    overlayIsTaken,
    everythingRollsOut,
    podsAreRestricted,
    podsHaveNoToken,
    servicesLeadToPods,
    sinksScaleByHand,
    updatesGoAndComeBack,
    podsSpread,
    drainHeedsTheBudget,
    mistakesAreRefused,
    overlayIsChangedForThisMachine,
    collectorFollowsItsLoad,
    ...(withKeda ? [kedaReadsTheLag, sinksFollowTheirLag] : []),
  ];
}
