const TIMEOUT_MS = 5_000;

/** The JSON that our server answers. Rejects for anything but 200, and after five seconds. */
export async function getJson<T>(url: string): Promise<T> {
  const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return (await response.json()) as T;
}
