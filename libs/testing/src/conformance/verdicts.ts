/** What a witness says of a claim. `refuted` never reaches the table: the test has failed then. */
export type Verdict = { readonly says: 'proved' } | { readonly says: 'refuted' } | { readonly says: 'none'; readonly reason: string };

export interface Row {
  readonly subject: string;
  readonly title: string;
}

/** The verdicts of one adapter's witnesses, collected while the suite runs. */
export class Verdicts {
  readonly witnesses: string[] = [];
  /** Witnesses that could not be started. */
  readonly leftOut: string[] = [];
  /** Operations that the adapter called, by the provider's own names. */
  readonly called = new Set<string>();
  private readonly rows = new Map<string, Row & { readonly by: Map<string, Verdict> }>();

  /** `heading` stands above the table: the provider's name. */
  constructor(readonly heading: string) {}

  expect(witness: string, row: Row): void {
    if (!this.witnesses.includes(witness)) this.witnesses.push(witness);
    if (!this.rows.has(keyOf(row))) this.rows.set(keyOf(row), { ...row, by: new Map() });
  }

  record(witness: string, row: Row, verdict: Verdict): void {
    this.rows.get(keyOf(row))?.by.set(witness, verdict);
  }

  table(): readonly (Row & { readonly by: ReadonlyMap<string, Verdict> })[] {
    return [...this.rows.values()];
  }

  /** Every claim was put to every witness and none was refuted: only then is the table worth keeping. */
  get complete(): boolean {
    return (
      this.leftOut.length === 0
      && this.table().every(({ by }) => this.witnesses.every((witness) => by.has(witness) && by.get(witness)?.says !== 'refuted'))
    );
  }
}

const keyOf = ({ subject, title }: Row): string => `${subject}\n${title}`;
