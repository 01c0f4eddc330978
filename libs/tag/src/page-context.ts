import { type PageContext, type TagStorage } from './tag-host.ts';

const VISITOR = 'pipeline.visitor';
const SESSION = 'pipeline.session';
const MAX_URL_CHARACTERS = 2_048;

/**
 * What events say of page and visitor. Addresses lose query and fragment. With Global Privacy Control or Do Not Track
 * there is no referrer and no id, and an id from before is forgotten.
 */
export function pageContext(storage: TagStorage, uuid: () => string): PageContext {
  const page_url = address(location.href);
  const { globalPrivacyControl, doNotTrack } = navigator as {
    globalPrivacyControl?: boolean;
    doNotTrack?: string;
  };
  if (globalPrivacyControl || doNotTrack === '1') {
    storage.remove(VISITOR);
    return { page_url };
  }
  const referrer = document.referrer && address(document.referrer);
  const visitor_id = remembered(VISITOR, storage, uuid);
  return { page_url, referrer, visitor_id, session_id: remembered(SESSION, tabStorage(), uuid) };
}

function address(url: string): string {
  return url.replace(/[?#].*/s, '').slice(0, MAX_URL_CHARACTERS);
}

type Memory = Pick<TagStorage, 'get' | 'set'>;

function remembered(key: string, memory: Memory, uuid: () => string): string {
  const known = memory.get(key);
  if (known) return known;
  const id = uuid();
  memory.set(key, id);
  return id;
}

let session: string | null = null;

/** A session lasts as long as its tab; without storage, as long as its page. */
function tabStorage(): Memory {
  return {
    get(key) {
      try {
        return sessionStorage.getItem(key);
      } catch {
        return session;
      }
    },
    set(key, value) {
      session = value;
      try {
        sessionStorage.setItem(key, value);
      } catch {
        // Forbidden: `session` has it.
      }
    },
  };
}
