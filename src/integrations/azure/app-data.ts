import { z } from 'zod';
import { accountIn, databaseIn, type Place, pointedAt } from '../../domain/data-pointer.ts';
import type { Cell, Estate } from '../../domain/estate.ts';
import { isOpsError, OpsError } from '../../errors.ts';
import type { AppDataPort, AppTrafficState, DataPointers } from '../../ports/app-data.ts';
import type { RevisionState } from '../../ports/azure.ts';
import type { ResourceKind } from '../../ports/resource-kind.ts';
import type { AzureContext } from './azure-context.ts';
import { appType } from './container-app.ts';
import { operationOf, pollOperation, receipt } from './operation.ts';
import { parseArmId } from './parse-arm-id.ts';

/** Stable, and with PATCH as JSON Merge Patch (azure-rest-api-specs, ContainerApps.json). */
const apiVersion = '2024-03-01';
const revisionType = `${appType}/revisions`;

const variable = z.looseObject({ name: z.string(), value: z.string().nullish(), secretRef: z.string().nullish() });
const container = z.looseObject({ env: z.array(variable).nullish() });
const template = z.looseObject({ containers: z.array(container).min(1) });
const revisionSchema = z.looseObject({ properties: z.looseObject({ active: z.boolean(), template }) });
const weightSchema = z.looseObject({
  revisionName: z.string().nullish(),
  latestRevision: z.boolean().nullish(),
  label: z.string().nullish(),
  weight: z.number().nullish(),
});
const appSchema = z.looseObject({
  properties: z.looseObject({
    provisioningState: z.string().default('Succeeded'),
    configuration: z.looseObject({
      activeRevisionsMode: z.string().nullish(),
      ingress: z.looseObject({ traffic: z.array(weightSchema).nullish() }).nullish(),
    }),
  }),
});
type Template = z.infer<typeof template>;

/** Where cells' container apps have their data from. `revisions` switches them on and off, and knows their health. */
export function createAppData(
  azure: AzureContext,
  estate: Estate,
  revisions: ResourceKind<RevisionState>,
): AppDataPort {
  const { arm, call, clock } = azure;

  const readRevision = (id: string, signal: AbortSignal) => {
    const [, name] = parseArmId(id, revisionType).names;
    return call.read(`read the revision ${name}`, signal, async (signal) =>
      revisionSchema.parse((await arm.send({ method: 'GET', path: id, apiVersion }, signal)).body),
    );
  };
  const readApp = (id: string, signal: AbortSignal) => {
    const [name] = parseArmId(id, appType).names;
    return call.read(`read the container app ${name}`, signal, async (signal) =>
      appSchema.parse((await arm.send({ method: 'GET', path: id, apiVersion }, signal)).body),
    );
  };
  const patch = (id: string, what: string, properties: object, signal: AbortSignal) =>
    call.write(what, signal, async (signal) => {
      const resource = { path: id, apiVersion };
      return receipt(
        operationOf(await arm.send({ method: 'PATCH', ...resource, body: { properties } }, signal), arm, resource),
      );
    });
  const poll = (operation: string, signal: AbortSignal) =>
    call.read('follow a change of a container app', signal, (signal) =>
      pollOperation(arm, operation, signal, clock.now()),
    );
  const cellOf = (appId: string): Cell => {
    const cell = estate.cells.find(({ containerAppId }) => containerAppId.toLowerCase() === appId.toLowerCase());
    if (!cell) throw new OpsError('not-found', 'The estate file has no cell with this container app.');
    return cell;
  };
  const weightsOf = (app: z.infer<typeof appSchema>): AppTrafficState['weights'] =>
    (app.properties.configuration.ingress?.traffic ?? [])
      .filter(({ weight }) => (weight ?? 0) > 0)
      .map(({ revisionName, latestRevision, weight }) => ({
        revision: latestRevision || !revisionName ? 'latest' : revisionName,
        weight: weight ?? 0,
      }));
  const onOff = (id: string) => ({ kind: revisions.kind, id });

  return {
    revisions: {
      kind: 'data-revision',
      equals: (a, b) => a?.database === b?.database && a?.account === b?.account && (a === null) === (b === null),
      describe: (before, after) => `data: ${words(before)} → ${words(after)}`,
      lost: () => 'What was written there stays there.',

      async read(ref, signal) {
        try {
          const { active, template } = (await readRevision(ref.id, signal)).properties;
          return { state: active ? pointersOf(cellOf(parseArmId(ref.id, revisionType).root), template) : null };
        } catch (error) {
          if (isOpsError(error, 'not-found')) return { state: null };
          throw error;
        }
      },

      async write(ref, to, options) {
        const { signal } = options;
        const { root, names } = parseArmId(ref.id, revisionType);
        const [app, name] = names as [string, string];
        const known = await readRevision(ref.id, signal).catch((error: unknown) => {
          if (isOpsError(error, 'not-found')) return undefined;
          throw error;
        });
        if (!to) return revisions.write(onOff(ref.id), { active: false }, options);
        const cell = cellOf(root);
        if (known) {
          const found = pointersOf(cell, known.properties.template);
          if (found.database !== to.database || found.account !== to.account)
            throw new OpsError('refused', `The revision ${name} is there already, with other data: ${words(found)}.`);
          return revisions.write(onOff(ref.id), { active: true }, options);
        }
        const [serving] = weightsOf(await readApp(root, signal));
        if (!serving) throw new OpsError('refused', `No revision of ${app} gets traffic, so there is none to copy.`);
        const base = (await readRevision(`${root}/revisions/${serving.revision}`, signal)).properties.template;
        // What the newest template has and this one has not would stay: JSON Merge Patch takes `null` to remove.
        const whole = { initContainers: null, volumes: null, serviceBinds: null, ...pointTo(cell, base, to) };
        const revisionSuffix = name.slice(app.length + 2);
        return patch(root, `make the revision ${name}`, { template: { ...whole, revisionSuffix } }, signal);
      },

      poll,
      pending: async (ref, state, signal) =>
        (await revisions.pending?.(onOff(ref.id), { active: state !== null }, signal)) ?? null,
    },

    traffic: {
      kind: 'app-traffic',
      equals: (a, b) => inOrder(a) === inOrder(b),
      describe: (before, after) => `traffic: ${inOrder(before)} → ${inOrder(after)}`,

      async read(ref, signal) {
        try {
          return { state: { weights: weightsOf(await readApp(ref.id, signal)) } };
        } catch (error) {
          if (isOpsError(error, 'not-found')) return { state: null };
          throw error;
        }
      },

      async write(ref, to, { signal }) {
        const [app] = parseArmId(ref.id, appType).names;
        if (!to) throw new OpsError('refused', `Stamps removes no container apps: ${app} stays.`);
        const traffic = to.weights.map(({ revision, weight }) =>
          revision === 'latest' ? { latestRevision: true, weight } : { revisionName: revision, weight },
        );
        return patch(ref.id, `route the traffic of ${app}`, { configuration: { ingress: { traffic } } }, signal);
      },

      poll,
    },

    async routing(cell, signal) {
      const app = await readApp(cell.containerAppId, signal);
      const single = /^single$/i.test(app.properties.configuration.activeRevisionsMode ?? 'Single');
      return { single, weights: weightsOf(app) };
    },

    pointers: async (cell, revision, signal) =>
      pointersOf(
        cell,
        (await readRevision(`${cell.containerAppId}/revisions/${revision}`, signal)).properties.template,
      ),
  };
}

const readers = { database: databaseIn, account: accountIn } as const;
type Pointer = keyof typeof readers;

/** The settings of a cell's data that its estate entry names. */
function variablesOf({ data }: Cell): [Pointer, string][] {
  return [
    ...(data?.sqlVariable === undefined ? [] : [['database', data.sqlVariable] as [Pointer, string]]),
    ...(data?.cosmosVariable === undefined ? [] : [['account', data.cosmosVariable] as [Pointer, string]]),
  ];
}

function pointersOf(cell: Cell, { containers }: Template): DataPointers {
  return Object.fromEntries(
    variablesOf(cell).map(([pointer, name]) => [pointer, placeIn(cell, containers, pointer, name).name]),
  );
}

/** Where the variable names its store; every container that has it must say the same. */
function placeIn(cell: Cell, containers: Template['containers'], pointer: Pointer, name: string): Place {
  const found = containers.flatMap(({ env }) => (env ?? []).filter((it) => it.name === name));
  const places = found.map(({ value }) => readers[pointer](value ?? ''));
  const [place] = places;
  if (place && places.every((it) => it?.name === place.name)) return place;
  const secret = found.some(({ secretRef }) => secretRef);
  throw new OpsError(
    'refused',
    found.length === 0
      ? `The app of ${cell.name} has no variable ${name}, which the estate file names.`
      : secret
        ? `The variable ${name} of ${cell.name} is a secret, which Stamps does not read.`
        : `The variable ${name} of ${cell.name} does not name one store for certain.`,
    {
      hint: 'Keep the name of the store in a plain variable, or point the app elsewhere by hand: docs/runbooks/swap-data.md.',
    },
  );
}

function pointTo(cell: Cell, base: Template, to: DataPointers): Template {
  const wanted = new Map(variablesOf(cell).map(([pointer, name]) => [name, pointer]));
  return {
    ...base,
    containers: base.containers.map((one) => ({
      ...one,
      ...(one.env && {
        env: one.env.map((variable) => {
          const pointer = wanted.get(variable.name);
          const place = pointer && readers[pointer](variable.value ?? '');
          const name = pointer && to[pointer];
          return place && name ? { ...variable, value: pointedAt(variable.value ?? '', place, name) } : variable;
        }),
      }),
    })),
  };
}

function words(pointers: DataPointers | null): string {
  if (!pointers) return 'none';
  return [pointers.database, pointers.account].filter((name) => name !== undefined).join(' and ') || 'none';
}

function inOrder(state: AppTrafficState | null): string {
  const parts = (state?.weights ?? []).map(({ revision, weight }) => `${revision} ${weight} %`);
  return parts.sort().join(', ') || 'none';
}
