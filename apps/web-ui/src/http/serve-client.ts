import fastifyStatic from '@fastify/static';
import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { securityHeaders } from './security-headers.ts';

const HASHED = 'public, max-age=31536000, immutable';
const REVALIDATED = 'public, max-age=300, must-revalidate';
const SERVED = /^\/?(assets\/[\w.-]+|tag\.js|favicon\.svg)$/;

export interface ClientOptions {
  /** Absolute path of what Vite built. */
  readonly clientFolder: string;
  readonly collectorUrl: string;
}

/** Registers the headers of every answer, and the built files (compressed at build time, brotli or gzip). */
export async function serveClient(
  app: NestFastifyApplication,
  { clientFolder, collectorUrl }: ClientOptions,
): Promise<void> {
  const headers = securityHeaders(collectorUrl);
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRequest', (_request, reply, done) => {
      reply.headers(headers);
      done();
    });
  await app.register(fastifyStatic, {
    root: clientFolder,
    index: false,
    preCompressed: true,
    cacheControl: false,
    allowedPath: (path) => SERVED.test(path),
    setHeaders: (reply, path) => {
      const isTag = /\/tag\.js(\.br|\.gz)?$/.test(path);
      void reply.header('cache-control', path.includes('/assets/') ? HASHED : REVALIDATED);
      // The tag is made for pages of other sites.
      if (isTag) void reply.header('cross-origin-resource-policy', 'cross-origin');
    },
  });
}
