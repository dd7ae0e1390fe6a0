// Somebody at the console of the sandbox AWS account, without WAMI: node somebody-else.mjs ACTION KEY=VALUE...
import { argv } from 'node:process';
import { sandbox } from './wami.mjs';

const [action = '', ...parameters] = argv.slice(2);
const authorization = `AWS4-HMAC-SHA256 Credential=AKIASOMEBODYELSE0001/20300101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=${'0'.repeat(64)}`;
const body = new URLSearchParams({ Action: action, Version: '2010-05-08' });
for (const [key = '', value = ''] of parameters.map((one) => one.split(/=(.*)/s))) body.set(key, value);
const response = await fetch(sandbox('aws/000000000001'), { method: 'POST', body, headers: { authorization } });
console.log(response.ok ? `${action}: done` : await response.text());
