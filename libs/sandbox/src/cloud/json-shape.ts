/** What a JSON body may hold: every field is optional, and no other is allowed. A list's only entry is the shape of its items; `any` is not looked into. */
export type Shape = 'string' | 'boolean' | 'integer' | 'any' | readonly [Shape] | MessageShape;
export interface MessageShape {
  readonly [field: string]: Shape;
}
export type ShapeOf<S> = S extends 'string' ? string
  : S extends 'boolean' ? boolean
    : S extends 'integer' ? number
      : S extends 'any' ? unknown
        : S extends readonly [infer Item] ? readonly ShapeOf<Item>[]
          : { readonly [K in keyof S]?: ShapeOf<S[K]> };

/** A vendor's words for what is wrong with a body. `at` is the path of the message or value, empty for the whole. */
export interface ShapeErrors {
  unknownField(at: string, field: string): Error;
  wrongType(at: string, expected: string, value: unknown): Error;
}

/** The value, of whose shape the compiler is sure from here on; `null` counts as absent. */
export function readShape<S extends MessageShape>(value: unknown, shape: S, errors: ShapeErrors): ShapeOf<S> {
  return readMessage(value, shape, '', errors) as ShapeOf<S>;
}

function readMessage(value: unknown, shape: MessageShape, at: string, errors: ShapeErrors): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw errors.wrongType(at, 'object', value);
  const present = Object.entries(value).filter(([, item]) => item !== null);
  return Object.fromEntries(present.map(([field, item]) => {
    const expected = Object.hasOwn(shape, field) ? shape[field] : undefined;
    if (expected === undefined) throw errors.unknownField(at, field);
    return [field, readValue(item, expected, at === '' ? field : `${at}.${field}`, errors)];
  }));
}

function readValue(value: unknown, shape: Shape, at: string, errors: ShapeErrors): unknown {
  if (shape === 'any') return value;
  if (shape === 'integer' ? Number.isInteger(value) : typeof value === shape) return value;
  if (typeof shape === 'string') throw errors.wrongType(at, shape, value);
  if (!isList(shape)) return readMessage(value, shape, at, errors);
  if (!Array.isArray(value)) throw errors.wrongType(at, 'list', value);
  return value.map((item: unknown, index) => readValue(item, shape[0], `${at}[${index}]`, errors));
}

const isList = (shape: readonly [Shape] | MessageShape): shape is readonly [Shape] => Array.isArray(shape);
