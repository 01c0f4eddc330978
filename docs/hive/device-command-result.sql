-- Generated from the event type device-command-result: npm run catalogue
-- A command to a device ended. Run once; it changes no file.

-- Every row of every file: one per Kafka record, so an event that a browser sent twice is here twice.
CREATE EXTERNAL TABLE IF NOT EXISTS device_command_result_raw (
  event_id             string COMMENT 'identity of the event: the key of deduplication',
  event_type           string,
  schema_version       int,
  command_id           string COMMENT 'the `event_id` of the command',
  status               string,
  message              string COMMENT 'what the device said, or why there is no answer of it',
  occurred_at          string COMMENT 'when it happened, by the clock of its sender, corrected: ISO-8601, UTC, milliseconds',
  device_id            string COMMENT 'the device, as its MQTT topics name it',
  received_at          string COMMENT 'when it was accepted',
  occurred_at_original string COMMENT 'what was sent, where it was corrected, empty: an id and no time',
  kafka_topic          string,
  kafka_partition      int,
  kafka_offset         bigint
)
PARTITIONED BY (
  dt   string COMMENT 'UTC day of the time of append to Kafka: 2026-11-22',
  hour string COMMENT 'UTC hour: 00 to 23'
)
ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.JsonSerDe'
STORED AS TEXTFILE
LOCATION '/pipeline/device-command-result'
TBLPROPERTIES ('discover.partitions' = 'true');

-- Finds the hour folders that are there now. Again for each new hour, or let the metastore do it: see README.md.
MSCK REPAIR TABLE device_command_result_raw;

-- One row per event_id: the copy that was received first. The document in Elasticsearch is the same one.
CREATE OR REPLACE VIEW device_command_result AS
SELECT
  event_id, event_type, schema_version, command_id, status, message, occurred_at, device_id,
  received_at, occurred_at_original, kafka_topic, kafka_partition, kafka_offset, dt, hour
FROM (
  SELECT
    raw.*,
    row_number() OVER (
      PARTITION BY event_id ORDER BY received_at NULLS FIRST, kafka_partition, kafka_offset
    ) AS copy
  FROM device_command_result_raw raw
) copies
WHERE copy = 1;
