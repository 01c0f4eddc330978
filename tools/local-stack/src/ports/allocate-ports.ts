import { APP_NAMES, type AppName } from '@pipeline/event-schema';
import { type FreePorts } from './free-ports.ts';
import { type PublicPorts, type StackPorts } from './stack-ports.ts';

/** Fills in free ports wherever 0 was asked for, and for everything that nobody outside uses. */
export async function allocatePorts(
  wanted: PublicPorts,
  brokerCount: number,
  free: FreePorts,
  secureKafka = false,
): Promise<StackPorts> {
  const given = async (port: number) => (port === 0 ? free.claim() : port);
  const several = (length: number, claim: (index: number) => Promise<number>) =>
    Promise.all(Array.from({ length }, (_, index) => claim(index)));
  const apps = await several(APP_NAMES.length, async (index) =>
    given(wanted.apps[APP_NAMES[index] as AppName]),
  );
  return {
    kafka: await several(brokerCount, async (index) => given(wanted.kafka === 0 ? 0 : wanted.kafka + index)),
    kafkaControllers: await several(brokerCount, () => free.claim()),
    kafkaSecure: await several(secureKafka ? brokerCount : 0, () => free.claim()),
    webHdfs: await given(wanted.webHdfs),
    hdfs: await given(wanted.hdfs),
    dataNode: { transfer: await free.claim(), http: await free.claim(), ipc: await free.claim() },
    elasticsearch: await given(wanted.elasticsearch),
    elasticsearchTransport: await free.claim(),
    mqtt: await given(wanted.mqtt),
    apps: Object.fromEntries(APP_NAMES.map((name, index) => [name, apps[index]])) as Record<AppName, number>,
  };
}
