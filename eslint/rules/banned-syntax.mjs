import { basename } from 'node:path';
import { bans } from '../bans.mjs';
import { projectOf } from '../project-of.mjs';

function holds(ban, project, file, tests) {
  if (tests && !ban.specs) return false;
  if (ban.layers && !ban.layers.includes(project.layers[0])) return false;
  if (ban.projects && !ban.projects.includes(project.name)) return false;
  if (ban.onlyFiles && !ban.onlyFiles.includes(file)) return false;
  return !ban.exceptFiles?.includes(file);
}

/** Reports what the table of bans forbids in this file, with the reason. */
export const bannedSyntax = {
  meta: { type: 'problem', schema: [{ type: 'object', properties: { tests: { type: 'boolean' } } }] },
  create(context) {
    const project = projectOf(context.filename);
    if (!project) return {};
    const held = bans.filter((ban) => holds(ban, project, basename(context.filename), context.options[0].tests));
    const visitors = {};
    for (const { selector, what, reason } of held) {
      const message = `${what} is banned here. Reason: ${reason}`;
      visitors[selector] = (node) => context.report({ node, message });
    }
    return visitors;
  },
};
