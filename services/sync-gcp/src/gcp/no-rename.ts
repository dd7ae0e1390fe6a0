import { ProviderError, type Observed } from '@wami/provider-port';

/** Name and number are there for good. @throws ProviderError `Unsupported` where it was to get another name; what else was to be done is to be done before. */
export function refuseRename(what: string, { name }: Observed, fields: Readonly<Record<string, string>>): void {
  if (fields['name'] === undefined || fields['name'] === name) return;
  throw new ProviderError('Unsupported', `name: Google cannot change this of a ${what}; all else is done. Set it back, or make another one and delete this`);
}
