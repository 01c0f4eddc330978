import { Presets, SingleBar } from 'cli-progress';
import { type DownloadProgress } from '../jars/jar-cache.ts';

const MIB = 1_024 * 1_024;

/** Shows the first download: a bar on a terminal, a line now and then elsewhere. */
export function downloadBar(what = 'Kafka, HDFS and Elasticsearch'): DownloadProgress {
  const bar = new SingleBar(
    {
      format: `Downloading ${what} {bar} {percentage}% | {value}/{total} MiB | {file}`,
      noTTYOutput: true,
      notTTYSchedule: 5_000,
      hideCursor: true,
      clearOnComplete: true,
    },
    Presets.shades_classic,
  );
  let started = false;
  return {
    start(totalBytes) {
      started = true;
      bar.start(Math.ceil(totalBytes / MIB), 0, { file: 'asking Maven' });
    },
    advance: (doneBytes, file) => bar.update(Math.round(doneBytes / MIB), { file }),
    end() {
      if (started) bar.stop();
    },
  };
}
