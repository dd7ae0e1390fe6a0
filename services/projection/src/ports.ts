/** Tokens under which ports are bound in the module. */
export const POOL = Symbol('projection pool');
/** What requests read with: their own tenant's rows and nothing else. */
export const READER = Symbol('reader of requests');
export const SCHEMA = Symbol('projection schema');
export const MODELS = Symbol('read models');
export const HEAD_SOURCE = Symbol('head source');
export const PERSONAL = Symbol('personal data');
/** Sends events again; undefined where there is no Kafka. */
export const REPLAYER = Symbol('replayer');
