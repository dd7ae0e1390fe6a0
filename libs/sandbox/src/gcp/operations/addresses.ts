import type { Directory } from './operation';

const MOST = 64;

/** Whether nobody can have this address, in small letters, in the directory (Name guidelines for users and groups). */
export function addressProblem(email: string, directory: Directory): boolean {
  const [, local = '', domain = ''] = /^([^@]*)@([^@]+)$/.exec(email) ?? [];
  return !/^[a-z0-9_'.-]+$/.test(local) || local.length > MOST || /^\.|\.\.|\.$/.test(local) || ['abuse', 'postmaster'].includes(local) || domain !== directory.domain;
}
