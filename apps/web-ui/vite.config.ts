import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { defineConfig, type Plugin, type UserConfig } from 'vite';

const COMPRESSIBLE = /\.(js|css|svg)$/;

/** Writes a `.br` and a `.gz` beside every file that gains by it, once per build instead of once per request. */
function precompress(): Plugin {
  return {
    name: 'precompress',
    writeBundle({ dir = '' }) {
      for (const file of readdirSync(dir, { recursive: true, encoding: 'utf8' })) {
        const path = join(dir, file);
        if (!COMPRESSIBLE.test(file) || statSync(path).size < 1_024) continue;
        const content = readFileSync(path);
        writeFileSync(`${path}.br`, brotliCompressSync(content));
        writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
      }
    },
  };
}

const client = join(import.meta.dirname, 'client');
const shared: UserConfig = {
  root: client,
  // Workspace packages are read from their sources, so that only what is used is bundled.
  resolve: { conditions: ['@pipeline/source', 'module', 'browser', 'production'] },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: [precompress()],
};

const output = {
  outDir: join(import.meta.dirname, 'dist/client'),
  target: 'es2022',
  modulePreload: { polyfill: false },
};

/** `vite build`: the pages. `vite build --mode tag`: the tag, one script without a hash in its name. */
export default defineConfig(({ mode }) =>
  mode === 'tag'
    ? {
        ...shared,
        publicDir: false,
        build: {
          ...output,
          emptyOutDir: false,
          lib: {
            entry: join(client, 'tag-script.ts'),
            formats: ['iife'],
            name: 'pipelineTag',
            fileName: () => 'tag.js',
          },
        },
      }
    : {
        ...shared,
        build: {
          ...output,
          emptyOutDir: true,
          assetsInlineLimit: 0,
          // Unused with the server's half of the contract; an import that stayed would break the page at once.
          rolldownOptions: {
            external: /^node:/,
            input: { index: join(client, 'index.html'), dashboard: join(client, 'dashboard.html') },
          },
        },
      },
);
