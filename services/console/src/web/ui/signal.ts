import { useEffect, useState } from 'preact/hooks';

export type Listener<T> = (value: T) => void;

/** A value that tells when it changes. */
export interface Signal<T> {
  get(): T;
  set(value: T): void;
  listen(listener: Listener<T>): () => void;
}

export function signal<T>(first: T): Signal<T> {
  const listeners = new Set<Listener<T>>();
  let value = first;
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return;
      value = next;
      listeners.forEach((listener) => listener(next));
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The value as it is now; what shows it is drawn again when it changes. */
export function useSignal<T>(source: Signal<T>): T {
  const [value, setValue] = useState(source.get());
  useEffect(() => {
    setValue(() => source.get());
    return source.listen((next) => setValue(() => next));
  }, [source]);
  return value;
}
