/** What a browser says of itself, as far as a dashboard needs it. */
export interface Agent {
  readonly browser: string;
  readonly device: 'desktop' | 'phone' | 'tablet' | 'bot' | 'other';
}

/**
 * First match wins: nearly every browser also names those whose pages it wants, so the most particular come first.
 * Families only; versions are many and say little.
 */
const BROWSERS: readonly (readonly [name: string, token: RegExp])[] = [
  ['Edge', /\bEdg(e|A|iOS)?\//],
  ['Opera', /\b(OPR|Opera)\b/],
  ['Samsung Internet', /\bSamsungBrowser\//],
  ['Whale', /\bWhale\//],
  ['Firefox', /\b(Firefox|FxiOS)\//],
  ['Chrome', /\b(Chrome|CriOS|HeadlessChrome)\//],
  ['Safari', /\bVersion\/[\d.]+.*\bSafari\//],
];

const BOT =
  /bot\b|crawl|spider|slurp|preview|monitor|\bcurl\/|\bwget\/|python-|\bgo-http|\bokhttp|\bnode\b|headless/i;
const TABLET = /\biPad\b|\bTablet\b|\bAndroid\b(?!.*\bMobile\b)/;
const PHONE = /\biPhone\b|\bMobile\b|\bAndroid\b/;
const DESKTOP = /\b(Windows NT|Macintosh|X11|CrOS|Linux)\b/;

/** The family of a `User-Agent` header. Pure; whatever it does not know is `other`. */
export function agentOf(userAgent: string): Agent {
  if (BOT.test(userAgent)) return { browser: 'bot', device: 'bot' };
  const browser = BROWSERS.find(([, token]) => token.test(userAgent))?.[0] ?? 'other';
  return { browser, device: deviceOf(userAgent) };
}

function deviceOf(userAgent: string): Agent['device'] {
  if (TABLET.test(userAgent)) return 'tablet';
  if (PHONE.test(userAgent)) return 'phone';
  return DESKTOP.test(userAgent) ? 'desktop' : 'other';
}
