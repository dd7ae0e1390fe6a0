const KEY = 'wami.token';
const CODE = /^#code=([\w-]{16,128})$/;

/** The token lives as long as the tab; it is in no address, no cookie, and nothing that outlives the tab. */
export const keptToken = (): string | undefined => sessionStorage.getItem(KEY) ?? undefined;
export const keepToken = (token: string): void => sessionStorage.setItem(KEY, token);
export const forgetToken = (): void => sessionStorage.removeItem(KEY);

/** The one-time code of the printed address, which is taken out of the address at once. */
export function takeCode(): string | undefined {
  const code = CODE.exec(location.hash)?.[1];
  if (code !== undefined) history.replaceState(null, '', location.pathname + location.search);
  return code;
}

/** What a code is worth, once. @throws where the code is used up, too old, or of an earlier start */
export async function tokenFor(code: string): Promise<string> {
  const response = await fetch('/console/sign-in', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ code }) });
  const answer = await response.json() as { readonly token?: string };
  if (response.status !== 200 || answer.token === undefined) throw new Error('refused');
  return answer.token;
}
