import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, StartupError } from '@wami/platform';
import { eventually } from '@wami/testing';
import { openConnectionsFile, readConnectionsFile } from './connections-file';

const ENV = { WAMI_SPEC_KEY_ID: 'AKIASPEC' };
const GOOD = 'connections:\n  - provider: aws\n    account: "123456789012"\n    credentials: { type: default }\n';

const GOOGLE = (project: string): string => `connections:\n  - provider: gcp\n    account: ${project}\n    credentials: { type: default }\n`;
const ENTRA = (...places: readonly string[]): string => `connections:\n${places.map((place) => `  - { provider: azure, credentials: { type: default }, account: ${place} }\n`).join('')}`;
const DIRECTORY = (project: string): string => `${GOOGLE(project)}    directory: { customer: C046psxkn, domain: example.com }\n`;

describe('the connections file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wami-connections-'));
  const file = join(folder, 'connections.yaml');
  const write = (text: string): void => writeFileSync(file, text);
  const messageOf = (text: string): string => {
    write(text);
    try {
      readConnectionsFile(file, ENV);
    } catch (error) {
      expect(error).toBeInstanceOf(StartupError);
      return (error as Error).message;
    }
    throw new Error('it was accepted');
  };
  afterAll(() => rmSync(folder, { recursive: true }));

  it('gives checked connections', () => {
    write(GOOD);
    expect(readConnectionsFile(file, ENV)).toEqual([{ provider: 'aws', account: '123456789012', credentials: { type: 'default' } }]);
  });

  it.each([
    ['no YAML', 'connections: [', 'is not YAML'],
    ['an unknown field', `${GOOD}    tenant: acme\n`, 'connections.0'],
    ['an account that is a number', GOOD.replace('"123456789012"', '123456789012'), 'connections.0.account'],
    ['a target twice', GOOD + GOOD.split('\n').slice(1).join('\n'), 'aws/123456789012 stands in the file twice'],
    ['a directory at another cloud', `${GOOD}    directory: { customer: C046psxkn, domain: example.com }\n`, 'only Google Cloud has one'],
    ['a directory without its domain', `${GOOGLE('web-shop')}    directory: { customer: C046psxkn }\n`, 'connections.0.directory.domain'],
    ['a directory twice', `${DIRECTORY('web-shop')}${DIRECTORY('data-shop').split('\n').slice(1).join('\n')}`, 'directory C046psxkn stands in the file twice'],
    ['two that would make the same custom roles', `${GOOGLE('organizations:1')}${GOOGLE('organizations:1:folders:2').split('\n').slice(1).join('\n')}`, 'custom roles of organizations:1 named {name} would be made by two connections'],
    ['a project whose roles would be made twice so', `${GOOGLE('organizations:1')}${GOOGLE('web-shop').split('\n').slice(1).join('\n')}    scope: organizations:1:folders:2\n`, 'custom roles of organizations:1 named {name} would be made by two connections'],
    ['a scope that is none', `${GOOGLE('web-shop')}    scope: folders/2\n`, 'connections.0.scope'],
    ['access boundaries at another cloud', `${GOOD}    accessBoundaries: organizations:1\n`, 'only Google Cloud has them'],
    ['two that would make the same access boundaries', `${GOOGLE('web-shop')}    accessBoundaries: organizations:1\n${GOOGLE('web-shop-two').split('\n').slice(1).join('\n')}    accessBoundaries: organizations:1\n`, 'principal access boundaries of organizations:1 named {name} would be made by two connections'],
    ['a scope at another cloud', `${GOOD}    scope: organizations:1\n`, 'only Google Cloud and Azure have one'],
    ['two places of one Entra tenant', ENTRA('"example.com:s"', '"Example.com:managementGroups:platform"'), 'connections.1.tenants: azure/example.com:s would make the same things in the same Entra tenant'],
    ['two names of one Entra tenant', ENTRA('acme, scope: s', 'acme.onmicrosoft.com'), 'connections.1.tenants: azure/acme would make the same things in the same Entra tenant'],
    ['two places that only a naming keeps apart', ENTRA('"t:s1"', '"t:s2", naming: "{name}-web"'), 'connections.1.tenants'],
    ['two of which one is for tenants that the other is for too', ENTRA('"t:s1", tenants: ["acme/*"]', '"t:s2", tenants: ["globex", "acme/shops/*"]'), 'connections.1.tenants'],
    ['an endpoint that is none', `${GOOD}    endpoint: not-a-url\n`, 'connections.0.endpoint'],
    ['nothing', '', 'the file'],
  ])('is refused with %s, by field', (_name, text, expected) => {
    expect(messageOf(text)).toContain(expected);
  });

  it('may have several places of one Entra tenant, each for tenants of its own', () => {
    write(ENTRA('"t:s1", tenants: [acme]', '"t:s2", tenants: ["acme/*", "globex"]', '"t:s2:resourceGroups:web", tenants: [initech]', '"u:s1"'));
    expect(readConnectionsFile(file, ENV)).toHaveLength(4);
  });

  it('is refused where it does not exist or is a folder, with the remedy', () => {
    expect(() => readConnectionsFile(join(folder, 'absent.yaml'), ENV)).toThrow(/absent\.yaml does not exist\. Set WAMI_CONNECTIONS/);
    expect(() => readConnectionsFile(folder, ENV)).toThrow(/cannot be read\. Set WAMI_CONNECTIONS/);
  });

  describe('with secrets that it refers to', () => {
    const secret = join(folder, 'secret');
    const staticKeys = (id: string, key: string): string => GOOD.replace('{ type: default }', `{ type: static, accessKeyId: "${id}", secretAccessKey: "${key}" }`);
    it('is taken where they are there', () => {
      writeFileSync(secret, 'hunter2\n');
      write(staticKeys('env:WAMI_SPEC_KEY_ID', `file:${secret}`));
      expect(readConnectionsFile(file, ENV)).toHaveLength(1);
    });

    it.each([
      ['an environment variable that is not set', 'env:WAMI_SPEC_ABSENT', /the environment variable WAMI_SPEC_ABSENT is not set or empty; set it/],
      ['a file that is not there', `file:${join(folder, 'gone')}`, /the file .*gone does not exist; put the secret there/],
      ['a directory', `file:${folder}`, /cannot be read; put the secret there/],
    ])('is refused with %s, naming connection, field and remedy', (_name, reference, expected) => {
      const message = messageOf(staticKeys('env:WAMI_SPEC_KEY_ID', reference));
      expect(message).toMatch(expected);
      expect(message).toContain('connection aws/123456789012: credentials.secretAccessKey: ');
      expect(message).not.toContain('AKIASPEC');
    });

    it('is refused where it is missing in credentials that others are made of', () => {
      const text = GOOD.replace('{ type: default }', '{ type: impersonate, source: { type: bearer, token: "env:WAMI_SPEC_ABSENT" } }');
      expect(messageOf(text)).toContain('connection aws/123456789012: credentials.source.token: the environment variable WAMI_SPEC_ABSENT is not set');
    });

    it('is refused with an empty file', () => {
      writeFileSync(secret, ' \n');
      expect(messageOf(staticKeys('env:WAMI_SPEC_KEY_ID', `file:${secret}`))).toContain('is empty; write the secret into it');
    });
  });

  it('never repeats what stands in it', () => {
    expect(messageOf('connections:\n  - provider: aws\n    account: "1"\n    credentials: { type: static, secretAccessKey: hunter2 }\n    limits: hunter2\n')).not.toContain('hunter2');
  });

  it('is read again when it changes; a bad change keeps what was and turns health red until it is good again', async () => {
    write(GOOD);
    const connections = openConnectionsFile(file, ENV, silentLogger);
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
