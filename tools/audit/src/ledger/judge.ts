import { GROUPS } from '@pipeline/event-schema';
import { FLAGS } from './flags.ts';
import { type Ledger } from './ledger.ts';

const { hdfsSink, esSink } = GROUPS;

/** Goes through all records of the range, once everything that is stored is in the ledger, and notes what is wrong. */
export function judge(ledger: Ledger): void {
  for (let record = 0; record < ledger.offsets.size; record += 1) {
    if (!ledger.has(record, FLAGS.known | FLAGS.judged)) continue;
    const hour = ledger.hourOf(record);
    hour.records += 1;
    if (ledger.has(record, FLAGS.repeatsId)) hour.duplicates += 1;
    if (ledger.offsets.hasExpired(record)) continue;
    judgeRow(ledger, record);
    judgeDocument(ledger, record);
  }
}

function judgeRow(ledger: Ledger, record: number): void {
  const isStored = ledger.has(record, FLAGS.row);
  const isLetter = ledger.has(record, FLAGS.hdfsLetter);
  if (!isStored && !isLetter) ledger.report(hdfsSink, 'missing', record, 'neither row nor dead letter');
  if (ledger.has(record, FLAGS.rowAgain)) ledger.report(hdfsSink, 'double', record, 'more than one row');
  if (isStored && isLetter) ledger.report(hdfsSink, 'double', record, 'row and dead letter');
  if (ledger.has(record, FLAGS.rowDamaged))
    ledger.report(hdfsSink, 'damaged', record, 'the row has other bytes');
}

function judgeDocument(ledger: Ledger, record: number): void {
  const isLetter = ledger.has(record, FLAGS.esLetter);
  if (ledger.has(record, FLAGS.hasId)) judgeId(ledger, record, isLetter);
  else if (!isLetter) ledger.report(esSink, 'missing', record, 'no event id, and no dead letter');
  if (isLetter && ledger.has(record, FLAGS.document)) {
    ledger.report(esSink, 'double', record, 'document and dead letter');
  }
  if (ledger.has(record, FLAGS.documentDamaged)) {
    ledger.report(esSink, 'damaged', record, 'the document has other fields');
  }
}

/** An id is looked at once, at the first of its records that is in the range. */
function judgeId(ledger: Ledger, record: number, isLetter: boolean): void {
  const first = ledger.ids.firstOf(record);
  if (ledger.has(first, FLAGS.idReported)) return;
  const isStored = ledger.has(first, FLAGS.idStored);
  const isDouble = ledger.has(first, FLAGS.idStoredAgain);
  if (!isDouble && (isStored || isLetter)) return;
  ledger.mark(first, FLAGS.idReported);
  if (isDouble) ledger.report(esSink, 'double', record, 'more than one document');
  else ledger.report(esSink, 'missing', record, 'neither document nor dead letter');
}
