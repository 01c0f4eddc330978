import { DeviceReading } from './device-reading.ts';
import { DeviceStatus } from './device-status.ts';
import { LogRecord } from './log-record.ts';
import { PageView } from './page-view.ts';
import { SelectColor } from './select-color.ts';
import { ShopProduct } from './shop.product.ts';

/** Every event type. A new one is its file and its line here; `npm run catalogue` writes what follows from it. */
export const EVENTS = [SelectColor, PageView, LogRecord, DeviceReading, DeviceStatus] as const;

/** Every table, in the same way. */
export const TABLE_CLASSES = [ShopProduct] as const;
