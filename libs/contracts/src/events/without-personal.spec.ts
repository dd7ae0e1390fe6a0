import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RecordedEvent } from '../event-envelope';
import { withoutPersonal } from './without-personal';
import { ALL_EVENTS, parseEvent } from './registry';

const golden = (type: string): RecordedEvent => JSON.parse(readFileSync(join(__dirname, 'golden', `${type}.json`), 'utf8')) as RecordedEvent;
const textsIn = (value: unknown): string[] => (typeof value === 'string' ? [value] : Object.values((value ?? {}) as object).flatMap(textsIn)).filter((text) => text !== '');

describe('an event of somebody who was erased', () => {
  it.each(ALL_EVENTS.map(({ type }) => type))('%s says nothing personal, fits its schema, and is the same but for that', (type) => {
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
