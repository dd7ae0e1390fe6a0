import { spawnSync } from 'node:child_process';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { removeDirectory, temporaryDirectory } from '@wami/testing';

const MEGABYTES = 300;
const BLOCK = Buffer.alloc(256 * 1024);

/** A file system of its own, small and in memory: it can be filled without harm to anybody else. */
export class SmallDisk {
  private constructor(readonly folder: string) {}

  /** Undefined where this user may not mount one. */
  static mount(): SmallDisk | undefined {
    const folder = temporaryDirectory('small-disk');
    const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${MEGABYTES}m,mode=755`, 'wami-small-disk', folder], { stdio: 'ignore' });
    if (status === 0) return new SmallDisk(folder);
    removeDirectory(folder);
    return undefined;
  }

  /** Takes all the space that is left. */
  fill(): void {
    const file = openSync(this.ballast, 'a');
    try {
      for (;;) writeSync(file, BLOCK);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    } finally {
      closeSync(file);
    }
  }

  /** Gives it back. */
  relieve(): void {
    rmSync(this.ballast, { force: true });
  }

  unmount(): void {
    spawnSync('umount', [this.folder], { stdio: 'ignore' });
    removeDirectory(this.folder);
  }

  private get ballast(): string {
    return join(this.folder, 'ballast');
  }
}
