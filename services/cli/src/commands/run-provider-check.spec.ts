import type { Client } from '../api/client';
import { check } from './run-provider-check';

const target = (provider: string): object => ({ provider, account: '1', health: 'ok', capabilities: [] });
const ANSWERS: Readonly<Record<string, object>> = {
  'GET /v1/providers': { items: [target('aws'), target('gcp')] },
  'POST /v1/sync/check': { job: 'job_1' },
  'GET /v1/jobs/job_1': { state: 'running', checks: [{ provider: 'aws', account: '1', outcome: 'ok' }] },
  'GET /v1/sync-states': { items: [] },
};
const client = {
  settings: {}, call: (method: string, path: string) => Promise.resolve({ status: 200, headers: new Headers(), body: ANSWERS[`${method} ${path}`] }),
} as unknown as Client;

describe('provider check', () => {
  it('tells what was answered where one target does not answer in time, and ends as a wait that ran out', async () => {
    let out = '';
    let err = '';
    const writes = [
      jest.spyOn(process.stdout, 'write').mockImplementation((text) => (out += String(text)) !== ''), jest.spyOn(process.stderr, 'write').mockImplementation((text) => (err += String(text)) !== ''),
    ];
    try {
      await expect(check({ client, format: 'json' }, undefined, { wait: true, timeout: 0 })).rejects.toMatchObject({ exitCode: 8, message: 'job_1 goes on: a target has not answered.' });
    } finally {
      for (const write of writes) write.mockRestore();
    }
    expect(JSON.parse(out)).toMatchObject([{ provider: 'aws', outcome: 'ok' }, { provider: 'gcp', outcome: 'no-answer' }]);
    expect(err).toBe('✗ gcp/1 no-answer: its sync service did not answer in time\n');
  });
});
