import type { Claim } from '../claim';
import { boundaryClaims } from './boundary.claims';
import { changeClaims } from './change.claims';
import { costClaims } from './cost.claims';
import { existenceClaims } from './existence.claims';
import { faultClaims } from './fault.claims';
import { issuedClaims } from './issued.claims';
import { listClaims } from './list.claims';
import { partsClaims } from './parts.claims';
import { relationClaims } from './relation.claims';
import { releaseClaims } from './release.claims';
import { singleClaims } from './single.claims';
import { targetClaims } from './target.claims';

export const TARGET_CLAIMS: readonly Claim[] = targetClaims;
/** In the order of the table. */
export const KIND_CLAIMS: readonly Claim[] = [
  ...existenceClaims,
  ...changeClaims,
  ...relationClaims,
  ...boundaryClaims,
  ...partsClaims,
  ...releaseClaims,
  ...listClaims,
  ...faultClaims,
  ...costClaims,
];

/** Of kinds that carry no mark and are made with a secret. */
export const ISSUED_CLAIMS: readonly Claim[] = [...issuedClaims, ...singleClaims];
