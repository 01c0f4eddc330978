import { type ComposeFile, type ComposeService } from '../compose.ts';

/** What the Compose schema cannot see; returns a sentence for each violation. */
export type ComposeRule = (file: ComposeFile) => string[];

/** What is wrong with each service, its name before it. */
export function ofEach(
  services: ComposeFile['services'],
  problems: (service: ComposeService, name: string) => string[],
): string[] {
  return Object.entries(services).flatMap(([name, service]) =>
    problems(service, name).map((problem) => `${name} ${problem}`),
  );
}

/** The same of the services that are built here, with the app that each is. */
export function ofOurs(
  services: ComposeFile['services'],
  problems: (service: ComposeService, app: string, name: string) => string[],
): string[] {
  return ofEach(services, (service, name) => {
    const app = service.build?.args?.['APP'];
    return app === undefined ? [] : problems(service, app, name);
  });
}
