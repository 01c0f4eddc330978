import { readFile } from 'node:fs/promises';
import { FileStoreError } from './file-store-error.ts';

export interface DelegationTokenSettings {
  readonly webHdfsDelegationToken: string;
  readonly webHdfsDelegationTokenFile: string;
}

/** How to get at the token of a cluster with Kerberos; nothing where the settings name none. */
export function delegationToken(settings: DelegationTokenSettings): (() => Promise<string>) | undefined {
  const { webHdfsDelegationToken: token, webHdfsDelegationTokenFile: file } = settings;
  if (file !== '') return tokenInFile(file);
  return token === '' ? undefined : () => Promise.resolve(token);
}

/**
 * A token out of a file that somebody else renews: read again for every request, so that a renewed token needs no
 * restart and a missing one is an error of the store, which the sink outlives.
 * @throws FileStoreError `permission` when the file cannot be read or is empty.
 */
function tokenInFile(path: string): () => Promise<string> {
  return async () => {
    const token = (await read(path)).trim();
    if (token === '') throw new FileStoreError('permission', `The delegation token in ${path} is empty`);
    return token;
  };
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new FileStoreError('permission', `The delegation token in ${path} cannot be read`, {
      cause: error,
    });
  }
}
