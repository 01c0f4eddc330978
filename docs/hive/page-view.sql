-- The topic page-view as Hive sees it. Run once; it changes no file.

-- Every row of every file: one per Kafka record, so an event that a browser sent twice is here twice.
CREATE EXTERNAL TABLE IF NOT EXISTS page_view_raw (
  event_id             string COMMENT 'identity of the event; the key of deduplication',
  event_type           string,
  schema_version       int,
  user_agent           string,
  occurred_at          string COMMENT 'when the page was seen: ISO-8601, UTC, milliseconds',
  occurred_at_original string COMMENT 'what the page sent, where it was corrected; empty: an id and no time',
  received_at          string COMMENT 'when the collector took it',
  page_url             string,
  referrer             string,
  visitor_id           string,
  session_id           string,
  client_network       string,
  is_bot               boolean,
  bot_reason           string,
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
LOCATION '/pipeline/page-view'
TBLPROPERTIES ('discover.partitions' = 'true');

-- Finds the hour folders that are there now. Again for each new hour, or let the metastore do it: see README.md.
MSCK REPAIR TABLE page_view_raw;

-- One row per event_id: the copy that was received first. The document in Elasticsearch is the same one.
CREATE OR REPLACE VIEW page_view AS
SELECT
  event_id, event_type, schema_version, user_agent,
  occurred_at, occurred_at_original, received_at, page_url, referrer, visitor_id, session_id,
  client_network, is_bot, bot_reason,
  kafka_topic, kafka_partition, kafka_offset, dt, hour
FROM (
  SELECT
    raw.*,
    row_number() OVER (
      PARTITION BY event_id ORDER BY received_at NULLS FIRST, kafka_partition, kafka_offset
    ) AS copy
  FROM page_view_raw raw
) copies
WHERE copy = 1;
