export { PORT_VERSION, type AdapterPackage } from './adapter-package';
export { endingWith } from './ending-with';
export { applyFacets, sorted, withFacet, withFacets, type End, type FacetCalls } from './facets';
export { findOwn, inDoubt, mayBeDone, orAbsent } from './find-own';
export { inTurns } from './in-turns';
export { isOfItsTime, madeSince, onlyOne, orNone, type HadBefore } from './made-since';
export { applyParts, FEDERATION, INLINE_POLICIES, namedIn, partAt, partField, partFields, PARTS, partsIn, withoutParts, writtenIn, type Part, type PartCalls } from './parts';
export { isProviderError, ProviderError, type ProviderErrorOptions } from './provider-error';
export { allowsTenant, connectionSchema, connectionsFileSchema, entraTenantOf, secretReferenceSchema, type ConnectionSource } from './connections';
export { applyRelations } from './relations';
export { withoutOwner } from './without-owner';
export { retryAfter, type HeaderOf } from './retry-after';
export { BOUNDARY, OWNER } from './provider-adapter';
export type {
  Applied, CallContext, CallerIdentity, Changes, Connection, Desired, Groundwork, KindCapability, Observed, OwnershipMark, ProviderAdapter, ProviderTarget,
  Reference, ResourceHandler, Shape,
} from './provider-adapter';
