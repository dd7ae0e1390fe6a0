import type { RecordedEvent } from '@wami/contracts';
import { userCreated } from '../spec-support/appends';
import { PersonalData } from './personal-data';
import { KeysUnavailable, type SubjectKey } from './subject-keys';

const keys = new Map<string, SubjectKey>();
let away = false;
const source = {
  find: (subjects: readonly string[]) => away ? Promise.reject(new KeysUnavailable('identity does not answer'))
    : Promise.resolve(new Map(subjects.flatMap((subject) => { const key = keys.get(subject); return key === undefined ? [] : [[subject, key] as const]; }))),
};
const personal = new PersonalData({ keys: source, limits: { ttlMs: 1_000_000, noneMs: 1_000_000, keys: 100 } });

const recorded = (subject: string, content: unknown, type = 'wami.user.created.v1'): RecordedEvent => ({
  ...userCreated(subject), type, personal: content, id: `evt_${subject}`, source: 'identity', version: 1, position: '1.1', time: '2026-01-01T00:00:00Z', meta: { actor: 'a', correlationId: 'c' },
});
async function sealedEvent(subject: string): Promise<RecordedEvent> {
  const { personal: [value] } = await personal.seal([{ event: userCreated(subject), id: `evt_${subject}`, personal: '{"userName":"ann"}' }], false);
  return recorded(subject, value);
}
const openedPersonal = async (...events: RecordedEvent[]): Promise<unknown[]> => (await personal.open(events)).map((event) => event.personal);

beforeEach(() => {
  away = false;
  personal.forget([...keys.keys()]);
  keys.clear();
  keys.set('usr_1', Buffer.alloc(32, 1)).set('usr_2', Buffer.alloc(32, 2));
});

describe('personal data', () => {
  it('is sealed for its subject and opened again; empty and unsealed of an older log stay as they are', async () => {
    const event = await sealedEvent('usr_1');
    expect(JSON.stringify(event)).not.toContain('ann');
    expect(await openedPersonal(event, recorded('usr_3', {}), recorded('usr_3', { userName: 'old' }))).toEqual([{ userName: 'ann' }, {}, { userName: 'old' }]);
    const { personal: [empty] } = await personal.seal([{ event: userCreated('usr_1'), id: 'e', personal: '{}' }], false);
    expect(empty).toEqual({});
  });

  it('of a subject whose key is gone is nothing, and nothing is kept of what is said later', async () => {
    const event = await sealedEvent('usr_1');
    keys.set('usr_1', 'gone');
    expect(await openedPersonal(event)).toEqual([{ userName: 'ann' }]);
    // Heard, it is forgotten at once.
    expect(await openedPersonal(recorded('usr_1', {}, 'wami.subject.erased.v1'), event)).toEqual([{}, {}]);
    expect((await sealedEvent('usr_1')).personal).toEqual({});
    expect((await sealedEvent('usr_unknown')).personal).toEqual({});
  });

  it('that no key opens stays sealed: of an unknown subject, tampered with, or moved to another event', async () => {
    const [one, two] = [await sealedEvent('usr_1'), await sealedEvent('usr_2')];
    const moved = { ...one, id: 'evt_other' };
    const stolen = { ...two, personal: one.personal };
    keys.delete('usr_2');
    personal.forget(['usr_2']);
    expect(await openedPersonal(moved, stolen, two)).toEqual([one.personal, one.personal, two.personal]);
  });

  it('waits where its keys cannot be had: it is never taken for erased', async () => {
    const event = await sealedEvent('usr_1');
    personal.forget(['usr_1']);
    away = true;
    await expect(personal.open([event])).rejects.toThrow('identity does not answer');
    await expect(sealedEvent('usr_1')).rejects.toThrow(KeysUnavailable);
    away = false;
    expect(await openedPersonal(event)).toEqual([{ userName: 'ann' }]);
  });
});
