import { execa } from 'execa';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { documentedCommands } from '../overlay/documented-commands.ts';
import { overlayFolder, WORKSPACE } from '../project-paths.ts';
import { VerifyError } from '../verify-error.ts';
import { type Check, type CheckContext, hold, NAMESPACE } from './check.ts';

/** As the document tells people, from its own text, with the login of the broker at hand. */
export const secretsAreMade: Check = {
  title: 'the commands of docs/deploy.md make the namespace and its secrets',
  async run(context) {
    const { kubectl, cluster, pipeline } = context;
    const text = readFileSync(join(WORKSPACE, 'docs/deploy.md'), 'utf8');
    const commands = documentedCommands(text, 'create secret generic kafka-login').filter(
      (command) => !command.startsWith('kubectl apply'),
    );
    const login = pipeline?.environment(true) ?? {};
    const folder = await secretFiles(context, login['KAFKA_TLS_CA_FILE'] ?? cluster.authority.certificate);
    const env = {
      KUBECONFIG: kubectl.kubeconfig,
      PATH: [dirname(cluster.plane.programs.program('kubectl')), '/usr/bin', '/bin'].join(delimiter),
      KAFKA_USERNAME: login['KAFKA_SASL_USERNAME'] ?? 'pipeline',
      KAFKA_PASSWORD: login['KAFKA_SASL_PASSWORD'] ?? 'not-a-password',
      ELASTICSEARCH_API_KEY: 'bm90LWE6a2V5',
    };
    const { failed, stderr } = await execa('sh', ['-euc', commands.join('\n')], {
      cwd: folder,
      env,
      reject: false,
    });
    if (failed) throw new VerifyError('check-failed', `The commands failed: ${stderr}`);
    const secrets = await kubectl.get<{ items: object[] }>('secrets', '--namespace', NAMESPACE);
    return `${commands.length} commands, ${secrets.items.length} secrets`;
  },
};

/** The files that those commands read. */
async function secretFiles({ cluster }: CheckContext, kafkaCa: string): Promise<string> {
  const folder = join(cluster.folder, 'secrets');
  mkdirSync(folder);
  copyFileSync(kafkaCa, join(folder, 'kafka-ca.crt'));
  for (const name of ['elasticsearch-ca.crt', 'hdfs-ca.crt']) {
    copyFileSync(cluster.authority.certificate, join(folder, name));
  }
  const ingress = await cluster.authority.sign('ingress', '/CN=www.example.com', ['www.example.com']);
  copyFileSync(ingress.certificate, join(folder, 'ingress.crt'));
  copyFileSync(ingress.key, join(folder, 'ingress.key'));
  writeFileSync(join(folder, 'delegation-token'), 'not-a-token');
  return folder;
}

export const overlayIsTaken: Check = {
  title: 'a strict server-side apply takes every object, without a warning',
  async run({ kubectl, overlay, manifests }) {
    const { stdout, stderr } = await kubectl.run(strictApply(overlayFolder(overlay)));
    hold(stderr === '', `The server warned: ${stderr}`);
    const applied = stdout.split('\n').length;
    hold(applied === manifests.length, `${applied} of ${manifests.length} objects were applied`);
    return `${applied} objects of ${new Set(manifests.map(({ kind }) => kind)).size} kinds`;
  },
};

export function strictApply(folder: string): string[] {
  return ['apply', '--server-side', '--validate=strict', '--kustomize', folder];
}
