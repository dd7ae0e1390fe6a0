import { eventually } from '@wami/testing';
import type { Arena } from './arena';
import type { Arming } from './kill-points';
import { Load } from './load';
import type { Random } from './random';

const FIRES_WITHIN_MS = 60_000;
const LOAD = { actors: 2, pauseMs: [10, 60] } as const;

/** Under load of its own, kills the process at the point, starts it again, and has every command answered. @throws where the point never fired. */
export async function killAtPoint(arena: Arena, arming: Arming, name: string, random: Random): Promise<void> {
  const { victim } = arena;
  const load = new Load(arena, random, { name, ...LOAD });
  try {
    if (arming.point === 'call-unanswered') await killUnanswered(arena, arming);
    else victim.arm(arming);
    const how = await victim.gone(FIRES_WITHIN_MS).catch((error: unknown) => Promise.reject(new Error(`the point ${arming.point} never fired`, { cause: error })));
    if (how !== 'SIGKILL') throw new Error(`at ${arming.point} it ended with ${how}: ${victim.lastWords}`);
    await victim.start();
  } catch (error) {
    await victim.dispose();
    throw error;
  } finally {
    await load.stop();
  }
}

/** The cloud itself knows the moment: a call is executed and its answer withheld. */
async function killUnanswered({ victim, witness: { sandbox: { faults } } }: Arena, { at }: Arming): Promise<void> {
  const withheld = (): number => faults.injected().timeout ?? 0;
  const before = withheld();
  faults.at(at, 'timeout');
  await eventually(() => withheld() > before, { timeoutMs: FIRES_WITHIN_MS, intervalMs: 1, describe: 'a call of the cloud is left unanswered' });
  await victim.kill();
}
