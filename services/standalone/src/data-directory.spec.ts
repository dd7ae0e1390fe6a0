import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Secret, StartupError } from '@wami/platform';
import { removeDirectory, temporaryDirectory } from '@wami/testing';
import { keyPepperOf, masterKeyOf } from './data-directory';

describe('the secret under which API keys are hashed', () => {
  const folder = temporaryDirectory('pepper');
  const file = join(folder, 'key.pepper');
  afterAll(() => removeDirectory(folder));

  it('is made once, for this user alone, and stays', () => {
    const made = keyPepperOf(folder, undefined);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(made.reveal()).toMatch(/^[\w-]{43}$/);
    expect(keyPepperOf(folder, undefined).reveal()).toBe(made.reveal());
  });

  it('is the one that is given, which is written nowhere', () => {
    const before = readFileSync(file, 'utf8');
    expect(keyPepperOf(folder, new Secret('given-by-the-operator-32-characters')).reveal()).toBe('given-by-the-operator-32-characters');
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  it('is not made anew where the file was damaged: that would end every key in silence', () => {
    writeFileSync(file, 'short\n');
    expect(() => keyPepperOf(folder, undefined)).toThrow(StartupError);
    expect(() => keyPepperOf(folder, undefined)).toThrow(/API keys made before are refused/);
  });
});

describe('the key under which the keys of personal data are kept', () => {
  const folder = temporaryDirectory('master-key');
  const file = join(folder, 'master.key');
  afterAll(() => removeDirectory(folder));

  it('is made once, for this user alone, and stays; a given one is written nowhere', () => {
    const made = masterKeyOf(folder, undefined).reveal();
    expect([made.length, statSync(file).mode & 0o777]).toEqual([32, 0o600]);
    expect(masterKeyOf(folder, undefined).reveal()).toEqual(made);
    const given = Buffer.alloc(32, 'given');
    expect(masterKeyOf(folder, new Secret(given)).reveal()).toBe(given);
    expect(Buffer.from(readFileSync(file, 'utf8').trim(), 'base64')).toEqual(made);
  });

  it('is not made anew where the file was damaged: that would lose everything personal', () => {
    writeFileSync(file, 'short\n');
    expect(() => masterKeyOf(folder, undefined)).toThrow(StartupError);
    expect(() => masterKeyOf(folder, undefined)).toThrow(/Put back the one of before/);
    expect(() => masterKeyOf(folder, undefined)).not.toThrow(/short/);
  });
});
