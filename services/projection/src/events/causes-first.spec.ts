import type { WamiCloudEvent } from '@wami/contracts';
import { causesFirst } from './causes-first';

const event = (id: string, causationid?: string): WamiCloudEvent => ({ id, ...(causationid === undefined ? {} : { causationid }) }) as WamiCloudEvent;
const ordered = (...events: WamiCloudEvent[]): string[] => causesFirst(events).map(({ id }) => id);

describe('events of several logs, causes first', () => {
  it('puts no outcome before the change that it answers, and leaves all else where it was', () => {
    expect(ordered(event('requested', 'created'), event('succeeded', 'requested'), event('created', 'command'), event('renamed', 'command'))).toEqual(['created', 'requested', 'succeeded', 'renamed']);
    expect(ordered(event('succeeded', 'requested'), event('requested', 'created'), event('created'))).toEqual(['created', 'requested', 'succeeded']);
    expect(ordered(event('b', 'elsewhere'), event('a'), event('c', 'a'))).toEqual(['b', 'a', 'c']);
  });

  it('loses none and ends where events name each other or themselves', () => {
    expect(ordered(event('a', 'b'), event('b', 'a'), event('c', 'c')).sort()).toEqual(['a', 'b', 'c']);
    expect(ordered()).toEqual([]);
  });
});
