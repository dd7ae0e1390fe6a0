import { createLine, expiryAfter } from './key-text';

describe('a key that is to be made', () => {
  it('is made by the same command, whatever its name', () => {
    expect(createLine({ name: ' dashboard ', role: 'viewer', tenant: 'acme/core', days: '90' })).toBe('npx wami key create dashboard --role viewer --tenant acme/core --expires 90d');
    expect(createLine({ name: "Ann's; rm -rf", role: 'admin', tenant: 'acme', days: '' })).toBe(String.raw`npx wami key create 'Ann'\''s; rm -rf' --role admin --tenant acme`);
    expect(createLine({ name: '', role: 'viewer', tenant: 'acme', days: '' })).toContain(' NAME ');
  });

  it('ends after so many days, or never', () => expect([expiryAfter('30', 0), expiryAfter('', 0)]).toEqual([{ expiresAt: '1970-01-31T00:00:00.000Z' }, {}]));
});
