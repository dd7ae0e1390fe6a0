// @ts-check
import { appendFileSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/** @typedef {import('../sse/follow-events.mjs').CloudEvent} CloudEvent */
/** @typedef {{ event: CloudEvent, attempts: number, reason: string, at: string }} DeadLetter */

/** Events that the receiver would not take, a line of JSON each. They may be about people: only the owner can read the file. */
export class DeadLetters {
  /** @param {string} path */
  constructor(path) {
    this.path = path;
  }

  /** @param {Omit<DeadLetter, 'at'>} letter */
  add(letter) {
    appendFileSync(this.path, `${JSON.stringify({ ...letter, at: new Date().toISOString() })}\n`, { mode: 0o600 });
  }

  /** @returns {DeadLetter[]} */
  all() {
    return existsSync(this.path) ? readFileSync(this.path, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line)) : [];
  }

  /** Leaves these, at once. @param {readonly DeadLetter[]} letters */
  keep(letters) {
    if (letters.length === 0) return rmSync(this.path, { force: true });
    writeFileSync(`${this.path}.new`, letters.map((letter) => `${JSON.stringify(letter)}\n`).join(''), { mode: 0o600 });
    renameSync(`${this.path}.new`, this.path);
  }
}
