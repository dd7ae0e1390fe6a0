/** `google.protobuf.Value`, `Struct` and `ListValue` as protobufjs holds them. */
export interface ProtoValue {
  readonly nullValue?: unknown;
  readonly numberValue?: number;
  readonly stringValue?: string;
  readonly boolValue?: boolean;
  readonly structValue?: { readonly fields?: Readonly<Record<string, ProtoValue>> };
  readonly listValue?: { readonly values?: readonly ProtoValue[] };
}

interface ProtoTimestamp {
  readonly seconds?: number;
  readonly nanos?: number;
}

export function toJsonValue(value: ProtoValue): unknown {
  // Defines own properties: `__proto__` stays a key like any other, for the limits of JSON bodies to refuse.
  if (value.structValue) return Object.fromEntries(Object.entries(value.structValue.fields ?? {}).map(([key, part]) => [key, toJsonValue(part)]));
  if (value.listValue) return (value.listValue.values ?? []).map(toJsonValue);
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

/** RFC 3339 in UTC, to the millisecond. @throws RangeError where it is no time */
const fromTimestamp = ({ seconds = 0, nanos = 0 }: ProtoTimestamp): string => new Date(seconds * 1000 + nanos / 1e6).toISOString();

function toTimestamp(text: string): ProtoTimestamp {
  const ms = Date.parse(text);
  const seconds = Math.floor(ms / 1000);
  return { seconds, nanos: (ms - seconds * 1000) * 1e6 };
}

interface JsonForm {
  read(message: unknown): unknown;
  write(json: unknown): unknown;
}

/** Messages that stand for a JSON value, by full name. */
export const WELL_KNOWN: Readonly<Record<string, JsonForm>> = {
  '.google.protobuf.Value': { read: (message) => toJsonValue(message as ProtoValue), write: fromJsonValue },
  '.google.protobuf.Struct': { read: (message) => toJsonValue({ structValue: message as object }), write: (json) => fromJsonValue(json).structValue ?? {} },
  '.google.protobuf.ListValue': { read: (message) => toJsonValue({ listValue: message as object }), write: (json) => fromJsonValue(json).listValue ?? {} },
  '.google.protobuf.Timestamp': { read: (message) => fromTimestamp(message as ProtoTimestamp), write: (json) => toTimestamp(String(json)) },
};
