-- Generated from the table shop.product: npm run catalogue
-- A product of the example shop, as its database has it now. Run once; it changes no file.

-- Every change of every row: one per Kafka record, deletions included.
CREATE EXTERNAL TABLE IF NOT EXISTS shop_product_raw (
  id               bigint,
  name             string,
  price            double,
  kafka_deleted_at string COMMENT 'when the deletion was appended to Kafka, absent in a row that is there',
  kafka_topic      string,
  kafka_partition  int,
  kafka_offset     bigint
)
PARTITIONED BY (
  dt   string COMMENT 'UTC day of the time of append to Kafka: 2026-11-22',
  hour string COMMENT 'UTC hour: 00 to 23'
)
ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.JsonSerDe'
STORED AS TEXTFILE
LOCATION '/pipeline/shop.product'
TBLPROPERTIES ('discover.partitions' = 'true');

-- Finds the hour folders that are there now. Again for each new hour, or let the metastore do it: see README.md.
MSCK REPAIR TABLE shop_product_raw;

-- One row per id: its newest change, unless that is a deletion. The document in Elasticsearch is the same one.
CREATE OR REPLACE VIEW shop_product AS
SELECT
  id, name, price, kafka_topic, kafka_partition, kafka_offset, dt, hour
FROM (
  SELECT
    raw.*,
    row_number() OVER (PARTITION BY id ORDER BY kafka_offset DESC) AS age
  FROM shop_product_raw raw
) changes
WHERE age = 1 AND kafka_deleted_at IS NULL;
