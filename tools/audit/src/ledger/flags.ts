/** What is known about one record: bits of a number. */
export const FLAGS = {
  /** Kafka has a record at this offset. */
  known: 1 << 0,
  /** Its append time is in the range of the audit. */
  judged: 1 << 1,
  hasId: 1 << 2,
  /** An earlier record has the same id. */
  repeatsId: 1 << 3,
  row: 1 << 4,
  rowAgain: 1 << 5,
  rowDamaged: 1 << 6,
  hdfsLetter: 1 << 7,
  esLetter: 1 << 8,
  /** A document names this offset. */
  document: 1 << 9,
  /** Its bytes differ; whether its fields do is not known yet. */
  documentSuspect: 1 << 10,
  documentDamaged: 1 << 11,
  /** On the first record of an id: the index holds the id, and once more. */
  idStored: 1 << 12,
  idStoredAgain: 1 << 13,
  /** On the first record of an id: said to be lost or double already. */
  idReported: 1 << 14,
  /** Not stored in a store whose sink has not committed it. */
  underWay: 1 << 15,
} as const;
