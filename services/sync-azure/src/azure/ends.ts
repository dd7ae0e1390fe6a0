import { ProviderError, type End } from '@wami/provider-port';
import { isAlready } from './azure.errors';

const OBJECT = /\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;

/** What the object of a native ARN is called by. @throws ProviderError `NotFound` where nothing of that name is known at the target */
export function objectId({ name, arn = '' }: End): string {
  const [, id] = OBJECT.exec(arn) ?? [];
  if (id === undefined) throw new ProviderError('NotFound', `${name} is not known at this target`, { effect: 'none' });
  return id;
}

/** What is so already counts as done. */
export async function unlessAlready(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!isAlready(error)) throw error;
  }
}
