import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { CliError, EXIT } from '../exit-codes';
import { findRunningStart } from './running-start';

export interface Settings {
  readonly address: string;
  readonly token: string;
  readonly tenant?: string;
  /** For a person: where the address came from. */
  readonly origin: string;
}

export interface GlobalFlags {
  readonly address?: string;
  readonly tenant?: string;
  readonly profile?: string;
}

export interface Profile { readonly address?: string; readonly tenant?: string; readonly tokenFile?: string }

/** Where profiles are kept. */
export const configFolder = (env: NodeJS.ProcessEnv): string => join(env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'), 'wami');

/** Flag, then environment, then profile, then a running `npm start` in this folder or one above it. Secrets are never flags. */
export function readSettings(flags: GlobalFlags, env: NodeJS.ProcessEnv, cwd: string): Settings {
  const profile = readProfile(flags.profile ?? env['WAMI_PROFILE'], env);
  const running = findRunningStart(cwd, env);
  const address = flags.address ?? env['WAMI_ADDRESS'] ?? profile?.settings.address ?? running?.address;
  if (address === undefined) {
    throw new CliError(EXIT.refused, 'No WAMI found.', 'Run `npm start` in this folder (or name its WAMI_DATA_DIR), or set WAMI_ADDRESS and WAMI_TOKEN.');
  }
  if (!/^https?:\/\//.test(address) || !URL.canParse(address)) {
    throw new CliError(EXIT.usage, `${address} is no address of a WAMI.`, 'Write it like http://127.0.0.1:8080 (--address, WAMI_ADDRESS or the profile).');
  }
  const token = env['WAMI_TOKEN'] ?? readTokenFile(profile?.settings.tokenFile) ?? (address === running?.address ? running.token : undefined);
  if (token === undefined) throw new CliError(EXIT.refused, `No token for ${address}.`, 'Set WAMI_TOKEN, or tokenFile in the profile.');
  const tenant = flags.tenant ?? env['WAMI_TENANT'] ?? profile?.settings.tenant;
  const origin = flags.address ? '--address' : env['WAMI_ADDRESS'] ? 'WAMI_ADDRESS' : profile?.settings.address ? `profile ${profile.name}` : running?.origin ?? '';
  return { address: address.replace(/\/$/, ''), token, origin, ...(tenant === undefined ? {} : { tenant }) };
}

function readProfile(name: string | undefined, env: NodeJS.ProcessEnv): { name: string; settings: Profile } | undefined {
  const file = join(configFolder(env), 'config.yaml');
  if (!existsSync(file)) {
    if (name !== undefined) throw new CliError(EXIT.usage, `There is no profile ${name}: ${file} does not exist.`);
    return undefined;
  }
  const config = (parse(readFileSync(file, 'utf8')) ?? {}) as { current?: string; profiles?: Record<string, Profile> };
  const chosen = name ?? config.current;
  if (chosen === undefined) return undefined;
  const settings = config.profiles?.[chosen];
  if (!settings) throw new CliError(EXIT.usage, `There is no profile ${chosen} in ${file}.`, `Known: ${Object.keys(config.profiles ?? {}).join(', ') || 'none'}`);
  return { name: chosen, settings };
}

function readTokenFile(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  if (!existsSync(file)) throw new CliError(EXIT.refused, `The token file ${file} does not exist.`);
  return readFileSync(file, 'utf8').trim();
}
