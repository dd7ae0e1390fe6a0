// @ts-check
import { closeSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';

/** @typedef {import('./cloud-event.mjs').CloudEvent} CloudEvent */

/**
 * Stands for your database: what an event does and the note that it was done are written at once, so a repeat finds the note. Here that is
 * one line of a file; with SQL it is the effect and `INSERT INTO seen (id)` with a unique key, in one transaction.
 */
export class Journal {
  /** @param {string} path */
  constructor(path) {
    this.file = openSync(path, 'a+', 0o600);
    const text = readFileSync(path, 'utf8');
    // A line that was cut off by a crash was never finished: its event comes again.
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    ftruncateSync(this.file, Buffer.byteLength(whole));
    /** @type {Set<string>} */
    this.seen = new Set(whole.split('\n').filter(Boolean).map((line) => JSON.parse(line).id));
  }

  /**
   * Writes those that were not seen before, and returns how many these are. They are on disk when it returns.
   * @param {readonly CloudEvent[]} events
   */
  append(events) {
    const fresh = new Map(events.filter(({ id }) => !this.seen.has(id)).map((event) => [event.id, event]));
    if (fresh.size === 0) return 0;
    writeSync(this.file, [...fresh.values()].map((event) => `${JSON.stringify(event)}\n`).join(''));
    fsyncSync(this.file);
    for (const id of fresh.keys()) this.seen.add(id);
    return fresh.size;
  }

  close() {
    closeSync(this.file);
  }
}
