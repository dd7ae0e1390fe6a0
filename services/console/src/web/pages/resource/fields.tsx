import type { JSX } from 'preact';

/** Whatever kind it is: its fields by their names in the API. */
export function Fields({ document }: { readonly document: Readonly<Record<string, unknown>> }): JSX.Element {
  return (
    <div class="panel scroll fields">
      <table><tbody>{Object.entries(document).map(([name, value]) => <tr key={name}><th scope="row" class="narrow">{name}</th><td><Value value={value} /></td></tr>)}</tbody></table>
    </div>
  );
}

function Value({ value }: { readonly value: unknown }): JSX.Element {
  if (value === null || (typeof value === 'object' && Object.keys(value).length === 0)) return <span class="quiet">none</span>;
  if (isNamed(value)) return <>{Object.entries(value).map(([name, one]) => <section key={name} aria-label={name}><p class="name">{name}</p><pre tabIndex={0}>{JSON.stringify(one, null, 2)}</pre></section>)}</>;
  if (isFlat(value)) return <ul>{Object.entries(value).map(([key, one]) => <li key={key}>{key} = {one}</li>)}</ul>;
  return typeof value === 'object' ? <pre tabIndex={0}>{JSON.stringify(value, null, 2)}</pre> : <>{String(value)}</>;
}

/** Tags, and what is like them. */
function isFlat(value: unknown): value is Readonly<Record<string, string>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every((one) => typeof one === 'string');
}

/** Inline policies, and what else are whole documents by their names. */
function isNamed(value: unknown): value is Readonly<Record<string, object>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every((one) => typeof one === 'object' && one !== null && !Array.isArray(one));
}
