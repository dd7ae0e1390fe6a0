/** How often each operation of a cloud was called. */
export type Calls = Readonly<Record<string, number>>;

/** Asking who we are is the watch over the credentials, which no change causes. */
const UNRELATED = ['GetCallerIdentity', 'organization.list', 'projects.get'];
const READS = /^(Get|List)/;

const related = (calls: Calls): [string, number][] => Object.entries(calls).filter(([operation]) => !UNRELATED.includes(operation));

export const callCount = (calls: Calls): number => related(calls).reduce((sum, [, count]) => sum + count, 0);
export const writeCount = (calls: Calls): number => related(calls).filter(([operation]) => !READS.test(operation)).reduce((sum, [, count]) => sum + count, 0);

/** `CreateUser, 2 AddUserToGroup` */
export const describeCalls = (calls: Calls): string =>
  related(calls).map(([operation, count]) => (count === 1 ? operation : `${count} ${operation}`)).join(', ') || 'none';

/** What came on top of `before`. */
export const callsSince = (before: Calls, now: Calls): Calls =>
  Object.fromEntries(Object.entries(now).map(([operation, count]) => [operation, count - (before[operation] ?? 0)] as const).filter(([, count]) => count > 0));
