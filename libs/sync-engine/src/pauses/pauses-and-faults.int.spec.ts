import { once } from 'node:events';
import { patiently as eventually } from '@wami/testing';
import { HOLDING, SHORT_LEASE, type EngineUnderTest } from '../spec-support/engine-under-test';
import type { Orders } from '../spec-support/mortal-engine';
import { paused, pausingForEach } from '../spec-support/pausing';
import { engineProcess, serveCloud } from '../spec-support/remote-cloud';
import { ShiftedClock } from '../spec-support/shifted-clock';
import { foldPauses } from './fold-pauses';
import { releaseNext } from './release';

jest.setTimeout(120_000);

let test: EngineUnderTest;
const pausing = pausingForEach((opened) => {
  test = opened;
});

describe('a pause, with processes that end, clocks that run and listings under way', () => {
  it('goes on releasing what it held where a restart cut that off, in bounded steps', async () => {
    const pause = await test.identity.pause();
    await pausing.users(450);
    await test.start();
    await eventually(async () => expect(await pausing.laidAside()).toBe(450));
    await test.stop();
    await test.identity.resume(pause);
    const db = test.engineDatabase();
    const ended = (await test.identity.store.readStream(pause)).slice(1);
    await db.transaction((client) => foldPauses(client, db, ended));
    const steps: number[] = [];
    for (let left = 450; left > 0;) {
      expect(await releaseNext(db, () => Date.now())).toBeDefined();
      const now = await pausing.laidAside();
      steps.push(left - now);
      left = now;
    }
    expect(steps).toEqual([200, 200, 50]);
    await test.start();
    await eventually(async () => expect(await test.states()).toEqual({ Synced: 450 }));
    expect(test.cloud.writes).toHaveLength(450);
  });

  it('kept by a process that was killed with calls in flight: afterwards nothing is called, and in the end each is there once', async () => {
    const victim = engineProcess();
    await pausing.users(20);
    serveCloud(victim, test.cloud);
    victim.send({ url: test.pool.options.connectionString ?? '', point: 'before-record', occurrence: 1 } satisfies Orders);
    await once(victim, 'exit');
    const { length } = test.cloud.calls;
    const pause = await test.identity.pause();
    await test.start();
    await eventually(async () => expect(await test.states()).toEqual({ Pending: 20 }));
    await eventually(async () => expect(await pausing.laidAside()).toBe(20));
    expect(test.cloud.calls).toHaveLength(length);
    await test.identity.resume(pause);
    await eventually(async () => expect(await test.states()).toEqual({ Synced: 20 }));
    expect(new Set(test.cloud.users().map(({ name }) => name)).size).toBe(20);
    expect(test.cloud.users()).toHaveLength(20);
  });

  it('lets no listing begin for what it holds, however much is to be compared', async () => {
    await pausing.users(50);
    await test.start({ options: HOLDING });
    await eventually(async () => expect(await test.states()).toEqual({ Synced: 50 }));
    await eventually(() => test.isQuiet());
    const pause = await test.identity.pause();
    const { length } = test.cloud.calls;
    await test.identity.job('sync');
    await eventually(async () => expect(await pausing.laidAside()).toBe(50));
    expect(test.cloud.calls).toHaveLength(length);
    await test.identity.resume(pause);
    await eventually(async () => expect(await test.states()).toEqual({ Synced: 50 }));
    expect(new Set(test.cloud.calls.slice(length).map(({ api }) => api))).toEqual(new Set(['list']));
  });

  it('that comes while a listing is being read holds back the next one', async () => {
    await pausing.users(50);
    await test.start({ options: HOLDING });
    await eventually(async () => expect(await test.states()).toEqual({ Synced: 50 }));
    await eventually(() => test.isQuiet());
    const lists = pausing.hold('list');
    await test.identity.job('sync');
    await eventually(() => expect(lists.came()).toBe(1));
    await test.identity.job('sync');
    const pause = await test.identity.pause();
    await eventually(async () => expect(await pausing.known()).toEqual([pause]));
    lists.release();
    await eventually(async () => expect(await pausing.laidAside()).toBe(50));
    expect(lists.came()).toBe(1);
    await test.identity.resume(pause);
    await eventually(async () => expect(await test.states()).toEqual({ Synced: 50 }));
  });

  it('holds over a restart, and one that came while no engine ran is heeded before anything is called', async () => {
    const pause = await test.identity.pause();
    const user = await test.identity.user('ann');
    await test.start();
    await eventually(async () => expect((await test.said(user))?.outcome).toEqual(paused(pause)));
    await test.stop();
    const edited = await test.identity.patchUser(user, { tags: { a: 'b' } });
    await test.start();
    await eventually(async () => expect(await test.said(user)).toMatchObject({ intent: edited, outcome: paused(pause) }));
    await test.stop();
    await test.identity.resume(pause);
    await test.start();
    await eventually(async () => expect(await test.stateOf(user)).toBe('Synced'));
    expect(test.cloud.calls.map(({ api }) => api)).toEqual(['whoami', 'create']);
  });

  it('ends by itself at its time, without an event, also after a restart', async () => {
    const clock = new ShiftedClock();
    const until = new Date(clock.now() + 3_600_000).toISOString();
    const pause = await test.identity.pause({ until });
    const user = await test.identity.user('ann');
    await test.start({ seams: clock.seams, options: SHORT_LEASE });
    await eventually(async () => expect((await test.said(user))?.outcome).toEqual(paused(pause, until)));
    await test.stop();
    clock.shift(3_000_000);
    await test.start({ seams: clock.seams, options: SHORT_LEASE });
    const edited = await test.identity.patchUser(user, { tags: { a: 'b' } });
    await eventually(async () => expect(await test.said(user)).toMatchObject({ intent: edited, outcome: paused(pause, until) }));
    expect(test.cloud.calls).toEqual([]);
    // Ahead of its lease too: the target is given up and taken again, and what was begun then is looked at first.
    clock.shift(615_000);
    await eventually(async () => expect(await test.stateOf(user)).toBe('Synced'));
    expect(test.cloud.writes.map(({ api }) => api)).toEqual(['create']);
    await eventually(async () => expect(await pausing.known()).toEqual([]));
  });
});
