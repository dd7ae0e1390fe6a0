import { isDeleteConflict } from './aws.errors';
import { collect, type Page } from './pages';
import { orAbsent } from '@wami/provider-port';

/** Success where it is absent. What IAM wants gone before is looked for only where it says so: nobody else pays for those lists. */
export async function deleteCleared(remove: () => Promise<unknown>, clear: () => Promise<unknown>): Promise<void> {
  try {
    await orAbsent(remove());
  } catch (error) {
    if (!isDeleteConflict(error)) throw error;
    await orAbsent(clear());
    await orAbsent(remove());
  }
}

/** Takes each thing of a list away, one by one; some may have gone by themselves. */
export async function clearEach<P extends Page, T>(
  read: (marker: string | undefined) => Promise<P>,
  itemsOf: (page: P) => readonly T[] | undefined,
  remove: (item: T) => Promise<unknown>,
): Promise<void> {
  for (const item of await collect(read, itemsOf)) await orAbsent(remove(item));
}
