import type { protos } from '@google-cloud/resource-manager';
import type { Edit } from './shared-policy';

export type Binding = protos.google.iam.v1.IBinding;
export type Bindings = readonly Binding[];

/** What is done to the bindings of an allow policy. */
export type BindingsEdit = Edit<Bindings>;

/** A binding with a condition is somebody's own: what we give is without. */
const isPlain = ({ condition }: Binding): boolean => condition === null || condition === undefined;

export function granting(role: string, member: string): BindingsEdit {
  return (bindings) => {
    const standing = bindings.find((binding) => binding.role === role && isPlain(binding));
    if (standing === undefined) return [...bindings, { role, members: [member] }];
    if (standing.members?.includes(member)) return bindings;
    return bindings.map((binding) => (binding === standing ? { ...binding, members: [...(binding.members ?? []), member] } : binding));
  };
}

export function revoking(role: string, member: string): BindingsEdit {
  return withoutMembers((binding) => binding.role === role && isPlain(binding), member);
}

/** Whatever was given to it, under conditions too: for one that is about to be deleted. */
export function revokingAllOf(member: string): BindingsEdit {
  return withoutMembers(() => true, member);
}

/** The role is given to nobody any more: for one that is about to be deleted. */
export function givingToNobody(role: string): BindingsEdit {
  return (bindings) => (bindings.some((binding) => binding.role === role) ? bindings.filter((binding) => binding.role !== role) : bindings);
}

/** The roles that a member has without a condition. */
export function rolesOf(bindings: Bindings, member: string): string[] {
  return bindings.flatMap((binding) => (isPlain(binding) && binding.role && binding.members?.includes(member) ? [binding.role] : []));
}

function withoutMembers(concerns: (binding: Binding) => boolean, member: string): BindingsEdit {
  const holds = (binding: Binding): boolean => concerns(binding) && binding.members?.includes(member) === true;
  return (bindings) => {
    if (!bindings.some(holds)) return bindings;
    return bindings.flatMap((binding) => {
      if (!holds(binding)) return [binding];
      const members = (binding.members ?? []).filter((one) => one !== member);
      return members.length === 0 ? [] : [{ ...binding, members }];
    });
  };
}
