import { batchOf, readsOf } from './graph-batch';

const OPERATION = 'GET /users/{}/memberOf';
const twice = [OPERATION, OPERATION];

describe('a batch of reads', () => {
  it('asks under ids and takes the answers by them, in whatever order they come; what is not there is undefined', () => {
    expect(batchOf(['/users/a', '/users/b'])).toEqual({ requests: [{ id: '0', method: 'GET', url: '/users/a' }, { id: '1', method: 'GET', url: '/users/b' }] });
    const gone = { id: '0', status: 404, body: { error: { code: 'Request_ResourceNotFound', message: 'gone' } } };
    expect(readsOf([{ id: '1', status: 200, body: { value: ['b'] } }, gone], twice)).toEqual([undefined, { value: ['b'] }]);
  });

  it.each<[string, number, object, Record<string, string>, object]>([
    ['Throttled for as long as it says', 429, { code: 'TooManyRequests', message: 'slow down' }, { 'retry-after': '7' }, { code: 'Throttled', options: expect.objectContaining({ retryAfterMs: 7000 }) }],
    ['AccessDenied', 403, { code: 'Authorization_RequestDenied', message: 'no' }, {}, { code: 'AccessDenied' }],
    ['Unavailable', 503, { code: 'ServiceUnavailable', message: 'later' }, {}, { code: 'Unavailable' }],
    ['Unavailable where a bare 404 is nobody\'s answer', 404, {}, {}, { code: 'Unavailable' }],
  ])('is %s as a whole where a part is', (_, status, error, headers, expected) => {
    const responses = [{ id: '0', status: 200, body: { value: [] } }, { id: '1', status, headers, body: { error } }];
    expect(() => readsOf(responses, twice)).toThrow(expect.objectContaining(expected) as Error);
  });

  it('tells nothing where an answer is missing', () => {
    expect(() => readsOf([{ id: '1', status: 200, body: {} }], twice)).toThrow(/answered without GET \/users\/\{\}\/memberOf/);
  });
});
