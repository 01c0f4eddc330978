import { browserStorage } from './browser-storage.ts';
import { type PageContext, type TagStorage } from './tag-host.ts';

const VISITOR = 'pipeline.visitor';
const SESSION = 'pipeline.session';
const MAX_URL_CHARACTERS = 2_048;

/** A session lasts as long as its tab; without storage, as long as its page. */
const tabStorage = browserStorage(() => sessionStorage);

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
  // An element with `name="referrer"` stands before the document's own property.
  const referrer = address(document.referrer + '');
  const visitor_id = remembered(VISITOR, storage, uuid);
  return { page_url, referrer, visitor_id, session_id: remembered(SESSION, tabStorage, uuid) };
}

function address(url: string): string {
  return url.replace(/[?#].*/s, '').slice(0, MAX_URL_CHARACTERS);
}

function remembered(key: string, storage: TagStorage, uuid: () => string): string {
  const known = storage.get(key);
  if (known) return known;
  const id = uuid();
  storage.set(key, id);
  return id;
}
