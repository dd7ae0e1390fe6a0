// Tries again what failed: node retry.mjs TENANT KIND
import { argv } from 'node:process';
import { call } from './wami.mjs';

const [tenant, kind] = argv.slice(2);
const { retried, succeeded, failed } = await call('POST', '/v1/sync/retry', { filter: { tenant, kind }, maxRetries: 3 }, { prefer: 'wait=30' });
console.log(`retried: ${retried}, successes: ${succeeded}, failures: ${failed}`);
