import type { BindingEvent, SyncOperation, SyncReason } from '@wami/contracts';
import { bindingStream, type Binding } from './binding';

/** How far a pass had read when it was decided, and what it was about. */
export interface About {
  readonly intent: string;
  readonly version: number;
  readonly operation: SyncOperation;
  readonly jobs?: readonly string[];
}

type Told<T extends BindingEvent['type']> = Omit<Extract<BindingEvent, { type: T }>['data'], 'resource' | 'kind' | 'provider' | 'account' | keyof About>;
/** A reason is one that has a remedy. */
type Said<T extends BindingEvent['type']> = Told<T> extends { readonly reason: string } ? Omit<Told<T>, 'reason'> & { readonly reason: SyncReason } : Told<T>;

/** An event of a binding, with all that every one of them carries. */
export function bindingEvent<T extends BindingEvent['type']>(
  type: T, provider: string, binding: Binding, about: About, said: Said<T>, personal: Extract<BindingEvent, { type: T }>['personal'],
): BindingEvent {
  const { resource, kind, account } = binding;
  const { intent, version, operation, jobs = [] } = about;
  return {
    type, stream: bindingStream(provider, binding), key: resource, tenant: binding.tenant, subject: binding.subject,
    data: { resource, kind, provider, account, intent, version, operation, ...(jobs.length > 0 ? { jobs: [...jobs] } : {}), ...said }, personal,
  } as unknown as BindingEvent;
}
