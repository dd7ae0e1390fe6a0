import { z } from 'zod';

/** What somebody calls an address with its filters. */
const viewSchema = z.object({ name: z.string().min(1), to: z.string().startsWith('/') });
const viewsSchema = z.array(viewSchema);
export type View = z.infer<typeof viewSchema>;

export const MOST_VIEWS = 50;
export const LONGEST_NAME = 80;

/** Refused in a sentence, or what there is then, in the order of names. */
export type Outcome = { readonly views: readonly View[] } | { readonly refused: string };

const pageOf = ({ to }: View): string => to.split('?', 1)[0] ?? '';
export const onPage = (views: readonly View[], path: string): readonly View[] => views.filter((view) => pageOf(view) === path);

const isSame = (a: View) => (b: View): boolean => a.name === b.name && pageOf(a) === pageOf(b);
const sorted = (views: readonly View[]): Outcome => ({ views: views.toSorted((a, b) => a.name.localeCompare(b.name)) });

/** What had this name on the page is this from now on. */
export function withView(views: readonly View[], view: View): Outcome {
  const others = views.filter((one) => !isSame(view)(one));
  return others.length >= MOST_VIEWS ? { refused: `There are ${MOST_VIEWS} already: delete one first.` } : sorted([...others, view]);
}

export const withoutView = (views: readonly View[], view: View): Outcome => ({ views: views.filter((one) => !isSame(view)(one)) });

export function renamedView(views: readonly View[], view: View, name: string): Outcome {
  if (name === view.name) return { views };
  if (views.some(isSame({ ...view, name }))) return { refused: `There is another one called ${name}.` };
  return sorted(views.map((one) => (isSame(view)(one) ? { ...one, name } : one)));
}

/** What is kept; nothing where it was written by something else. */
export function readViews(text: string | null): readonly View[] {
  try {
    return viewsSchema.safeParse(JSON.parse(text ?? '[]')).data ?? [];
  } catch {
    return [];
  }
}
