import { createHash } from 'node:crypto';
import {
  CreateSAMLProviderCommand,
  DeleteSAMLProviderCommand,
  GetSAMLProviderCommand,
  ListSAMLProvidersCommand,
  TagSAMLProviderCommand,
  UntagSAMLProviderCommand,
  UpdateSAMLProviderCommand,
  type Tag,
} from '@aws-sdk/client-iam';
import type { SamlProvider } from '@wami/contracts';
import { orAbsent, type CallContext, type Changes, type Desired, type Observed, type Shape } from '@wami/provider-port';
import type { AwsClient } from './aws.client';
import { tagsOf } from './names-and-limits';
import { answered } from './pages';
import { after, observedProvider, type ProviderForm } from './provider-form';

const IN_ARN = ':saml-provider/';

/** Identity providers of SAML 2.0. AWS can give them no other name. Encryption of assertions, and the keys for it, are others' to set. */
export class SamlProviders implements ProviderForm {
  constructor(private readonly client: AwsClient) {}

  names(name: string): boolean {
    return !name.includes('/');
  }

  nameIn(arn: string): string | undefined {
    return after(IN_ARN, arn);
  }

  shape({ name, document }: Desired): Shape {
    return { fields: { name, metadata: digestOf(metadataOf(document)) }, tags: tagsOf(document), facets: {} };
  }

  async arns(context: CallContext): Promise<readonly string[]> {
    const { SAMLProviderList } = await this.client.send(new ListSAMLProvidersCommand({}), context);
    return answered(SAMLProviderList, 'SAMLProviderList').map(({ Arn }) => answered(Arn, 'Arn'));
  }

  async at(SAMLProviderArn: string, context: CallContext): Promise<Observed | undefined> {
    const found = await orAbsent(this.client.send(new GetSAMLProviderCommand({ SAMLProviderArn }), context));
    if (found === undefined) return undefined;
    return observedProvider(this.nameIn(SAMLProviderArn), SAMLProviderArn, found.Tags ?? [], { metadata: digestOf(answered(found.SAMLMetadataDocument, 'SAMLMetadataDocument')) });
  }

  async create({ name: Name, document }: Desired, Tags: Tag[], context: CallContext): Promise<string> {
    const { SAMLProviderArn } = await this.client.send(new CreateSAMLProviderCommand({ Name, SAMLMetadataDocument: metadataOf(document), Tags }), context);
    return answered(SAMLProviderArn, 'SAMLProviderArn');
  }

  async change({ document }: Desired, { nativeArn: SAMLProviderArn }: Observed, { fields }: Changes, context: CallContext): Promise<void> {
    if (fields['metadata'] === undefined) return;
    await this.client.send(new UpdateSAMLProviderCommand({ SAMLProviderArn, SAMLMetadataDocument: metadataOf(document) }), context);
  }

  async tag(SAMLProviderArn: string, Tags: Tag[], context: CallContext): Promise<unknown> {
    return this.client.send(new TagSAMLProviderCommand({ SAMLProviderArn, Tags }), context);
  }

  async untag(SAMLProviderArn: string, TagKeys: string[], context: CallContext): Promise<unknown> {
    return this.client.send(new UntagSAMLProviderCommand({ SAMLProviderArn, TagKeys }), context);
  }

  async delete(SAMLProviderArn: string, context: CallContext): Promise<unknown> {
    return this.client.send(new DeleteSAMLProviderCommand({ SAMLProviderArn }), context);
  }
}

const metadataOf = (document: Desired['document']): string => (document['saml'] as SamlProvider).metadata;

/** Documents are long, and who compares them wants to know whether they are the same; line ends and blanks around are no difference. */
const digestOf = (metadata: string): string => `sha256:${createHash('sha256').update(metadata.replaceAll('\r\n', '\n').trim()).digest('hex')}`;
