import { isProviderError, type CallContext } from '@wami/provider-port';
import { isTracing, startSpan, traced, type Attributes, type Span } from '@wami/tracing';
import type { CallName } from '../metrics';
import type { Work } from '../reconcile/work';

/** The pass that calls belong to. */
export interface CallTrace {
  readonly parent: string;
  readonly attributes: Attributes;
}

/** Of calls of this pass; undefined where it is not traced. */
export function callTraceOf({ binding: { resource, tenant, retryCount } }: Work, parent: string | undefined): CallTrace | undefined {
  return parent === undefined ? undefined : { parent, attributes: { 'wami.resource': resource, 'wami.tenant': tenant, 'wami.attempt': retryCount + 1 } };
}

/** One call of the adapter. Those that belong to no pass (listings, credentials) begin traces of their own. */
export function startCall(name: CallName, account: string, trace: CallTrace | undefined): Span | undefined {
  if (!isTracing()) return undefined;
  return startSpan(`call ${name}`, { parent: trace?.parent, attributes: { ...trace?.attributes, 'wami.account': account, 'wami.call': name } });
}

/** Each request of the call as a span of its own, from its turn to its answer, by what the provider calls it. */
export function tracingRequests(request: NonNullable<CallContext['request']>, call: Span | undefined, trace: CallTrace | undefined): NonNullable<CallContext['request']> {
  if (call === undefined) return request;
  return (access, send, method = access) => request(access, () => traced(
    method, () => ({ kind: 'client', parent: call.traceparent, attributes: { ...trace?.attributes, 'wami.method': method } }), send, codeOf), method);
}

function codeOf(error: unknown): string {
  return isProviderError(error) ? error.code : 'Internal';
}
