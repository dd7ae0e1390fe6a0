import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RecordedEvent } from '../event-envelope';
import { withBlanks, withoutPersonal } from './blank-personal';
import { parseWamiEvent, parseWithoutPersonal } from './parse-wami-event';
import { ALL_EVENTS, EventSchemaError, parseEvent } from './registry';

const golden = (type: string): RecordedEvent => JSON.parse(readFileSync(join(__dirname, 'golden', `${type}.json`), 'utf8')) as RecordedEvent;
const textsIn = (value: unknown): string[] => (typeof value === 'string' ? [value] : Object.values((value ?? {}) as object).flatMap(textsIn)).filter((text) => text !== '');
const types = ALL_EVENTS.map(({ type }) => type as string);

describe('events of somebody who was erased', () => {
  it.each(types)('%s: blank fields stand for what is gone', (type) => {
    const { personal } = parseWamiEvent({ ...golden(type), personal: {} });
    for (const value of Object.values(personal)) expect(['', {}]).toContainEqual(value);
  });

  it('lack a name, and then it is an empty text', () => {
    expect(withBlanks({ ...golden('wami.user.renamed.v1'), personal: {} }).personal).toEqual({ userName: '', previousUserName: '' });
  });

  it('are not what is written: an event that should have a name is refused without one', () => {
    expect(() => parseEvent({ ...golden('wami.user.created.v1'), personal: {} })).toThrow(EventSchemaError);
  });
});

describe('an event that is blanked', () => {
  it.each(types)('%s says nothing personal, fits its schema, and is the same but for that', (type) => {
    const event = golden(type);
    const blank = withoutPersonal(event);
    expect(textsIn(blank.personal)).toEqual([]);
    expect(parseEvent(blank)).toEqual({ ...event, personal: blank.personal });
  });

  it('reads with an empty text where the schema asks for one, and without the rest', () => {
    expect(withoutPersonal(golden('wami.user.created.v1')).personal).toEqual({ userName: '' });
    expect(withoutPersonal(golden('wami.sync.failed.v1')).personal).toEqual({ message: '' });
  });
});

describe('sealed events', () => {
  const sealed = { ...golden('wami.user.created.v1'), personal: { sealed: 'v1', value: 'A'.repeat(60) } };

  it('are never folded as if they were open', () => {
    expect(() => parseWamiEvent(sealed)).toThrow(/personal is sealed/);
  });

  it('can be read by who does not look at personal', () => {
    expect(parseWithoutPersonal(sealed).data).toEqual(sealed.data);
    expect(() => parseWithoutPersonal({ ...sealed, data: {} })).toThrow(EventSchemaError);
  });
});
