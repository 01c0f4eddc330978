import { type MessageClient } from '../src/kafka-clients.ts';
import { type EachMessagePayload, type Message } from '../src/kafkajs/kafkajs.ts';

type Listener = (event: { payload: object }) => void;
type Handle = (payload: EachMessagePayload) => Promise<void>;

const EVENTS = {
  GROUP_JOIN: 'join',
  CRASH: 'crash',
  CONNECT: 'connect',
  DISCONNECT: 'disconnect',
  REBALANCING: 'rebalancing',
  STOP: 'stop',
} as const;

/** Topics of one partition in memory, for consumers that take one message after the other, as kafkajs hands them over. */
export class MemoryMessageKafka {
  /** Everything that was sent to a topic. */
  readonly sent: { readonly topic: string; readonly message: Message }[] = [];
  /** Sending what it says true to fails. */
  refuses: (topic: string, message: Message) => boolean = () => false;
  /** How many consumers have joined so far. */
  joins = 0;
  private consumers = new Set<MemoryConsumer>();

  /** In the place of kafkajs's client. */
  readonly client = {
    consumer: () => new MemoryConsumer(this.consumers, () => this.joins++),
    producer: () => ({
      ...{ events: EVENTS, on: () => undefined },
      ...{ connect: () => Promise.resolve(), disconnect: () => Promise.resolve() },
      send: ({ topic, messages }: { topic: string; messages: Message[] }) => this.send(topic, messages),
    }),
    admin: () => ({
      ...{ connect: () => Promise.resolve(), disconnect: () => Promise.resolve() },
      deleteGroups: () => Promise.resolve(),
    }),
  } as unknown as MessageClient;

  async send(topic: string, messages: readonly Message[]): Promise<void> {
    for (const message of messages) {
      if (this.refuses(topic, message)) throw new Error('too large');
      this.sent.push({ topic, message });
      for (const consumer of this.consumers) await consumer.take(topic, message);
    }
  }

  /** As kafkajs does when a consumer cannot go on; without `restart` it never joins again. */
  crash(restart: boolean): void {
    for (const consumer of this.consumers) consumer.crash(restart);
  }
}

class MemoryConsumer {
  readonly events = EVENTS;
  private readonly listeners: [string, Listener][] = [];
  private topics: string[] = [];
  private handle: Handle | undefined;

  constructor(
    private readonly running: Set<MemoryConsumer>,
    private readonly onJoin: () => void,
  ) {}

  on(event: string, listener: Listener): void {
    this.listeners.push([event, listener]);
  }

  connect(): Promise<void> {
    return Promise.resolve();
  }

  disconnect(): Promise<void> {
    this.running.delete(this);
    return Promise.resolve();
  }

  subscribe({ topics }: { topics: string[] }): Promise<void> {
    this.topics = topics;
    return Promise.resolve();
  }

  run({ eachMessage }: { eachMessage: Handle }): Promise<void> {
    this.handle = eachMessage;
    this.running.add(this);
    this.onJoin();
    const memberAssignment = Object.fromEntries(this.topics.map((topic) => [topic, [0]]));
    this.emit(EVENTS.GROUP_JOIN, { memberAssignment });
    return Promise.resolve();
  }

  /** An error of the handler ends the consumer for good, as in kafkajs once its retries are used up. */
  async take(topic: string, { key = null, value, headers = {} }: Message): Promise<void> {
    if (!this.topics.includes(topic)) return;
    const sent = Object.entries(headers).map(([name, one]) => [
      name,
      one === null ? null : Buffer.from(String(one)),
    ]);
    const bytes = (part: Buffer | string | null) => (typeof part === 'string' ? Buffer.from(part) : part);
    const message = {
      ...{ key: bytes(key), value: bytes(value), headers: Object.fromEntries(sent) as object },
      ...{ offset: '0', attributes: 0, timestamp: String(Date.now()) },
    };
    const payload = { topic, partition: 0, message, heartbeat: () => Promise.resolve() };
    await this.handle?.(payload as unknown as EachMessagePayload).catch(() => this.crash(false));
  }

  crash(restart: boolean): void {
    if (!restart) this.running.delete(this);
    this.emit(EVENTS.CRASH, { error: new Error('not allowed'), groupId: 'spec', restart });
  }

  private emit(event: string, payload: object): void {
    for (const [name, listener] of this.listeners) if (name === event) listener({ payload });
  }
}
