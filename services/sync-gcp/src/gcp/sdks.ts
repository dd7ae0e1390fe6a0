import { admin, type admin_directory_v1 } from '@googleapis/admin';
import { cloudidentity, type cloudidentity_v1 } from '@googleapis/cloudidentity';
import { iam, type iam_v1, type iam_v2 } from '@googleapis/iam';
import { FoldersClient, OrganizationsClient, ProjectsClient } from '@google-cloud/resource-manager';
import type { AuthClient } from 'google-auth-library';
import type { PlaceKind } from './place';

/** At Google's own address where no other is given. One copy of the auth library is installed; the SDKs name its types by their own. */
export function openIam(client: AuthClient, endpoint: string | undefined): iam_v1.Iam {
  return iam({ version: 'v1', auth: client as never, ...at(endpoint) });
}

/** Deny policies. */
export function openIamV2(client: AuthClient, endpoint: string | undefined): iam_v2.Iam {
  return iam({ version: 'v2', auth: client as never, ...at(endpoint) });
}

export function openCloudIdentity(client: AuthClient, endpoint: string | undefined): cloudidentity_v1.Cloudidentity {
  return cloudidentity({ version: 'v1', auth: client as never, ...at(endpoint) });
}

export function openDirectory(client: AuthClient, endpoint: string | undefined): admin_directory_v1.Admin {
  return admin({ version: 'directory_v1', auth: client as never, ...at(endpoint) });
}

const at = (endpoint: string | undefined): { rootUrl?: string } => (endpoint === undefined ? {} : { rootUrl: `${endpoint.replace(/\/$/, '')}/` });

/** Resource Manager, as far as it is about nodes of one kind. */
export interface Nodes {
  /** Allow policies. */
  readonly policies: Pick<ProjectsClient, 'getIamPolicy' | 'setIamPolicy' | 'close'>;
  /** The node as it calls itself, by the id that connections name it by. */
  read(name: string): Promise<string | undefined>;
  /** Ids of those that the caller may see, of one page. */
  visible(pageSize: number): Promise<readonly string[]>;
}

const ONE_PAGE = { autoPaginate: false } as const;

/** `wire`: what requests are sent by. */
export function openNodes(kind: PlaceKind, wire: object): Nodes {
  const options = { fallback: true, authClient: wire as never } as const;
  switch (kind) {
    case 'projects': {
      const policies = new ProjectsClient(options);
      const idOf = ({ projectId }: { projectId?: string | null }): string | undefined => projectId || undefined;
      return {
        policies, read: async (name) => idOf((await policies.getProject({ name }))[0]),
        visible: async (pageSize) => (await policies.searchProjects({ pageSize }, ONE_PAGE))[0].flatMap((node) => idOf(node) ?? []),
      };
    }
    case 'folders': {
      const policies = new FoldersClient(options);
      return {
        policies, read: async (name) => idIn((await policies.getFolder({ name }))[0]),
        visible: async (pageSize) => (await policies.searchFolders({ pageSize }, ONE_PAGE))[0].flatMap((node) => idIn(node) ?? []),
      };
    }
    case 'organizations': {
      const policies = new OrganizationsClient(options);
      return {
        policies, read: async (name) => idIn((await policies.getOrganization({ name }))[0]),
        visible: async (pageSize) => (await policies.searchOrganizations({ pageSize }, ONE_PAGE))[0].flatMap((node) => idIn(node) ?? []),
      };
    }
  }
}

const idIn = ({ name }: { name?: string | null }): string | undefined => name?.slice(name.indexOf('/') + 1) || undefined;
