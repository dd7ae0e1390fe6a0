import { isErasure, withoutPersonal, type RecordedEvent } from '@wami/contracts';
import type { ClientBase } from 'pg';
import type { ReadModel } from '../model/read-model';
import { physicalName } from '../model/table';
import { allGenerations, dropGeneration, isThere } from '../rebuild/generations';
import { PERSONAL_TABLES } from './personal-columns';

/**
 * Blanks what no fold reaches of the subjects that these events erase: parked events, also where the erasure itself is parked behind them,
 * and the tables of generations that are kept to go back to, were made by a replay or are being built. One that another release made is blanked as far as
 * this one knows it where it is read, and dropped where it is only kept.
 */
export async function eraseCopies(client: ClientBase, schema: string, models: readonly ReadModel[], events: readonly RecordedEvent[]): Promise<void> {
  const subjects = events.filter(isErasure).map(({ key }) => key);
  if (subjects.length === 0) return;
  await blankParked(client, schema, subjects);
  for (const { model: name, generation, version, status } of await allGenerations(client, schema)) {
    const model = models.find((one) => one.name === name);
    if (!model) continue;
    if ((status === 'retired' || status === 'replayed') && version !== model.version) await dropGeneration(client, schema, model, generation);
    else await blankGeneration(client, schema, model, generation, subjects);
  }
}

/** They still fit their schemas, where this release knows them. */
async function blankParked(client: ClientBase, schema: string, subjects: readonly string[]): Promise<void> {
  const { rows } = await client.query<{ number: number; event: RecordedEvent }>(`SELECT number, event FROM ${schema}.parked WHERE key = ANY($1::text[])`, [subjects]);
  for (const { number, event } of rows) await client.query(`UPDATE ${schema}.parked SET event = $2 WHERE number = $1`, [number, JSON.stringify(withoutPersonal(event))]);
}

async function blankGeneration(client: ClientBase, schema: string, model: ReadModel, generation: number, subjects: readonly string[]): Promise<void> {
  for (const { table, subject, blank } of PERSONAL_TABLES.filter((one) => model.tables.includes(one.table))) {
    const name = `${schema}.${physicalName(table, generation)}`;
    if (!(await isThere(client, name))) continue;
    if (!blank) {
      await client.query(`DELETE FROM ${name} WHERE ${subject} = ANY($1::text[])`, [subjects]);
      continue;
    }
    const { rows } = await client.query<Record<string, unknown>>(`SELECT * FROM ${name} WHERE ${subject} = ANY($1::text[])`, [subjects]);
    for (const row of rows) {
      const cells = Object.entries(blank(row)).filter(([column]) => column in row);
      const values = cells.map(([, value]) => (value !== null && typeof value === 'object' ? JSON.stringify(value) : value));
      const sets = cells.map(([column], i) => `${column} = $${i + 1}`);
      const keys = table.key.map((column, i) => `${column} = $${cells.length + i + 1}`);
      await client.query(`UPDATE ${name} SET ${sets.join(', ')} WHERE ${keys.join(' AND ')}`, [...values, ...table.key.map((column) => row[column])]);
    }
  }
}
