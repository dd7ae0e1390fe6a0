// @ts-check
import { readFileSync, renameSync, writeFileSync } from 'node:fs';

/** Where to read on. It is opaque text: keep it, never take it apart. */
export class PositionFile {
  /** @param {string} path */
  constructor(path) {
    this.path = path;
  }

  /** Undefined before the first event. */
  read() {
    try {
      return readFileSync(this.path, 'utf8').trim() || undefined;
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** A crash leaves the old position or the new one, never half of it. @param {string} position */
  write(position) {
    writeFileSync(`${this.path}.new`, `${position}\n`, { mode: 0o600 });
    renameSync(`${this.path}.new`, this.path);
  }
}
