import { setTimeout as sleep } from 'node:timers/promises';
import { createPool, PersonalData } from '@wami/event-store';
import { silentLogger } from '@wami/platform';
import { READ_MODELS } from '../model/read-models';
import { Rebuilder } from '../rebuild/rebuilder';

/** What the process that rebuilds, and is killed meanwhile, is told on its command line, as JSON. */
export interface RebuildProcessOptions {
  readonly url: string;
  readonly schema: string;
  readonly page: number;
  /** How long it takes for a page beside the work, in milliseconds. */
  readonly paceMs: number;
}

const { url, schema, page, paceMs } = JSON.parse(process.argv[2] ?? '{}') as RebuildProcessOptions;
const models = READ_MODELS.map((model) => ({
  ...model, apply: async (...folded: Parameters<typeof model.apply>) => {
    await sleep(paceMs);
    await model.apply(...folded);
  },
}));

// Runs until it is killed: it looks for jobs by itself.
void new Rebuilder({
  pool: createPool({ connectionString: url, applicationName: 'rebuild', max: 4, onError: () => undefined }), schema, models: paceMs > 0 ? models : READ_MODELS,
  personal: new PersonalData({ keys: { find: () => Promise.resolve(new Map()) } }), logger: silentLogger, page,
});
