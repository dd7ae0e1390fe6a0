/// <reference types="jest" />
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Verdicts } from './verdicts';

/** What a provider has to allow an adapter. */
export interface LeastPrivilege {
  /** Operation, by the name that a trace has of it -> what the provider asks for whoever calls it. */
  readonly permissions: Readonly<Record<string, readonly string[]>>;
  /** Operations that no claim leads to: what has to stand there first. */
  readonly seldom: Readonly<Record<string, string>>;
  /** What is published: name of the file -> its text. */
  readonly files: Readonly<Record<string, string>>;
}

/** Registers the tests that what is published is enough for all that the adapter called before every witness, and no more, and that `npm run docs:least-privilege` wrote it. */
export function keepLeastPrivilege(folder: string, { permissions, seldom, files }: LeastPrivilege, verdicts: Verdicts): void {
  it('calls nothing but what the published permissions are for', () => {
    assert.deepEqual([...verdicts.called].filter((operation) => !(operation in permissions)).sort(), []);
  });

  it('is to be allowed nothing that it does not call', () => {
    if (!verdicts.complete) return;
    const uncalled = Object.keys(permissions).filter((operation) => !verdicts.called.has(operation));
    assert.deepEqual(uncalled.sort(), Object.keys(seldom).sort());
  });

  it.each(Object.keys(files))('%s is published as the table of operations says', (name) => {
    assert.equal(readFileSync(join(folder, name), 'utf8'), files[name], 'run npm run docs:least-privilege');
  });
}
