import {
  AddClientIDToOpenIDConnectProviderCommand,
  CreateOpenIDConnectProviderCommand,
  DeleteOpenIDConnectProviderCommand,
  GetOpenIDConnectProviderCommand,
  ListOpenIDConnectProvidersCommand,
  RemoveClientIDFromOpenIDConnectProviderCommand,
  TagOpenIDConnectProviderCommand,
  UntagOpenIDConnectProviderCommand,
  UpdateOpenIDConnectProviderThumbprintCommand,
  type Tag,
} from '@aws-sdk/client-iam';
import type { OidcProvider } from '@wami/contracts';
import { orAbsent, type CallContext, type Changes, type Desired, type Observed, type Shape } from '@wami/provider-port';
import type { AwsClient } from './aws.client';
import { tagsOf } from './names-and-limits';
import { answered } from './pages';
import { after, observedProvider, type ProviderForm } from './provider-form';

const SCHEME = 'https://';
const IN_ARN = ':oidc-provider/';

/** Identity providers of OpenID Connect. Their name is the address of the issuer; AWS knows them by it, and can change it no more. */
export class OidcProviders implements ProviderForm {
  constructor(private readonly client: AwsClient) {}

  names(name: string): boolean {
    return name.startsWith(SCHEME);
  }

  nameIn(arn: string): string | undefined {
    const address = after(IN_ARN, arn);
    return address === undefined ? undefined : SCHEME + address;
  }

  /** Thumbprints that nobody states are AWS's to find. */
  shape({ name, document }: Desired): Shape {
    const { clientIds, thumbprints } = oidcOf(document);
    return { fields: { name, clientIds: listText(clientIds), ...(thumbprints ? { thumbprints: listText(thumbprints) } : {}) }, tags: tagsOf(document), facets: {} };
  }

  async arns(context: CallContext): Promise<readonly string[]> {
    const { OpenIDConnectProviderList } = await this.client.send(new ListOpenIDConnectProvidersCommand({}), context);
    return answered(OpenIDConnectProviderList, 'OpenIDConnectProviderList').map(({ Arn }) => answered(Arn, 'Arn'));
  }

  async at(OpenIDConnectProviderArn: string, context: CallContext): Promise<Observed | undefined> {
    const found = await orAbsent(this.client.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn }), context));
    if (found === undefined) return undefined;
    const { ClientIDList = [], ThumbprintList = [], Tags = [] } = found;
    return observedProvider(this.nameIn(OpenIDConnectProviderArn), OpenIDConnectProviderArn, Tags, { clientIds: listText(ClientIDList), thumbprints: listText(ThumbprintList.map((print) => print.toLowerCase())) });
  }

  async create({ name, document }: Desired, Tags: Tag[], context: CallContext): Promise<string> {
    const { clientIds, thumbprints } = oidcOf(document);
    const asked = { Url: name, ClientIDList: [...clientIds], Tags, ...(thumbprints ? { ThumbprintList: [...thumbprints] } : {}) };
    const { OpenIDConnectProviderArn } = await this.client.send(new CreateOpenIDConnectProviderCommand(asked), context);
    return answered(OpenIDConnectProviderArn, 'OpenIDConnectProviderArn');
  }

  /** Client ids that go make room for new ones: a provider may be full of them. */
  async change({ document }: Desired, { nativeArn: OpenIDConnectProviderArn, shape }: Observed, { fields }: Changes, context: CallContext): Promise<void> {
    const { clientIds, thumbprints } = oidcOf(document);
    if (fields['thumbprints'] !== undefined && thumbprints) {
      await this.client.send(new UpdateOpenIDConnectProviderThumbprintCommand({ OpenIDConnectProviderArn, ThumbprintList: [...thumbprints] }), context);
    }
    if (fields['clientIds'] === undefined) return;
    const before = listFrom(shape.fields['clientIds']);
    for (const ClientID of before.filter((id) => !clientIds.includes(id))) {
      await this.client.send(new RemoveClientIDFromOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, ClientID }), context);
    }
    for (const ClientID of clientIds.filter((id) => !before.includes(id))) {
      await this.client.send(new AddClientIDToOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, ClientID }), context);
    }
  }

  async tag(OpenIDConnectProviderArn: string, Tags: Tag[], context: CallContext): Promise<unknown> {
    return this.client.send(new TagOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, Tags }), context);
  }

  async untag(OpenIDConnectProviderArn: string, TagKeys: string[], context: CallContext): Promise<unknown> {
    return this.client.send(new UntagOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, TagKeys }), context);
  }

  async delete(OpenIDConnectProviderArn: string, context: CallContext): Promise<unknown> {
    return this.client.send(new DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn }), context);
  }
}

const oidcOf = (document: Desired['document']): OidcProvider => document['oidc'] as OidcProvider;

/** The one text of a list in whatever order. */
const listText = (list: readonly string[]): string => JSON.stringify([...new Set(list)].sort());

const listFrom = (text = '[]'): readonly string[] => JSON.parse(text) as string[];
