// What a spec file loaded is not all let go: a worker that holds much is replaced, or it would spend its time collecting garbage.
module.exports = { testTimeout: 60_000, workerIdleMemoryLimit: '600MB', testSequencer: '<rootDir>/tools/jest-sequencer.cjs', projects: ['<rootDir>/libs/*', '<rootDir>/services/*', '<rootDir>/examples/*/jest.config.cjs', '<rootDir>/eslint', '<rootDir>/tools'] };
