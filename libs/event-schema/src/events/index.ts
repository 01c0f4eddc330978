import { DeviceCommandResult } from './device-command-result.ts';
import { DeviceCommand } from './device-command.ts';
import { DeviceReading } from './device-reading.ts';
import { DeviceStatus } from './device-status.ts';
import { LogRecord } from './log-record.ts';
import { PageView } from './page-view.ts';
import { SelectColor } from './select-color.ts';

/** Every event type. A new one is its file and its line here; `npm run catalogue` writes what follows from it. */
export const EVENTS = [
  SelectColor,
  PageView,
  LogRecord,
  DeviceReading,
  DeviceStatus,
  DeviceCommand,
  DeviceCommandResult,
] as const;
