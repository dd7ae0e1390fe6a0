import { customerManaged } from './attachments';

it("what is attached counts by its name where the account itself has it: AWS's own policies may be called the same", () => {
  const attached = ['arn:aws:iam::123456789012:policy/p/ReadOnlyAccess', 'arn:aws:iam::aws:policy/ReadOnlyAccess', 'arn:aws:iam::aws:policy/job-function/ReadOnlyAccess', 'arn:aws-cn:iam::123456789012:policy/x'];
  expect(customerManaged(attached.map((PolicyArn) => ({ PolicyArn, PolicyName: PolicyArn.slice(PolicyArn.lastIndexOf('/') + 1) })))).toEqual(['ReadOnlyAccess', 'x']);
  expect(customerManaged(undefined)).toEqual([]);
});
