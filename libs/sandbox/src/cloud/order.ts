/** Ascending, as texts without regard to any language. */
export const byKey = <T>(keyOf: (item: T) => string) => (left: T, right: T): number => {
  const [first, second] = [keyOf(left), keyOf(right)];
  return first < second ? -1 : Number(first > second);
};
