import { setTimeout as pause } from 'node:timers/promises';
import { type Browser, type Page } from 'playwright-core';
import { eventually } from '@pipeline/testing';

/** No other visitor of a measurement picks it, so that every move of its bar belongs to a click. */
export const MEASURED_COLOR = 'purple';

/** Notes when the visitor clicked, by the machine's clock. */
const NOTE_CLICKS = `{
  window.clickedAt = [];
  addEventListener('click', () => window.clickedAt.push(Date.now()), true);
}`;

/** Notes when the bar's row showed another count: at the frame after, which is when somebody can see it. */
const NOTE_MOVES = `{
  const list = document.querySelector('.bars:has(.color-${MEASURED_COLOR})');
  const shown = () => list.querySelector('.color-${MEASURED_COLOR} .bar-count').textContent;
  window.movedAt = [];
  let before = shown();
  new MutationObserver(() => {
    if (shown() === before) return;
    before = shown();
    requestAnimationFrame(() => window.movedAt.push(Date.now()));
  }).observe(list, { subtree: true, childList: true, characterData: true });
}`;

/**
 * A page to click on and a dashboard that shows it, each in a browser of its own as two people have them: of two tabs
 * of one browser, the one behind draws once a second. Both tell the time by the clock of this machine.
 */
export class BarMoves {
  private constructor(
    readonly page: Page,
    private readonly dashboard: Page,
  ) {}

  static async open([own, other]: readonly [Browser, Browser], url: string): Promise<BarMoves> {
    const dashboard = await other.newPage({ locale: 'en-US' });
    await dashboard.goto(`${url}/dashboard`);
    await dashboard.locator(`.bars .color-${MEASURED_COLOR}`).waitFor();
    await dashboard.evaluate(NOTE_MOVES);
    const page = await own.newPage({ locale: 'en-US' });
    await page.goto(url);
    await page.getByRole('textbox').fill('Ada');
    await page.evaluate(NOTE_CLICKS);
    return new BarMoves(page, dashboard);
  }

  /**
   * Clicks, one after the other at moments of their own, each after the bar has moved for the one before.
   * @returns milliseconds from each click to its bar.
   */
  async measure(clicks: number): Promise<number[]> {
    const samplesMs: number[] = [];
    const already = (await this.times(this.dashboard, 'movedAt')).length;
    const before = (await this.times(this.page, 'clickedAt')).length;
    for (let click = 0; click < clicks; click++) {
      await this.page.getByRole('button', { name: new RegExp(MEASURED_COLOR, 'i') }).click();
      const moved = await this.time(this.dashboard, 'movedAt', already + click);
      const clicked = await this.time(this.page, 'clickedAt', before + click);
      samplesMs.push(moved - clicked);
      await pause(100 + 700 * Math.random());
    }
    return samplesMs;
  }

  async close(): Promise<void> {
    await this.page.close();
    await this.dashboard.close();
  }

  private time(page: Page, name: string, index: number): Promise<number> {
    const patience = { timeoutMs: 30_000, intervalMs: 25 };
    return eventually(async () => {
      const found = (await this.times(page, name))[index];
      if (found === undefined) throw new Error(`The bar did not move: ${name} ${index}`);
      return found;
    }, patience);
  }

  private times(page: Page, name: string): Promise<readonly number[]> {
    return page.evaluate<number[]>(`window.${name}`);
  }
}
