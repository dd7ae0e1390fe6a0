import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawnTied, waitForExit } from '@wami/embedded-postgres';
import { pythonTools } from '../emulators/python';
import { removeDirectory, temporaryDirectory } from '../temporary-directory';

const PINS = ['schemathesis==4.32.5', 'hypothesis==6.170.15', 'jsonschema_rs==0.60.3'];
/** It ends by itself long before; a limit of its own would have it go on making cases until then, however few are asked for. */
const MOST_MS = 300_000;

export interface SchemathesisOptions {
  /** Of the service whose `/openapi.json` is taken at its word. */
  readonly origin: string;
  readonly seed: number;
  /** Cases that it makes up per operation, right and wrong ones, beside the examples of the document. */
  readonly examples: number;
  /** Absolute paths. */
  readonly config: string;
  readonly hooks: string;
  /** What the configuration refers to; secrets too, they stand in no argument. */
  readonly env: NodeJS.ProcessEnv;
  /** Only operations whose path fits this pattern. */
  readonly paths?: string;
}

export interface SchemathesisVerdict {
  readonly operations: number;
  readonly cases: number;
  /** Kind of failure and the operations that showed it. */
  readonly failures: readonly { readonly title: string; readonly operations: readonly string[] }[];
  readonly errors: readonly string[];
  /** For a person: what failed and how to repeat it. */
  readonly text: string;
}

interface Report {
  readonly operations: { readonly tested: number };
  readonly test_cases: { readonly generated: number };
  readonly failures: readonly { readonly title: string; readonly operations: readonly string[] }[];
  readonly errors: readonly { readonly title?: string }[];
}

/** A `bin` folder with schemathesis. */
export const schemathesisTools = (): Promise<string> => pythonTools(PINS);

/** Judges a running service by its own OpenAPI document, as somebody who has nothing else: property-based, from a fixed seed. */
export async function runSchemathesis(options: SchemathesisOptions): Promise<SchemathesisVerdict> {
  const bin = await schemathesisTools();
  const folder = temporaryDirectory('schemathesis');
  const log = join(folder, 'log');
  const output = openSync(log, 'a');
  try {
    const tied = spawnTied({
      command: join(bin, 'schemathesis'), args: commandLine(options, folder), cwd: folder, output, onParentDeath: 'kill',
      env: { ...process.env, ...options.env, SCHEMATHESIS_HOOKS: options.hooks, PYTHONDONTWRITEBYTECODE: '1' },
    });
    if (!(await waitForExit(tied, MOST_MS))) {
      process.kill(-tied.pid, 'SIGKILL');
      throw new Error(`schemathesis did not end in time:\n${readFileSync(log, 'utf8').slice(-4000)}`);
    }
    return verdictOf(readFileSync(log, 'utf8'), join(folder, 'report.json'));
  } finally {
    closeSync(output);
    removeDirectory(folder);
  }
}

function commandLine({ origin, seed, examples, config, paths }: SchemathesisOptions, folder: string): string[] {
  return [
    '--config-file', config, 'run', `${origin}/openapi.json`, '--seed', String(seed), '--phases', 'examples,fuzzing', '--max-examples', String(examples),
    '--continue-on-failure', '--no-shrink', '--report', 'json', '--report-json-path', join(folder, 'report.json'), ...(paths === undefined ? [] : ['--include-path-regex', paths]),
  ];
}

function verdictOf(text: string, file: string): SchemathesisVerdict {
  let report: Report;
  try {
    report = JSON.parse(readFileSync(file, 'utf8')) as Report;
  } catch (error) {
    throw new Error(`schemathesis judged nothing:\n${text.slice(-4000)}`, { cause: error });
  }
  return {
    operations: report.operations.tested, cases: report.test_cases.generated, failures: report.failures.map(({ title, operations }) => ({ title, operations })),
    errors: report.errors.map(({ title }) => title ?? 'error'), text,
  };
}
