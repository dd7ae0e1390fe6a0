import type { RecordedEvent } from '@wami/contracts';
import { freshMark } from '../marks/mark';
import { SubscriptionState } from '../subscription-state';
import { nextStep, type Placed } from './next-step';

const marks = [{ ...freshMark({ source: 'sync-aws', partition: 1 }), epoch: '5', position: '10.1', nextOffset: '3' }];
const event = (offset: number, position: string, epoch = '5', source = 'sync-aws'): Placed =>
  ({ offset: String(offset), record: { kind: 'event', source, epoch, position, event: { id: position } as RecordedEvent } });

it('drops repeats, refuses older epochs, passes over other sources and foreign records', () => {
  const state = new SubscriptionState();
  const records = [event(3, '10.1'), event(4, '99.1', '4'), event(5, '11.1'), { offset: '6', record: undefined }, event(7, '12.1', '5', 'sync-gcp'), event(8, '11.1'), event(9, '12.1')];
  const step = nextStep(records, marks, 10, state);
  expect(step.events.map(({ id }) => id)).toEqual(['11.1', '12.1']);
  expect(step.marks).toEqual([{ ...marks[0], position: '12.1', nextOffset: '10' }]);
  expect(state.stats).toMatchObject({ repeats: 2, refused: 1, foreign: 1 });
});

it('ends at the batch size', () => {
  const step = nextStep([event(3, '11.1'), event(4, '12.1'), event(5, '13.1')], marks, 2, new SubscriptionState());
  expect(step).toMatchObject({ length: 2, marks: [{ position: '12.1', nextOffset: '5' }] });
});

it('moves on by a watermark without an event', () => {
  const step = nextStep([{ offset: '3', record: { kind: 'watermark', source: 'sync-aws', epoch: '5', position: '20.1' } }], marks, 2, new SubscriptionState());
  expect(step).toMatchObject({ events: [], marks: [{ position: '20.1' }] });
});

it('gives what cannot be read once, at the place that it tells or else where it stands', () => {
  const broken = (offset: number, more: object = {}): Placed => ({ offset: String(offset), record: { kind: 'unreadable', source: undefined, epoch: undefined, position: undefined, event: { id: `rec_${offset}` } as RecordedEvent, ...more } });
  const placed = { source: 'sync-aws', epoch: '5', position: '12.1' };
  const step = nextStep([event(3, '11.1'), broken(4), broken(5, placed), broken(6, placed), broken(7, { source: 'sync-gcp' }), event(8, '13.1')], marks, 10, new SubscriptionState());
  expect(step.events.map(({ id, source, position }) => [id, source, position])).toEqual([['11.1', undefined, undefined], ['rec_4', 'sync-aws', '11.1'], ['rec_5', 'sync-aws', '12.1'], ['13.1', undefined, undefined]]);
  expect(step.marks).toEqual([{ ...marks[0], position: '13.1', nextOffset: '9' }]);
});
