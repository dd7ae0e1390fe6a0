export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

export const isObject = (value: Json | undefined): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

/** As it lies in the repository. */
export const jsonText = (value: Json): string => `${JSON.stringify(value, null, 2)}\n`;

/** The same for two values that differ only in the order of their keys. */
export function canonical(value: Json | undefined): string {
  return JSON.stringify(value, (_key, inner: Json) => (isObject(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner)) ?? '';
}
