import { createHash, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';

/** What a connection says of itself. */
export interface Login {
  readonly username: string | undefined;
  readonly password: Buffer | undefined;
  /** The common name of a certificate that our authority signed. */
  readonly certificateName: string | undefined;
}

/** Whom a connection speaks for: one device, or `any` if access is not asked for. */
export type Speaker = { readonly deviceId: string } | 'any';

/** Decides whom a connection speaks for. */
export interface DeviceAccess {
  /** @returns undefined for a login that is refused. */
  speakerOf(login: Login): Speaker | undefined;
}

/** Everybody speaks for every device: for a machine that only its user reaches. */
export const OPEN_ACCESS: DeviceAccess = { speakerOf: () => 'any' };

const SHA256_HEX = /^[0-9a-f]{64}$/;

/** A device id is one level of a topic. */
const DEVICE_ID = /^[^/+#\p{Cc}]{1,128}$/u;

/**
 * Devices with their secrets, and devices with a certificate. Secrets are kept as SHA-256: they are keys that a machine made, not
 * passwords of people, so a slow hash would protect nothing and cost a reconnect storm dearly.
 */
export class KnownDevices implements DeviceAccess {
  private constructor(private readonly secrets: ReadonlyMap<string, Buffer>) {}

  /**
   * @param path lines of `<device_id>:<SHA-256 of its secret, hex>`; empty where devices have certificates only.
   * @throws Error for a line that is none.
   */
  static async load(path: string): Promise<KnownDevices> {
    return new KnownDevices(path === '' ? new Map() : readSecrets(await readFile(path, 'utf8')));
  }

  speakerOf({ username, password, certificateName }: Login): Speaker | undefined {
    if (certificateName !== undefined) {
      const isOther = username !== undefined && username !== certificateName;
      return DEVICE_ID.test(certificateName) && !isOther ? { deviceId: certificateName } : undefined;
    }
    const secret = username === undefined ? undefined : this.secrets.get(username);
    if (username === undefined || password === undefined || secret === undefined) return undefined;
    const sent = createHash('sha256').update(password).digest();
    return timingSafeEqual(sent, secret) ? { deviceId: username } : undefined;
  }
}

export function readSecrets(text: string): Map<string, Buffer> {
  const secrets = new Map<string, Buffer>();
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const at = line.lastIndexOf(':');
    const [deviceId, hex] = [
      line.slice(0, at),
      line
        .slice(at + 1)
        .trim()
        .toLowerCase(),
    ];
    if (!DEVICE_ID.test(deviceId) || !SHA256_HEX.test(hex))
      throw new Error(`Line ${index + 1} of the devices is not <device_id>:<SHA-256 of the secret, hex>`);
    secrets.set(deviceId, Buffer.from(hex, 'hex'));
  }
  return secrets;
}
