/** `npm run counts`: how large the product is, in what a reader has to hold. */
import { foldersBothWays, productSources, typesExportedTwice } from './product-sources.ts';

const FEW_LINES = 20;

const sources = productSources();
const twice = typesExportedTwice(sources);
const bothWays = foldersBothWays(sources);
const ofKafkajs = sources.filter(({ imports }) => imports.some((name) => /^kafkajs(\/|$)/.test(name)));
const rows: readonly (readonly [string, number])[] = [
  ['product files', sources.length],
  ['product lines', sources.reduce((sum, { lines }) => sum + lines, 0)],
  [`files under ${FEW_LINES} lines`, sources.filter(({ lines }) => lines < FEW_LINES).length],
  ['named types', sources.reduce((sum, { types }) => sum + types.length, 0)],
  ['exported types defined twice', twice.length],
  ['files that import kafkajs', ofKafkajs.length],
  ['folders that import each other', bothWays.length],
];
for (const [what, count] of rows) console.log(`${what.padEnd(30)} ${String(count).padStart(6)}`);
if (twice.length > 0) console.log(`\ndefined twice: ${twice.join(', ')}`);
if (bothWays.length > 0) console.log(`\nimport each other:\n  ${bothWays.join('\n  ')}`);
