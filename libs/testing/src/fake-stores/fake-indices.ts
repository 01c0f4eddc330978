/** The result of a document that is not stored. */
export interface ItemRefusal {
  readonly status: number;
  readonly error: { readonly type: string; readonly reason: string };
}

interface Target {
  readonly _index: string;
  readonly _id: string;
}

/** One of the two: `create` keeps what is there, `index` replaces it. */
interface BulkAction {
  readonly create?: Target;
  readonly index?: Target;
}

/** The documents behind `FakeElasticsearch`, with the item results of Elasticsearch 9.5. */
export class FakeIndices {
  /** Source lines by `index/id`. */
  readonly documents = new Map<string, string>();
  refuse: (id: string) => ItemRefusal | undefined = () => undefined;

  /** Carries out a `_bulk` body; one result for each action. */
  bulk(body: string) {
    const lines = body.split('\n');
    const items = [];
    for (let at = 0; at + 1 < lines.length; at += 2) {
      const { create, index } = JSON.parse(lines[at]!) as BulkAction;
      if (create) items.push({ create: this.store(create, lines[at + 1]!, false) });
      if (index) items.push({ index: this.store(index, lines[at + 1]!, true) });
    }
    return { errors: items.some((item) => Object.values(item).some((result) => 'error' in result)), items };
  }

  private store({ _index: index, _id: id }: Target, source: string, replace: boolean) {
    const refused = this.refuse(id);
    if (refused) return refused;
    const key = `${index}/${id}`;
    if (this.documents.has(key) && !replace) {
      return {
        status: 409,
        error: { type: 'version_conflict_engine_exception', reason: 'document already exists' },
      };
    }
    this.documents.set(key, source);
    return { status: 201 };
  }
}
