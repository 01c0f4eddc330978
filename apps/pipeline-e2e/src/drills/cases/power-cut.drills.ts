import { type Drill, SHORT_SESSIONS } from '../drill.ts';
import { CollectorOutlet } from '../load/collector.outlet.ts';

const SERVERS = ['kafka', 'namenode', 'datanode', 'elasticsearch'];
const APPS = ['collector-api', 'hdfs-sink', 'es-sink'] as const;

/** What the machine's own power would do to processes; that what a server has written is on the disk, it cannot show. */
export const powerCut: Drill = {
  name: 'power-cut',
  title:
    'Every server and every app is killed at the same moment under load and started again, five times: what was acknowledged is there once.',
  apps: APPS,
  settings: SHORT_SESSIONS,
  async run(context) {
    const servers = SERVERS.map((name) => context.stack.server(name));
    const apps = APPS.map((name) => context.app(name));
    const collectors = new CollectorOutlet(() => [context.app('collector-api')]);
    const load = context.collectorLoad(500, collectors);
    const rounds = context.scale(5, 2);
    for (let round = 1; round <= rounds; round++) {
      await context.advance(1_000);
      await context.wait(context.random.between(0, 2_000));
      for (const part of [...servers, ...apps]) part.kill('SIGKILL');
      await Promise.all([...servers, ...apps].map((part) => part.exited()));
      await Promise.all(servers.map((server) => server.start()));
      await Promise.all(apps.map((app) => app.start()));
    }
    await context.advance(1_000);
    context.note(
      `${rounds} × SIGKILL of everything; ${load.acknowledged.length} acknowledged; ${collectors.text}`,
    );
  },
};
