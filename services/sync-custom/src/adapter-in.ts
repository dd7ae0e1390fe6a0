import { providerNameSchema } from '@wami/contracts';
import { PORT_VERSION, type AdapterPackage, type ProviderAdapter } from '@wami/provider-port';
import { z } from 'zod';
import { reasonOf, unusable } from './unusable';

const EXPORT = 'wamiAdapter';
/** Services of their own bring these to agree, or will. */
const TAKEN = ['aws', 'gcp', 'azure', 'scim'];

const fn = z.custom<unknown>((value) => typeof value === 'function', 'must be a function');
const packageSchema = z.object({ portVersion: z.int(), create: fn });
const supported = z.looseObject({ kind: z.string().min(1), supported: z.literal(true), rename: z.boolean(), tags: z.boolean(), facets: z.array(z.string()) });
const notSupported = z.looseObject({ kind: z.string().min(1), supported: z.literal(false), reason: z.string().min(1) });
const adapterSchema = z.looseObject({
  provider: providerNameSchema.refine((provider) => !TAKEN.includes(provider), `must be a name of its own, not one of ${TAKEN.join(', ')}`),
  capabilities: z.array(z.discriminatedUnion('supported', [supported, notSupported])).min(1),
  connect: fn,
});

/** What the package exports as an adapter, made and looked at. @throws StartupError */
export function adapterIn(name: string, module: unknown): ProviderAdapter {
  const exported = exportOf(module);
  if (exported === undefined) throw unusable(name, `exports no \`${EXPORT}\`, which is what makes a package an adapter: name another one, or export it (docs/writing-an-adapter.md)`);
  const { data, error } = packageSchema.safeParse(exported);
  if (error) throw unusable(name, `is no adapter: its \`${EXPORT}\` is not what it must be (${problemsOf(error)}): see AdapterPackage of @wami/provider-port`);
  if (data.portVersion !== PORT_VERSION) {
    const older = data.portVersion < PORT_VERSION ? 'a newer release of the package' : 'an older release of the package, or a newer WAMI';
    throw unusable(name, `is written for version ${data.portVersion} of the adapter port and this WAMI speaks version ${PORT_VERSION}: install ${older}`);
  }
  const adapter = made(name, exported as AdapterPackage);
  const checked = adapterSchema.safeParse(adapter);
  if (checked.error) throw unusable(name, `makes an adapter that is not what it must be (${problemsOf(checked.error)}): see ProviderAdapter of @wami/provider-port`);
  return adapter;
}

/** Of a CommonJS package Node may know the default export only. */
function exportOf(module: unknown): unknown {
  const { [EXPORT]: named, default: all } = module as { readonly [EXPORT]?: unknown; readonly default?: { readonly [EXPORT]?: unknown } | null };
  return named ?? all?.[EXPORT];
}

function made(name: string, exported: AdapterPackage): ProviderAdapter {
  try {
    return exported.create();
  } catch (error) {
    throw unusable(name, `could not make its adapter: ${reasonOf(error)}. Put that right, or name another package`);
  }
}

const problemsOf = ({ issues }: z.ZodError): string => issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
