/** `acme/` of `acme/core`; nothing of one at the top. */
export const parentPart = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);

/** The tenants from the top down to this one, of which the caller sees only those from his own on. */
export function lineOf(path: string, scope: string): readonly string[] {
  const parts = path.split('/');
  return parts.map((_, i) => parts.slice(0, i + 1).join('/')).filter((one) => one.length >= scope.length);
}
