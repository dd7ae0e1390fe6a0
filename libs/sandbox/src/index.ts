export { DEFAULT_ACCOUNT, startSandboxAws } from './aws/start-sandbox-aws';
export type { SandboxAws, SandboxAwsOptions } from './aws/start-sandbox-aws';
export type { CallCounts } from './cloud/call-counters';
export type { AwsSnapshot, GroupSnapshot, PolicySnapshot, RoleSnapshot, UserSnapshot } from './aws/snapshot';
export { FAULT_KINDS, InvalidFault } from './faults/fault-plan';
export type { ActiveFaults, FaultKind, FaultPlan, ScriptedFault } from './faults/fault-plan';
export type { FaultControls, PendingFault } from './faults/faults';
export { queryClient } from './aws/query-client';
export type { QueryAnswer, QueryClient, QueryClientOptions } from './aws/query-client';
