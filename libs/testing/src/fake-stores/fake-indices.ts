/** The result of a document that is not stored. */
export interface ItemRefusal {
  readonly status: number;
  readonly error: { readonly type: string; readonly reason: string };
}

interface Target {
  readonly _index: string;
  readonly _id: string;
}

/** `external`: newer than what is there; `external_gte`: or as new. */
interface Versioned {
  readonly version?: number;
  readonly version_type?: 'external' | 'external_gte';
}

/** One of them: `create` keeps what is there, `index` replaces it where it is still in the state that is named. */
interface BulkAction {
  readonly create?: Target;
  readonly index?: Target & { readonly if_seq_no?: number } & Versioned;
  readonly delete?: Target & Versioned;
}

/** The documents behind `FakeElasticsearch`, with the item results of Elasticsearch 9.5. */
export class FakeIndices {
  /** Source lines by `index/id`. */
  readonly documents = new Map<string, string>();
  /** Of each place that was written with a version. */
  private readonly versions = new Map<string, number>();
  /** Of each place, how often it changed. */
  private readonly states = new Map<string, number>();
  refuse: (id: string) => ItemRefusal | undefined = () => undefined;

  /** Carries out a `_bulk` body; one result for each action. */
  bulk(body: string) {
    const lines = body.split('\n');
    const items = [];
    for (let at = 0; at + 1 < lines.length; at += 1) {
      const { create, index, delete: gone } = JSON.parse(lines[at]!) as BulkAction;
      if (create) items.push({ create: this.store(create, lines[++at]!, 0) });
      if (index) items.push({ index: this.put(index, lines[++at]!) });
      if (gone) items.push({ delete: this.remove(gone) });
    }
    return { errors: items.some((item) => Object.values(item).some((result) => 'error' in result)), items };
  }

  /** Answers a `_mget` body. */
  multiGet(body: string) {
    const { docs } = JSON.parse(body) as { readonly docs: readonly Target[] };
    const indices = new Set([...this.documents.keys()].map((key) => key.split('/')[0]));
    const found = ({ _index: index, _id: id }: Target) => {
      const key = `${index}/${id}`;
      const source = this.documents.get(key);
      if (!indices.has(index)) return { error: { type: 'index_not_found_exception' } };
      if (source === undefined) return { found: false };
      return {
        found: true,
        _seq_no: this.states.get(key),
        _primary_term: 1,
        _source: JSON.parse(source) as unknown,
      };
    };
    return { docs: docs.map(found) };
  }

  private put(action: NonNullable<BulkAction['index']>, source: string) {
    if (action.version === undefined) return this.store(action, source, action.if_seq_no);
    const conflict = this.conflictOf(action);
    if (conflict !== undefined) return conflict;
    const result = this.store(action, source, undefined);
    if (!('error' in result)) this.versions.set(`${action._index}/${action._id}`, action.version);
    return result;
  }

  private conflictOf({ _index, _id, version = 0, version_type: type }: Target & Versioned) {
    const present = this.versions.get(`${_index}/${_id}`) ?? -1;
    const isNewer = type === 'external' ? version > present : version >= present;
    if (isNewer) return undefined;
    return { status: 409, error: { type: 'version_conflict_engine_exception', reason: 'newer is there' } };
  }

  private remove(action: NonNullable<BulkAction['delete']>) {
    const { _index: index, _id: id } = action;
    const conflict = action.version === undefined ? undefined : this.conflictOf(action);
    if (conflict !== undefined) return conflict;
    return { status: this.documents.delete(`${index}/${id}`) ? 200 : 404 };
  }

  /** @param state that the place must be in; 0 is an empty one. */
  private store({ _index: index, _id: id }: Target, source: string, state: number | undefined) {
    const refused = this.refuse(id);
    if (refused) return refused;
    const key = `${index}/${id}`;
    const present = this.documents.has(key) ? this.states.get(key)! : 0;
    if (state !== undefined && state !== present) {
      return {
        status: 409,
        error: { type: 'version_conflict_engine_exception', reason: 'document already exists' },
      };
    }
    this.documents.set(key, source);
    this.states.set(key, (this.states.get(key) ?? 0) + 1);
    return { status: present === 0 ? 201 : 200 };
  }
}
