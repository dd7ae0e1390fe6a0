/** `version-traceid-parentid-flags`, as W3C Trace Context has it; ids that are all zero and the version `ff` name nothing. */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The header where it is a trace context; undefined where not: what a caller wrote into it is not kept then. */
export function readTraceparent(header: unknown): string | undefined {
  return typeof header === 'string' && TRACEPARENT.test(header) ? header : undefined;
}
