import { execa } from 'execa';
import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { VerifyError } from '../verify-error.ts';

const DAYS = ['-days', '2'];
const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** Files of a certificate and its key. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

/** An authority of one cluster, whose files lie in a folder; it lives two days. Needs OpenSSL 3. */
export class Authority {
  readonly certificate: string;
  private readonly key: string;

  private constructor(private readonly folder: string) {
    this.certificate = join(folder, 'ca.crt');
    this.key = join(folder, 'ca.key');
  }

  /** @throws VerifyError `no-openssl`. */
  static async create(folder: string): Promise<Authority> {
    const { failed, stdout } = await execa('openssl', ['version'], { reject: false });
    if (failed || !/^OpenSSL [3-9]/.test(stdout ?? '')) {
      throw new VerifyError('no-openssl', 'OpenSSL 3 is missing; it makes the certificates of the cluster.');
    }
    const authority = new Authority(folder);
    const { certificate, key } = authority;
    await request([...NEW_KEY, '-keyout', key, '-out', certificate, '-subj', '/CN=verify-k8s']);
    return authority;
  }

  /** A certificate for clients and servers. `subject` is `/O=group/CN=user`; `names` are those of a server. */
  async sign(name: string, subject: string, names: readonly string[] = []): Promise<KeyPair> {
    const pair = { certificate: join(this.folder, `${name}.crt`), key: join(this.folder, `${name}.key`) };
    const extensions = ['basicConstraints=critical,CA:FALSE', 'extendedKeyUsage=clientAuth,serverAuth'];
    if (names.length > 0) extensions.push(`subjectAltName=${names.map(alternative).join(',')}`);
    await request([
      ...NEW_KEY,
      ...['-keyout', pair.key, '-out', pair.certificate, '-subj', subject],
      ...['-CA', this.certificate, '-CAkey', this.key],
      ...extensions.flatMap((extension) => ['-addext', extension]),
    ]);
    return pair;
  }
}

/** A key pair without a certificate: what tokens of service accounts are signed with. */
export function writeSigningKey(folder: string): { readonly privateKey: string; readonly publicKey: string } {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2_048,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const files = { privateKey: join(folder, 'tokens.key'), publicKey: join(folder, 'tokens.pub') };
  writeFileSync(files.privateKey, privateKey, { mode: 0o600 });
  writeFileSync(files.publicKey, publicKey);
  return files;
}

async function request(args: readonly string[]): Promise<void> {
  await execa('openssl', ['req', '-x509', ...DAYS, ...args]);
}

function alternative(name: string): string {
  return /^[\d.]+$/.test(name) ? `IP:${name}` : `DNS:${name}`;
}
