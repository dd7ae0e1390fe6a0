module.exports = { ...require('../jest.preset.cjs'), rootDir: __dirname, displayName: 'lint-rules', testMatch: ['<rootDir>/**/*.spec.ts'], testTimeout: 300_000 };
