-- Generated from the event type log-record: npm run catalogue
-- A program or a device logged something. Run once; it changes no file.

-- Every row of every file: one per Kafka record, so an event that a browser sent twice is here twice.
CREATE EXTERNAL TABLE IF NOT EXISTS log_record_raw (
  event_id             string COMMENT 'identity of the event: the key of deduplication',
  event_type           string,
  schema_version       int,
  time_unix_nano       string COMMENT 'when it happened, in nanoseconds since the epoch, else when the agent saw it',
  severity_number      int COMMENT '1 to 24: trace, debug, info, warn, error, fatal, four steps each',
  severity_text        string COMMENT 'as its source calls it, else the name of the number',
  body                 string COMMENT 'the message, or JSON where it is no text',
  event_name           string COMMENT 'what kind of thing happened, where its source says so',
  service_name         string,
  service_instance     string,
  host_name            string,
  scope_name           string COMMENT 'the logger, or the library that logs',
  trace_id             string COMMENT '32 hexadecimal digits',
  span_id              string COMMENT '16 hexadecimal digits',
  attributes           map<string,string> COMMENT 'of the record',
  resource_attributes  map<string,string> COMMENT 'of what logged it: service, host, container',
  occurred_at          string COMMENT 'when it happened, by the clock of its sender, corrected: ISO-8601, UTC, milliseconds',
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
LOCATION '/pipeline/log-record'
TBLPROPERTIES ('discover.partitions' = 'true');

-- Finds the hour folders that are there now. Again for each new hour, or let the metastore do it: see README.md.
MSCK REPAIR TABLE log_record_raw;

-- One row per event_id: the copy that was received first. The document in Elasticsearch is the same one.
CREATE OR REPLACE VIEW log_record AS
SELECT
  event_id, event_type, schema_version, time_unix_nano, severity_number, severity_text, body,
  event_name, service_name, service_instance, host_name, scope_name, trace_id, span_id, attributes,
  resource_attributes, occurred_at, received_at, occurred_at_original, kafka_topic, kafka_partition,
  kafka_offset, dt, hour
FROM (
  SELECT
    raw.*,
    row_number() OVER (
      PARTITION BY event_id ORDER BY received_at NULLS FIRST, kafka_partition, kafka_offset
    ) AS copy
  FROM log_record_raw raw
) copies
WHERE copy = 1;
