import { iam, type iam_v1 } from '@googleapis/iam';
import { ProjectsClient } from '@google-cloud/resource-manager';
import type { AuthClient } from 'google-auth-library';

/** At Google's own address where no other is given. One copy of the auth library is installed; the SDKs name its types by their own. */
export function openIam(client: AuthClient, endpoint: string | undefined): iam_v1.Iam {
  return iam({ version: 'v1', auth: client as never, ...(endpoint === undefined ? {} : { rootUrl: `${endpoint.replace(/\/$/, '')}/` }) });
}

/** `wire`: what requests are sent by. */
export function openProjects(wire: object): ProjectsClient {
  return new ProjectsClient({ fallback: true, authClient: wire as never });
}
