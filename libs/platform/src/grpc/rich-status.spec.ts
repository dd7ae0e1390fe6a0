import { status } from '@grpc/grpc-js';
import { PROBLEMS, type Problem, type ProblemCode } from '@wami/contracts';
import type { Type } from 'protobufjs';
import { loadMessages, readMessage } from './messages';
import { RichStatus } from './rich-status';

const root = loadMessages();
const rich = new RichStatus(root);
const problem = (code: string, more: Partial<Problem> = {}): Problem => ({ type: 't', title: 'Title', status: 400, code, requestId: 'req_1', ...more });

/** Names and contents of the details. */
function detailsOf(said: Problem, within?: string): Record<string, unknown> {
  const [packed] = rich.of(said, within).metadata.get('grpc-status-details-bin');
  const type = (name: string): Type => root.lookupType(name);
  const { details = [] } = type('google.rpc.Status').toObject(type('google.rpc.Status').decode(packed as Buffer)) as { details?: { type_url: string; value: Buffer }[] };
  return Object.fromEntries(details.map(({ type_url: typeUrl, value }) => {
    const name = typeUrl.split('/')[1] ?? '';
    return [name.replace('google.rpc.', ''), readMessage(type(name), value)];
  }));
}

describe('a problem as a status', () => {
  it.each(Object.keys(PROBLEMS) as ProblemCode[])('%s has a status that fits its class', (code) => {
    const [http] = PROBLEMS[code];
    const said = rich.of(problem(code)).code;
    expect([status.OK, status.UNKNOWN, undefined]).not.toContain(said);
    expect(said === status.UNAVAILABLE).toBe(http === 503);
    expect(said === status.INTERNAL).toBe(http === 500);
    expect(said === status.UNAUTHENTICATED).toBe(http === 401);
    expect(said === status.PERMISSION_DENIED).toBe(http === 403);
  });

  it('a code of a newer release is UNKNOWN, with its reason', () => {
    expect(rich.of(problem('FromTheFuture')).code).toBe(status.UNKNOWN);
    expect(detailsOf(problem('FromTheFuture'))).toMatchObject({ ErrorInfo: { reason: 'FromTheFuture' } });
  });

  it('fields are named as the message names them, whether they were in the body, the query or a document', () => {
    const errors = ['/userName', '/limit', '/document/Statement/0/Effect', '/tags/a~1b'].map((pointer) => ({ pointer, code: 'Bad', detail: 'is bad' }));
    const fields = (within?: string): unknown[] => (detailsOf(problem('ValidationFailed', { errors }), within)['BadRequest'] as { fieldViolations: { field: string }[] }).fieldViolations.map(({ field }) => field);
    expect(fields()).toEqual(['user_name', 'page_size', 'document.Statement.0.Effect', 'tags.a/b']);
    expect(fields('user')[0]).toBe('user.user_name');
  });

  it('says when to come back, what it is about, what is known beside, and the id of the request', () => {
    expect(detailsOf(problem('Overloaded', { retryAfter: 1.5, hint: 'nothing was done', params: { room: 'write', most: 2 } }))).toEqual({
      ErrorInfo: { reason: 'Overloaded', domain: 'wami.dev', metadata: { room: 'write', most: '2', hint: 'nothing was done' } },
      RetryInfo: { retryDelay: { seconds: 1, nanos: 500_000_000 } }, RequestInfo: { requestId: 'req_1' },
    });
    expect(detailsOf(problem('NotFound', { instance: '/v1/tenants/acme%2Fx' }))).toMatchObject({ ResourceInfo: { resourceType: 'tenants', resourceName: 'acme/x' } });
    expect(detailsOf(problem('Forbidden', { instance: '/v1/tenants/acme' }))).not.toHaveProperty('ResourceInfo');
  });
});
