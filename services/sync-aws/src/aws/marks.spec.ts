import { groupPath, hasForeignMarks, markFromGroupPath, markFromTags, markTags, withoutMarks } from './marks';

const mark = { instance: 'local', tenant: 'acme/engineering', id: 'usr_01J', kind: 'user' };

describe('the marks of a user', () => {
  it('are five tags with the published names', () => {
    expect(markTags(mark)).toEqual({
      'managed-by': 'wami',
      'wami-instance': 'local',
      'wami-tenant': 'acme/engineering',
      'wami-id': 'usr_01J',
      'wami-kind': 'user',
    });
  });

  it('are read back among other tags, in any case of letters', () => {
    expect(markFromTags({ ...markTags(mark), team: 'core' })).toEqual(mark);
    expect(
      markFromTags({
        'Managed-By': 'wami',
        'WAMI-instance': 'local',
        'Wami-Tenant': 'acme/engineering',
        'wami-ID': 'usr_01J',
        'wami-kind': 'user',
      }),
    ).toEqual(mark);
  });

  it.each(Object.keys(markTags(mark)))('make no mark without %s', (key) => {
    const { [key]: _gone, ...rest } = markTags(mark);
    expect(markFromTags(rest)).toBeUndefined();
  });

  it('make no mark where another program manages the user', () => {
    expect(markFromTags({ ...markTags(mark), 'managed-by': 'terraform' })).toBeUndefined();
  });

  it("are no tags of the user's own, and neither are AWS's", () => {
    expect(withoutMarks({ ...markTags(mark), 'aws:created': 'x', team: 'core' })).toEqual({ team: 'core' });
  });
});

describe('tags where the marks would stand', () => {
  it.each([
    [{ 'managed-by': 'terraform' }, true], [{ 'Managed-By': 'wami' }, true], [{ 'wami-id': 'usr_01J', team: 'core' }, true],
    [{ team: 'core' }, false], [{}, false], [markTags(mark), false], [{ ...markTags(mark), team: 'core' }, false],
  ])('%j: %s', (tags, foreign) => {
    expect(hasForeignMarks(tags)).toBe(foreign);
  });
});

describe('the mark of a group', () => {
  const group = { ...mark, id: 'grp_01J', kind: 'group' };

  it('is its path', () => expect(groupPath(group)).toBe('/wami/acme/engineering/grp_01J/'));

  it('is read back with the instance of whoever knows the id', () => {
    expect(markFromGroupPath(groupPath(group), group)).toEqual(group);
    expect(markFromGroupPath(groupPath(group))).toEqual({ ...group, instance: '' });
    expect(markFromGroupPath(groupPath(group), { ...group, id: 'grp_02' })).toEqual({ ...group, instance: '' });
    expect(markFromGroupPath(groupPath(group), { ...group, tenant: 'other' })).toEqual({ ...group, instance: '' });
  });

  it.each(['/', '/wami/', '/wami/acme/', '/teams/wami/acme/grp_1/', '/wami//grp_1/', '/wami/acme//grp_1/'])('is not in %s', (path) => {
    expect(markFromGroupPath(path)).toBeUndefined();
  });
});
