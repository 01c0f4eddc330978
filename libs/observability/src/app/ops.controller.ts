import { Controller, Get, Header, HttpStatus, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { type Registry } from 'prom-client';
import { METRICS_REGISTRY } from '../metrics.ts';
import { Readiness } from '../readiness.ts';

/** `/livez`: the event loop turns. `/readyz`: the app can work, and which part of it cannot. `/metrics`: Prometheus text. */
@Controller()
export class OpsController {
  constructor(
    @Inject(Readiness) private readonly readiness: Readiness,
    @Inject(METRICS_REGISTRY) private readonly registry: Registry,
  ) {}

  @Get('livez')
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @Get('readyz')
  ready(@Res({ passthrough: true }) reply: FastifyReply): object {
    const reasons = this.readiness.notReady();
    if (Object.keys(reasons).length > 0) {
      // No exception: Nest would log one, with its stack, for each probe.
      reply.status(HttpStatus.SERVICE_UNAVAILABLE);
      return { code: 'not-ready', message: 'Not ready', reasons };
    }
    const degraded = this.readiness.degraded();
    return Object.keys(degraded).length > 0 ? { status: 'ok', degraded } : { status: 'ok' };
  }

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  metrics(): Promise<string> {
    return this.registry.metrics();
  }
}
