export { MemoryTracer, type MemorySpan } from './tracer.double.ts';
