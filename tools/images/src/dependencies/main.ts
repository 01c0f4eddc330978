import { copyPackages } from './copy-packages.ts';

/** Within docker/Dockerfile: `node main.ts <workspace> <project> <target>`. Node runs it as it is, nothing is built yet. */
const [workspace, project, target] = process.argv.slice(2);
if (workspace === undefined || project === undefined || target === undefined) {
  throw new Error('usage: main.ts <workspace> <project> <target>');
}
copyPackages(workspace, project, target);
