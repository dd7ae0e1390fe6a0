/** What of the engine decides and does nothing else: no database, no clock, no timer. The core simulation runs this and nothing around it. */
export { nameInMotion } from '../../bindings/name-in-motion';
export { evaluate, due } from '../../fold/evaluate';
export { evolveTenant } from '../../fold/fold-tenants';
export { changeOf, evaluateAll } from '../../fold/reconsider';
export { SettingsBook } from '../../fold/settings';
export { demand } from '../../jobs/accept-jobs';
export { isOtherEnd, kindNamed, kindOfEvent, relationChange } from '../../kinds';
export { again } from '../../pauses/release';
export { Caller, PausedBeforeCall } from '../../reconcile/caller';
export { awaitedKey, awaitedOf, nameAwaited } from '../../reconcile/outcome';
export { reconcile } from '../../reconcile/reconcile';
export { settle, type Settled } from '../../record/settle';
export { heldUp, started } from '../../targets/claim';
export { statusOf } from '../../targets/load-work';
export { NameTurns } from '../../targets/name-turns';
export { NamesGoing } from '../../targets/names-going';
export { Pacer } from '../../targets/pacer';
export { PageTurns } from '../../targets/page-turns';
