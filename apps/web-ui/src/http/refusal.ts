/** The body of every refusal. No stack trace, no framework detail. */
export interface RefusalBody {
  readonly code: string;
  readonly message: string;
}

const BY_STATUS: Readonly<Record<number, RefusalBody>> = {
  400: { code: 'bad-request', message: 'The request is not valid' },
  429: {
    code: 'too-many-requests',
    message: 'This client sends too many requests; Retry-After says when to go on',
  },
  404: { code: 'not-found', message: 'Nothing is served here' },
};
const INTERNAL: RefusalBody = { code: 'internal-error', message: 'The request failed' };

export function refusalOf(status: number): RefusalBody {
  return (
    BY_STATUS[status] ?? (status < 500 ? { code: 'refused', message: 'The request is not valid' } : INTERNAL)
  );
}
