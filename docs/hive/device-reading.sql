-- Generated from the event type device-reading: npm run catalogue
-- A device measured one metric. Run once; it changes no file.

-- Every row of every file: one per Kafka record, so an event that a browser sent twice is here twice.
CREATE EXTERNAL TABLE IF NOT EXISTS device_reading_raw (
  event_id             string COMMENT 'identity of the event: the key of deduplication',
  event_type           string,
  schema_version       int,
  metric               string COMMENT 'what was measured: temperature',
  value                double COMMENT 'the measured number, 1 and 0 where the device said true and false',
  text_value           string COMMENT 'the measured text, where it is no number',
  unit                 string COMMENT 'unit of the number, of SenML or of the device: Cel',
  seq                  double COMMENT 'sequence number of the device',
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
LOCATION '/pipeline/device-reading'
TBLPROPERTIES ('discover.partitions' = 'true');

-- Finds the hour folders that are there now. Again for each new hour, or let the metastore do it: see README.md.
MSCK REPAIR TABLE device_reading_raw;

-- One row per event_id: the copy that was received first. The document in Elasticsearch is the same one.
CREATE OR REPLACE VIEW device_reading AS
SELECT
  event_id, event_type, schema_version, metric, value, text_value, unit, seq, occurred_at, device_id,
  received_at, occurred_at_original, kafka_topic, kafka_partition, kafka_offset, dt, hour
FROM (
  SELECT
    raw.*,
    row_number() OVER (
      PARTITION BY event_id ORDER BY received_at NULLS FIRST, kafka_partition, kafka_offset
    ) AS copy
  FROM device_reading_raw raw
) copies
WHERE copy = 1;
