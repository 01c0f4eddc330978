import { Argument, program } from 'commander';
import { buildImage, requireEngine } from './build.ts';
import { IMAGE_NAMES, type ImageName, imageTag } from './image.ts';

program
  .name('image')
  .description('Builds the image of an app with docker, podman or buildah, whichever works here.')
  .addArgument(new Argument('<app>', 'what to build').choices(IMAGE_NAMES))
  .option('--tag <tag>', 'tag of the image', 'dev')
  .action(async (app: ImageName, { tag }: { tag: string }) => {
    try {
      const engine = await requireEngine();
      await buildImage(engine, { name: app, tag });
      console.log(`${imageTag(app, tag)} built with ${engine}`);
    } catch (error) {
      console.error(error instanceof Error ? error.message : String(error));
      process.exitCode = 1;
    }
  });
await program.parseAsync();
