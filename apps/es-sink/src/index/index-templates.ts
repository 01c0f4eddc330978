import { type DocumentStore } from '../elasticsearch/document-store.ts';
import { type IndexTemplate } from '../elasticsearch/index-template.ts';

/**
 * Keeps the templates in place. No document is written before they are: Elasticsearch would guess a mapping for the
 * day's index, and a mapping cannot be taken back.
 */
export class IndexTemplates {
  private wereEnsured = false;
  private checking: Promise<void> | undefined;

  constructor(
    private readonly store: DocumentStore,
    private readonly templates: readonly IndexTemplate[],
  ) {}

  /**
   * Resolves at once when the templates have been in place before.
   * @throws StoreError
   */
  ensured(): Promise<void> {
    return this.wereEnsured ? Promise.resolve() : this.check();
  }

  /**
   * Looks, and puts what is missing or older. Calls that overlap share one look.
   * @throws StoreError
   */
  check(): Promise<void> {
    this.checking ??= this.ensureAll().finally(() => (this.checking = undefined));
    return this.checking;
  }

  private async ensureAll(): Promise<void> {
    for (const template of this.templates) await this.store.ensureTemplate(template);
    this.wereEnsured = true;
  }
}
