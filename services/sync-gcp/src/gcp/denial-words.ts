/** What a part of a document has to be: an object has these keys and no others. */
type Form = 'text' | 'texts' | { readonly each: Form } | { readonly keys: Readonly<Record<string, Form>> };

const CONDITION: Form = { keys: { expression: 'text', title: 'text', description: 'text' } };
const DENY_RULE: Form = { keys: { deniedPermissions: 'texts', exceptionPermissions: 'texts', exceptionPrincipals: 'texts', denialCondition: CONDITION } };

/** Of a policy that denies something. A word of it that were overlooked would deny more than was meant. */
export const DENIAL_WORDS: Form = { keys: { displayName: 'text', rules: { each: { keys: { description: 'text', denyRule: DENY_RULE } } } } };

/** The first word of a document that is not known, or is something else than it has to be, with what is allowed there. */
export function strangeWord(value: unknown, form: Form, at: string): string | undefined {
  if (form === 'text') return typeof value === 'string' ? undefined : `${at}: a text`;
  if (form === 'texts') return Array.isArray(value) && value.every((item) => typeof item === 'string') ? undefined : `${at}: a list of texts`;
  if ('each' in form) return Array.isArray(value) ? firstOf(value.map((item, index) => () => strangeWord(item, form.each, `${at}.${index}`))) : `${at}: a list`;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return `${at}: an object with ${known(form)}`;
  return firstOf(Object.entries(value).map(([key, part]) => () => {
    const inside = Object.hasOwn(form.keys, key) ? form.keys[key] : undefined;
    return inside === undefined ? `${at}.${key}: not known; known: ${known(form)}` : strangeWord(part, inside, `${at}.${key}`);
  }));
}

const known = ({ keys }: { readonly keys: Readonly<Record<string, Form>> }): string => Object.keys(keys).join(', ');

function firstOf(problems: readonly (() => string | undefined)[]): string | undefined {
  for (const problem of problems) {
    const found = problem();
    if (found !== undefined) return found;
  }
  return undefined;
}
