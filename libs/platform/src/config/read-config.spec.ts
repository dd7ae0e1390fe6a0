import { inspect } from 'node:util';
import { serviceConfigSchema } from './common-config';
import { readConfig } from './read-config';
import { Secret } from './secret';

const good = { WAMI_DATABASE_URL: 'postgres://wami:hunter2@db:5432/wami', WAMI_ADMIN_TOKEN: 'twenty-characters-long', WAMI_KEY_PEPPER: 'thirty-two-characters-of-a-pepper', WAMI_SERVICE_TOKEN: 'what-the-services-of-this-test-share' };
const messageOf = (env: Record<string, string>): string => {
  try {
    readConfig(serviceConfigSchema, env);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('it was accepted');
};

describe('configuration', () => {
  it('takes defaults for what is not given, and for what is empty', () => {
    expect(readConfig(serviceConfigSchema, { ...good, WAMI_INSTANCE: '' })).toMatchObject({ WAMI_INSTANCE: 'local', WAMI_HOST: '127.0.0.1' });
  });

  it('names every bad key and what is allowed, and never prints a value', () => {
    const message = messageOf({ WAMI_DATABASE_URL: 'mysql://root:hunter2@db', WAMI_ADMIN_TOKEN: 'hunter2', WAMI_KAFKA_BROKERS: 'kafka' });
    for (const key of ['WAMI_DATABASE_URL', 'WAMI_ADMIN_TOKEN', 'WAMI_KAFKA_BROKERS']) expect(message).toContain(key);
    expect(message).not.toContain('hunter2');
    expect(messageOf({})).toContain('WAMI_DATABASE_URL: is required');
  });

  it.each(['postgres://wami:hunter2@db:port/wami', 'postgres://wami:hunter2/x@db/wami'])('refuses an address of PostgreSQL that is none', (text) => {
    const message = messageOf({ ...good, WAMI_DATABASE_URL: text });
    expect(message).toContain('WAMI_DATABASE_URL: must be postgres://');
    expect(message).not.toContain('hunter2');
  });

  it.each(['postgresql://db/wami', 'postgres:///wami?host=/run/postgresql', 'postgres://ann:p%40ss@/wami?host=/run/postgresql', 'postgres://ann:a b%zz@[::1]:5432/wami'])('takes %s', (text) => {
    expect(readConfig(serviceConfigSchema, { ...good, WAMI_DATABASE_URL: text }).WAMI_DATABASE_URL.reveal()).toBe(text);
  });

  it('reads brokers as a list', () => {
    expect(readConfig(serviceConfigSchema, { ...good, WAMI_KAFKA_BROKERS: 'a:9092, b:9092' }).WAMI_KAFKA_BROKERS).toEqual(['a:9092', 'b:9092']);
  });

  it('reads trusted proxies as a list of addresses and ranges, and believes nobody by default', () => {
    const proxies = (text: string): readonly string[] => readConfig(serviceConfigSchema, { ...good, WAMI_TRUSTED_PROXIES: text }).WAMI_TRUSTED_PROXIES;
    expect([proxies(''), proxies('10.0.0.7, fd00::/8,10.1.0.0/16')]).toEqual([[], ['10.0.0.7', 'fd00::/8', '10.1.0.0/16']]);
    for (const bad of ['ingress', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/8', 'loopback']) expect(messageOf({ ...good, WAMI_TRUSTED_PROXIES: bad })).toContain('WAMI_TRUSTED_PROXIES: must be addresses or ranges');
  });

  it('hides secrets however they are printed', () => {
    const config = readConfig(serviceConfigSchema, good);
    expect(`${JSON.stringify(config)}${inspect(config, { depth: 9, showHidden: true })}${String(config.WAMI_ADMIN_TOKEN)}`).not.toMatch(/hunter2|twenty-characters/);
    expect(new Secret('x').reveal()).toBe('x');
  });
});
