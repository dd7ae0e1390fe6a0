import { startSpan, type Span, type Traced } from '@wami/tracing';
import { operationOf, type Binding } from '../bindings/binding';
import type { Outcome } from '../reconcile/outcome';
import type { Work } from '../reconcile/work';

/** So many of the traces that one pass answers are told. */
const MOST_LINKS = 8;

/** The traces of a binding that is due for more reasons. */
export function tracesWith({ traces }: Pick<Binding, 'traces'>, reasons: readonly (string | undefined)[]): readonly string[] {
  const fresh = reasons.filter((reason) => reason !== undefined && !traces.includes(reason)) as string[];
  return fresh.length === 0 ? traces : [...new Set([...traces, ...fresh])].slice(-MOST_LINKS);
}

/** Of each resource the trace contexts of the events about it, where they have any. */
export function tracesOf(about: readonly { readonly id: string; readonly event: Traced }[]): ReadonlyMap<string, readonly string[]> {
  const traces = new Map<string, string[]>();
  for (const { id, event: { meta: { traceparent } } } of about) {
    if (traceparent !== undefined) traces.set(id, [...traces.get(id) ?? [], traceparent].slice(-MOST_LINKS));
  }
  return traces;
}

/** One pass over a binding, in the trace of what last made it due; what came before that and was answered with it is linked. */
export function startPass({ binding }: Work): Span | undefined {
  const { cause: { traceparent }, traces, account, kind, resource, tenant, lane, retryCount } = binding;
  const operation = operationOf(binding);
  return startSpan(`pass ${operation} ${kind}`, {
    kind: 'consumer', parent: traceparent, links: traces.filter((other) => other !== traceparent),
    attributes: {
      'wami.account': account, 'wami.kind': kind, 'wami.resource': resource, 'wami.tenant': tenant, 'wami.operation': operation, 'wami.lane': lane, 'wami.attempt': retryCount + 1,
    },
  });
}

/** `recorded` is false where another owner has the target by now: then it is that one's to say. */
export function endPass(span: Span | undefined, outcome: Outcome, recorded: boolean): void {
  span?.end({ 'wami.outcome': recorded ? outcome.is : 'lost', 'wami.code': codeOf(outcome) }, outcome.is === 'failed' ? codeOf(outcome) : undefined);
}

/** How an outcome is counted: the code of its error, or `ok`. */
export function codeOf(outcome: Outcome): string {
  return outcome.is === 'failed' ? outcome.error.code : 'ok';
}
