import { createServer, type Server as TcpServer, type Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket, type TlsOptions } from 'node:tls';
import { type Logger } from '@pipeline/observability';
import { Aedes, type AuthenticateError, type Client, type PublishPacket, type Subscription } from 'aedes';
import { type DeviceAccess, type Speaker } from './device-access.ts';
import { type GatewayMetrics } from './gateway-metrics.ts';
import { type MqttAdapter, type TakeMessage } from './mqtt-adapter.ts';
import { limitPackets } from './packet-limit.ts';
import { DeviceRateLimit } from './rate-limit.ts';
import { deviceOf, isBelow, matches } from './topics.ts';

export interface DoorLimits {
  readonly maxConnections: number;
  /** Largest packet: a message with its topic. */
  readonly maxPacketBytes: number;
  /** Messages of one connection that are not acknowledged yet; one of more is cut off. */
  readonly maxInFlight: number;
  /** Payload bytes of all connections that are not acknowledged yet; a connection that brings more is cut off. */
  readonly maxInFlightBytes: number;
  /** Messages of one connection; what comes faster waits for its acknowledgement. 0: no limit. */
  readonly messagesPerSecond: number;
}

export interface DoorOptions {
  readonly host: string;
  readonly port: number;
  /** With `ca`, devices may show a certificate that it signed. */
  readonly tls: TlsOptions | undefined;
  readonly access: DeviceAccess;
  readonly limits: DoorLimits;
  /** How long a device whose message could not be made safe is kept waiting, at most, before its connection ends. */
  readonly retryAfterMs: number;
  readonly logger: Logger;
  readonly metrics: GatewayMetrics;
}

/** A connection that has not said within this time who it is, is ended. */
const CONNECT_TIMEOUT_MS = 10_000;
/** Connections that have not said yet who they are; more are refused. */
const MAX_UNKNOWN = 2_000;
const MAX_SUBSCRIPTIONS = 16;
const MAX_LEVELS = 8;
/** A device that is gone without a word is found out after so long, where it asks for no keep-alive. */
const TCP_KEEP_ALIVE_MS = 60_000;
/** The return code of CONNACK for a login that is refused. Source: MQTT 3.1.1 §3.2.2.3. */
const NOT_AUTHORIZED = 5;

/** What is known of a connection that said who it is. */
interface Session {
  readonly speaker: Speaker;
  readonly rate: DeviceRateLimit;
  readonly subscriptions: Set<string>;
  inFlight: number;
  /** Settles when all messages before are acknowledged; rejects when one of them is not. */
  last: Promise<void>;
}

/** Why a message is not acknowledged; the connection ends with it. */
class NotAcknowledged extends Error {}

/**
 * The MQTT broker in this process. It stores nothing: PUBACK (QoS 1) and PUBREC (QoS 2) follow `take`, sessions end with their
 * connection, nothing is retained, and no message goes from one device to another.
 */
export class AedesMqttDoor implements MqttAdapter {
  private readonly sessions = new WeakMap<Client, Session>();
  private readonly unknown = new Set<Socket>();
  private readonly server: TcpServer;
  private patterns: readonly string[] = [];
  private take: TakeMessage = () => Promise.reject(new Error('not open'));
  private broker: Aedes | undefined;
  private inFlightBytes = 0;
  private readonly pending = new Set<Promise<void>>();
  private isClosing = false;

  constructor(private readonly options: DoorOptions) {
    const { tls, limits } = options;
    const connected = (socket: Socket): void => this.connected(socket);
    this.server =
      tls === undefined
        ? createServer({ noDelay: true }, connected)
        : createTlsServer({ ...tls, handshakeTimeout: CONNECT_TIMEOUT_MS, noDelay: true }, connected);
    this.server.maxConnections = limits.maxConnections;
    this.server.on('drop', () => this.refused('connections'));
  }

  /** The port that it listens on. */
  get port(): number {
    const address = this.server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  async open(patterns: readonly string[], take: TakeMessage): Promise<void> {
    this.patterns = patterns;
    this.take = take;
    this.broker = await Aedes.createBroker({
      concurrency: 1_000,
      connectTimeout: CONNECT_TIMEOUT_MS,
      maxTopicLevels: MAX_LEVELS,
      preConnect: (_client, packet, done) => {
        // A session that outlives its connection would live in this process only; what a device is owed is in Kafka.
        packet.clean = true;
        const isRight = packet.will === undefined || this.isTaken(packet.will.topic);
        // Without an error the broker would leave the connection open.
        done(isRight ? null : new NotAcknowledged('will'), isRight);
      },
      authenticate: (client, username, password, done) => {
        const speaker = this.options.access.speakerOf({
          username,
          password,
          certificateName: nameOf(client),
        });
        if (speaker !== undefined) this.welcome(client, speaker);
        else this.refused('login');
        done(speaker === undefined ? notAuthorized() : null, speaker !== undefined);
      },
      authorizePublish: (client, packet, done) => this.published(client, packet, done),
      authorizeSubscribe: (client, subscription, done) =>
        done(null, this.maySubscribe(client, subscription) ? subscription : null),
      // What devices publish is for Kafka; only what this app itself publishes goes to a device.
      authorizeForward: (_client, packet) => ('clientId' in packet ? null : packet),
    });
    this.watch(this.broker);
    const { host, port } = this.options;
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, host, resolve);
    });
  }

  async close(): Promise<void> {
    this.isClosing = true;
    const closed = new Promise((resolve) => this.server.close(resolve));
    for (const socket of this.unknown) socket.destroy();
    await Promise.allSettled(this.pending);
    // Acknowledgements are written in the turn in which their messages settle.
    await new Promise(setImmediate);
    await new Promise<void>((resolve) => (this.broker ? this.broker.close(resolve) : resolve()));
    await closed;
  }

  private watch(broker: Aedes): void {
    const { metrics, logger } = this.options;
    broker.on('client', () => metrics.connections.inc());
    broker.on('clientDisconnect', () => metrics.connections.dec());
    broker.on('keepaliveTimeout', () => this.refused('keep-alive'));
    broker.on('clientError', (_client, error) => {
      if (!(error instanceof NotAcknowledged)) this.refused('protocol');
    });
    broker.on('connectionError', () => this.refused('protocol'));
    (broker as NodeJS.EventEmitter).on('error', (error) =>
      logger.error({ err: error as Error }, 'broker failed'),
    );
  }

  private connected(socket: Socket): void {
    if (this.isClosing || this.unknown.size >= MAX_UNKNOWN) {
      this.refused('flood');
      socket.destroy();
      return;
    }
    this.unknown.add(socket);
    socket.once('close', () => this.unknown.delete(socket));
    socket.setKeepAlive(true, TCP_KEEP_ALIVE_MS);
    limitPackets(socket, this.options.limits.maxPacketBytes, () => this.refused('packet-too-large'));
    this.broker!.handle(socket);
  }

  private welcome(client: Client, speaker: Speaker): void {
    this.unknown.delete(client.conn as Socket);
    const rate = new DeviceRateLimit(this.options.limits.messagesPerSecond);
    this.sessions.set(client, {
      speaker,
      rate,
      subscriptions: new Set(),
      inFlight: 0,
      last: Promise.resolve(),
    });
  }

  /** Called for each PUBLISH before its acknowledgement, and for a will when its connection is lost. */
  private published(
    client: Client | null,
    packet: PublishPacket,
    done: (error?: Error | null) => void,
  ): void {
    const session = client === null ? undefined : this.sessions.get(client);
    const deviceId = deviceOf(packet.topic);
    if (session === undefined || deviceId === undefined || !this.mayPublish(session, deviceId, packet.topic))
      return this.refuse('topic', done);
    const payload = Buffer.isBuffer(packet.payload) ? packet.payload : Buffer.from(packet.payload);
    // Nothing is forwarded and nothing retained, so the broker keeps none of it.
    packet.payload = Buffer.alloc(0);
    packet.retain = false;
    const { maxInFlight, maxInFlightBytes } = this.options.limits;
    if (this.isClosing) {
      // The end of the connection must not overtake the acknowledgements of what was taken.
      const refuse = (): void => this.refuse('stopping', done);
      return void session.last.then(refuse, refuse);
    }
    if (session.inFlight >= maxInFlight || this.inFlightBytes + payload.length > maxInFlightBytes)
      return this.refuse('in-flight', done);
    const settled = this.settle(session, { packet, deviceId, payload }, done);
    this.pending.add(settled);
    void settled.finally(() => this.pending.delete(settled));
  }

  /** Never rejects. */
  private async settle(
    session: Session,
    { packet, deviceId, payload }: { packet: PublishPacket; deviceId: string; payload: Buffer },
    done: (error?: Error | null) => void,
  ): Promise<void> {
    const { topic, qos } = packet;
    const before = session.last;
    const handled = this.handle(session, { topic, deviceId, payload, qos });
    // MQTT wants acknowledgements in the order of the messages; behind one that is missing none may follow.
    session.last = qos === 0 ? before : handled.then(() => before);
    session.last.catch(() => undefined);
    this.count(session, 1, payload.length);
    try {
      await (qos === 0 ? handled : session.last);
      this.options.metrics.messages.inc({ outcome: 'acknowledged' });
      done();
    } catch (error) {
      if (qos === 0) {
        this.options.metrics.messages.inc({ outcome: 'lost' });
        done();
      } else await this.notTaken(error, done);
    } finally {
      this.count(session, -1, -payload.length);
    }
  }

  private async handle(
    session: Session,
    message: Omit<Parameters<TakeMessage>[0], 'receivedMs'>,
  ): Promise<void> {
    const waitMs = session.rate.waitMs(performance.now());
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    await this.take({ ...message, receivedMs: Date.now() });
  }

  /** Devices that all come back at once would not help whatever is away. */
  private async notTaken(error: unknown, done: (error: Error) => void): Promise<void> {
    if (!(error instanceof NotAcknowledged)) {
      this.options.logger.debug({ err: error as Error }, 'message was not taken');
      if (!this.isClosing) await pauseUpTo(this.options.retryAfterMs);
    }
    this.refuse('not-durable', done);
  }

  private count(session: Session, messages: number, bytes: number): void {
    session.inFlight += messages;
    this.inFlightBytes += bytes;
    this.options.metrics.inFlightBytes.set(this.inFlightBytes);
  }

  private refuse(outcome: string, done: (error: Error) => void): void {
    this.options.metrics.messages.inc({ outcome });
    done(new NotAcknowledged(outcome));
  }

  private refused(reason: string): void {
    this.options.metrics.connectionsRefused.inc({ reason });
  }

  private mayPublish({ speaker }: Session, deviceId: string, topic: string): boolean {
    return (speaker === 'any' || speaker.deviceId === deviceId) && this.isTaken(topic);
  }

  private isTaken(topic: string): boolean {
    return this.patterns.some((pattern) => matches(pattern, topic));
  }

  private maySubscribe(client: Client, { topic }: Subscription): boolean {
    const session = this.sessions.get(client);
    if (session === undefined) return false;
    const { speaker, subscriptions } = session;
    const isOwn = speaker === 'any' ? deviceOf(topic) !== undefined : isBelow(topic, speaker.deviceId);
    return isOwn && subscriptions.add(topic).size <= MAX_SUBSCRIPTIONS;
  }
}

function nameOf(client: Client): string | undefined {
  const socket = client.conn as Partial<TLSSocket>;
  if (socket.authorized !== true) return undefined;
  const name: string | readonly string[] | undefined = socket.getPeerCertificate?.().subject.CN;
  return typeof name === 'string' ? name : name?.[0];
}

function notAuthorized(): AuthenticateError {
  return Object.assign(new Error('not authorized'), { returnCode: NOT_AUTHORIZED });
}

/** Between half of it and all of it. */
function pauseUpTo(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms / 2 + (Math.random() * ms) / 2));
}
