module.exports = { testTimeout: 60_000, testSequencer: '<rootDir>/tools/jest-sequencer.cjs', projects: ['<rootDir>/libs/*', '<rootDir>/services/*', '<rootDir>/eslint', '<rootDir>/tools'] };
