import { defineConfig } from 'vite';

export default defineConfig({
  resolve: { conditions: ['@wami/source', 'module', 'browser', 'production'] },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  // Beside what the compiler makes of the same files, for those who serve them.
  build: { outDir: 'dist/site', emptyOutDir: true, modulePreload: { polyfill: false }, target: 'es2022', assetsInlineLimit: 0 },
  // Everything has one name at one place; nothing is copied that the page does not name.
  publicDir: false,
});
