/**
 * Every reason that stands in a state, in the very words of events, with what makes it go. `{}` stands for one word that differs, `{...}` for several.
 * An engine can give no other (`SyncReason`), so none is without a remedy; the words of an adapter are the one exception. The more special comes first.
 */
export const REASON_HELP = {
  'waiting for the name of {}, which is paused, to be certain': 'Resume that one: explain it, it says which pause holds it. This goes on by itself then.',
  'waiting for {}, which is paused, to give the name up': 'Resume that one: explain it, it says which pause holds it. This goes on as soon as it has its new name.',
  'waiting for {}, which is paused': 'Resume that one: explain it, it says which pause holds it. This goes on by itself once that one is at this target.',
  'waiting for the name of {} to be certain': 'Nothing to do: an attempt to change that name was cut off, and it is looked at again. Where that one is Failed, put that right: explain it.',
  'waiting for {} to give the name up': 'Nothing to do: it goes on as soon as that one has its new name. Where that one is Failed, put that right: explain it.',
  'waiting for the name to become free': 'Nothing to do where what has the name is about to give it up; else choose another name.',
  'waiting until what was just made is visible': 'Nothing to do: the cloud shows what was just made a little later, and it is asked again within seconds.',
  'waiting until a call by that name can come about no more':
    'Nothing to do: what had the name was deleted a moment ago, and that deletion, or one more of it, could still take away what has the name next. It goes on by itself within seconds.',
  'waiting for {}': 'Nothing to do once that one is at this target. Where it is Failed or not asked for there, put that right: explain it.',
  'paused by {} until somebody resumes': 'Resume: `wami sync resume`, `POST /v1/sync/resume` with the selection of the pause. `wami sync pauses` tells who paused and why, to who may see it.',
  'paused by {} until {}': 'It goes on at that time by itself, or when somebody resumes: `wami sync resume`, `POST /v1/sync/resume`. `wami sync pauses` tells who paused and why.',
  'held by the guard: {} was rejected; put it back, or apply a plan of it with its hash':
    'Undo the removal (make it again, put it back), or carry it out by a plan: `wami sync plan`, `wami sync apply`.',
  'held by the guard until {} is approved ({} in all): {...}': 'Look at the whole list and decide: `wami sync approvals ID`, `wami sync approve ID` or `wami sync reject ID`. The limits are in the sync-config of the tenant (`guard`).',
  'held by the guard until {} is approved ({} in all)': 'Look at the whole list and decide: `wami sync approvals ID`, `wami sync approve ID` or `wami sync reject ID`.',
  'what somebody else added is taken away next': 'Nothing to do: it is asked about and taken away within a moment. To keep it, add it here as well.',
  "the tenant's trigger {} is off; ask for a sync to carry it out": 'Ask for it once: `POST /v1/sync` with the resource, or `wami sync plan` and `wami sync apply`; or turn the trigger on in the sync-config of the tenant.',
  'left as it is: it is not as it was when the plan was made': 'Make a new plan and apply that: `wami sync plan`.',
  'connection is in observe mode: would {}': 'Let the connection write: take `mode: observe` out of the connections file. `wami sync plan` shows what it would do then.',
  'what was imported is not there any more: it was deleted, renamed or replaced at the target since': 'Delete it here, or have it made: `POST /v1/sync/resolve` with `overwrite`.',
  'what was imported is not there any more: it was deleted, renamed or replaced at the target since. Delete it here, or resolve with overwrite to have it made':
    'Delete it here, or have it made: `POST /v1/sync/resolve` with `overwrite`.',
  'something of this name stands there already and is not managed by WAMI':
    'Look at what stands there (`details.existing`, or `wami sync explain`), then take it over with `POST /v1/sync/resolve` and `overwrite`, delete or rename it in the cloud, or rename this one.',
  '{...} of these names stand there already and are not managed by WAMI: {...}':
    'Give those other names here, delete the ones in the cloud, or have them replaced: `POST /v1/sync/resolve` with `overwrite`.',
  '{...} of names that are given here stand there already and are not managed by WAMI':
    'See which: `wami sync plan` names them. Give them other names here, delete the ones in the cloud, or have them replaced: `POST /v1/sync/resolve` with `overwrite`.',
  'the name is taken by something else that WAMI manages': 'Rename one of the two: no strategy overrides this. Two tenants that share an account want `naming: "{tenant}.{name}"` in their connection.',
  'the provider cannot hold a {}': 'Nothing is missing: this kind does not exist there. Leave the provider out with `syncToProviders` to have it out of sight.',
  'the provider cannot limit it by a permissions boundary, and without one this could do more than it may':
    'Take the boundary away where it is not meant for that provider, or leave the provider out with `syncToProviders`.',
  'a permissions boundary that it is to have no more limits it still, and as it is connected now the provider cannot take that away':
    'Let the connection hold permissions boundaries again (at Google Cloud `accessBoundaries`), ask for a sync, and take that out once the resource is Synced.',
  'its permissions boundary is not at this target, and without it this could do more than it may':
    'Have the policy synced to this target as well (`syncToProviders` of the policy), or give the resource another boundary.',
  'its {...} are not there, for the adapter cannot hold them; held by the guard: {}':
    'Decide what the guard holds (`wami sync approvals`). Of the others nothing else is missing: take those away, or leave the provider out with `syncToProviders`.',
  'not related to {...}, for that is Skipped at this target; held by the guard: {}':
    'Decide what the guard holds (`wami sync approvals`). See why that one is Skipped (`wami sync explain`), and put that right; or take it away here; or leave the provider out with `syncToProviders`.',
  'its {...} are not there, for the adapter cannot hold them; all else is': 'Nothing else is missing. Take those away, or leave the provider out with `syncToProviders`.',
  'not related to {...}, for that is Skipped at this target; all else is as it is to be':
    'Nothing else is missing. See why that one is Skipped (`wami sync explain`), and put that right; or take it away here; or leave the provider out with `syncToProviders`.',
  '{}, to which it belongs, is Skipped at this target': 'See why that one is Skipped (`wami sync explain`), and put that right; or leave the provider out with `syncToProviders`.',
  'not asked for by the tenant or the resource; what is in the cloud stays as it is': 'Ask for the target: in the sync-config of the tenant (`wami tenant sync-config`), and in `syncToProviders` where the resource has one.',
  'deleted after this target was given up; what is in the cloud stays as it is': 'Delete it in the cloud by hand, or ask for the target again in the sync-config of the tenant: then it is deleted there.',
  'the tenant pulls from this target: what was changed here is not written there':
    'Make the change in the cloud too, take it back here, or set `direction` to push or bidirectional in the sync-config of the tenant.',
  'the tenant pulls from this target: what was deleted here is not deleted there':
    'Delete it in the cloud and ask for a sync (`wami sync now`), or set `direction` to push or bidirectional in the sync-config of the tenant.',
  'what was changed at the target becomes the state here, but for what the rules here refuse':
    'Nothing to do where it goes within seconds. Else the tenant refuses the change: `wami drift` shows it. Change it in the cloud, make it here by hand, or ask for a sync (`wami sync now`) to have it tried again.',
  'it was deleted at the target; what is here stays until somebody decides':
    'Delete it here too; or have it made again: `POST /v1/sync/resolve` with `overwrite` where the direction is bidirectional, or `direction` push.',
  'it was deleted at the target, and another would have another secret': 'Delete it here too, and create another.',
  'it was asked for before this target could hold it, and perhaps nobody waits for its secret any more': 'Create another for this target; delete this one where no target has it.',
  'it was changed here and at the target since they last agreed; both stay as they are':
    'Look at both (`wami conflicts`), then set the same on both sides, or have the value of here written: `POST /v1/sync/resolve` with `overwrite`.',
  'it was changed here and at the target since they last agreed':
    'Look at both (`wami conflicts`), then set here what stands there, or have the value of here written: `POST /v1/sync/resolve` with `overwrite`.',
  'there is no connection for {}': 'Ask the operator to add it to the connections file; it goes on by itself then.',
  'the connection for {} does not allow tenant {}': 'Ask the operator to add the tenant to `tenants` of that connection, or take the target out of the sync-config.',
  'the connection for {} cannot be used: {...}': 'Ask the operator to put the connection right in the connections file, as the reason says; it goes on by itself then.',
} as const;

type Filled<Words extends string> =
  Words extends `${infer Before}{...}${infer After}` ? `${Filled<Before>}${string}${Filled<After>}`
    : Words extends `${infer Before}{}${infer After}` ? `${Before}${string}${Filled<After>}` : Words;

/** What a provider's adapter says itself, such as why it cannot hold something. */
export type AdapterWords = string & { readonly adapterWords: true };

/** A reason that has a remedy. A text that is none of these does not compile: give it a line in `REASON_HELP`. */
export type SyncReason = Filled<keyof typeof REASON_HELP> | AdapterWords;

export const adapterWords = (text: string): AdapterWords => text as AdapterWords;

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
const PATTERNS = Object.entries(REASON_HELP).map(([words, remedy]) => ({
  remedy, words, pattern: new RegExp(`^${words.split('{...}').map((part) => part.split('{}').map(escaped).join(String.raw`(\S+)`)).join('(.+)')}$`, 's'),
}));

export interface KnownReason {
  /** Key of `REASON_HELP`. */
  readonly words: string;
  readonly remedy: string;
  /** What stands for each `{}` and `{...}`, in their order. */
  readonly said: readonly string[];
}

/** Which reason a text is; undefined for words that are not ours. */
export function knownReason(text: string): KnownReason | undefined {
  for (const { words, remedy, pattern } of PATTERNS) {
    const match = pattern.exec(text);
    if (match) return { words, remedy, said: match.slice(1) };
  }
  return undefined;
}

type Words = keyof typeof REASON_HELP;

/** Skipped for what is left out, and all else of it is as it is to be: no drift is open there. */
const AGREES_OTHERWISE: ReadonlySet<string> = new Set<Words>([
  'its {...} are not there, for the adapter cannot hold them; all else is', 'not related to {...}, for that is Skipped at this target; all else is as it is to be',
  '{...} of names that are given here stand there already and are not managed by WAMI',
]);

export const agreesOtherwise = (reason: string): boolean => AGREES_OTHERWISE.has(knownReason(reason)?.words ?? '');

/** What differs in these is one of few: a kind, an operation, parts of a resource. */
const OF_FEW: ReadonlySet<string> = new Set<Words>([
  'connection is in observe mode: would {}', 'the provider cannot hold a {}', 'its {...} are not there, for the adapter cannot hold them; all else is',
  '{...} of names that are given here stand there already and are not managed by WAMI',
]);
/** In the words of an adapter: an address, or an id. */
const namesOne = (word: string): boolean => word.includes('@') || word.replaceAll(/\D/g, '').length >= 5;

/** An apostrophe within a word opens and closes nothing. */
const QUOTED = /"[^"]*"|(?<!\w)'.*?'(?!\w)/gs;

/** A reason as many are counted under it: `…` stands for what names one of them, so that there are as few as there are causes. */
export function reasonOfMany(reason: string): string {
  const known = knownReason(reason);
  if (known === undefined) return reason.replaceAll(QUOTED, '…').split(' ').map((word) => (namesOne(word) ? '…' : word)).join(' ');
  return OF_FEW.has(known.words) ? reason : known.words.replaceAll(/\{(?:\.\.\.)?\}/g, '…');
}
