import { isbot } from 'isbot';
import { UAParser } from 'ua-parser-js';

/** What a browser says of itself, as far as a dashboard needs it. */
export interface Agent {
  readonly browser: string;
  readonly os: string;
  readonly device: 'desktop' | 'phone' | 'tablet' | 'bot' | 'other';
}

/** Families by the names under which people know them; versions are many and say little. */
const FAMILIES: Readonly<Record<string, string>> = {
  'Mobile Safari': 'Safari',
  'Mobile Chrome': 'Chrome',
  'Mobile Firefox': 'Firefox',
  'Chrome WebView': 'Chrome',
  'Android Browser': 'Android',
  'Mac OS': 'macOS',
  'Chromium OS': 'ChromeOS',
};

const DEVICES: Readonly<Record<string, Agent['device']>> = { mobile: 'phone', tablet: 'tablet' };
const UNKNOWN: Agent = { browser: 'other', os: 'other', device: 'other' };
const BOT: Agent = { browser: 'bot', os: 'bot', device: 'bot' };

/** Different agents are few and come again and again. */
const MAX_KNOWN = 5_000;
const known = new Map<string, Agent>();

/** The families of a `User-Agent` header. Whatever it does not know is `other`. */
export function agentOf(userAgent: string): Agent {
  let agent = known.get(userAgent);
  if (agent === undefined) {
    agent = parse(userAgent);
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(userAgent, agent);
  }
  return agent;
}

function parse(userAgent: string): Agent {
  if (userAgent === '') return UNKNOWN;
  if (isbot(userAgent)) return BOT;
  const { browser, os, device } = new UAParser(userAgent).getResult();
  if (os.name === undefined) return { ...UNKNOWN, browser: family(browser.name) };
  // Desktops are those that name no kind of device.
  const kind = device.type === undefined ? 'desktop' : (DEVICES[device.type] ?? 'other');
  return { browser: family(browser.name), os: family(os.name), device: kind };
}

function family(name = 'other'): string {
  return FAMILIES[name] ?? name;
}
