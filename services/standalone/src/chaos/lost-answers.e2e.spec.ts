import { Arena } from './arena';
import { runScript, type Left } from './script';

jest.setTimeout(600_000);

const WANTED = [
  '{"group":"-root","members":["-anna"]}',
  '{"user":"-anna","path":"/ops/","tags":{"floor":"3","team":"b"},"groups":["-root"]}',
];
const SYNCED = ['{"of":"-anna","state":"Synced","version":3}', '{"of":"-root","state":"Synced","version":2}'];

const callsOf = ({ witness: { sandbox } }: Arena): number => Object.values(sandbox.calls()).reduce((sum, calls) => sum + calls, 0);
const lostAt = ({ witness: { sandbox } }: Arena): number => sandbox.faults.injected()['lost-answer'] ?? 0;

/** The script, with the answer to its `cut`-th call lost though the call was carried out. @throws where that never happened. */
async function cutAt(arena: Arena, cut: number, prefix: string): Promise<Left> {
  const before = lostAt(arena);
  arena.witness.sandbox.faults.at(cut, 'lost-answer');
  const left = await runScript(arena, prefix);
  if (lostAt(arena) !== before + 1) throw new Error(`the answer to call ${cut} was never lost`);
  return left;
}

/** How often the script calls where nothing goes wrong, and what it leaves. */
async function uninterrupted(arena: Arena): Promise<{ calls: number; left: Left }> {
  await runScript(arena, 'warm'); // who we are there is asked once
  const before = callsOf(arena);
  const left = await runScript(arena, 'whole');
  return { calls: callsOf(arena) - before, left };
}

describe('each call of the cloud carried out and reported as lost, one at a time', () => {
  it('leaves the cloud as if nothing had happened', async () => {
    const arena = await Arena.open();
    try {
      const { calls, left } = await uninterrupted(arena);
      expect(left).toEqual({ cloud: WANTED, bindings: SYNCED, duplicates: [], writes: left.writes });
      const odd: unknown[] = [];
      let duplicates = 0;
      for (let cut = 1; cut <= calls; cut++) {
        const after = await cutAt(arena, cut, `cut${cut}`);
        duplicates += after.duplicates.length + Math.max(0, after.writes - left.writes);
        if (JSON.stringify(after) !== JSON.stringify(left)) odd.push({ cut, ...after });
      }
      await arena.victim.end();
      process.stderr.write(`lost answers: cuts ${calls}, converged ${calls - odd.length}, duplicates ${duplicates}\n`);
      expect(odd).toEqual([]);
      expect(calls).toBeGreaterThan(left.writes);
    } finally {
      await arena.close();
    }
  });

  it('control: a create that is repeated blindly is caught', async () => {
    const arena = await Arena.open({ bugs: ['blind-create'] });
    try {
      const { left } = await uninterrupted(arena);
      const after = await cutAt(arena, 1, 'cut');
      expect(left.duplicates).toEqual([]);
      expect(after.duplicates).toContainEqual(expect.stringContaining('was made 2 times'));
      process.stderr.write('lost answers: control: caught\n');
    } finally {
      await arena.close();
    }
  });
});
