-- Generated from the event type select-color: npm run catalogue
-- A visitor chose their favourite colour. Run once; it changes no file.

-- Every row of every file: one per Kafka record, so an event that a browser sent twice is here twice.
CREATE EXTERNAL TABLE IF NOT EXISTS select_color_raw (
  event_id             string COMMENT 'identity of the event: the key of deduplication',
  event_type           string,
  schema_version       int,
  user_name            string COMMENT 'what the visitor typed',
  color_name           string,
  occurred_at          string COMMENT 'when it happened, by the clock of its sender, corrected: ISO-8601, UTC, milliseconds',
  page_url             string,
  referrer             string COMMENT 'empty where the browser has none',
  visitor_id           string,
  session_id           string,
  user_agent           string COMMENT 'the request header, cut at its limit',
  received_at          string COMMENT 'when it was accepted',
  occurred_at_original string COMMENT 'what was sent, where it was corrected, empty: an id and no time',
  is_bot               boolean COMMENT 'whether the collector took its sender for a bot, absent in events older than the mark',
  bot_reason           string,
  client_network       string COMMENT 'network of the client (/24, /48), where the collector is set to store it',
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
LOCATION '/pipeline/select-color'
TBLPROPERTIES ('discover.partitions' = 'true');

-- Finds the hour folders that are there now. Again for each new hour, or let the metastore do it: see README.md.
MSCK REPAIR TABLE select_color_raw;

-- One row per event_id: the copy that was received first. The document in Elasticsearch is the same one.
CREATE OR REPLACE VIEW select_color AS
SELECT
  event_id, event_type, schema_version, user_name, color_name, occurred_at, page_url, referrer,
  visitor_id, session_id, user_agent, received_at, occurred_at_original, is_bot, bot_reason,
  client_network, kafka_topic, kafka_partition, kafka_offset, dt, hour
FROM (
  SELECT
    raw.*,
    row_number() OVER (
      PARTITION BY event_id ORDER BY received_at NULLS FIRST, kafka_partition, kafka_offset
    ) AS copy
  FROM select_color_raw raw
) copies
WHERE copy = 1;
