import { type SinkName, SINK_NAMES } from '@pipeline/event-schema';
import { SHORT_SESSIONS, type Drill } from '../drill.ts';
import { type DrillContext } from '../run/drill-context.ts';

/** SIGKILL at a random moment after the sink has begun to store again. */
async function killAgainAndAgain(context: DrillContext, sink: SinkName, times: number): Promise<void> {
  for (let round = 1; round <= times; round++) {
    await context.advance(1, [sink]);
    await context.wait(context.random.between(0, 1_500));
    context.app(sink).kill('SIGKILL');
    await context.app(sink).exited();
    await context.app(sink).launch();
  }
}

export const sinksKilled: Drill = {
  name: 'sinks-killed-20-times',
  title: 'Each sink is killed 20 times at random moments under load, and goes on where it was.',
  isFast: true,
  settings: SHORT_SESSIONS,
  async run(context) {
    const times = context.scale(20, 2);
    context.load(500);
    await Promise.all(SINK_NAMES.map((sink) => killAgainAndAgain(context, sink, times)));
    await context.advance(1_000);
    context.note(`${times} × SIGKILL of each sink`);
  },
};
