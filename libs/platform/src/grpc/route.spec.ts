import { loadMessages } from './messages';
import { routed, routeOf, type Route } from './route';

const MEMBER: Route = { verb: 'PUT', path: '/v1/groups/{group_id}/members/{user_id}' };
const LIST: Route = { verb: 'GET', path: '/v1/resources' };
const CREATE: Route = { verb: 'POST', path: '/v1/service-accounts', body: 'service_account' };

describe('the HTTP request of a call', () => {
  it.each([
    [MEMBER, { groupId: 'grp_1', userId: 'usr_1' }, '/v1/groups/grp_1/members/usr_1'],
    [MEMBER, { groupId: '../tenants', userId: 'a/b?c#d' }, '/v1/groups/..%2Ftenants/members/a%2Fb%3Fc%23d'],
    [MEMBER, { groupId: '..', userId: '' }, '/v1/groups/-/members/-'],
    [LIST, { tenant: 'a&b=c', tag: ['x', 'y=1'], pageSize: 5, pageToken: 't' }, '/v1/resources?tenant=a%26b%3Dc&tag=x&tag=y%3D1&limit=5&cursor=t'],
    [LIST, { options: { dryRun: true } }, '/v1/resources?dryRun=true'],
    [LIST, { settled: true }, '/v1/resources?settled=true&wait=9'],
    [LIST, { settled: true, wait: 3 }, '/v1/resources?settled=true&wait=3'],
  ])('%j with %j is %s', (route, message, url) => {
    expect(routed(route, message, 10).url).toBe(url);
  });

  it('its body is one field of the message, and nothing else of it', () => {
    expect(routed(CREATE, { serviceAccount: { accountName: 'a' } }, 10)).toEqual({ url: '/v1/service-accounts', headers: {}, body: { accountName: 'a' } });
    expect(routed(CREATE, {}, 10).body).toEqual({});
  });

  it('options are headers; nobody waits longer than the caller listens', () => {
    expect(routed(CREATE, { options: { expectedVersion: 0, waitSeconds: 60 } }, 10).headers).toEqual({ 'if-match': '"0"', prefer: 'wait=9' });
    expect(routed(LIST, { options: { after: 'p', consistency: 'strong' } }, 0.1).headers).toEqual({ 'wami-after': 'p', 'wami-consistency': 'strong' });
    expect(routed(CREATE, { options: { waitSeconds: 5 } }, 0.1).headers).toEqual({ prefer: 'wait=0' });
  });

  it('is named by the annotation of the method; a stream has none', () => {
    const root = loadMessages();
    const method = (service: string, name: string): Route | undefined => {
      const found = root.lookupService(service).methods[name];
      return found && routeOf(found);
    };
    expect(method('wami.v1.Users', 'UpdateUser')).toEqual({ verb: 'PATCH', path: '/v1/users/{id}', body: 'patch' });
    expect(method('wami.v1.Events', 'WatchEvents')).toBeUndefined();
  });
});
