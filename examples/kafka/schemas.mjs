// @ts-check
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import addFormats from 'ajv-formats';
import Ajv2020 from 'ajv/dist/2020.js';

/** @typedef {import('./cloud-event.mjs').CloudEvent} CloudEvent */

/** The schemas of `docs/events`, read when they are first needed. */
export class Schemas {
  /** @param {string} folder */
  constructor(folder) {
    this.folder = folder;
    this.ajv = new Ajv2020.Ajv2020({ allowUnionTypes: true });
    addFormats.default(this.ajv);
    /** @type {Map<string, import('ajv').ValidateFunction | undefined>} */
    this.compiled = new Map();
  }

  /**
   * The event, checked. Undefined where its type is newer than these schemas.
   * @param {Record<string, unknown>} event
   * @returns {CloudEvent | undefined}
   */
  check(event) {
    const content = this.of(String(event['type']));
    if (!content) return undefined;
    const envelope = this.of('cloud-event');
    if (!envelope) throw new Error(`no schemas in ${this.folder}`);
    this.demand(envelope, event, event);
    this.demand(content, event['data'], event);
    return /** @type {CloudEvent} */ (event);
  }

  /** @param {string} name */
  of(name) {
    if (!this.compiled.has(name)) {
      // A type is a file name here: nothing else is looked up.
      const file = /^[a-z0-9.-]+$/.test(name) ? join(this.folder, `${name}.schema.json`) : '';
      this.compiled.set(name, existsSync(file) ? this.ajv.compile(JSON.parse(readFileSync(file, 'utf8'))) : undefined);
    }
    return this.compiled.get(name);
  }

  /**
   * @param {import('ajv').ValidateFunction} schema
   * @param {unknown} value
   * @param {Record<string, unknown>} event
   */
  demand(schema, value, event) {
    if (schema(value)) return;
    // Where, never what: the content may be about a person.
    const places = (schema.errors ?? []).map(({ instancePath, keyword }) => `${instancePath} ${keyword}`).join(', ');
    throw new Error(`event ${String(event['id'])} of type ${String(event['type'])} breaks its schema: ${places}`);
  }
}
