import { type DocumentStore } from '../elasticsearch/document-store.ts';
import { effectFault } from '../elasticsearch/index-effect.ts';
import { type IndexTemplate } from '../elasticsearch/index-template.ts';
import { StoreError } from '../elasticsearch/store-error.ts';
import { dayIndex } from './index-name.ts';

/**
 * Keeps the templates and the indices of tables in place and looks whether they take effect. No document is written into an index before that:
 * Elasticsearch would guess a mapping for it, and a mapping cannot be taken back.
 */
export class IndexTemplates {
  private readonly byTopic: ReadonlyMap<string, IndexTemplate>;
  private arePlaced = false;
  private placing: Promise<void> | undefined;
  /** Indices that were found right since the last {@link check}, by topic. */
  private right = new Map<string, string>();

  constructor(
    private readonly store: DocumentStore,
    templates: readonly IndexTemplate[],
    private readonly nowMs: () => number = () => Date.now(),
  ) {
    this.byTopic = new Map(templates.map((template) => [template.topic, template]));
  }

  /**
   * Resolves if documents of the topic may be written into the indices; at once if that was found out lately.
   * @throws StoreError `foreign-index` if one of them is not, or would not become, what the template says.
   */
  async ensured(topic: string, indices: Iterable<string>): Promise<void> {
    if (!this.arePlaced) await this.place();
    for (const index of indices) {
      if (!this.right.has(index)) await this.verify(topic, index);
    }
  }

  /**
   * Puts what is missing or older, and looks again at today's indices and at those that were written since the last look.
   * @throws StoreError
   */
  async check(): Promise<void> {
    await this.place();
    const indices = new Map(this.right);
    for (const [topic, { alias }] of this.byTopic)
      indices.set(alias === undefined ? dayIndex(topic, this.nowMs()) : topic, topic);
    this.right = new Map();
    const failures: unknown[] = [];
    for (const [index, topic] of indices) {
      await this.verify(topic, index).catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw failures[0];
  }

  /** Calls that overlap share one look. */
  private place(): Promise<void> {
    this.placing ??= this.placeAll().finally(() => (this.placing = undefined));
    return this.placing;
  }

  private async placeAll(): Promise<void> {
    for (const template of this.byTopic.values()) await this.store.ensureTemplate(template);
    this.arePlaced = true;
  }

  private async verify(topic: string, index: string): Promise<void> {
    const template = this.byTopic.get(topic);
    if (template === undefined) throw new Error(`no index template of topic ${topic}`);
    if (template.alias !== undefined) await this.store.ensureAlias(topic, template.alias);
    const fault = effectFault(index, await this.store.indexEffect(index), template);
    if (fault !== undefined) {
      const reason = `${index}: ${fault}`;
      throw new StoreError('foreign-index', reason, reason);
    }
    this.right.set(index, topic);
  }
}
