import { hostname } from 'node:os';
import { TOPICS } from '@pipeline/event-schema';

export interface ShippingSettings {
  /** Where log lines go, OTLP/HTTP in JSON. */
  readonly logsEndpoint: string;
  readonly logsHeaders: Readonly<Record<string, string>>;
}

/** Lines that wait for a receiver that is away; what comes on top is dropped, so it costs no memory. */
const MAX_WAITING_LINES = 2_048;
/** Of one request, so that no receiver finds it too large. */
const MAX_LINES_AT_ONCE = 256;
const SHIPPING_INTERVAL_MS = 1_000;
const TIMEOUT_MS = 10_000;
const CLOSE_TIMEOUT_MS = 2_000;
const NANOSECONDS_OF_MS = 1_000_000;

const SEVERITIES: Readonly<Record<string, number>> = {
  trace: 1,
  debug: 5,
  info: 9,
  warn: 13,
  error: 17,
  fatal: 21,
};

type Attribute = { readonly key: string; readonly value: Readonly<Record<string, unknown>> };

/**
 * Log lines of an app on their way to a receiver of OTLP, such as our collector. A line about the storing of logs stays at home:
 * it would lead to another one. A receiver that is away costs lines, never work of the app.
 */
export class LogShipper {
  private waiting: string[] = [];
  private timer: NodeJS.Timeout | undefined;
  private shipping: Promise<void> = Promise.resolve();
  private readonly resource: { readonly attributes: readonly Attribute[] };
  private lastMs = 0;
  private place = 0;

  constructor(
    app: string,
    private readonly settings: ShippingSettings,
  ) {
    this.resource = {
      attributes: [
        textAttribute('service.name', app),
        textAttribute('service.instance.id', `${hostname()}-${process.pid}`),
        textAttribute('host.name', hostname()),
      ],
    };
  }

  /** Takes a line of JSON, as pino writes it. */
  write(line: string): void {
    const fields = JSON.parse(line) as Record<string, unknown>;
    if (isAboutLogs(fields['topic']) || this.waiting.length >= MAX_WAITING_LINES) return;
    this.waiting.push(JSON.stringify(this.recordOf(fields)));
    this.shipLater();
  }

  /** Hands over what waits, within bounded time. Never rejects. */
  async close(): Promise<void> {
    clearTimeout(this.timer);
    const overdue = new Promise<void>((resolve) => void setTimeout(resolve, CLOSE_TIMEOUT_MS).unref());
    await Promise.race([this.shipping.then(() => this.ship()), overdue]);
  }

  private shipLater(): void {
    this.timer ??= setTimeout(() => {
      this.shipping = this.ship().then(() => {
        this.timer = undefined;
        if (this.waiting.length > 0) this.shipLater();
      });
    }, SHIPPING_INTERVAL_MS).unref();
  }

  /** What the receiver asks for again, or did not answer, is sent again with the next lines. */
  private async ship(): Promise<void> {
    const resource = JSON.stringify(this.resource);
    while (this.waiting.length > 0) {
      const lines = this.waiting.splice(0, MAX_LINES_AT_ONCE);
      const body = `{"resourceLogs":[{"resource":${resource},"scopeLogs":[{"logRecords":[${lines.join()}]}]}]}`;
      if (await this.post(body)) continue;
      this.waiting = [...lines, ...this.waiting].slice(0, MAX_WAITING_LINES);
      return;
    }
  }

  private async post(body: string): Promise<boolean> {
    const { logsEndpoint, logsHeaders } = this.settings;
    try {
      const { status } = await fetch(logsEndpoint, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...logsHeaders },
        body,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      return status !== 429 && status < 500;
    } catch {
      return false;
    }
  }

  private recordOf({
    time,
    level,
    msg,
    err,
    trace_id,
    span_id,
    app: _app,
    ...rest
  }: Record<string, unknown>) {
    const attributes = Object.entries(rest).map(([key, value]) => ({ key, value: valueOf(value) }));
    return {
      timeUnixNano: this.nanosecondsOf(Date.parse(String(time))),
      severityNumber: SEVERITIES[String(level)],
      severityText: String(level).toUpperCase(),
      body: { stringValue: typeof msg === 'string' ? msg : '' },
      attributes: [...attributes, ...exceptionOf(err)],
      ...(trace_id !== undefined && { traceId: trace_id }),
      ...(span_id !== undefined && { spanId: span_id }),
    };
  }

  /** Lines of one millisecond are told apart, and ordered, by their last digits: equal records are one to the collector. */
  private nanosecondsOf(ms: number): string {
    this.place = ms === this.lastMs ? this.place + 1 : 0;
    this.lastMs = ms;
    return String(BigInt(ms) * BigInt(NANOSECONDS_OF_MS) + BigInt(this.place % NANOSECONDS_OF_MS));
  }
}

function isAboutLogs(topic: unknown): boolean {
  const { name } = TOPICS.logRecord;
  return typeof topic === 'string' && (topic === name || topic.startsWith(`${name}.`));
}

function textAttribute(key: string, stringValue: string): Attribute {
  return { key, value: { stringValue } };
}

function valueOf(value: unknown): Attribute['value'] {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number') return { doubleValue: value };
  return { stringValue: JSON.stringify(value) ?? '' };
}

/** By the names of OpenTelemetry's semantic conventions. */
function exceptionOf(err: unknown): Attribute[] {
  if (typeof err !== 'object' || err === null) return [];
  const { type, message, stack } = err as Record<string, unknown>;
  const named = { 'exception.type': type, 'exception.message': message, 'exception.stacktrace': stack };
  return Object.entries(named).flatMap(([key, value]) =>
    typeof value === 'string' ? [textAttribute(key, value)] : [],
  );
}
