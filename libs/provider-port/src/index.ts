export { PORT_VERSION, type AdapterPackage } from './adapter-package';
export { endingWith } from './ending-with';
export { applyFacets, sorted, withFacet, withFacets, type End, type FacetCalls } from './facets';
export { findOwn, inDoubt, mayBeDone, orAbsent } from './find-own';
export { applyInline, inlineFields, inlineIn, inlineOf, withoutInline, type InlineCalls } from './inline-policies';
export { inTurns } from './in-turns';
export { isProviderError, ProviderError, type ProviderErrorOptions } from './provider-error';
export { allowsTenant, connectionSchema, connectionsFileSchema, secretReferenceSchema, type ConnectionSource } from './connections';
export { retryAfter, type HeaderOf } from './retry-after';
export { BOUNDARY, INLINE_POLICIES, inlineField, OWNER } from './provider-adapter';
export type {
  Applied, CallContext, CallerIdentity, Changes, Connection, Desired, Groundwork, KindCapability, Observed, OwnershipMark, ProviderAdapter, ProviderTarget,
  Reference, ResourceHandler, Shape,
} from './provider-adapter';
