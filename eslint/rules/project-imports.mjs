import { dirname, resolve } from 'node:path';
import nx from '@nx/eslint-plugin';
import { cycle, deepImport, layers, testOnly } from '../layers.mjs';
import { projectOf } from '../project-of.mjs';
import { eachImport } from './each-import.mjs';

const boundaries = nx.rules['enforce-module-boundaries'];
const tags = (names) => names.map((name) => `layer:${name}`);

/** The constraints of @nx/enforce-module-boundaries, generated from the table. */
export const depConstraints = ({ tests }) =>
  Object.entries(layers).map(([layer, { mayImport }]) => ({
    sourceTag: `layer:${layer}`,
    onlyDependOnLibsWithTags: tags(tests ? [...mayImport, testOnly.layer] : mayImport),
  }));

// A cycle through the test helpers is only one of specs: sources may not import them at all.
const cyclesOfSpecs = [[`tag:layer:${testOnly.layer}`, '*']];
const allCycles = [['*', '*']];

function reasonFor({ messageId, data }, layer, specifier) {
  if (messageId === 'noCircularDependencies') return cycle.reason;
  if (messageId === 'noRelativeOrAbsoluteImportsAcrossLibraries') return deepImport.reason;
  const targetLayer = globalThis.projectGraph.nodes[specifier]?.data.tags;
  if (data?.sourceTag && targetLayer?.includes(`layer:${testOnly.layer}`)) return testOnly.reason;
  return layers[layer].reason;
}

/** What keeps the Nx rule from judging the file; the Nx rule itself would skip the file in silence. */
function whyBlind(project) {
  if (project.layers.length !== 1 || !layers[project.layers[0]])
    return `${project.name} must carry exactly one known tag layer:... in its package.json: without one no import rule holds`;
  if (!globalThis.projectGraph) return 'There is no Nx project graph, import rules cannot be checked: use `npm run lint`, which makes it';
  if (!globalThis.projectGraph.nodes[project.name])
    return `The Nx project graph does not know ${project.name}, import rules cannot be checked: use \`npm run lint\`, which renews it`;
  return undefined;
}

/** The node in the shape that the Nx rule reads; what it does not know is taken for a dynamic import, which it treats mildest. */
function asImport({ type, loc, range, specifiers = [], importKind, exportKind }, specifier) {
  const known = /^(Import|Export)\w+Declaration$|^CallExpression$/.test(type);
  return { type: known ? type : 'ImportExpression', source: { type: 'Literal', value: specifier }, specifiers, importKind, exportKind, loc, range };
}

/** The Nx rule for one file: a function that reports what is wrong with an import, and returns whether anything was. */
function judge(context, { tests, ignoredCircularDependencies }, layer) {
  let asked;
  let reported = false;
  const report = ({ node, messageId, data, fix }) => {
    reported = true;
    const reason = reasonFor({ messageId, data }, layer, asked.source.value);
    context.report({ loc: node.loc, message: `${boundaries.meta.messages[messageId]}. Reason: ${reason}`, data, fix });
  };
  const options = [{ depConstraints: depConstraints({ tests }), ignoredCircularDependencies }];
  const visitors = boundaries.create(Object.create(context, { options: { value: options }, report: { value: report } }));
  return (node) => {
    asked = node;
    reported = false;
    visitors.ImportDeclaration(node);
    return reported;
  };
}

function staysWithin(project, filename, specifier) {
  return /^\.{1,2}(\/|$)/.test(specifier) && projectOf(resolve(dirname(filename), specifier))?.root === project.root;
}

/**
 * @nx/enforce-module-boundaries with three differences: every message ends with the reason of the rule, a missing project
 * graph is an error instead of silence, and `import x = require()` and `import('x')` types are seen too.
 */
export const projectImports = {
  meta: { type: 'problem', fixable: 'code', schema: [{ type: 'object', properties: { tests: { type: 'boolean' } } }] },
  create(context) {
    const project = projectOf(context.filename);
    if (!project) return {};
    const [{ tests }] = context.options;
    const layer = project.layers[0];
    const byLayer = judge(context, { tests, ignoredCircularDependencies: allCycles }, layer);
    const byCycle = judge(context, { tests, ignoredCircularDependencies: cyclesOfSpecs }, layer);
    const blind = whyBlind(project);
    if (blind) return { Program: (node) => context.report({ node, message: blind }) };
    return eachImport((specifier, node) => {
      const asked = asImport(node, specifier);
      // A project may import itself, whatever its layer; told to ignore cycles, the Nx rule would judge that too.
      if (staysWithin(project, context.filename, specifier)) return;
      // The layer first: most forbidden imports close a cycle as well, and the layer's reason says more.
      if (!byLayer(asked)) byCycle(asked);
    });
  },
};
