export { builderOf } from './builder-of.fixture.ts';
export { RandomRecords } from './random-records.fixture.ts';
