/** Mount points in a folder, those inside of others first, out of `/proc/<pid>/mountinfo`. */
export function mountsBelow(folder: string, mountInfo: string): string[] {
  return mountPoints(mountInfo)
    .map(({ path }) => path)
    .filter((path) => path.startsWith(`${folder}/`))
    .reverse();
}

/** Whether the root of the process that the text is about cannot be written. */
export function isRootReadOnly(mountInfo: string): boolean {
  // A later mount on the same point hides the earlier one.
  const root = mountPoints(mountInfo).findLast(({ path }) => path === '/');
  return root?.options.split(',').includes('ro') === true;
}

function mountPoints(mountInfo: string): { path: string; options: string }[] {
  return mountInfo
    .split('\n')
    .map((line) => line.split(' '))
    .filter((fields) => fields.length > 5)
    .map(([, , , , path = '', options = '']) => ({ path, options }));
}
