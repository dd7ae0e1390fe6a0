import { Writer, type Type } from 'protobufjs';
import { loadMessages, readMessage, writeMessage } from './messages';

const root = loadMessages();
const type = (name: string): Type => root.lookupType(`wami.v1.${name}`);
const through = (name: string, json: object): object => readMessage(type(name), writeMessage(type(name), json));

describe('messages as JSON', () => {
  it.each<[string, object]>([
    ['User', { userName: 'ann', tags: { a: 'b' }, syncToProviders: [] }],
    ['Policy', { document: { Statement: [{ Effect: 'Allow', n: 1.5, deep: { t: true, none: null, '': [] } }] } }],
    ['RotateApiKey', { overlapSeconds: 0, expiresAt: null }],
    ['RotateApiKey', { expiresAt: '2027-01-31T12:00:00Z' }],
    ['ApiKey', { createdAt: '2027-01-31T12:00:00.123Z', version: 9007199254740991 }],
    ['WriteOptions', { expectedVersion: 0, waitSeconds: 0 }],
    ['Batch', { operations: [{ method: 'POST', path: '/v1/users', body: { a: [1, 'x'] }, ifMatch: '"3"' }] }],
    ['SyncSummary', { settleSeconds: { p50: 0.5, p95: 1, p99: 2 }, counts: [{ provider: 'aws', count: 3 }] }],
  ])('%s keeps %j', (name, json) => {
    expect(through(name, json)).toEqual(json);
  });

  it('leaves out what is absent, null or no field, and keeps a key __proto__ a key', () => {
    expect(through('User', { userName: 'ann', displayName: null, shoeSize: 44, email: undefined })).toEqual({ userName: 'ann' });
    const patch = JSON.parse('{"patch": {"__proto__": {"x": 1}}}') as object;
    expect(JSON.stringify(through('UpdateUserRequest', patch))).toBe('{"patch":{"__proto__":{"x":1}}}');
  });

  it('refuses what is nested beyond measure, no message, or no time', () => {
    // A list in a list in a list: field 1 of a ListValue is a Value, whose field 6 is a ListValue.
    let deep: Uint8Array = Buffer.alloc(0);
    for (let depth = 0; depth < 200; depth++) deep = Writer.create().uint32(50).bytes(Writer.create().uint32(10).bytes(deep).finish()).finish();
    expect(() => readMessage(type('RotateApiKey'), Writer.create().uint32(18).bytes(deep).finish())).toThrow('nesting');
    expect(() => readMessage(type('User'), Buffer.from([15]))).toThrow();
    const never = root.lookupType('google.protobuf.Timestamp').encode({ seconds: 1e15 }).finish();
    expect(() => readMessage(type('ApiKey'), Buffer.concat([Buffer.from([58, never.length]), never]))).toThrow(RangeError);
  });
});
