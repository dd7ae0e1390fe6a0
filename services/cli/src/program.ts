import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { addAccessKeyCommands } from './commands/access-keys';
import { addAdminCommands } from './commands/admin';
import { addCompletion } from './commands/completion';
import { addGlobalOptions } from './commands/context';
import { addConflicts } from './commands/conflicts';
import { addDeadLetterCommands } from './commands/dead-letters';
import { addDeclaredCommands } from './commands/declared';
import { addDrift } from './commands/drift';
import { addEventCommands } from './commands/events';
import { addGroupCommands } from './commands/groups';
import { addLoginProfileCommands } from './commands/login-profiles';
import { addMfaDeviceCommands } from './commands/mfa-devices';
import { addPolicyCommands } from './commands/policies';
import { addProfileCommands } from './commands/profiles';
import { addProjectionCommands } from './commands/projection';
import { addProviderCommands } from './commands/providers';
import { addReport } from './commands/report';
import { addRoleCommands } from './commands/roles';
import { addSandboxCommands } from './commands/sandbox';
import { addIdentityProviderCommands } from './commands/identity-providers';
import { addServiceAccountCommands } from './commands/service-accounts';
import { addKeyCommands } from './commands/keys';
import { addStatus } from './commands/status';
import { addSyncCommands } from './commands/sync';
import { addTenantCommands } from './commands/tenants';
import { addUserCommands } from './commands/users';
import { addWhoami } from './commands/whoami';
import { EXIT_IN_WORDS } from './exit-codes';

const EXAMPLES = `Examples:
  wami user create ann --tag team=core --wait   create a user, wait until every cloud has it
  wami group add engineers ann --wait           put her into a group
  wami policy attach read-reports user/ann      let her do what the policy says
  wami policy simulate user/ann s3:GetObject    may she, and by which statement
  wami apply -f org.yaml                        make it as the file declares, see wami diff
  wami status                                   does everything agree, and if not, why
  wami sync explain user/ann                    why not, and what would make it go
  wami drift                                    what did somebody else change in the clouds
  wami conflicts                                what stands in the way, and nobody decided about: see wami sync resolve
  wami provider list                            which clouds can be called, and what can they hold
  wami report sla                               what is left of each provider's error budget; see wami report --help
  wami sync plan                                what would a sync do in the clouds, see wami sync apply
  wami events tail                              follow the log
`;

const EXIT_CODES = `
Exit codes: ${EXIT_IN_WORDS}
WAMI is found by --address, WAMI_ADDRESS, the profile, or a running \`npm start\` in this folder; the token by WAMI_TOKEN, the profile's
tokenFile, or that npm start.`;

function readVersion(): string {
  return (JSON.parse(readFileSync(join(__dirname, '..', 'package.json'), 'utf8')) as { version: string }).version;
}

export function createProgram(): Command {
  const program = addGlobalOptions(new Command('wami')).description('Keeps identities once and makes every cloud agree with them.')
    .addHelpText('before', EXAMPLES).addHelpText('after', EXIT_CODES).version(readVersion(), '-V, --version', 'print the version').showSuggestionAfterError().configureHelp({ showGlobalOptions: true }).exitOverride();
  addTenantCommands(program);
  addUserCommands(program);
  addGroupCommands(program);
  addRoleCommands(program);
  addPolicyCommands(program);
  addServiceAccountCommands(program);
  addIdentityProviderCommands(program);
  addAccessKeyCommands(program);
  addLoginProfileCommands(program);
  addMfaDeviceCommands(program);
  addKeyCommands(program);
  addDeclaredCommands(program);
  addStatus(program);
  addDrift(program);
  addConflicts(program);
  addProviderCommands(program);
  addReport(program);
  addSyncCommands(program);
  addEventCommands(program);
  addProjectionCommands(program);
  addDeadLetterCommands(program);
  addWhoami(program);
  addProfileCommands(program);
  addAdminCommands(program);
  addSandboxCommands(program);
  addCompletion(program);
  return program;
}
