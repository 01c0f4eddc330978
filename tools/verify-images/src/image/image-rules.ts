import { COMMANDS, IMAGES } from '@pipeline/images';
import { join } from 'node:path';
import { type Expected, type ImageFacts } from './image-facts.ts';

/** What every image promises; returns a phrase for each violation. */
export type ImageRule = (facts: ImageFacts, expected: Expected) => string[];

const MAX_BYTES_OVER_BASE = 60_000_000;
const MOST_NAMED = 3;

const nodeIsProcessOne: ImageRule = ({ entrypoint, command, workingFolder, files }) => {
  const script = command.find((argument) => !argument.startsWith('-')) ?? '';
  return [
    ...(entrypoint.join(' ') === 'node' ? [] : [`starts with ${JSON.stringify(entrypoint)}`]),
    ...(files.includes(join(workingFolder, script)) ? [] : [`runs ${command.join(' ')}, which it lacks`]),
  ];
};

/** Kubernetes refuses `runAsNonRoot` for a user that has no number. */
const userIsNumber: ImageRule = ({ user }) =>
  /^[1-9]\d*:[1-9]\d*$/.test(user) ? [] : [`runs as ${user === '' ? 'root' : user}`];

const healthIsAskedByNode: ImageRule = ({ name, healthcheck, workingFolder, files }) => {
  if (COMMANDS.includes(name)) return healthcheck.length === 0 ? [] : ['ends, and has a health check'];
  const [form, program, script = ''] = healthcheck;
  if (form !== 'CMD' || program !== 'node') return [`asks ${healthcheck.join(' ') || 'nothing'}`];
  return files.includes(join(workingFolder, script)) ? [] : [`asks ${script}, which it lacks`];
};

/** Else neither a probe nor another container reaches it: the default of the apps is the loopback. */
const listensOnEveryAddress: ImageRule = ({ name, environment }) =>
  COMMANDS.includes(name) || environment.includes('LISTEN_HOST=0.0.0.0')
    ? []
    : ['listens on the loopback of its container'];

const stopsOnSigterm: ImageRule = ({ stopSignal }) =>
  stopSignal === 'SIGTERM' ? [] : [`is stopped with ${stopSignal}`];

const labelsTell: ImageRule = ({ name, labels }, { version }) => {
  const isRight: Readonly<Record<string, (text: string) => boolean>> = {
    title: (text) => text === `web-event-pipeline/${name}`,
    description: (text) => text !== '',
    licenses: (text) => text === 'Apache-2.0',
    version: (text) => text === version,
    revision: (text) => /^[0-9a-f]{40}$/.test(text),
    'base.name': (text) => text.includes('node:24-slim'),
  };
  return Object.entries(isRight)
    .map(([key, judge]) => ({ key, judge, text: labels[`org.opencontainers.image.${key}`] ?? '' }))
    .filter(({ judge, text }) => !judge(text))
    .map(({ key, text }) => `its ${key} is ${text === '' ? 'missing' : text}`);
};

const noTypeScript: ImageRule = ({ files }) => found(files, /\.([cm]?ts|tsx|tsbuildinfo)$|\/typescript\//);

const noSource: ImageRule = ({ files }) =>
  found(
    files,
    /^\/app\/(apps|libs|tools)\/[^/]+\/(src|client|testing)\/|^\/app\/(?!node_modules\/).*\.(spec|double|fixture)\.js$|\.js\.map$/,
  );

const noDevelopmentPackage: ImageRule = ({ name, files }, { developmentPackages }) => {
  const own = files.flatMap((path) => /^\/app\/((?:apps|libs|tools)\/[^/]+)\//.exec(path)?.[1] ?? []);
  const strangers = [...new Set(own)].filter(
    (project) => project !== IMAGES[name] && !(project.startsWith('libs/') && project !== 'libs/testing'),
  );
  // A library of which there is compiled code and no manifest is one that only the build needed.
  const strays = [...new Set(own)].filter((project) => !files.includes(`/app/${project}/package.json`));
  const packages = files.flatMap((path) => /^\/app\/(.*)\/package\.json$/.exec(path)?.[1] ?? []);
  return [...strangers, ...strays, ...packages.filter((path) => developmentPackages.has(path))];
};

/** No cache, no credential, nothing in the home of root. */
const nothingButTheApp: ImageRule = ({ files }) => [
  ...found(files, /^\/(?!app\/)/),
  ...found(files, /\/(\.npmrc|\.env|package-lock\.json)$|\/\.git\/|\.pem$/),
];

const isSmall: ImageRule = ({ bytesOverBase }) =>
  bytesOverBase <= MAX_BYTES_OVER_BASE ? [] : [`is ${megabytes(bytesOverBase)} over its base`];

/** By the promise that each proves. */
export const IMAGE_RULES = {
  'node is process 1, without a shell': nodeIsProcessOne,
  'the user is a number and not root': userIsNumber,
  'the health check asks the app itself, without curl': healthIsAskedByNode,
  'it listens on every address of its container': listensOnEveryAddress,
  'SIGTERM stops it': stopsOnSigterm,
  'the labels tell what it is': labelsTell,
  'there is no TypeScript in it': noTypeScript,
  'there is no source in it': noSource,
  'there is no development dependency in it': noDevelopmentPackage,
  'there is nothing in it but the app': nothingButTheApp,
  'it is at most 60 MB over its base': isSmall,
} as const satisfies Readonly<Record<string, ImageRule>>;

export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

function found(files: readonly string[], pattern: RegExp): string[] {
  const matches = files.filter((path) => pattern.test(path));
  const more = matches.length - MOST_NAMED;
  return [...matches.slice(0, MOST_NAMED), ...(more > 0 ? [`and ${more} more`] : [])];
}
