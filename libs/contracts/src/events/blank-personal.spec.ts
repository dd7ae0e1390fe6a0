import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RecordedEvent } from '../event-envelope';
import { withBlanks } from './blank-personal';
import { parseWamiEvent, parseWithoutPersonal } from './parse-wami-event';
import { ALL_EVENTS, EventSchemaError, parseEvent } from './registry';

const golden = (type: string): RecordedEvent => JSON.parse(readFileSync(join(__dirname, 'golden', `${type}.json`), 'utf8')) as RecordedEvent;
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
