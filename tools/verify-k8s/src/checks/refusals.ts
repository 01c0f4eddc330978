import { type Kubectl } from '../cluster/kubectl.ts';
import { type Manifest } from '../overlay/manifest.ts';
import { type Check, hold } from './check.ts';
import { MISTAKES, type ServerMistake } from './mistakes.ts';

/** Proves that the checks above could fail: the same server, asked in the same way, refuses what is wrong. */
export const mistakesAreRefused: Check = {
  title: 'the server refuses a mistake in every kind of object, and for the right reason',
  async run({ kubectl, manifests }) {
    const kinds = [...new Set(manifests.map(({ kind }) => kind))].sort();
    const without = kinds.filter((kind) => !MISTAKES.some((mistake) => mistake.kind === kind));
    hold(without.length === 0, `No mistake is known for ${without.join(', ')}`);
    const mistakes = MISTAKES.filter(({ kind }) => kinds.includes(kind));
    const problems: string[] = [];
    for (const mistake of mistakes) {
      const problem = await problemOf(kubectl, manifests, mistake);
      if (problem !== undefined) problems.push(problem);
    }
    hold(problems.length === 0, problems.join('; '));
    return `${mistakes.length} mistakes in ${kinds.length} kinds`;
  },
};

/** Nothing when the server refuses it for its reason. */
async function problemOf(
  kubectl: Kubectl,
  manifests: readonly Manifest[],
  { kind, title, reason, make }: ServerMistake,
): Promise<string | undefined> {
  const wrong = structuredClone(manifests.find((manifest) => manifest.kind === kind)) as Record<
    string,
    unknown
  >;
  make(wrong);
  const args = [
    'apply',
    '--server-side',
    '--force-conflicts',
    '--validate=strict',
    '--dry-run=server',
    '-f',
    '-',
  ];
  try {
    const said = await kubectl.refusal(args, { input: JSON.stringify(wrong) });
    return reason.test(said) ? undefined : `${title} (${kind}) is refused, but for: ${said.slice(0, 300)}`;
  } catch {
    return `${title} (${kind}) is not refused`;
  }
}
