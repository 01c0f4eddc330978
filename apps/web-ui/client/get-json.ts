const TIMEOUT_MS = 5_000;

/** Why a request has no answer: the code that our server told, `offline` where it told nothing. */
export class RequestFailure extends Error {
  override readonly name = 'RequestFailure';

  constructor(readonly code: string) {
    super(code);
  }
}

/** The JSON that our server answers. @throws RequestFailure (as rejection) for anything but 200, and after five seconds. */
export async function getJson<T>(url: string): Promise<T> {
  const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) }).catch(() => {
    throw new RequestFailure('offline');
  });
  if (!response.ok) {
    const told = (await response.json().catch(() => undefined)) as { readonly code?: unknown } | undefined;
    throw new RequestFailure(typeof told?.code === 'string' ? told.code : String(response.status));
  }
  return (await response.json()) as T;
}
