module.exports = { projects: ['<rootDir>/libs/*', '<rootDir>/services/*', '<rootDir>/eslint', '<rootDir>/tools'] };
