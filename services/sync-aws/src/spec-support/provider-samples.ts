import type { KindSample } from '@wami/testing';
import { METADATA } from './aws-hands';

/** Their names are their addresses: `url` says what the name says. */
export const oidc: KindSample = {
  kind: 'identity-provider',
  form: 'OIDC',
  corner: 'https://',
  document: { oidc: { url: 'its name', clientIds: ['sts.amazonaws.com', 'deploy'], thumbprints: ['a'.repeat(40)] }, tags: { team: 'core' } },
  goodNames: [`https://${'a'.repeat(247)}`, 'https://a.example/x/-._~/Y/', 'https://b'],
  badNames: [`https://${'a'.repeat(248)}`, 'http://a.example', 'https://a.example:8443', 'https://a.example?x=1', 'https://me@a.example'],
  caseInsensitive: false,
  rename: false,
  changes: [
    { field: 'clientIds', key: 'oidc', value: { url: 'its name', clientIds: ['deploy', 'shop & more'], thumbprints: ['a'.repeat(40)] } },
    { field: 'thumbprints', key: 'oidc', value: { url: 'its name', clientIds: ['deploy', 'shop & more'], thumbprints: ['c'.repeat(40), 'b'.repeat(40)] } },
  ],
  respelled: { oidc: { url: 'its name', clientIds: ['deploy', 'sts.amazonaws.com'], thumbprints: ['A'.repeat(40)] } },
  tags: true,
  adoptable: true,
  unhindered: true,
  unpaged: true,
};
export const saml: KindSample = {
  kind: 'identity-provider',
  form: 'SAML',
  document: { saml: { metadata: METADATA }, tags: { team: 'core' } },
  goodNames: ['s'.repeat(128), 'A_z0.-', 'q'],
  badNames: ['s'.repeat(129), 'corp/okta', 'with blank', 'größe', 'a@b'],
  caseInsensitive: false,
  rename: false,
  changes: [{ field: 'metadata', key: 'saml', value: { metadata: METADATA.replace('MIIC', 'MIID <&> "Zoë" é') } }],
  respelled: { saml: { metadata: `${METADATA}\n` } },
  tags: true,
  adoptable: true,
  unhindered: true,
  unpaged: true,
};
