import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tryPidLock } from './pid-lock';

describe('tryPidLock', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'wami-lock-'));
    path = join(folder, 'lock');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is refused while a living process holds it, and free after release', () => {
    const first = tryPidLock(path);
    expect(tryPidLock(path)).toEqual({ heldBy: process.pid });
    if ('lock' in first) first.lock.release();
    expect(existsSync(path)).toBe(false);
    expect(tryPidLock(path)).toHaveProperty('lock');
  });

  it('is taken over from a dead process and leaves no other file', () => {
    const dead = spawnSync('true').pid;
    writeFileSync(path, `${dead} 1\n`);
    expect(tryPidLock(path)).toHaveProperty('lock');
    expect(readdirSync(folder)).toEqual(['lock']);
  });

  it('is taken over when the process id belongs to a later process', () => {
    writeFileSync(path, `${process.pid} 1\n`);
    expect(tryPidLock(path)).toHaveProperty('lock');
  });
});
