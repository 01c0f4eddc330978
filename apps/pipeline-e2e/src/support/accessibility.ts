import axe from 'axe-core';
import { type Page } from 'playwright-core';

/** What axe finds wrong with a page as it is now, one line for each place. */
export async function accessibilityViolations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate<string[]>(
    `axe.run().then(({ violations }) => violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => [id, target, failureSummary].join(' '))))`,
  );
}
