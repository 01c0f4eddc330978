import { eventually } from '@pipeline/testing';
import { expect } from '@jest/globals';
import { type Locator, type Page } from 'playwright-core';

const PATIENCE = { timeoutMs: 60_000, intervalMs: 250 };

/** A number of the dashboard as people read it. */
function numberIn(text: string): number {
  return Number(text.replace(/[^\d.]/g, ''));
}

/** The figures across the top by their names: `picks`, `views`, `visitors`, `conversion` in percent, … */
export async function figures(dashboard: Page): Promise<Record<string, number>> {
  const cards = await dashboard.locator('.figure').all();
  const entries = cards.map(async (card) => [
    (await card.getAttribute('data-figure')) ?? '',
    numberIn(await card.locator('.figure-value').innerText()),
  ]);
  return Object.fromEntries(await Promise.all(entries)) as Record<string, number>;
}

/** A panel by its title. */
export function panel(dashboard: Page, title: string): Locator {
  return dashboard.locator('.panel', { has: dashboard.getByRole('heading', { name: title, exact: true }) });
}

/** The rows of a list, all of them: the name of each with its numbers (count, and the second count where there is one). */
export async function barsOf(dashboard: Page, title: string): Promise<Record<string, number[]>> {
  const list = panel(dashboard, title);
  const more = list.getByRole('button', { name: /^Show all/ });
  if ((await more.count()) > 0) await more.click();
  const rows = await list.locator('.bars li:not(.bar-heads)').all();
  const entries = rows.map(async (row) => [
    await row.locator('.bar-name').innerText(),
    (await row.locator('.bar-count').allInnerTexts()).map(numberIn),
  ]);
  return Object.fromEntries(await Promise.all(entries)) as Record<string, number[]>;
}

/** What the bars of a list add up to. */
export async function barTotals(dashboard: Page, title: string): Promise<number[]> {
  const rows = Object.values(await barsOf(dashboard, title));
  return [0, 1].map((index) => rows.reduce((sum, counts) => sum + (counts[index] ?? 0), 0));
}

/** The views, in their order. */
export const TABS = ['overview', 'pages', 'visitors', 'events', 'pipeline'] as const;

/** A view with everything on the screen: the apps were heard, the history has answered, what can be opened is open. */
export async function openWithEverything(
  dashboard: Page,
  webUiUrl: string,
  tab: (typeof TABS)[number],
): Promise<void> {
  await dashboard.goto(`${webUiUrl}/dashboard?tab=${tab}&compare=before`);
  if (tab === 'pipeline') {
    await eventually(async () => expect(await dashboard.locator('.station-good').count()).toBe(4), PATIENCE);
    return;
  }
  await dashboard.locator('.bars li').first().waitFor();
  await eventually(async () => expect(await dashboard.locator('.skeleton').count()).toBe(0), PATIENCE);
  for (const table of await dashboard.locator('details summary').all()) await table.click();
  if (tab !== 'events') return;
  await dashboard.locator('button.follow').first().click();
  await eventually(async () => expect(await journey(dashboard)).toHaveLength(4), PATIENCE);
}

/** The steps of the event that is followed, as they are told. */
export function journey(dashboard: Page): Promise<string[]> {
  return dashboard.locator('.steps li').allInnerTexts();
}

/** Pastes an event id and waits until the journey has ended where the words say. */
export async function journeyEnds(dashboard: Page, eventId: string, words: readonly RegExp[]): Promise<void> {
  await dashboard.locator('.event-id').fill(eventId);
  await eventually(async () => {
    // The list may have another event open.
    const steps = await dashboard.locator('.journey .steps li').allInnerTexts();
    expect(steps).toEqual(words.map((step) => expect.stringMatching(step)));
  }, PATIENCE);
}
