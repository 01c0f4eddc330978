/** The sinks. Each is an app whose consumer group has its name, and which writes one store. */
export const SINKS = [
  { name: 'hdfs-sink', store: 'HDFS' },
  { name: 'es-sink', store: 'Elasticsearch' },
] as const;

export type SinkName = (typeof SINKS)[number]['name'];

/** Also the names of their consumer groups. */
export const SINK_NAMES: readonly SinkName[] = SINKS.map(({ name }) => name);

/** Something of each sink. */
export function ofEachSink<Value>(make: (sink: SinkName) => Value): Record<SinkName, Value> {
  return Object.fromEntries(SINK_NAMES.map((sink) => [sink, make(sink)])) as Record<SinkName, Value>;
}
