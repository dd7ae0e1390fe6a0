import { ALL_EVENTS, EventSchemaError, parseEvent } from './registry';

const created = {
  type: 'wami.user.created.v1', stream: 'usr_1', key: 'usr_1', tenant: 'acme', subject: 'arn:wami:iam:acme:wami:local:user/usr_1',
  data: { path: '/', tags: {} }, personal: { userName: 'ann' },
};
const failureOf = (event: unknown): EventSchemaError => {
  try {
    parseEvent(event as typeof created);
  } catch (error) {
    return error as EventSchemaError;
  }
  throw new Error('it was accepted');
};

describe('published events', () => {
  it('are named wami.<aggregate>.<past-tense>.v<n>, each once', () => {
    const types = ALL_EVENTS.map(({ type }) => type);
    for (const type of types) expect(type).toMatch(/^wami\.[a-z-]+\.[a-z-]+\.v\d+$/);
    expect(new Set(types).size).toBe(types.length);
  });

  it('are accepted where both parts fit', () => expect(parseEvent(created)).toBe(created));

  it('keep names apart from data: a name among the data is refused', () => {
    expect(failureOf({ ...created, data: { ...created.data, userName: 'ann' } })).toMatchObject({ problem: 'invalid' });
  });

  it('are refused without repeating a value', () => {
    const error = failureOf({ ...created, personal: { userName: 42, email: 'secret@example.com' } });
    expect(error).toMatchObject({ problem: 'invalid', eventType: 'wami.user.created.v1' });
    expect(error.message).toContain('personal/userName');
    expect(error.message).not.toContain('secret@example.com');
  });

  it('of an unknown type are told apart from broken ones', () => {
    expect(failureOf({ ...created, type: 'wami.user.exploded.v1' })).toMatchObject({ problem: 'unknown-type' });
  });
});
