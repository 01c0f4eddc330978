import { buildImage, IMAGE_NAMES, imageTag, WORKSPACE } from '@pipeline/images';
import { execa } from 'execa';
import { type ContainerEngine } from '../engine/container-engine.ts';
import { expectedOfImages, imageFacts, type ImageFacts, TAG } from '../image/image-facts.ts';
import { IMAGE_RULES, megabytes } from '../image/image-rules.ts';
import { type Checklist, seconds } from '../report/checklist.ts';

/** Builds every image with the Dockerfile of the project. */
export async function buildImages(engine: ContainerEngine, checklist: Checklist): Promise<void> {
  for (const name of IMAGE_NAMES) {
    await checklist.require(`${imageTag(name, TAG)} is built by buildah`, async () => {
      const startedAt = performance.now();
      const surroundings = { environment: engine.environment, logFile: engine.file(`${name}.log`) };
      await buildImage('buildah', { name, tag: TAG }, surroundings);
      return seconds(performance.now() - startedAt);
    });
  }
  await checklist.check('`npx nx run topics:image` builds with the engine that is there', async () => {
    const { stdout } = await execa('npx', ['nx', 'run', 'topics:image', '--outputStyle=static'], {
      cwd: WORKSPACE,
      env: engine.environment,
      stdin: 'ignore',
    });
    return / built with (\w+)/.exec(stdout)?.[1];
  });
}

/** Checks what each image promises, by what is in it. */
export async function inspectImages(engine: ContainerEngine, checklist: Checklist): Promise<void> {
  const expected = expectedOfImages();
  for (const name of IMAGE_NAMES) {
    const facts = await imageFacts(engine, name);
    for (const [promise, rule] of Object.entries(IMAGE_RULES)) {
      await checklist.check(`${name}: ${promise}`, () => {
        const violations = rule(facts, expected);
        if (violations.length > 0) throw new Error(violations.join(', '));
        return rule === IMAGE_RULES['it is at most 60 MB over its base'] ? sizeOf(facts) : undefined;
      });
    }
  }
}

function sizeOf({ bytesOverBase, files }: ImageFacts): string {
  return `${megabytes(bytesOverBase)}, ${files.length} files`;
}
