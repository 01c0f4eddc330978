import {
  type DocumentPlace,
  type DocumentStore,
  type FoundDocument,
  type ItemResult,
  type KeptDeletion,
  type Replacement,
  type RowDocument,
  type StoredDocument,
} from '../src/elasticsearch/document-store.ts';
import { type IndexEffect } from '../src/elasticsearch/index-effect.ts';
import { type IndexTemplate, PURGE_AFTER, type TableAlias } from '../src/elasticsearch/index-template.ts';
import { StoreError } from '../src/elasticsearch/store-error.ts';

/** What the next `createAll` does instead of its work. */
export type StoreFault =
  /** Fails without storing anything. */
  | { readonly kind: 'fail'; readonly error: StoreError }
  /** Stores, then fails: the reply was lost. */
  | { readonly kind: 'lose-reply'; readonly error: StoreError }
  /** Answers only when `until` resolves. */
  | { readonly kind: 'hang'; readonly until: Promise<unknown> };

/** Documents in memory, with create-once semantics, the requests it got, and failures on demand. */
export class MemoryDocumentStore implements DocumentStore {
  /** By `index/id`. */
  readonly documents = new Map<string, StoredDocument>();
  readonly templates: IndexTemplate[] = [];
  /** By alias, the index that was made behind it. */
  readonly aliases = new Map<string, string>();
  /** Rows and deletions, by `alias/id`. */
  readonly rows = new Map<string, { readonly version: number; readonly source: Record<string, unknown> }>();
  /** Ids of every request, in the order they arrived. */
  readonly requests: string[][] = [];
  /** The places of every look-up. */
  readonly lookUps: string[][] = [];
  /** Used up one per `createAll`, first first. */
  readonly faults: StoreFault[] = [];
  /** While set, `ensureTemplate` fails with it. */
  templateError?: StoreError;
  changedEffect: Partial<IndexEffect> = {};
  /** Index names in the order in which they were asked for. */
  readonly effectsAsked: string[] = [];
  /** Requests of more bytes of source fail as too large. */
  maxRequestBytes = Infinity;
  /** Comes between a look-up and what is replaced after it. */
  beforeReplacing: () => void = () => undefined;
  private readonly states = new Map<StoredDocument, number>();
  inFlight = 0;
  maxInFlight = 0;
  /** The result of a document that is not stored; `undefined` stores it. */
  refuse: (document: StoredDocument) => ItemResult | undefined = () => undefined;

  ensureTemplate(template: IndexTemplate): Promise<void> {
    if (this.templateError) return Promise.reject(this.templateError);
    this.templates.push(template);
    return Promise.resolve();
  }

  ensureAlias(alias: string, { index }: TableAlias): Promise<void> {
    if (!this.aliases.has(alias)) this.aliases.set(alias, index);
    return Promise.resolve();
  }

  /** As Elasticsearch would make it of the template that was put last, with what `changedEffect` says. */
  indexEffect(index: string): Promise<IndexEffect> {
    this.effectsAsked.push(index);
    const { mappings = {} } =
      (this.templates.find(({ topic }) => topic === index) ?? this.templates.at(-1))?.body.template ?? {};
    const existingName = this.aliases.get(index);
    const isFiltered = existingName !== undefined;
    const settings = { 'index.mapping.total_fields.ignore_dynamic_beyond_limit': 'true' };
    return Promise.resolve({ existingName, isFiltered, mappings, settings, ...this.changedEffect });
  }

  async createAll(documents: readonly StoredDocument[]): Promise<readonly ItemResult[]> {
    this.requests.push(documents.map(({ id }) => id));
    this.inFlight += 1;
    this.maxInFlight = Math.max(this.maxInFlight, this.inFlight);
    try {
      return await this.answer(documents, this.faults.shift());
    } finally {
      this.inFlight -= 1;
    }
  }

  putNewest(documents: readonly RowDocument[]): Promise<readonly ItemResult[]> {
    this.requests.push(documents.map(({ id }) => id));
    return Promise.resolve(documents.map((document) => this.put(document)));
  }

  findOldDeletions(table: string, now: Date): Promise<readonly KeptDeletion[]> {
    const old = [...this.rows].filter(([place, { source }]) => {
      const until = source[PURGE_AFTER];
      return place.startsWith(`${table}/`) && typeof until === 'string' && until < now.toISOString();
    });
    return Promise.resolve(
      old.map(([place, { version }]) => ({ index: table, id: place.slice(table.length + 1), version })),
    );
  }

  forgetDeletions(deletions: readonly KeptDeletion[]): Promise<readonly ItemResult[]> {
    return Promise.resolve(
      deletions.map(({ index, id, version }) => {
        const place = `${index}/${id}`;
        if ((this.rows.get(place)?.version ?? -1) > version) return { status: 409 };
        return { status: this.rows.delete(place) ? 200 : 404 };
      }),
    );
  }

  findAll(places: readonly DocumentPlace[]): Promise<readonly (FoundDocument | undefined)[]> {
    this.lookUps.push(places.map(({ index, id }) => `${index}/${id}`));
    return Promise.resolve(places.map((place) => this.found(place)));
  }

  replaceAll(replacements: readonly Replacement[]): Promise<readonly ItemResult[]> {
    this.beforeReplacing();
    return Promise.resolve(replacements.map((replacement) => this.replace(replacement)));
  }

  removeAll(places: readonly DocumentPlace[]): Promise<readonly ItemResult[]> {
    return Promise.resolve(
      places.map(({ index, id }) => ({ status: this.documents.delete(`${index}/${id}`) ? 200 : 404 })),
    );
  }

  private put(document: RowDocument): ItemResult {
    const { index, id, sourceBytes } = document;
    const place = `${index}/${id}`;
    const version = Number(document.version);
    const present = this.rows.get(place);
    if (present !== undefined && present.version >= version)
      return { status: 409, error: { type: 'version_conflict_engine_exception', reason: place } };
    const source = Buffer.alloc(sourceBytes);
    document.writeSource(source, 0);
    this.rows.set(place, { version, source: JSON.parse(source.toString()) as Record<string, unknown> });
    return { status: present === undefined ? 201 : 200 };
  }

  private found({ index, id }: DocumentPlace): FoundDocument | undefined {
    const document = this.documents.get(`${index}/${id}`);
    if (document === undefined) return undefined;
    return { index, id, receipt: document.receipt, state: this.stateOf(document) };
  }

  private replace({ document, found }: Replacement): ItemResult {
    const key = `${document.index}/${document.id}`;
    const present = this.documents.get(key);
    const isSame = present !== undefined && this.stateOf(present).if_seq_no === found.state.if_seq_no;
    if (!isSame) return { status: 409, error: { type: 'version_conflict_engine_exception', reason: key } };
    this.documents.set(key, document);
    return { status: 200 };
  }

  private stateOf(document: StoredDocument): FoundDocument['state'] {
    const known = this.states.get(document) ?? this.states.size;
    this.states.set(document, known);
    return { if_seq_no: known, if_primary_term: 1 };
  }

  private async answer(
    documents: readonly StoredDocument[],
    fault?: StoreFault,
  ): Promise<readonly ItemResult[]> {
    await (fault?.kind === 'hang' ? fault.until : undefined);
    if (fault?.kind === 'fail') throw fault.error;
    const bytes = documents.reduce((sum, { sourceBytes }) => sum + sourceBytes, 0);
    if (bytes > this.maxRequestBytes) throw new StoreError('too-large', `${bytes} bytes`);
    const results = documents.map((document) => this.create(document));
    if (fault?.kind === 'lose-reply') throw fault.error;
    return results;
  }

  private create(document: StoredDocument): ItemResult {
    const refused = this.refuse(document);
    if (refused) return refused;
    const key = `${document.index}/${document.id}`;
    if (this.documents.has(key))
      return { status: 409, error: { type: 'version_conflict_engine_exception', reason: key } };
    this.documents.set(key, document);
    return { status: 201 };
  }
}
