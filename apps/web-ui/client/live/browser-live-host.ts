import { type LiveSnapshot } from '../../src/protocol/live-protocol.ts';
import { getJson } from '../get-json.ts';
import { type LiveConnectionHost } from './live-connection.ts';

export const browserLiveHost: LiveConnectionHost = {
  open: (url) => new EventSource(url),
  getSnapshot: () => getJson<LiveSnapshot>('/v1/live/snapshot'),
  later(run, delayMs) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};
