import type { FieldError } from '@wami/contracts';
import type { ZodError } from 'zod';

/** One entry a problem, with a JSON pointer to the field; at most 100. Messages say what is allowed and never repeat a value. */
export function fieldErrors(error: ZodError): FieldError[] {
  return error.issues.slice(0, 100).flatMap((issue) => {
    const at = issue.path.map((key) => String(key).replaceAll('~', '~0').replaceAll('/', '~1'));
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => ({ pointer: pointer([...at, key]), code: 'UnknownField', detail: 'no such field' }));
    return [{ pointer: pointer(at), code: CODES[issue.code] ?? 'Invalid', detail: issue.message }];
  });
}

const CODES: Readonly<Record<string, string>> = {
  invalid_type: 'WrongType', too_big: 'TooLarge', too_small: 'TooSmall', invalid_format: 'BadFormat', invalid_value: 'NotAllowed', custom: 'Invalid',
};

const pointer = (path: readonly string[]): string => (path.length === 0 ? '' : `/${path.join('/')}`);
