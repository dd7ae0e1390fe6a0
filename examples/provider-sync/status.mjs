// What a user is at each cloud, by its ARN: node status.mjs TENANT NAME
import { argv } from 'node:process';
import { call } from './wami.mjs';

const [tenant = '', name = ''] = argv.slice(2);
const strong = { 'wami-consistency': 'strong' };
const { items: [user] } = await call('GET', `/v1/resources?${new URLSearchParams({ tenant, kind: 'user', q: name })}`, undefined, strong);
const states = await call('GET', `/v1/resources/${encodeURIComponent(user.arn)}/sync`, undefined, strong);

console.log(user.arn);

for (const [provider, accounts] of Object.entries(states)) {
  for (const [account, state] of Object.entries(accounts)) console.log(`${provider}/${account}: ${wordsOf(state)}`);
}

/** @param {any} state */
function wordsOf(state) {
  switch (state.state) {
    case 'Synced': return `synced at ${state.syncedAt} with id ${state.providerResourceId}`;
    case 'Failed': return `failed: ${state.error.message} (retries: ${state.retryCount}, next retry: ${state.nextRetryAt ?? 'none'})`;
    case 'Pending': return `pending: ${state.reason ?? 'its turn comes'}`;
    case 'Syncing': return `in progress since ${state.startedAt}`;
    case 'Skipped': case 'NotConfigured': return `${state.state}: ${state.reason ?? 'not asked for'}`;
    default: return state.state;
  }
}
