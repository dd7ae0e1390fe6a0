import type { JSX } from 'preact';
import { Told } from './told';

interface Props {
  readonly columns: readonly [string, string, string];
  readonly rows: readonly (readonly [where: string, left: string | undefined, right: string | undefined])[];
}

/** Two sides of the same thing, field by field. */
export function SideBySide({ columns, rows }: Props): JSX.Element {
  return (
    <div class="scroll">
      <table class="difference">
        <thead><tr>{columns.map((title) => <th key={title} scope="col">{title}</th>)}</tr></thead>
        <tbody>{rows.map(([where, left, right]) => <tr key={where}><th scope="row">{where}</th><td><Told text={left} /></td><td><Told text={right} /></td></tr>)}</tbody>
      </table>
    </div>
  );
}
