import type { SyncMap } from '@wami/contracts';
import type { Client } from '../api/client';
import { eachLimited } from '../api/each-limited';
import { exitCodeOf, statesOf, waitUntilSettled } from '../api/wait';
import type { Applied } from '../declaration/execute';
import { EXIT } from '../exit-codes';
import { stateWord, whyOf } from '../output/sync-states';

const PARALLEL = 16;

/** Follows all that an apply touched until it settled or the time is up; sets the exit code to the worst. What is not Synced is said with its reason. */
export async function waitForAll(client: Client, { touched, position }: Applied, timeoutMs: number): Promise<void> {
  const startedAt = Date.now();
  let settled = 0;
  const maps = await eachLimited(touched, PARALLEL, async (id) => {
    const map = await waitUntilSettled(client, id, undefined, startedAt + timeoutMs, position);
    settled++;
    if (process.stderr.isTTY) process.stderr.write(`\r${settled} of ${touched.length} settled`);
    return map;
  });
  if (process.stderr.isTTY) process.stderr.write('\n');
  for (const [index, map] of maps.entries()) reportOthers(touched[index] ?? '', map);
  const targets = maps.flatMap(statesOf);
  const synced = targets.filter(({ state }) => state === 'Synced').length;
  process.stderr.write(`${synced} of ${targets.length} states Synced, ${touched.length} things (${((Date.now() - startedAt) / 1000).toFixed(1)} s)\n`);
  const codes = maps.map((map) => exitCodeOf(statesOf(map)));
  process.exitCode = codes.find((code) => code === EXIT.waitRanOut) ?? codes.find((code) => code !== EXIT.done) ?? EXIT.done;
}

function reportOthers(id: string, map: SyncMap): void {
  for (const state of statesOf(map)) {
    if (state.state !== 'Synced') process.stderr.write(`${stateWord(state.state)}  ${state.kind}/${id}  ${state.provider}/${state.account}  ${whyOf(state)}\n`);
  }
}
