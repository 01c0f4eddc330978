import 'reflect-metadata';
import { runSink } from '@pipeline/sink-runtime';
import { esSink } from './es-sink.ts';

await runSink(esSink);
