import { COMMANDS, IMAGES } from '@pipeline/images';
import { jarSetVersion } from '@pipeline/local-stack';
import { isPinned } from '../rules/images.ts';
import { type ComposeRule, ofEach, ofOurs } from './compose-rule.ts';

/** Every image has a version. A variable in the tag counts with its default. */
export const imagesArePinned: ComposeRule = ({ services }) =>
  ofEach(services, ({ image = '' }) =>
    isPinned(image.replace(/\$\{\w+:-([^}]*)\}/g, '$1')) ? [] : [`runs ${image}, which has no version`],
  );

/** What is built here has the name, the folder and the stage that `npx nx run <app>:image` gives it. */
export const imagesAreOurs: ComposeRule = ({ services }) =>
  ofOurs(services, ({ image = '', build }, app) => {
    const folder: string | undefined = (IMAGES as Readonly<Record<string, string>>)[app];
    if (folder === undefined) return [`builds ${app}, which is no image of ours`];
    return [
      ...(image.startsWith(`web-event-pipeline/${app}:`) ? [] : [`calls ${app} ${image}`]),
      ...((build?.args?.['APP_FOLDER'] ?? `apps/${app}`) === folder
        ? []
        : [`looks for ${app} not in ${folder}`]),
      ...((build?.target === 'command') === COMMANDS.includes(app)
        ? []
        : [`builds the wrong stage for ${app}`]),
    ];
  });

/** Images of servers → the server that `npm start` and the tests run; Kibana is of Elasticsearch's version. */
const SERVER_IMAGES = {
  'apache/kafka': 'kafka',
  'apache/hadoop': 'hdfs',
  'docker.elastic.co/elasticsearch/elasticsearch': 'elasticsearch',
  'docker.elastic.co/kibana/kibana': 'elasticsearch',
  'apache/hive': 'hive',
} as const;

/** Servers have the version that everything else is tested with. */
export const versionsAreTested: ComposeRule = ({ services }) =>
  ofEach(services, ({ image = '' }) =>
    Object.entries(SERVER_IMAGES)
      .filter(([name]) => image.startsWith(`${name}:`))
      .filter(([name, server]) => image !== `${name}:${jarSetVersion(server)}`)
      .map(([, server]) => `runs ${image}, and tests run ${jarSetVersion(server)}`),
  );
