/** `google.protobuf.Value`, `Struct` and `ListValue` as protobufjs holds them. */
export interface ProtoValue {
  readonly nullValue?: unknown;
  readonly numberValue?: number;
  readonly stringValue?: string;
  readonly boolValue?: boolean;
  readonly structValue?: { readonly fields?: Readonly<Record<string, ProtoValue>> };
  readonly listValue?: { readonly values?: readonly ProtoValue[] };
}

export interface ProtoTimestamp {
  readonly seconds?: number;
  readonly nanos?: number;
}

/** Nobody sends deeper ones: the limit of a JSON body is 16. */
const DEEPEST = 64;

/** @throws RangeError where it is nested too deep. */
export function toJsonValue(value: ProtoValue, depth = 0): unknown {
  if (depth > DEEPEST) throw new RangeError('a value is nested too deep');
  if (value.structValue) {
    // Defines own properties: `__proto__` stays a key like any other, for the limits of JSON bodies to refuse.
    return Object.fromEntries(Object.entries(value.structValue.fields ?? {}).map(([key, part]) => [key, toJsonValue(part, depth + 1)]));
  }
  if (value.listValue) return (value.listValue.values ?? []).map((part) => toJsonValue(part, depth + 1));
  return value.stringValue ?? value.boolValue ?? value.numberValue ?? null;
}

export function fromJsonValue(json: unknown): ProtoValue {
  if (typeof json === 'string') return { stringValue: json };
  if (typeof json === 'number') return { numberValue: json };
  if (typeof json === 'boolean') return { boolValue: json };
  if (Array.isArray(json)) return { listValue: { values: json.map(fromJsonValue) } };
  if (typeof json === 'object' && json !== null) {
    return { structValue: { fields: Object.fromEntries(Object.entries(json).map(([key, part]) => [key, fromJsonValue(part)])) } };
  }
  return { nullValue: 0 };
}

/** RFC 3339 in UTC, to the millisecond. */
export const fromTimestamp = ({ seconds = 0, nanos = 0 }: ProtoTimestamp): string => new Date(seconds * 1000 + nanos / 1e6).toISOString();

export function toTimestamp(text: string): ProtoTimestamp {
  const ms = Date.parse(text);
  const seconds = Math.floor(ms / 1000);
  return { seconds, nanos: (ms - seconds * 1000) * 1e6 };
}
