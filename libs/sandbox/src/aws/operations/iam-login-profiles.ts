import { alreadyExists, noSuchEntity, passwordPolicyViolation } from '../errors';
import type { UserRecord } from '../iam-state';
import { optionalChoice, optionalText, requiredText, RULES } from '../validation';
import type { XmlRecord } from '../xml';
import { namedUserOrCaller } from './iam-credentials';
import { iamRead, iamWrite, viewedUser } from './operation';
import type { Call, Operations } from './operation';

/** Passwords for the console, of which a user has one; it stands in the way of the user's deletion. It is checked and not kept. */
export const loginProfileOperations: Operations = {
  CreateLoginProfile: iamWrite(create),
  UpdateLoginProfile: iamWrite(update),
  GetLoginProfile: iamRead(get),
  DeleteLoginProfile: iamWrite(remove),
};

/** The default policy of an account that has set none ("Set an account password policy for IAM users"). */
const SHORTEST = 8;
const CLASSES = [/[A-Z]/, /[a-z]/, /[0-9]/, /[!@#$%^&*()_+=[\]{}|'-]/];
const FEWEST_CLASSES = 3;

function create(call: Call): XmlRecord {
  const password = requiredText(call.params, 'Password', RULES.password);
  const resetRequired = isResetRequired(call) ?? false;
  const user = namedUserOrCaller(call);
  if (user.loginProfile !== undefined) throw alreadyExists('Login Profile for user', user.name);
  checkPassword(password, call, user);
  const loginProfile = { createdAt: call.now(), resetRequired };
  call.store.commit({ type: 'user-put', user: { ...user, loginProfile } });
  return { LoginProfile: fieldsOf({ ...user, loginProfile }) };
}

/** The date stays that of the first password (GetLoginProfile, API reference). */
function update(call: Call): undefined {
  const password = optionalText(call.params, 'Password', RULES.password);
  const resetRequired = isResetRequired(call);
  const user = namedUserOrCaller(call);
  const before = profileOf(user);
  if (password !== undefined) checkPassword(password, call, user);
  call.store.commit({ type: 'user-put', user: { ...user, loginProfile: { ...before, resetRequired: resetRequired ?? before.resetRequired } } });
  return undefined;
}

function get(call: Call): XmlRecord {
  return { LoginProfile: fieldsOf(call.params.get('UserName') === undefined ? namedUserOrCaller(call) : viewedUser(call)) };
}

function remove(call: Call): undefined {
  const user = namedUserOrCaller(call);
  profileOf(user);
  const { loginProfile: _removed, ...rest } = user;
  call.store.commit({ type: 'user-put', user: rest });
  return undefined;
}

function isResetRequired({ params }: Call): boolean | undefined {
  const [said] = optionalChoice([params.get('PasswordResetRequired')].flatMap((value) => value ?? []), 'passwordResetRequired', ['true', 'false']);
  return said === undefined ? undefined : said === 'true';
}

function checkPassword(password: string, { account }: Call, { name }: UserRecord): void {
  if (password.length < SHORTEST) throw passwordPolicyViolation(`Password should have a minimum length of ${SHORTEST}`);
  if (CLASSES.filter((letters) => letters.test(password)).length < FEWEST_CLASSES) throw passwordPolicyViolation('Password should have at least 3 of: uppercase letters, lowercase letters, numbers, symbols');
  if (password === name || password === account) throw passwordPolicyViolation('Password should not be the name of the account or of the user');
}

function profileOf(user: UserRecord): NonNullable<UserRecord['loginProfile']> {
  if (user.loginProfile === undefined) throw noSuchEntity(`Login Profile for User ${user.name} cannot be found.`);
  return user.loginProfile;
}

function fieldsOf(user: UserRecord): XmlRecord {
  const { createdAt, resetRequired } = profileOf(user);
  return { UserName: user.name, CreateDate: createdAt, PasswordResetRequired: resetRequired };
}
