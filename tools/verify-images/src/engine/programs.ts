import { execa } from 'execa';

/** Debian packages: builder, runtime and their parts, and what makes the stand-in base. */
const PACKAGES = [
  'buildah',
  'podman',
  'runc',
  'conmon',
  'catatonit',
  'netavark',
  'iptables',
  'debootstrap',
] as const;

/** Installs what is missing. @returns what was done. @throws Error where there is no apt-get, or no root. */
export async function installPrograms(): Promise<string> {
  if (process.getuid?.() !== 0)
    throw new Error('this needs root, for it runs containers and makes a base image');
  const missing = [];
  for (const name of PACKAGES) if ((await versionOf(name)) === undefined) missing.push(name);
  if (missing.length === 0) return 'all there';
  const environment = { DEBIAN_FRONTEND: 'noninteractive' };
  await execa('apt-get', ['update', '--quiet'], { env: environment });
  await execa('apt-get', ['install', '--yes', '--quiet', '--no-install-recommends', ...missing], {
    env: environment,
  });
  return `installed ${missing.join(', ')}`;
}

/** `buildah 1.28.2, podman 4.3.1, runc 1.1.5`. */
export async function engineVersions(): Promise<string> {
  const versions = ['buildah', 'podman', 'runc'].map(async (name) => `${name} ${await versionOf(name)}`);
  return (await Promise.all(versions)).join(', ');
}

/** @returns undefined when it is not installed. */
async function versionOf(name: string): Promise<string | undefined> {
  const { stdout, failed } = await execa(
    'dpkg-query',
    ['--show', '--showformat=${db:Status-Status} ${Version}', name],
    {
      reject: false,
    },
  );
  const [status, version] = stdout?.split(' ') ?? [];
  return failed || status !== 'installed' ? undefined : version?.replace(/[+-].*$/, '');
}
