import { GROUPS, type SinkName, SINK_NAMES } from '@pipeline/event-schema';
import { FLAGS } from './flags.ts';
import { type Ledger } from './ledger.ts';
import { TableLedger } from './table-ledger.ts';

const { hdfsSink, esSink } = GROUPS;

/** Goes through all records of the range, once everything that these sinks stored is in the ledger, and notes what is wrong. */
export function judge(ledger: Ledger, sinks: readonly SinkName[] = SINK_NAMES): void {
  for (let record = 0; record < ledger.offsets.size; record += 1) {
    if (!ledger.has(record, FLAGS.known | FLAGS.judged)) continue;
    const hour = ledger.hourOf(record);
    hour.records += 1;
    if (ledger.has(record, FLAGS.repeatsId)) hour.duplicates += 1;
    if (ledger.offsets.hasExpired(record)) continue;
    if (sinks.includes(hdfsSink)) judgeRow(ledger, record);
    if (!sinks.includes(esSink)) continue;
    if (ledger instanceof TableLedger) ledger.judgeDocument(record);
    else judgeDocument(ledger, record);
  }
  judgeCopies(ledger);
}

function judgeRow(ledger: Ledger, record: number): void {
  const isStored = ledger.has(record, FLAGS.row);
  const isLetter = ledger.has(record, FLAGS.hdfsLetter);
  if (!isStored && !isLetter) ledger.reportAbsent(hdfsSink, record, 'neither row nor dead letter');
  if (ledger.has(record, FLAGS.rowAgain)) ledger.report(hdfsSink, 'double', record, 'more than one row');
  if (isStored && isLetter) ledger.report(hdfsSink, 'double', record, 'row and dead letter');
  if (ledger.has(record, FLAGS.rowDamaged))
    ledger.report(hdfsSink, 'damaged', record, 'the row has other bytes');
}

function judgeDocument(ledger: Ledger, record: number): void {
  const isLetter = ledger.has(record, FLAGS.esLetter);
  if (ledger.has(record, FLAGS.hasId)) judgeId(ledger, record, isLetter);
  else if (!isLetter) ledger.reportAbsent(esSink, record, 'no event id, and no dead letter');
  if (isLetter && ledger.has(record, FLAGS.document)) {
    ledger.report(esSink, 'double', record, 'document and dead letter');
  }
  if (ledger.has(record, FLAGS.documentDamaged)) {
    ledger.report(esSink, 'damaged', record, 'the document has other fields');
  }
}

/** An id is looked at once, at the first of its records that is in the range and of which something is wrong. */
function judgeId(ledger: Ledger, record: number, isLetter: boolean): void {
  const first = ledger.ids.firstOf(record);
  if (ledger.has(first, FLAGS.idReported)) return;
  const isStored = ledger.has(first, FLAGS.idStored);
  const isDouble = ledger.has(first, FLAGS.idStoredAgain);
  if (!isDouble && (isStored || isLetter)) return;
  if (isDouble) ledger.report(esSink, 'double', record, 'more than one document');
  else if (!ledger.reportAbsent(esSink, record, 'neither document nor dead letter')) return;
  ledger.mark(first, FLAGS.idReported);
}

/** Of copies that say different things, Elasticsearch has to show the one that was received first. */
function judgeCopies(ledger: Ledger): void {
  for (const { first, document } of ledger.copies.differing()) {
    if (document === undefined || document === first || !ledger.has(document, FLAGS.judged)) continue;
    const { partition, offset } = ledger.offsets.origin(first);
    ledger.report(
      esSink,
      'damaged',
      document,
      `the copy that was received first is at ${partition}:${offset}`,
    );
  }
}
