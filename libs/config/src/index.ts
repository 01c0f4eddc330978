export { environment, loadOrExit } from './environment.ts';
export { printable } from './printable.ts';
export {
  addresses,
  bytes,
  flag,
  integer,
  list,
  milliseconds,
  oneOf,
  pairs,
  port,
  ratio,
  text,
  url,
  urls,
  type Setting,
} from './setting.ts';
export {
  ConfigError,
  defineSettings,
  type CrossFieldRule,
  type Environment,
  type Settings,
  type Values,
} from './settings.ts';
