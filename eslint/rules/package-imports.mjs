import { isBuiltin } from 'node:module';
import { cloudSdks, confined, deepImport, layers, pureBuiltins, testPackages } from '../layers.mjs';
import { projectOf } from '../project-of.mjs';
import { eachImport } from './each-import.mjs';

const matches = (name, patterns) =>
  patterns.some((pattern) => (pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern));

const packageName = (specifier) => specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
const builtinName = (specifier) => specifier.replace(/^node:/, '').split('/')[0];
const cloudOf = (name) => Object.keys(cloudSdks).find((cloud) => matches(name, cloudSdks[cloud]));

function refusedBuiltin(name, layer, tests) {
  if (tests || layer.builtins === 'any' || pureBuiltins.includes(name)) return undefined;
  return `may not import node:${name}: ${layer.reason}`;
}

function refusedByLayer(name, layer, clouds, tests) {
  const refusal = `may not import ${name}: ${layer.reason}`;
  const cloud = cloudOf(name);
  if (layer.packages === 'any') return undefined;
  if (layer.packages === 'no-cloud') return cloud ? refusal : undefined;
  if (layer.packages === 'own-cloud') return cloud && !clouds.includes(cloud) ? refusal : undefined;
  return matches(name, tests ? [...layer.packages, ...testPackages] : layer.packages) ? undefined : refusal;
}

function refusedByConfinement(name, project) {
  const rule = confined.find(({ packages }) => matches(name, packages));
  if (!rule || rule.projects.includes(project.name) || rule.layers.includes(project.layers[0])) return undefined;
  return `may not import ${name}: ${rule.reason}`;
}

function refusal(specifier, project, tests) {
  const layer = layers[project.layers[0]];
  if (specifier.startsWith('.') || specifier.startsWith('/')) return undefined;
  if (isBuiltin(specifier)) return refusedBuiltin(builtinName(specifier), layer, tests);
  const name = packageName(specifier);
  if (name.startsWith(deepImport.scope))
    return specifier === name ? undefined : `may import ${name} only as a whole, not ${specifier}: ${deepImport.reason}`;
  return refusedByLayer(name, layer, project.clouds, tests) ?? refusedByConfinement(name, project);
}

/** Which packages and node modules a layer may import; judged by name, so a package that is not installed is seen too. */
export const packageImports = {
  meta: { type: 'problem', schema: [{ type: 'object', properties: { tests: { type: 'boolean' } } }] },
  create(context) {
    const project = projectOf(context.filename);
    if (!project || !layers[project.layers[0]]) return {};
    return eachImport((specifier, node) => {
      const refused = refusal(specifier, project, context.options[0].tests);
      if (refused) context.report({ node, message: `${project.name} (layer:${project.layers[0]}) ${refused}` });
    });
  },
};
