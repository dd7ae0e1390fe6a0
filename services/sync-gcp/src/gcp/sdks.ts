import { admin, type admin_directory_v1 } from '@googleapis/admin';
import { cloudidentity, type cloudidentity_v1 } from '@googleapis/cloudidentity';
import { iam, type iam_v1 } from '@googleapis/iam';
import { ProjectsClient } from '@google-cloud/resource-manager';
import type { AuthClient } from 'google-auth-library';

/** At Google's own address where no other is given. One copy of the auth library is installed; the SDKs name its types by their own. */
export function openIam(client: AuthClient, endpoint: string | undefined): iam_v1.Iam {
  return iam({ version: 'v1', auth: client as never, ...at(endpoint) });
}

export function openCloudIdentity(client: AuthClient, endpoint: string | undefined): cloudidentity_v1.Cloudidentity {
  return cloudidentity({ version: 'v1', auth: client as never, ...at(endpoint) });
}

export function openDirectory(client: AuthClient, endpoint: string | undefined): admin_directory_v1.Admin {
  return admin({ version: 'directory_v1', auth: client as never, ...at(endpoint) });
}

const at = (endpoint: string | undefined): { rootUrl?: string } => (endpoint === undefined ? {} : { rootUrl: `${endpoint.replace(/\/$/, '')}/` });

/** `wire`: what requests are sent by. */
export function openProjects(wire: object): ProjectsClient {
  return new ProjectsClient({ fallback: true, authClient: wire as never });
}
