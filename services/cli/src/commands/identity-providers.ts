import type { IdentityProviderView } from '@wami/contracts';
import type { Command } from 'commander';
import type { Column } from '../output/format';
import { collect } from './context';
import { addCrud, type CommonFlags } from './crud';
import { readText } from './documents';

const COLUMNS: readonly Column<IdentityProviderView>[] = [
  { title: 'NAME', value: ({ providerName }) => providerName }, { title: 'TENANT', value: ({ tenant }) => tenant },
  { title: 'ISSUER', value: ({ oidc }) => oidc?.url ?? 'SAML' }, { title: 'CLIENTS', value: ({ oidc }) => oidc?.clientIds.join(' ') ?? '' },
  { title: 'VERSION', value: ({ version }) => String(version) }, { title: 'ID', value: ({ id }) => id },
];

interface IdentityProviderFlags extends CommonFlags {
  readonly oidcUrl?: string;
  readonly clientId?: readonly string[];
  readonly thumbprint?: readonly string[] | false;
  readonly saml?: string;
}

export function addIdentityProviderCommands(program: Command): void {
  addCrud<IdentityProviderView, IdentityProviderFlags>(program, {
    kind: 'identity-provider', alias: 'idp', description: 'identity providers (OIDC, SAML): whose tokens and assertions roles may trust', nameField: 'providerName', columns: COLUMNS, plain: true,
    example: 'wami identity-provider create github --oidc-url https://token.actions.githubusercontent.com --client-id sts.amazonaws.com\n  wami identity-provider create okta --saml metadata.xml',
    addFlags: (command, creating) => {
      const own = creating ? command.option('--oidc-url <url>', 'address of who issues tokens of OpenID Connect; it stays') : command;
      const fields = own.option('--client-id <id>', 'whom tokens are meant for (repeatable); all that there are to be', collect)
        .option('--thumbprint <sha1>', "of a certificate of the issuer's address (repeatable); all that there are to be", collect)
        .option('--saml <file>', 'file with the metadata document of who signs assertions of SAML 2.0, - for stdin');
      return creating ? fields : fields.option('--no-thumbprint', 'leave the thumbprints to the cloud');
    },
    fieldsOf: (_client, flags) => Promise.resolve({ ...oidcFieldsOf(flags), ...(flags.saml === undefined ? {} : { saml: { metadata: readText(flags.saml) } }) }),
  });
}

function oidcFieldsOf({ oidcUrl, clientId, thumbprint }: IdentityProviderFlags): { readonly oidc?: object } {
  const oidc = { ...(oidcUrl ? { url: oidcUrl } : {}), ...(clientId ? { clientIds: clientId } : {}), ...(thumbprint === false ? { thumbprints: null } : thumbprint ? { thumbprints: thumbprint } : {}) };
  return Object.keys(oidc).length === 0 ? {} : { oidc };
}
