import { queryClient } from '../aws/query-client';
import type { QueryAnswer, QueryClient } from '../aws/query-client';
import { startSandboxAws } from '../aws/start-sandbox-aws';
import type { SandboxAws } from '../aws/start-sandbox-aws';

/** An empty account for each test of the file. */
export function accountOfEachTest(): { readonly iam: QueryClient; account(): SandboxAws } {
  let account: SandboxAws;
  let client: QueryClient;
  beforeEach(async () => {
    account = await startSandboxAws();
    client = queryClient(account.url);
  });
  afterEach(() => account.close());
  return { iam: (action, params) => client(action, params), account: () => account };
}

export const refused = (status: number, code: string): object => expect.objectContaining({ status, code });

/** The answer, which must be no refusal. */
export async function ok(answer: Promise<QueryAnswer>): Promise<QueryAnswer> {
  const settled = await answer;
  if (settled.code !== undefined) throw new Error(settled.xml);
  return settled;
}
