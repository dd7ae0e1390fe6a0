import { DEFAULT_SYNC_CONFIG, syncConfigPatchSchema, type SyncConfig, type SyncConfigPatch } from '@wami/contracts';

export interface Field {
  /** Its path in the settings. */
  readonly id: string;
  readonly label: string;
  /** Of a choice; `text` and `lines` are typed. */
  readonly options: readonly string[] | 'text' | 'lines';
  readonly hint?: string;
}

const SWITCH = ['on', 'off'];
/** Written where a tenant wants an empty list or no schedule, whatever is said above it. */
export const NONE = 'none';

/** The settings in the order of the page; what stands in `kinds` is told line by line. */
export const FIELDS: readonly Field[] = [
  { id: 'providers', label: 'Synced to', options: 'lines', hint: `a target a line, like aws/000000000001; ${NONE}: to no cloud` },
  { id: 'direction', label: 'Direction', options: ['push', 'pull', 'bidirectional'] },
  { id: 'conflictResolution', label: 'Where something stands in the way', options: ['skip', 'overwrite', 'merge', 'fail'] },
  { id: 'deletionPolicy', label: 'What is deleted here', options: ['delete', 'orphan'] },
  { id: 'kinds', label: 'Otherwise for one kind', options: 'lines', hint: 'like user.deletionPolicy=orphan, one a line' },
  { id: 'triggers.onCreate', label: 'Synced when made', options: SWITCH },
  { id: 'triggers.onUpdate', label: 'Synced when changed', options: SWITCH },
  { id: 'triggers.onDelete', label: 'Synced when deleted', options: SWITCH },
  { id: 'triggers.schedule', label: 'Compared by itself', options: 'text', hint: `PT1H, or five fields of cron in UTC; ${NONE}: not` },
  { id: 'retry.maxRetries', label: 'Tries again at most', options: 'text' },
  { id: 'retry.baseDelayMs', label: 'First pause, ms', options: 'text' },
  { id: 'retry.maxDelayMs', label: 'Longest pause, ms', options: 'text' },
  { id: 'guard.maxDeletesPercent', label: 'Removals at once, % of a kind', options: 'text' },
  { id: 'guard.maxDeletesCount', label: 'Removals at once', options: 'text' },
  { id: 'tags', label: 'Tags on everything', options: 'lines', hint: `key=value, one a line; ${NONE}: without` },
];

export type Texts = Readonly<Record<string, string>>;

/** What settings say, as it is shown and typed; what they leave out is not there. */
export function textsOf(settings: SyncConfigPatch): Texts {
  const { providers, kinds, tags, triggers: { schedule, ...triggers } = {}, retry, guard, ...plain } = settings;
  const lines = (all: readonly string[]): string => (all.length === 0 ? NONE : all.join('\n'));
  const within = (group: string, values: object = {}): (readonly [string, string])[] => Object.entries(values).map(([name, value]) => [`${group}.${name}`, value === true ? 'on' : value === false ? 'off' : String(value)]);
  const ofKinds = Object.entries(kinds ?? {}).flatMap(([kind, of]) => Object.entries(of).map(([name, value]) => `${kind}.${name}=${value}`));
  return Object.fromEntries([
    ...Object.entries(plain).map(([name, value]) => [name, String(value)] as const),
    ...(providers === undefined ? [] : [['providers', lines(providers.map(({ provider, account }) => `${provider}/${account}`))] as const]),
    ...(ofKinds.length === 0 ? [] : [['kinds', ofKinds.join('\n')] as const]),
    ...within('triggers', triggers), ...(schedule === undefined ? [] : [['triggers.schedule', schedule ?? NONE] as const]),
    ...within('retry', retry), ...within('guard', guard),
    ...(tags === undefined ? [] : [['tags', lines(Object.entries(tags).map(([key, value]) => `${key}=${value}`))] as const]),
  ]);
}

/** What holds for each field, in words also where nobody says anything of it. */
export const effectiveTexts = (effective: SyncConfig): Texts => ({ ...textsOf(DEFAULT_SYNC_CONFIG), 'triggers.schedule': NONE, kinds: NONE, ...textsOf(effective) });

export interface Line {
  readonly tenant: string;
  readonly own: SyncConfigPatch;
}

/** Which tenants of the line say something of a field, top first: the last one holds, but of `kinds` each adds to those above. */
export const sayers = (line: readonly Line[], field: string): readonly string[] => line.filter(({ own }) => textsOf(own)[field] !== undefined).map(({ tenant }) => tenant);

export type Read = { readonly patch: SyncConfigPatch } | { readonly errors: Readonly<Record<string, string>> };

/** Settings from what was typed: an empty text is inherited. */
export function patchOf(texts: Texts): Read {
  const errors: Record<string, string> = {};
  const said = (id: string): string | undefined => texts[id]?.trim() || undefined;
  const given = <T>(id: string, read: (text: string) => T): object => {
    const text = said(id);
    return text === undefined ? {} : { [id.split('.').at(-1) ?? id]: read(text) };
  };
  const group = (name: string, values: object): object => (Object.keys(values).length === 0 ? {} : { [name]: values });
  const isOn = (text: string): boolean => text === 'on';
  const patch = {
    ...given('providers', (text) => linesOf(text).map(targetOf)), ...given('direction', String), ...given('conflictResolution', String), ...given('deletionPolicy', String),
    ...given('kinds', (text) => kindsOf(linesOf(text), (problem) => { errors['kinds'] = problem; })),
    ...group('triggers', { ...given('triggers.onCreate', isOn), ...given('triggers.onUpdate', isOn), ...given('triggers.onDelete', isOn), ...given('triggers.schedule', (text) => (text === NONE ? null : text)) }),
    ...group('retry', { ...given('retry.maxRetries', Number), ...given('retry.baseDelayMs', Number), ...given('retry.maxDelayMs', Number) }),
    ...group('guard', { ...given('guard.maxDeletesPercent', Number), ...given('guard.maxDeletesCount', Number) }),
    ...given('tags', (text) => Object.fromEntries(linesOf(text).map(pairOf))),
  };
  const read = syncConfigPatchSchema.safeParse(patch);
  for (const { path, message } of read.error?.issues ?? []) errors[FIELDS.find(({ id }) => path.join('.').startsWith(id))?.id ?? 'kinds'] = message.includes('NaN') ? 'must be a number' : message;
  return read.success && Object.keys(errors).length === 0 ? { patch: read.data } : { errors };
}

const linesOf = (text: string): string[] => (text === NONE ? [] : text.split('\n').map((line) => line.trim()).filter(Boolean));

function targetOf(line: string): { provider: string; account: string } {
  const cut = line.indexOf('/');
  return cut < 0 ? { provider: line, account: '' } : { provider: line.slice(0, cut), account: line.slice(cut + 1) };
}

function pairOf(line: string): [string, string] {
  const cut = line.indexOf('=');
  return cut < 0 ? [line, ''] : [line.slice(0, cut).trim(), line.slice(cut + 1).trim()];
}

function kindsOf(lines: readonly string[], wrong: (problem: string) => void): object {
  const kinds: Record<string, Record<string, string>> = {};
  for (const line of lines) {
    const [, kind, name, value] = /^([a-z-]+)\.(\w+)=(.+)$/.exec(line) ?? [];
    if (kind === undefined || name === undefined || value === undefined) wrong(`'${line}' is not like user.deletionPolicy=orphan`);
    else kinds[kind] = { ...kinds[kind], [name]: value };
  }
  return kinds;
}
