import {
  type $Command as IamCommand,
  IAMClient,
  type IAMClientResolvedConfig,
  type ServiceInputTypes,
  type ServiceOutputTypes,
} from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { endingWith, ProviderError, type CallContext, type CallerIdentity } from '@wami/provider-port';
import type { AwsSettings } from './aws.config';
import { endOf, signingWith } from './aws.credentials';
import { toProviderError } from './aws.errors';

const CONNECTION_TIMEOUT_MS = 5_000;
/** For a call whose caller set no shorter limit. */
const REQUEST_TIMEOUT_MS = 60_000;

/**
 * Takes the place of the SDK's retries, after which it sorts others in. Told to make one attempt, they would still wrap some errors of
 * the connection and lose their code.
 */
const INSTEAD_OF_RETRIES = { name: 'retryMiddleware', step: 'finalizeRequest', priority: 'high', override: true } as const;
/** IAM throttles what changes something apart from what reads. */
const READS = /^(Get|List)/;
const once = <Handler>(next: Handler): Handler => next;

type RequestHandler = IAMClientResolvedConfig['requestHandler'];

/**
 * With a handler that is kept (`cacheMiddleware`) the SDK takes no options along, so the signal of each call travels beside its input. The
 * last step before the request is sent gives it to the SDK's own request handler.
 */
const SEND = { name: 'sendWithSignal', step: 'deserialize', priority: 'low' } as const;

/** The two APIs of one account. One call is one request: the engine alone retries. Throws only ProviderError. */
export class AwsClient {
  private readonly iam: IAMClient;
  private readonly sts: STSClient;
  private readonly signals = new WeakMap<object, AbortSignal>();

  constructor(private readonly settings: AwsSettings) {
    // The SDK's version is pinned; its advice on Node is for whoever pins it, not for an operator's console.
    process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
    const { region, endpoints, concurrency } = settings;
    const agent = { keepAlive: true, maxSockets: concurrency };
    const common = {
      region,
      // Putting the steps of a call together anew each time costs a fifth of it.
      cacheMiddleware: true,
      ...signingWith(settings),
      requestHandler: {
        connectionTimeout: CONNECTION_TIMEOUT_MS,
        requestTimeout: REQUEST_TIMEOUT_MS,
        throwOnRequestTimeout: true,
        httpAgent: agent,
        httpsAgent: agent,
      },
    };
    this.iam = new IAMClient({ ...common, ...(endpoints.iam === undefined ? {} : { endpoint: endpoints.iam }) });
    this.sts = new STSClient({ ...common, ...(endpoints.sts === undefined ? {} : { endpoint: endpoints.sts }) });
    this.iam.middlewareStack.add(once, INSTEAD_OF_RETRIES);
    this.sts.middlewareStack.add(once, INSTEAD_OF_RETRIES);
    this.iam.middlewareStack.add(() => (args) => this.handle(this.iam.config.requestHandler, args), SEND);
    this.sts.middlewareStack.add(() => (args) => this.handle(this.sts.config.requestHandler, args), SEND);
  }

  send<Input extends ServiceInputTypes, Output extends ServiceOutputTypes>(
    command: IamCommand<Input, Output, IAMClientResolvedConfig, ServiceInputTypes, ServiceOutputTypes>,
    context: CallContext,
  ): Promise<Output> {
    const { name } = command.constructor;
    return inTurn(context, name, (signal) => guarded(name, signal, () => this.iam.send(this.with(signal, command))));
  }

  async whoAmI(context: CallContext): Promise<CallerIdentity> {
    const { Account = '', Arn = '' } = await inTurn(context, 'GetCallerIdentity', (signal) =>
      guarded('GetCallerIdentity', signal, () => this.sts.send(this.with(signal, new GetCallerIdentityCommand({})))),
    );
    const expiresAt = await endOf(this.settings, this.sts.config);
    return { account: Account, principal: Arn, ...(expiresAt === undefined ? {} : { expiresAt }) };
  }

  private with<C extends { readonly input: object }>(signal: AbortSignal, command: C): C {
    this.signals.set(command.input, signal);
    return command;
  }

  private handle(handler: RequestHandler, { input, request }: { readonly input: object; readonly request: unknown }): ReturnType<RequestHandler['handle']> {
    return handler.handle(request as Parameters<RequestHandler['handle']>[0], { abortSignal: this.signals.get(input) });
  }

  close(): void {
    this.iam.destroy();
    this.sts.destroy();
  }
}

/** The signal is asked for once it is the request's turn: the call may have run out of time by then. */
function inTurn<T>(context: CallContext, commandName: string, send: (signal: AbortSignal) => Promise<T>): Promise<T> {
  if (!context.request) return send(context.signal);
  return context.request(READS.test(commandName) ? 'read' : 'write', () => send(context.signal), commandName.replace(/Command$/, ''));
}

async function guarded<T>(commandName: string, signal: AbortSignal, call: () => Promise<T>): Promise<T> {
  const operation = commandName.replace(/Command$/, '');
  if (signal.aborted) throw new ProviderError('Timeout', `no time was left for ${operation}`, { effect: 'none', details: { operation } });
  try {
    return await endingWith(signal, 'unknown', operation, call());
  } catch (error) {
    throw toProviderError(error, operation);
  }
}
