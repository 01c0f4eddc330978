/** A request as the documentation shows it; a spec sends each one and checks the answer. */
export interface RequestExample {
  readonly summary: string;
  readonly value: unknown;
  readonly status: number;
  /** Status or rejection code of each event, in order. */
  readonly outcomes: readonly string[];
}

const EVENT = {
  event_type: 'select-color',
  user_name: 'Ada',
  color_name: 'navy',
} as const;

export const REQUEST_EXAMPLES = {
  smallest: { summary: 'The smallest event', value: EVENT, status: 202, outcomes: ['accepted'] },
  complete: {
    summary: 'An event as our page sends it',
    value: {
      ...EVENT,
      event_id: '01890a5d-ac96-774b-bcce-b302099a8057',
      schema_version: 1,
      occurred_at: '2026-11-22T10:00:00.000Z',
      sent_at: '2026-11-22T10:00:01.250Z',
      page_url: 'https://example.com/',
      referrer: '',
      visitor_id: '5f0c7a52-8a0e-4a51-b3f3-3f1c2f6f8a11',
      session_id: 'c2b0c1de-1f0a-4d0b-9d6e-0f8d6c1a7e22',
      campaign: 'an unknown field: it is kept',
    },
    status: 202,
    outcomes: ['accepted'],
  },
  batch: {
    summary: 'A batch with one wrong event: its neighbours are accepted',
    value: [EVENT, { ...EVENT, color_name: 'pink' }, { ...EVENT, user_name: 'Grace' }],
    status: 202,
    outcomes: ['accepted', 'color-unknown', 'accepted'],
  },
  rejected: {
    summary: 'No event is right',
    value: [{ ...EVENT, user_name: ' ' }, 17],
    status: 400,
    outcomes: ['field-empty', 'not-an-object'],
  },
} as const satisfies Record<string, RequestExample>;
