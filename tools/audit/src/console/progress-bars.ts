import { MultiBar, Presets } from 'cli-progress';
import { type Progress } from '../progress.ts';

const STEP = 1_000;

/** A bar per thing that is read, on standard error, on a terminal only. */
export function progressBars(): Progress {
  const bars = new MultiBar(
    {
      format: '{phase} {bar} {percentage}% | {value}/{total}',
      stream: process.stderr,
      hideCursor: true,
      clearOnComplete: true,
    },
    Presets.shades_classic,
  );
  return {
    start(phase, expected) {
      const bar = bars.create(expected, 0, { phase: phase.padEnd('documents'.length) });
      let count = 0;
      return {
        add() {
          count += 1;
          if (count % STEP === 0) bar.update(count);
        },
      };
    },
    stop: () => bars.stop(),
  };
}
