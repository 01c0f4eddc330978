import Table from 'cli-table3';

/** One line of the table: what it is, where it is. */
export type AddressRow = readonly [what: string, where: string];

export interface Addresses {
  readonly apps: readonly { readonly app: string; readonly url: string }[];
  readonly kafkaBrokers: readonly string[];
  readonly webHdfsUrl: string;
  readonly hdfsUrl: string;
  readonly elasticsearchUrl: string;
}

const APP_ROWS: Readonly<Record<string, (url: string) => AddressRow[]>> = {
  'web-ui': (url) => [
    ['Page: click a colour', url],
    ['Dashboard', `${url}/dashboard`],
  ],
  'collector-api': (url) => [
    ['Collector: POST events', `${url}/v1/events`],
    ['Collector: documentation', `${url}/docs`],
  ],
  'hdfs-sink': (url) => [['HDFS sink: metrics', `${url}/metrics`]],
  'es-sink': (url) => [['Elasticsearch sink: metrics', `${url}/metrics`]],
  'device-gateway': (url) => [['Device gateway: metrics', `${url}/metrics`]],
  audit: (url) => [['Audit: metrics', `${url}/metrics`]],
};
/** What a person opens first stands first. */
const ORDER = ['web-ui', 'collector-api', 'device-gateway', 'hdfs-sink', 'es-sink', 'audit'];

export function addressRows({
  apps,
  kafkaBrokers,
  webHdfsUrl,
  hdfsUrl,
  elasticsearchUrl,
}: Addresses): AddressRow[] {
  const shown = [...apps].sort((a, b) => ORDER.indexOf(a.app) - ORDER.indexOf(b.app));
  return [
    ...shown.flatMap(({ app, url }) => APP_ROWS[app]?.(url) ?? [[app, url] as const]),
    ['Kafka', kafkaBrokers.join(', ')],
    ['HDFS over HTTP (WebHDFS)', `${webHdfsUrl}/webhdfs/v1`],
    ['HDFS for Hadoop clients', hdfsUrl],
    ['Elasticsearch', elasticsearchUrl],
  ];
}

export function tableText(rows: readonly AddressRow[]): string {
  // Without rules between the rows and without colours of its own.
  const table = new Table({
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
    style: { border: [] },
  });
  table.push(...rows.map((row) => [...row]));
  return table.toString();
}
