import type { SyncErrorCode } from '@wami/contracts';
import { Quarantine } from './quarantine';

it('tells until when it rests also where a call that was in flight lifts it meanwhile: found by the simulation', async () => {
  const now = 1_000_000;
  let saved = (): void => undefined;
  const saving = new Promise<void>((resolve) => {
    saved = resolve;
  });
  const quarantine = new Quarantine({
    clock: { now: () => now, sleep: () => Promise.resolve() }, random: { next: () => 0 }, save: (until) => (until > 0 ? saving : Promise.resolve()),
  });
  const begun = quarantine.begin('rejected', 'AuthExpired');
  await quarantine.end();
  saved();
  expect(await begun).toBe(now + 2_000);
  expect(quarantine.activeUntil).toBeUndefined();
});

it.each<SyncErrorCode>(['DependencyNotReady', 'InvalidRequest', 'AccessDenied', 'Unsupported', 'Conflict'])('does not begin for %s, however often: a binding\'s own trouble says nothing of its target', async (code) => {
  const quarantine = new Quarantine({ clock: { now: () => 1_000_000, sleep: () => Promise.resolve() }, random: { next: () => 0 }, save: () => Promise.resolve() });
  for (let attempt = 0; attempt < 200; attempt++) expect(await quarantine.failed(code, 'words', 1_000_000)).toBeUndefined();
  expect([quarantine.activeUntil, quarantine.probing]).toEqual([undefined, false]);
});
