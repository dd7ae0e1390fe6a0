import { eventually, startTestPostgres } from '@wami/testing';
import { EngineUnderTest, TO_AWS } from '../spec-support/engine-under-test';
jest.setTimeout(120_000);
it('throughput', async () => {
  const postgres = await startTestPostgres({ durable: true });
  const test = await EngineUnderTest.open(await postgres.createDatabase());
  await test.identity.tenant('acme', TO_AWS);
  const groups: string[] = [];
  for (let i = 0; i < 10; i++) groups.push(await test.identity.group(`g${i}`));
  const users = await Promise.all(Array.from({ length: 1000 }, (_, i) => test.identity.user(`u${i}`)));
  await Promise.all(users.map((user, i) => test.identity.member('add', groups[i % 10] as string, user)));
  const figures = { folded: 0, foldMs: 0, recorded: 0, records: 0, recordMs: 0 };
  const t0 = Date.now();
  const cpu0 = process.cpuUsage();
  await test.start({ metrics: { folded: (n, ms) => { figures.folded += n; figures.foldMs += ms; }, called: () => undefined, settled: () => undefined, inFlight: () => undefined,
    recorded: (n, ms) => { figures.recorded += n; figures.records += 1; figures.recordMs += ms; } }, options: { leaseMs: 30000, callTimeoutMs: 10000 } });
  await eventually(async () => (await test.isQuiet()) && (await test.states())['Synced'] === 1010, { timeoutMs: 60_000, intervalMs: 50 });
  const ms = Date.now() - t0;
  const cpu = process.cpuUsage(cpu0);
  console.log(JSON.stringify({ ms, calls: test.cloud.calls.length, perSecond: Math.round(2010 / ms * 1000), cpuMs: Math.round((cpu.user + cpu.system) / 1000), ...figures }));
  await test.identity.job('sync');
  const before = test.cloud.calls.length;
  const t1 = Date.now();
  await eventually(async () => (await test.isQuiet()) && test.cloud.calls.length > before, { timeoutMs: 60_000, intervalMs: 50 });
  console.log(JSON.stringify({ resyncMs: Date.now() - t1, calls: test.cloud.calls.length - before, writes: test.cloud.writes.length }));
  await test.close();
  await postgres.stop();
});
