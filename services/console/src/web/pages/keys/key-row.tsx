import { issuedApiKeySchema, type ApiKeyView, type IssuedApiKey } from '@wami/contracts';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { z } from 'zod';
import { useConsole } from '../../console-context';
import { Ago, useNow } from '../../ui/ago';
import { Command, Trouble } from '../../ui/notices';

interface Props {
  readonly item: ApiKeyView;
  /** What is shown of a secret; nothing once its key is revoked. */
  readonly issue: (issued: IssuedApiKey | undefined) => void;
}

/** One key. What ends a secret asks twice. */
export function KeyRow({ item, issue }: Props): JSX.Element {
  const { id, name, role, tenant, createdAt, expiresAt, lastUsedAt, previousSecretUntil } = item;
  const now = useNow();
  const isOver = expiresAt !== undefined && Date.parse(expiresAt) <= now;
  return (
    <tr>
      <th scope="row"><span class="name">{name}</span><br /><code class="quiet">{id}</code></th>
      <td class="narrow">{role}</td>
      <td>{tenant}</td>
      <td class="narrow"><Ago time={createdAt} /></td>
      <td class="narrow">{expiresAt === undefined ? 'never' : <span class={isOver ? 'not' : ''}>{isOver && '! expired '}<Ago time={expiresAt} /></span>}</td>
      <td class="narrow">{lastUsedAt === undefined ? <span class="quiet">never</span> : <Ago time={lastUsedAt} />}</td>
      <td>
        <Verbs item={item} issue={issue} />
        {previousSecretUntil !== undefined && Date.parse(previousSecretUntil) > now && <p class="quiet">The secret before ends <Ago time={previousSecretUntil} />.</p>}
      </td>
    </tr>
  );
}

type Verb = 'rotate' | 'revoke';
const SAID: Readonly<Record<Verb, string>> = {
  rotate: 'It gets a new secret; the one before is taken for a day more.', revoke: 'It is refused everywhere within 5 seconds, for good.',
};

function Verbs({ item: { id, name }, issue }: Props): JSX.Element {
  const { client } = useConsole();
  const [asked, setAsked] = useState<Verb>();
  const [error, setError] = useState<Error>();
  const act = async (verb: Verb): Promise<void> => {
    setAsked(undefined);
    setError(undefined);
    const path = `/v1/api-keys/${id}`;
    if (verb === 'rotate') await client.write('POST', `${path}/rotate`, issuedApiKeySchema).then(issue, setError);
    else await client.write('DELETE', path, z.undefined()).then(issue, setError);
  };
  return (
    <>
      {asked === undefined
        ? <p class="action">{(['rotate', 'revoke'] as const).map((verb) => <button key={verb} type="button" aria-label={`${verb} ${name}`} onClick={() => setAsked(verb)}>{verb === 'rotate' ? 'Rotate' : 'Revoke'}</button>)}</p>
        : (
          <div role="group" aria-label={`${asked} ${name}?`}>
            <p>{SAID[asked]}</p>
            <p class="action"><button type="button" class="main" onClick={() => void act(asked)}>{asked === 'rotate' ? 'Rotate it' : 'Revoke it'}</button> <button type="button" onClick={() => setAsked(undefined)}>Leave it</button></p>
            <Command line={`npx wami key ${asked} ${id}`} />
          </div>
        )}
      <Trouble error={error} />
    </>
  );
}
