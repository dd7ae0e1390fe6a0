import { randomBytes } from 'node:crypto';
import { isSealed } from '@wami/contracts';
import { lock, unlock } from './box';
import { openValue, sealValue } from './sealed-value';

const key = randomBytes(32);
const place = { subject: 'usr_1', eventId: 'evt_1' };
const personal = { userName: 'ann', displayName: 'Änn 😀' };
const sealed = sealValue(key, place, JSON.stringify(personal));

/** The same text with one character changed. */
const changedAt = (text: string, at: number): string => `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`;

describe('a sealed value', () => {
  it('opens with its key at its place, says nothing, and is never the same twice', () => {
    expect(isSealed(sealed)).toBe(true);
    expect(openValue(key, place, sealed)).toEqual(personal);
    expect(Buffer.from(sealed.value, 'base64url').toString('latin1')).not.toContain('ann');
    expect(sealValue(key, place, JSON.stringify(personal))).not.toEqual(sealed);
  });

  it('opens with no other key, for no other subject and in no other event', () => {
    expect(openValue(randomBytes(32), place, sealed)).toBeUndefined();
    expect(openValue(key, { ...place, subject: 'usr_2' }, sealed)).toBeUndefined();
    expect(openValue(key, { ...place, eventId: 'evt_2' }, sealed)).toBeUndefined();
  });

  it('does not open once anything of it was changed or cut off: iv, text or tag', () => {
    const { value } = sealed;
    for (const at of [0, 20, value.length - 10]) expect(openValue(key, place, { sealed: 'v1', value: changedAt(value, at) })).toBeUndefined();
    for (const length of [0, 10, 37, value.length - 4]) expect(openValue(key, place, { sealed: 'v1', value: value.slice(0, length) })).toBeUndefined();
  });
});

it('a locked box opens for its context alone', () => {
  const box = lock(key, 'tenant acme', Buffer.from('secret'));
  expect(unlock(key, 'tenant acme', box)?.toString()).toBe('secret');
  expect(unlock(key, 'tenant other', box)).toBeUndefined();
});
