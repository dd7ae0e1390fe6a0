/**
 * Order of two epochs of one store: a later restore gives a greater one. Decimal epochs are compared as numbers, others as text.
 * The empty epoch is that of a mark that has seen nothing.
 */
export function compareEpochs(a: string, b: string): number {
  if (/^\d+$/.test(a) && /^\d+$/.test(b) && a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}
