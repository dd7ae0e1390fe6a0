import { rulesAtGoogle, standingIn } from './deny-record';
import { EVERYBODY } from './deny-rules';

const ANN = 'principal://goog/subject/ann@example.com';
const attachedBy = (...principals: string[]): readonly string[] | undefined =>
  standingIn(rulesAtGoogle([{ deniedPermissions: ['iam.googleapis.com/roles.create'] }], principals, undefined)).attached;

// The strict sandbox takes no everybody among the exceptions, so it is asked of the record itself.
it('a record that names everybody does not say whom WAMI denies anything, whoever else is in it', () => {
  expect([attachedBy(), attachedBy(ANN), attachedBy(EVERYBODY), attachedBy(ANN, EVERYBODY)]).toEqual([[], [ANN], undefined, undefined]);
});
