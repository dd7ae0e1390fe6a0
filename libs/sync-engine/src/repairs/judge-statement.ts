import { comparePositions, type RecordedRepairEvent } from '@wami/contracts';
import { differingFields, sameJson, statedDocument } from '@wami/domain';
import type { Resource } from '../fold/resource';

export type Stated = Extract<RecordedRepairEvent, { type: 'wami.repair.stated.v1' }>;
/** Facet -> ids of the other ends. */
export type Ends = Readonly<Record<string, readonly string[]>>;

export interface Judgement {
  /** Names of fields and facets; none where it agrees, or where it is newer than what is stated. */
  readonly differs: readonly string[];
  /** As it should be; undefined where it is so. */
  readonly resource?: Resource;
  /** The facets that should be others, as they should be. */
  readonly ends: Ends;
}

export const MISSING = 'missing';
const AGREES: Judgement = { differs: [], ends: {} };

/** How what an engine has of a resource compares with what is stated of it. Pure. */
export function judgeStatement(stated: Stated, known: Resource | undefined, ends: Ends): Judgement {
  if (stated.data.deleted) return judgeDeletion(stated, known);
  const document = statedDocument(stated);
  if (document === undefined) return AGREES;
  const { key: id, tenant, subject, data: { kind, version, upTo } } = stated;
  const own = known?.document === null && !known.deleted ? undefined : known;
  if (own && own.version > version) return AGREES;
  const related = own === undefined || comparePositions(own.intent, upTo) <= 0 ? differingEnds(stated, ends) : {};
  const right: Resource = { id, kind, tenant, subject, version, deleted: false, document, intent: stated.position };
  if (own === undefined) return { differs: [MISSING], resource: right, ends: related };
  const fields = [
    ...differingFields(own.document ?? {}, document), ...(own.deleted ? ['deleted'] : []), ...(own.tenant === tenant ? [] : ['tenant']),
    ...(own.version === version ? [] : ['version']), ...Object.keys(related),
  ];
  return fields.length === 0 ? AGREES : { differs: fields, resource: right, ends: related };
}

/** What is not held is not missed. Its last document stays, to know what to take away. */
function judgeDeletion({ tenant, subject, position, data: { version } }: Stated, known: Resource | undefined): Judgement {
  if (!known || known.document === null || known.deleted || known.version > version) return AGREES;
  return { differs: ['deleted'], resource: { ...known, tenant, subject, version, deleted: true, intent: position }, ends: {} };
}

function differingEnds({ data: { groups, policies } }: Stated, ends: Ends): Ends {
  return Object.fromEntries(Object.entries({ groups, policies }).filter(([facet, others]) => !sameJson([...others].sort(), [...ends[facet] ?? []].sort())));
}
