import type { Binding } from './binding';

/** A pass over it, or one before, may make it give its name up: for another one, or by going. */
export function mayGiveUpName({ presence, deleted, tried }: Pick<Binding, 'presence' | 'deleted' | 'tried'>): boolean {
  return presence !== null && (deleted || Object.keys(tried).some((name) => name !== presence.name));
}

/** Under which name it is to be found cannot be told at the moment, so nobody may call it by its name. */
export function nameInMotion(binding: Pick<Binding, 'presence' | 'deleted' | 'tried' | 'claimed' | 'unfinished' | 'nameCertain'>): boolean {
  return mayGiveUpName(binding) && (binding.claimed || (binding.unfinished && !binding.nameCertain));
}
