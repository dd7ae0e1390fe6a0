import { describe as describeAs, describeGroup, readDescription, readSigns, signs } from './marks';

const mark = { instance: 'local', tenant: 'acme/engineering', id: 'sac_01J', kind: 'service-account' };
const MARKS = '[managed-by=wami wami-instance=local wami-tenant=acme/engineering wami-id=sac_01J wami-kind=service-account]';

describe('the marks of a service account or role', () => {
  it('stand before its description under the published names', () => {
    expect([describeAs('Deploys', mark), describeAs('', mark), describeAs('Deploys', undefined)]).toEqual([`${MARKS} Deploys`, MARKS, 'Deploys']);
  });

  it.each(['', 'Deploys', ' two blanks first', '[managed-by=wami] half', 'two\nlines', MARKS])('are read back, and "%s" after them', (text) => {
    expect(readDescription(describeAs(text, mark))).toEqual({ mark, text });
  });

  it.each(['Deploys', `x${MARKS}`, MARKS.replace(' wami-id=sac_01J', ''), MARKS.replace('=wami ', '=other '), `${MARKS}x`, ''])('are no marks in "%s"', (description) => {
    expect(readDescription(description)).toEqual({ text: description });
  });
});

describe('the mark of a group', () => {
  const text = MARKS.replaceAll('=', ':');
  it('has colons, and is read back with what stands behind it', () => {
    expect([describeGroup('Core', mark), readDescription(`${text} a=b`), readDescription(describeGroup('', mark))]).toEqual([`${text} Core`, { mark, text: 'a=b' }, { mark, text: '' }]);
  });

  it('is none where signs are mixed', () => {
    const mixed = text.replace('wami-id:', 'wami-id=');
    expect(readDescription(mixed)).toEqual({ text: mixed });
  });
});

describe('the mark of a user', () => {
  it.each([['whole', signs(mark), mark], ['with less', 'wami-instance=local wami-tenant=acme wami-kind=user', undefined], ['with more', `${signs(mark)} x`, undefined], ['not there', '', undefined]])('is read where it is whole: %s', (_, text, expected) => {
    expect(readSigns(text)).toEqual(expected);
  });
});
