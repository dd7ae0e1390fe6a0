// The kills of whole processes are known to fail now and then (an open bug: see what `random-kills` says it skips), so they run only on request.
const onRequest = process.env.WAMI_CHAOS ? { testMatch: ['<rootDir>/src/chaos/*.chaos.ts'] } : {};
module.exports = { ...require('../../jest.preset.cjs'), rootDir: __dirname, displayName: 'standalone', ...onRequest };
