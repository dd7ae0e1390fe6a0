import { z } from 'zod';

export const text = z.string('a text').optional();
export const texts = z.array(z.string('a text'), 'a list of texts').optional();

/** An object of these words and no others. */
export function words<Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape, z.core.$strict> {
  const known = Object.keys(shape).join(', ');
  return z.strictObject(shape, { error: ({ code }) => (code === 'unrecognized_keys' ? `not known; known: ${known}` : `an object with ${known}`) });
}

const condition = words({ expression: text, title: text, description: text });
const denyRule = words({ deniedPermissions: texts, exceptionPermissions: texts, exceptionPrincipals: texts, denialCondition: condition.optional() });
/** Of a policy that denies something. A word of it that were overlooked would deny more than was meant. */
const denial = words({ displayName: text, rules: z.array(words({ description: text, denyRule: denyRule.optional() }), 'a list').optional() });

export const strangeWord = (document: unknown, at: string): string | undefined => strangeIn(denial, document, at);

/** The first word of a document that is not known, or is something else than it has to be, with what is allowed there. */
export function strangeIn(schema: z.ZodType, document: unknown, at: string): string | undefined {
  const [issue] = schema.safeParse(document).error?.issues ?? [];
  if (issue === undefined) return undefined;
  const place = [at, ...issue.path, ...(issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [])];
  return `${place.join('.')}: ${issue.message}`;
}
