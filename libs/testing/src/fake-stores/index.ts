export { FakeElasticsearch, type HttpFault } from './fake-elasticsearch.ts';
export { FakeWebHdfs, type WebHdfsFault } from './fake-web-hdfs.ts';
export { LOOPBACK_TLS } from './loopback-tls.ts';
