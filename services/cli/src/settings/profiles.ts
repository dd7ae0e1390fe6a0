import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseDocument, type Document } from 'yaml';
import { CliError, EXIT } from '../exit-codes';
import { configFolder, type Profile } from './settings';

export interface ProfileRow extends Profile {
  readonly name: string;
  readonly current: boolean;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** The profiles of `config.yaml`; what else stands in the file, comments too, stays as it is. Tokens are in files of their own. */
export class ProfileStore {
  private readonly file: string;

  constructor(private readonly env: NodeJS.ProcessEnv) {
    this.file = join(configFolder(env), 'config.yaml');
  }

  list(): ProfileRow[] {
    const { current, profiles = {} } = (this.read().toJS() ?? {}) as { current?: string; profiles?: Record<string, Profile> };
    return Object.entries(profiles).map(([name, profile]) => ({ name, current: name === current, ...profile }));
  }

  /** Makes or changes one; what is not given stays. A token goes to a file that only the owner reads. The first profile is the current one. */
  set(name: string, profile: Profile, token?: string): void {
    if (!NAME.test(name)) throw new CliError(EXIT.usage, `${name} is no name of a profile.`, 'Letters, digits and . _ - are.');
    const document = this.read();
    const given = { ...profile, ...(token === undefined ? {} : { tokenFile: this.writeToken(name, token) }) };
    for (const [field, value] of Object.entries(given)) if (value !== undefined) document.setIn(['profiles', name, field], value);
    if (!document.hasIn(['profiles', name])) document.setIn(['profiles', name], document.createNode({}));
    if (!document.has('current')) document.set('current', name);
    this.write(document);
  }

  use(name: string): void {
    const document = this.known(name);
    document.set('current', name);
    this.write(document);
  }

  /** With the token that `set` wrote; a file that somebody else named is left alone. */
  remove(name: string): void {
    const document = this.known(name);
    document.deleteIn(['profiles', name]);
    if (document.get('current') === name) document.delete('current');
    this.write(document);
    rmSync(this.tokenFile(name), { force: true });
  }

  private known(name: string): Document {
    const document = this.read();
    if (document.hasIn(['profiles', name])) return document;
    throw new CliError(EXIT.notFound, `There is no profile ${name} in ${this.file}.`, `Known: ${this.list().map((row) => row.name).join(', ') || 'none'}`);
  }

  private read(): Document {
    const document = parseDocument(existsSync(this.file) ? readFileSync(this.file, 'utf8') : '{}');
    const [error] = document.errors;
    if (error) throw new CliError(EXIT.usage, `${this.file} cannot be read: ${error.message.split('\n')[0]}`);
    if (document.contents && 'flow' in document.contents) document.contents.flow = false;
    return document;
  }

  private tokenFile(name: string): string {
    return join(configFolder(this.env), 'tokens', name);
  }

  private writeToken(name: string, token: string): string {
    const file = this.tokenFile(name);
    writePrivately(file, `${token}\n`);
    return file;
  }

  private write(document: Document): void {
    writePrivately(this.file, document.toString());
  }
}

/** Whole or not at all, for the owner alone. */
function writePrivately(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, text, { mode: 0o600 });
  renameSync(draft, file);
}
