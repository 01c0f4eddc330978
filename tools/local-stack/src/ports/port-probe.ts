import { createServer } from 'node:net';

// One by one: on macOS an address in use on all interfaces may still be bound on one, and the other way round.
const HOSTS = ['127.0.0.1', '0.0.0.0', '::'];

/** Whether nobody listens on a port, on any interface. */
export async function isPortFree(port: number): Promise<boolean> {
  for (const host of HOSTS) {
    if (!(await canListen(port, host))) return false;
  }
  return true;
}

async function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    // A machine without IPv6 has no such address, so nobody listens on it.
    server.once('error', ({ code }: NodeJS.ErrnoException) =>
      resolve(code !== 'EADDRINUSE' && code !== 'EACCES'),
    );
    server.listen({ port, host, ipv6Only: true, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
