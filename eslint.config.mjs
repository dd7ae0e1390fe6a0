import tseslint from 'typescript-eslint';
import { testFiles } from './eslint/layers.mjs';
import { wami } from './eslint/plugin.mjs';

const importRules = (tests) => ({
  'wami/project-imports': ['error', { tests }],
  'wami/package-imports': ['error', { tests }],
  'wami/banned-syntax': ['error', { tests }],
});

export default tseslint.config(
  { ignores: ['**/dist/**', '**/out-tsc/**', '**/node_modules/**', '**/coverage/**', '.nx/**', '.wami/**'] },
  {
    files: ['**/*.{ts,tsx,mjs,cjs}'],
    extends: [tseslint.configs.recommended],
    plugins: { wami },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'wami/explained-suppressions': 'error',
      'max-lines': ['error', 300],
      'no-empty': 'error',
      'no-constant-condition': ['error', { checkLoops: false }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
    },
  },
  { files: ['**/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
  {
    files: ['**/*.{ts,tsx}'],
    // One program for all that runs in Node: one for each project would check the types of what they share again and again, which takes twice as long.
    languageOptions: { parserOptions: { project: ['eslint/tsconfig.lint.json', 'services/console/tsconfig.lib.json', 'services/console/tsconfig.spec.json'], tsconfigRootDir: import.meta.dirname } },
    rules: {
      ...importRules(false),
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      // An injected class that is imported as a type loses its decorator metadata.
      '@typescript-eslint/consistent-type-imports': 'off',
    },
  },
  { files: testFiles, rules: importRules(true) },
);
