import { defineSettings } from '@pipeline/config';
import { kafkaSettings, publisherSettings } from '@pipeline/kafka-transport';

/** Settings of the `dlq` command. */
export const dlqSettings = defineSettings({ ...kafkaSettings, ...publisherSettings });
