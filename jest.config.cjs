module.exports = { testTimeout: 60_000, projects: ['<rootDir>/libs/*', '<rootDir>/services/*', '<rootDir>/eslint', '<rootDir>/tools'] };
