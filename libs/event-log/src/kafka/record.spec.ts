import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RecordedEvent } from '@wami/contracts';
import type { Message } from 'kafkajs';
import { partitionOf } from './partition-of';
import { decodeRecord, encodeCopy, encodeEvent, encodeWatermark, readRecord } from './record';

const event: RecordedEvent = {
  id: 'evt_1', source: 'identity', type: 'wami.user.created.v1', stream: 'usr_1', version: 3, key: 'usr_1', tenant: '/acme', subject: 'arn:1',
  data: { tags: { a: 'ä' } }, personal: { userName: 'ann' }, position: '77.5', time: '2026-01-02T03:04:05.678Z',
  meta: { actor: 'usr_9', correlationId: 'cor_1', causationId: 'evt_0', single: true },
};

/** As it comes back: all bytes. */
function received({ key, value, headers = {} }: Message) {
  const bytes = (text: unknown): Buffer | null => (text === null || text === undefined ? null : Buffer.from(String(text)));
  return { offset: '4', timestamp: '1767323045678', key: bytes(key), value: bytes(value), headers: Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, Buffer.from(String(text))])) };
}

it('brings an event through Kafka unchanged, as a CloudEvent in binary content mode', () => {
  const message = encodeEvent(event, '5');
  expect(message.headers).toMatchObject({ ce_specversion: '1.0', ce_type: event.type, ce_streamversion: '3', ce_causationid: 'evt_0', 'content-type': 'application/json' });
  expect(message.key).toBe('usr_1');
  expect(decodeRecord(received(message))).toEqual({ kind: 'event', source: 'identity', epoch: '5', position: '77.5', event });
});

it('writes the headers that docs/events/asyncapi.json tells subscribers of, and no other', () => {
  type Headers = { readonly properties: object; readonly required: readonly string[] };
  const { components } = JSON.parse(readFileSync(join(__dirname, '../../../../docs/events/asyncapi.json'), 'utf8')) as {
    components: { schemas: { KafkaHeaders: Headers }; messages: { watermark: { headers: Headers } } };
  };
  const sent = (message: Message): string[] => Object.keys(message.headers ?? {}).sort();
  const traced = { ...event, meta: { ...event.meta, traceparent: '00-0-0-01' } };
  expect(sent(encodeEvent(traced, '5'))).toEqual(Object.keys(components.schemas.KafkaHeaders.properties).sort());
  expect(sent(encodeEvent({ ...event, meta: { actor: 'a', correlationId: 'c' } }, '5'))).toEqual([...components.schemas.KafkaHeaders.required].sort());
  expect(sent(encodeWatermark('identity', '5', '77.5'))).toEqual([...components.messages.watermark.headers.required].sort());
});

it('writes a copy so that nobody who follows the log takes it for an event of the log, wherever it is written', () => {
  const [own, copy] = [encodeEvent(event, '5'), encodeCopy(event, 'job_1')];
  const { wami_epoch: _epoch, wami_position: _position, ...rest } = own.headers ?? {};
  expect(copy).toEqual({ ...own, headers: { ...rest, wami_replay: 'job_1' } });
  expect(decodeRecord(received(copy))).toBeUndefined();
  expect(readRecord(received(copy), 'wami.identity.v1/2')).toBeUndefined();
});

it('brings a watermark through Kafka', () => {
  expect(decodeRecord(received(encodeWatermark('identity', '5', '77.5')))).toEqual({ kind: 'watermark', source: 'identity', epoch: '5', position: '77.5' });
});

it('passes over a record of somebody else, and never over one of ours that it cannot read', () => {
  expect(decodeRecord(received({ key: 'x', value: 'y', headers: { other: 'z' } }))).toBeUndefined();
  expect(() => decodeRecord(received({ ...encodeEvent(event, '5'), value: 'ann{' }))).toThrow('record 4: its content is not the JSON of an event');
});

it('gives what it cannot read as an event that nobody takes for anything, with all that its headers tell, and no watermark', () => {
  const whole = received(encodeEvent(event, '5'));
  const unreadable = { type: 'unreadable', id: 'evt_1', key: 'usr_1', stream: 'usr_1', version: 3, tenant: '/acme', data: {}, personal: {}, unreadable: 'wami.identity.v1/2: record 4: its content is not the JSON of an event (wami.user.created.v1)' };
  expect(readRecord({ ...whole, value: Buffer.from('ann{') }, 'wami.identity.v1/2')).toMatchObject({ kind: 'unreadable', source: 'identity', epoch: '5', position: '77.5', event: unreadable });
  const bare = { ...whole, key: null, headers: { wami_epoch: Buffer.from('5'), wami_position: Buffer.from('somewhere') } };
  expect(readRecord(bare, 'wami.identity.v1/2')).toMatchObject({
    kind: 'unreadable', source: undefined, position: undefined, event: { id: 'rec_wami_identity_v1_2_4', key: '', time: '2026-01-02T03:04:05.678Z', unreadable: 'wami.identity.v1/2: record 4: header wami_position is no position' },
  });
  expect(readRecord({ ...bare, headers: { ...bare.headers, wami_watermark: Buffer.from('identity') } }, 'wami.identity.v1/2')).toBeUndefined();
  expect(readRecord(whole, 'wami.identity.v1/2')).toEqual(decodeRecord(whole));
});

it('puts a key where a Java producer puts it', () => {
  expect(['usr_1', 'usr_2', 'grp_1', 'ten_1'].map((key) => partitionOf(key, 12))).toEqual(['usr_1', 'usr_2', 'grp_1', 'ten_1'].map((key) => (murmur2(key) & 0x7fffffff) % 12));
});

/** From the description of the algorithm, apart from kafkajs. */
function murmur2(text: string): number {
  const data = Buffer.from(text);
  const m = 0x5bd1e995;
  let h = (0x9747b28c ^ data.length) >>> 0;
  const whole = data.length - (data.length % 4);
  for (let i = 0; i < whole; i += 4) {
    let k = Math.imul(data.readUInt32LE(i), m);
    k = Math.imul(k ^ (k >>> 24), m);
    h = Math.imul(h, m) ^ k;
  }
  const left = data.length % 4;
  for (let i = left - 1; i >= 0; i--) h ^= (data[whole + i] ?? 0) << (8 * i);
  if (left > 0) h = Math.imul(h, m);
  h = Math.imul(h ^ (h >>> 13), m);
  return (h ^ (h >>> 15)) >>> 0;
}
