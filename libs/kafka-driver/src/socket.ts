import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { type ISocketFactory } from './kafkajs/kafkajs.ts';

const KEEP_ALIVE_DELAY_MS = 60_000;

/** What arrives on any connection, until its listeners have returned. Reads of this size cost least per byte. */
const chunk = Buffer.allocUnsafeSlow(256 << 10);

/**
 * A connection to a broker, as kafkajs makes them, except that what arrives in plain is in memory which is overwritten
 * by the next chunk: a listener has to copy what it keeps. Node would allocate 64 KiB for each read.
 */
export const createSocket: ISocketFactory = ({ host, port, ssl, onConnect }) => {
  // `ssl` is not there without TLS, which the typings of kafkajs 2.2.4 leave out.
  const isPlain = !(ssl as object | undefined);
  const socket = isPlain
    ? plainSocket(host, port, onConnect)
    : connectTls({ host, port, ...(isIP(host) ? {} : { servername: host }), ...ssl }, onConnect);
  return socket.setKeepAlive(true, KEEP_ALIVE_DELAY_MS);
};

function plainSocket(host: string, port: number, onConnect: () => void): Socket {
  const callback = (length: number): boolean => socket.emit('data', chunk.subarray(0, length));
  const socket = connectPlain({ host, port, onread: { buffer: chunk, callback } }, onConnect);
  return socket;
}
