import { findOwn, orAbsent, ProviderError, type Applied, type CallContext, type Changes, type Desired, type Observed, type Reference, type ResourceHandler, type Shape } from '@wami/provider-port';
import type { AwsClient } from './aws.client';
import { MARK_KEYS, markTags } from './marks';
import { checkIdentityProvider, tagsOf } from './names-and-limits';
import { OidcProviders } from './oidc-providers';
import { observedProvider, type ProviderForm } from './provider-form';
import { SamlProviders } from './saml-providers';
import { applyTags, changedTo, refuseMove, toTags } from './tagged';

/** A page of a listing has the time of one call: so many providers are in it at most, and so many are asked about at once. */
const PAGE = 100;
const AT_ONCE = 4;

/** Identity providers, OIDC and SAML. */
export class IdentityProvidersHandler implements ResourceHandler {
  readonly kind = 'identity-provider';
  readonly facets: readonly string[] = [];
  readonly check = checkIdentityProvider;
  private readonly oidc: ProviderForm;
  private readonly saml: ProviderForm;
  private readonly forms: readonly ProviderForm[];
  private readonly page: number;

  constructor(client: AwsClient, pageSize: number) {
    this.page = Math.min(pageSize, PAGE);
    this.oidc = new OidcProviders(client);
    this.saml = new SamlProviders(client);
    this.forms = [this.oidc, this.saml];
  }

  shape(desired: Desired): Shape {
    return this.formFor(desired).shape(desired);
  }

  /** One call where the ARN is known; else the list of its protocol before, for an account's ARNs are the account's to tell. */
  async observe(reference: Reference, _facets: readonly string[], context: CallContext): Promise<Observed | undefined> {
    const { nativeArn, names } = reference;
    if (nativeArn !== undefined) {
      const known = await this.at(nativeArn, context);
      if (known !== undefined && names.includes(known.name)) return known;
    }
    return findOwn(reference, async (name) => {
      const form = this.forms.find((one) => one.names(name));
      if (form === undefined) return undefined;
      const arn = (await form.arns(context)).find((one) => form.nameIn(one) === name);
      return arn === undefined ? undefined : form.at(arn, context);
    });
  }

  /** One call, tags and marks included. */
  async create(desired: Desired, context: CallContext): Promise<Applied> {
    const form = this.formFor(desired);
    const tags = toTags({ ...tagsOf(desired.document), ...markTags(desired.mark) });
    const arn = await form.create(desired, tags, context);
    return { observed: observedProvider(desired.name, arn, tags, form.shape(desired).fields), rejected: [] };
  }

  async update(desired: Desired, observed: Observed, changes: Changes, context: CallContext): Promise<Applied> {
    const { nativeArn: arn } = observed;
    const form = this.formOf(arn);
    await form.change(desired, observed, changes, context);
    await applyTags(changes, desired.mark, { untag: (keys) => form.untag(arn, keys, context), tag: (tags) => form.tag(arn, tags, context) });
    refuseMove('identity provider', observed, changes);
    return { observed: changedTo(observed, desired.mark, changes, changes.fields), rejected: [] };
  }

  async delete({ nativeArn }: Observed, context: CallContext): Promise<void> {
    await orAbsent(this.formOf(nativeArn).delete(nativeArn, context));
  }

  /** Takes the marks off. */
  async release({ nativeArn }: Observed, context: CallContext): Promise<void> {
    await orAbsent(this.formOf(nativeArn).untag(nativeArn, [...MARK_KEYS], context));
  }

  /** Two listings of ARNs, and one call for each of them: IAM has no bulk read of providers. */
  async *list(context: CallContext): AsyncGenerator<readonly Observed[]> {
    for (const form of this.forms) {
      const arns = await form.arns(context);
      for (let from = 0; from < arns.length; from += this.page) yield await this.read(form, arns.slice(from, from + this.page), context);
    }
  }

  private async read(form: ProviderForm, arns: readonly string[], context: CallContext): Promise<readonly Observed[]> {
    const page: Observed[] = [];
    for (let from = 0; from < arns.length; from += AT_ONCE) {
      const seen = await Promise.all(arns.slice(from, from + AT_ONCE).map((arn) => form.at(arn, context)));
      page.push(...seen.flatMap((observed) => observed ?? []));
    }
    return page;
  }

  private async at(arn: string, context: CallContext): Promise<Observed | undefined> {
    return this.formOf(arn).at(arn, context);
  }

  /** By what it is, for `check` says of its name whether AWS can hold it. */
  private formFor({ document }: Desired): ProviderForm {
    return document['oidc'] === undefined ? this.saml : this.oidc;
  }

  private formOf(arn: string): ProviderForm {
    const form = this.forms.find((one) => one.nameIn(arn) !== undefined);
    if (form === undefined) throw new ProviderError('InvalidRequest', `${arn} is no identity provider of AWS`, { effect: 'none' });
    return form;
  }
}
