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
