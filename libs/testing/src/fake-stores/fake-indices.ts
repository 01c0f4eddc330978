/** The result of a document that is not stored. */
export interface ItemRefusal {
  readonly status: number;
  readonly error: { readonly type: string; readonly reason: string };
}

interface BulkAction {
  readonly create: { readonly _index: string; readonly _id: string };
}

/** The documents behind `FakeElasticsearch`, with the item results of Elasticsearch 9.5. */
export class FakeIndices {
  /** Source lines by `index/id`. */
  readonly documents = new Map<string, string>();
  refuse: (id: string) => ItemRefusal | undefined = () => undefined;

  /** Creates the documents of a `_bulk` body that are not there yet; one result for each. */
  bulk(body: string) {
    const lines = body.split('\n');
    const items = [];
    for (let at = 0; at + 1 < lines.length; at += 2) {
      const { create } = JSON.parse(lines[at]!) as BulkAction;
      items.push({ create: this.create(create, lines[at + 1]!) });
    }
    return { errors: items.some(({ create }) => 'error' in create), items };
  }

  private create({ _index: index, _id: id }: BulkAction['create'], source: string) {
    const refused = this.refuse(id);
    if (refused) return refused;
    const key = `${index}/${id}`;
    if (this.documents.has(key)) {
      return {
        status: 409,
        error: { type: 'version_conflict_engine_exception', reason: 'document already exists' },
      };
    }
    this.documents.set(key, source);
    return { status: 201 };
  }
}
