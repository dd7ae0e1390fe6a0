import { bannedSyntax } from './rules/banned-syntax.mjs';
import { explainedSuppressions } from './rules/explained-suppressions.mjs';
import { packageImports } from './rules/package-imports.mjs';
import { projectImports } from './rules/project-imports.mjs';

export const wami = {
  rules: {
    'project-imports': projectImports,
    'package-imports': packageImports,
    'banned-syntax': bannedSyntax,
    'explained-suppressions': explainedSuppressions,
  },
};
