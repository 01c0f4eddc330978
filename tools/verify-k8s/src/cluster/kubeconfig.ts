import { stringify } from 'yaml';
import { type KeyPair } from './certificates.ts';

/** Who talks to which cluster; the certificates stay in their files. */
export function kubeconfig(url: string, authority: string, { certificate, key }: KeyPair): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'verify', cluster: { server: url, 'certificate-authority': authority } }],
    users: [{ name: 'admin', user: { 'client-certificate': certificate, 'client-key': key } }],
    contexts: [{ name: 'verify', context: { cluster: 'verify', user: 'admin' } }],
    'current-context': 'verify',
  });
}
