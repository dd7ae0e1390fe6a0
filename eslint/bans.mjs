/**
 * Syntax that is banned somewhere, as one table: where (layers, projects, files), what (an esquery selector), why.
 * A ban without `layers` and `projects` holds in every project. Specs are exempt where `specs` is false.
 */

const member = (object, property) =>
  `MemberExpression[object.name='${object}'][property.name='${property}'], MemberExpression[object.name='${object}'][property.value='${property}']`;

const timers = 'setTimeout|setInterval|setImmediate';

const seams = [
  ['Date.now', member('Date', 'now')],
  ['new Date() without an argument', "NewExpression[callee.name='Date'][arguments.length=0]"],
  ['Date()', "CallExpression[callee.name='Date']"],
  ['performance.now', member('performance', 'now')],
  ['process.hrtime', member('process', 'hrtime')],
  ['Math.random', member('Math', 'random')],
  ['randomness of node:crypto', "Identifier[name=/^(randomUUID|randomBytes|randomInt|getRandomValues)$/]"],
  ['a timer', `CallExpression > Identifier.callee[name=/^(${timers})$/]`],
  ['a timer', `MemberExpression[object.name=/^global(This)?$/][property.name=/^(${timers})$/]`],
  ['node:timers', 'ImportDeclaration[source.value=/^(node:)?timers(\\u002Fpromises)?$/]'],
  ['AbortSignal.timeout', member('AbortSignal', 'timeout')],
  ['process.env', member('process', 'env')],
  ['node:process', 'ImportDeclaration[source.value=/^(node:)?process$/]'],
  ['taking a global apart', 'VariableDeclarator[init.name=/^(Date|Math|process|performance|AbortSignal)$/] > ObjectPattern'],
];

const ban = (where, what, selector, reason) => ({ specs: true, ...where, what, selector, reason });

export const bans = [
  ...seams.map(([what, selector]) =>
    ban(
      { projects: ['@wami/sync-engine'], specs: false, exceptFiles: ['system-seams.ts'] },
      what,
      selector,
      'seams: the simulation drives clock, randomness, ids, scheduling',
    )),
  ...seams.map(([what, selector]) =>
    ban({ layers: ['domain'], specs: false }, what, selector, 'deciders are pure: time, ids and randomness arrive in the command')),
  ban(
    { layers: ['contract', 'domain', 'port'] },
    'a decorator',
    'Decorator',
    'contracts, domain and port know no framework, and decorators are one',
  ),
  ban(
    {},
    'a default export',
    "ExportDefaultDeclaration, ExportSpecifier[exported.name='default'], TSExportAssignment",
    'a thing has one name, the same wherever it is imported',
  ),
  ban(
    { onlyFiles: ['index.ts'] },
    'anything but re-exports by name',
    'ExportAllDeclaration, ExportNamedDeclaration[declaration!=null], Program > :not(ExportNamedDeclaration, ExportAllDeclaration, ExportDefaultDeclaration)',
    'index.ts is the list of what a project promises, nothing else',
  ),
];
