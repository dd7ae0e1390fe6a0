import { toProviderError } from './aws.errors';
import { newPassword } from './new-password';

describe('a new password', () => {
  it('meets every password policy that an account can have: 128 characters, of every class, of those that IAM takes', () => {
    for (let i = 0; i < 200; i++) {
      const password = newPassword();
      expect(password).toMatch(/^[A-Za-z0-9+=%]{128}$/);
      for (const wanted of [/[A-Z]/, /[a-z]/, /[0-9]/, /[!@#$%^&*()_+=[\]{}|'-]/]) expect(password).toMatch(wanted);
    }
  });
  it('is not told by an error that quotes it', () => {
    const password = newPassword();
    const { message } = toProviderError({ name: 'ValidationError', message: `Value '${password}' at 'password' failed to satisfy constraint` }, 'CreateLoginProfile');
    expect(message).toBe("Value '***' at 'password' failed to satisfy constraint");
  });
  it('is another one each time', () => expect(new Set(Array.from({ length: 100 }, newPassword)).size).toBe(100));
});
