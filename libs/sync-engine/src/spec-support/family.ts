import { worldForEach } from '@wami/testing';
import { EngineUnderTest, TO_AWS } from './engine-under-test';

/** A fresh engine for each test, with a tenant, its child and a stranger: `acme`, `acme/eng` and `rival`, the first and the last synced. */
export function familyForEach(take: (test: EngineUnderTest) => void): void {
  worldForEach(EngineUnderTest.open, async (opened) => {
    await opened.identity.tenant('acme', TO_AWS);
    await opened.identity.tenant('acme/eng');
    await opened.identity.tenant('rival', TO_AWS);
    take(opened);
  });
}
