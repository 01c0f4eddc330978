import { type DrillContext } from '../run/drill-context.ts';
import { acceptedClick } from './click.ts';

const RECORDS_PER_CALL = 2_000;

/** So many events straight into Kafka, as fast as it takes them. */
export async function fill(context: DrillContext, records: number): Promise<void> {
  const outlet = context.outlet();
  for (let sent = 0; sent < records; sent += RECORDS_PER_CALL) {
    const count = Math.min(RECORDS_PER_CALL, records - sent);
    const clicks = Array.from({ length: count }, () => acceptedClick(context.random));
    await outlet.sendRecords(
      clicks.map((click) => ({ key: click.visitor_id, value: JSON.stringify(click) })),
    );
  }
}
