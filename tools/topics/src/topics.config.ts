import { defineSettings } from '@pipeline/config';
import { kafkaSettings } from '@pipeline/kafka-transport';

/** Settings of the `topics` command. */
export const topicsSettings = defineSettings({ ...kafkaSettings });
