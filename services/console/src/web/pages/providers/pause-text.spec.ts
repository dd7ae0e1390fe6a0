import { pauseBody, pauseLine } from './pause-text';

const target = { provider: 'aws', account: '000000000001' };

describe('a pause of a target', () => {
  it('is of the target alone, with a reason, and ends by itself where it was said when', () => {
    expect(pauseBody({ target, reason: 'freeze', hours: '' }, 0)).toEqual({ ...target, reason: 'freeze' });
    expect(pauseBody({ target, reason: 'freeze', hours: '24' }, 0)).toEqual({ ...target, reason: 'freeze', until: '1970-01-02T00:00:00.000Z' });
  });

  it('is the same as a command, whatever the reason holds', () => {
    expect(pauseLine({ target, reason: '', hours: '' })).toBe("npx wami sync pause --provider aws --account 000000000001 --reason 'why' --yes");
    expect(pauseLine({ target, reason: "it's $(late)", hours: '8' })).toBe(String.raw`npx wami sync pause --provider aws --account 000000000001 --reason 'it'\''s $(late)' --until 8h --yes`);
  });
});
