import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { kafkaConfigShape, kafkaOf, type KafkaAccess } from './kafka-config';
import { readConfig } from './read-config';

const BROKERS = { WAMI_KAFKA_BROKERS: 'a:9092,b:9092' };
const of = (env: NodeJS.ProcessEnv): KafkaAccess | undefined => kafkaOf(readConfig(z.object(kafkaConfigShape), env));

describe('where Kafka is, and how a service is let in', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wami-kafka-config-'));
  const authority = join(folder, 'ca.pem');
  const empty = join(folder, 'empty.pem');
  writeFileSync(authority, '-----BEGIN CERTIFICATE-----\n');
  writeFileSync(empty, '');
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each<[string, NodeJS.ProcessEnv, KafkaAccess | undefined]>([
    ['nowhere', {}, undefined],
    ['in the clear', BROKERS, { brokers: ['a:9092', 'b:9092'] }],
    ['over TLS', { ...BROKERS, WAMI_KAFKA_TLS: 'true' }, { brokers: ['a:9092', 'b:9092'], ssl: {} }],
    ['over TLS by an authority of their own', { ...BROKERS, WAMI_KAFKA_TLS: 'true', WAMI_KAFKA_CA_FILE: authority }, { brokers: ['a:9092', 'b:9092'], ssl: { ca: '-----BEGIN CERTIFICATE-----\n' } }],
    ['by a name and a password', { ...BROKERS, WAMI_KAFKA_SASL: 'scram-sha-512', WAMI_KAFKA_USERNAME: 'wami', WAMI_KAFKA_PASSWORD: 'hunter2' },
      { brokers: ['a:9092', 'b:9092'], sasl: { mechanism: 'scram-sha-512', username: 'wami', password: 'hunter2' } }],
  ])('%s', (_, env, expected) => expect(of(env)).toEqual(expected));

  it.each<[string, NodeJS.ProcessEnv, RegExp]>([
    ['an authority without TLS', { WAMI_KAFKA_CA_FILE: authority }, /Set WAMI_KAFKA_TLS=true/],
    ['an authority that is not there', { WAMI_KAFKA_TLS: 'true', WAMI_KAFKA_CA_FILE: join(folder, 'gone.pem') }, /WAMI_KAFKA_CA_FILE: \S+gone\.pem cannot be read \(ENOENT\)\. Name a file/],
    ['an authority that is none', { WAMI_KAFKA_TLS: 'true', WAMI_KAFKA_CA_FILE: empty }, /empty\.pem holds no certificate\. Name a file/],
    ['a password of no kind', { WAMI_KAFKA_PASSWORD: 'hunter2' }, /Set WAMI_KAFKA_SASL: plain, scram-sha-256 or scram-sha-512/],
    ['a kind without a password', { WAMI_KAFKA_SASL: 'scram-sha-256', WAMI_KAFKA_USERNAME: 'wami' }, /Set WAMI_KAFKA_USERNAME and WAMI_KAFKA_PASSWORD/],
    ['a password in the clear', { WAMI_KAFKA_SASL: 'plain', WAMI_KAFKA_USERNAME: 'wami', WAMI_KAFKA_PASSWORD: 'hunter2' }, /send the password for everybody to read. Set WAMI_KAFKA_TLS=true/],
    ['a kind that is none', { WAMI_KAFKA_SASL: 'kerberos' }, /WAMI_KAFKA_SASL: /],
  ])('not by %s', (_, env, said) => {
    expect(() => of({ ...BROKERS, ...env })).toThrow(said);
    expect(() => of({ ...BROKERS, ...env })).not.toThrow(/hunter2/);
  });
});
