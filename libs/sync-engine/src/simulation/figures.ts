type Figures = Readonly<Record<string, number>>;

export function total(figures: readonly number[]): number {
  return figures.reduce((sum, one) => sum + one, 0);
}

/** Each of them, of all. */
export function added(some: readonly Figures[]): Record<string, number> {
  return Object.fromEntries([...new Set(some.flatMap((one) => Object.keys(one)))].map((what) => [what, total(some.map((one) => one[what] ?? 0))]));
}
