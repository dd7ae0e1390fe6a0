import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, StartupError } from '@wami/platform';
import { eventually } from '@wami/testing';
import { openConnectionsFile, readConnectionsFile } from './connections-file';

const GOOD = 'connections:\n  - provider: aws\n    account: "123456789012"\n    credentials: { type: default }\n';

describe('the connections file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wami-connections-'));
  const file = join(folder, 'connections.yaml');
  const write = (text: string): void => writeFileSync(file, text);
  const messageOf = (text: string): string => {
    write(text);
    try {
      readConnectionsFile(file);
    } catch (error) {
      expect(error).toBeInstanceOf(StartupError);
      return (error as Error).message;
    }
    throw new Error('it was accepted');
  };
  afterAll(() => rmSync(folder, { recursive: true }));

  it('gives checked connections', () => {
    write(GOOD);
    expect(readConnectionsFile(file)).toEqual([{ provider: 'aws', account: '123456789012', credentials: { type: 'default' } }]);
  });

  it.each([
    ['no YAML', 'connections: [', 'is not YAML'],
    ['an unknown field', `${GOOD}    tenant: acme\n`, 'connections.0'],
    ['an account that is a number', GOOD.replace('"123456789012"', '123456789012'), 'connections.0.account'],
    ['a target twice', GOOD + GOOD.split('\n').slice(1).join('\n'), 'aws/123456789012 stands in the file twice'],
    ['an endpoint that is none', `${GOOD}    endpoint: not-a-url\n`, 'connections.0.endpoint'],
    ['nothing', '', 'the file'],
  ])('is refused with %s, by field', (_name, text, expected) => {
    expect(messageOf(text)).toContain(expected);
  });

  it('is refused where it does not exist, with the remedy', () => {
    expect(() => readConnectionsFile(join(folder, 'absent.yaml'))).toThrow(/absent\.yaml does not exist\. Set WAMI_CONNECTIONS/);
  });

  it('never repeats what stands in it', () => {
    expect(messageOf('connections:\n  - provider: aws\n    account: "1"\n    credentials: { type: static, secretAccessKey: hunter2 }\n    limits: hunter2\n')).not.toContain('hunter2');
  });

  it('is read again when it changes; a bad change keeps what was and turns health red until it is good again', async () => {
    write(GOOD);
    const connections = openConnectionsFile(file, silentLogger);
    const heard: number[] = [];
    const stop = connections.onChange((now) => heard.push(now.length));
    try {
      write('connections: nonsense');
      await eventually(() => expect(connections.health().ok).toBe(false));
      expect(connections.current()).toHaveLength(1);
      write(`${GOOD}  - provider: aws\n    account: "210987654321"\n    credentials: { type: default }\n`);
      await eventually(() => expect(connections.health()).toEqual({ ok: true }));
      expect(connections.current()).toHaveLength(2);
      expect(heard).toEqual([2]);
    } finally {
      stop();
      connections.close();
    }
  });
});
