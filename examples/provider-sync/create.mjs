// Creates a user and waits until its clouds have answered: node create.mjs TENANT NAME PROVIDER...
import { argv } from 'node:process';
import { call } from './wami.mjs';

const [tenant, userName, ...syncToProviders] = argv.slice(2);
const user = await call('POST', '/v1/users', { tenant, userName, syncToProviders }, { prefer: 'wait=30' });

console.log(user.arn);
for (const [provider, accounts] of Object.entries(user.sync)) for (const [account, { state, providerResourceId }] of Object.entries(accounts)) console.log(`${provider}/${account}: ${state} ${providerResourceId ?? ''}`.trim());
