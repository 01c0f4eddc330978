import 'reflect-metadata';
import { runSink } from '@pipeline/sink-runtime';
import { hdfsSink } from './hdfs-sink.ts';

await runSink(hdfsSink);
