import type { Migration } from '@wami/event-store';

export const STANDING_RELATIONS: Migration = {
  id: '034-standing-relations',
  up: `
    -- An import that is to adopt nothing leaves everything as it is.
    ALTER TABLE engine_imports ADD COLUMN adopt boolean NOT NULL DEFAULT false;
    -- Relations that stood at a target when an import read it and that nobody has said anything of. Of both ends nothing but a hash stands here; withdrawn
    -- names the resource with which people made it and took it back before it was on record.
    CREATE TABLE engine_imports_relations (
      account text NOT NULL,
      owner text NOT NULL,
      facet text NOT NULL,
      other text NOT NULL,
      withdrawn text,
      PRIMARY KEY (account, owner, facet, other)
    );
  `,
};
