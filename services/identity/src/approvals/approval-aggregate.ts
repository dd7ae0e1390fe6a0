import type { ApprovalEvent } from '@wami/contracts';
import { opaqueId, type Aggregate } from '../commands/aggregate';

/** A list of removals that a guard holds, as far as identity has heard of it. */
export interface Approval {
  readonly status: 'none' | 'open' | 'approved' | 'rejected' | 'closed';
  readonly provider: string;
  readonly account: string;
  /** After each part of the list, and how many resources it holds then. */
  readonly parts: readonly { readonly hash: string; readonly held: number }[];
  /** RFC 3339. */
  readonly expiresAt: string;
}

export const approvalAggregate: Aggregate<Approval, ApprovalEvent> = {
  kind: 'approval', idPattern: opaqueId('apr'), initialState: { status: 'none', provider: '', account: '', parts: [], expiresAt: '' },
  evolve: (state, event) => {
    switch (event.type) {
      case 'wami.approval.asked.v1': {
        const { provider, account, expiresAt, hash, held } = event.data;
        return { status: state.status === 'none' ? 'open' : state.status, provider, account, expiresAt, parts: [...state.parts, { hash, held }] };
      }
      case 'wami.approval.approved.v1': return { ...state, status: 'approved' };
      case 'wami.approval.rejected.v1': return { ...state, status: 'rejected' };
      case 'wami.approval.closed.v1': return { ...state, status: state.status === 'approved' ? 'approved' : 'closed' };
    }
  },
  exists: ({ status }) => status !== 'none',
};
