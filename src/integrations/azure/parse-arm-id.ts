import { OpsError } from '../../errors.ts';

/** The parts of an ARM id, none of which needs encoding in a URL. */
export interface ArmId {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  /** Names of the resource and of those within it, outermost first. */
  readonly names: readonly [string, ...string[]];
  /** Id of the outermost resource. */
  readonly root: string;
}

const group =
  '/subscriptions/[\\da-f]{8}(?:-[\\da-f]{4}){3}-[\\da-f]{12}/resourceGroups/(?!\\.{1,2}(?:/|$))[\\w().-]{1,90}';
const resourceName = '(?!\\.{1,2}(?:/|$))[\\w.-]{1,128}';
const groupPattern = new RegExp(`^${group}$`, 'i');

/**
 * Checks an ARM id against its type, such as `Microsoft.App/containerApps/revisions`. Names are letters, digits,
 * dots, dashes and underscores: nothing that could reach another path or query. Throws `bad-input`.
 */
export function parseArmId(id: string, type: string): ArmId {
  const [namespace = '', ...types] = type.split('/');
  const path = types.map((part) => `/${part}/${resourceName}`).join('');
  const pattern = new RegExp(`^${group}/providers/${namespace.replaceAll('.', '\\.')}${path}$`, 'i');
  if (!pattern.test(id)) throw malformed(id, type);
  const parts = id.split('/');
  return {
    subscriptionId: parts[2] as string,
    resourceGroup: parts[4] as string,
    names: parts.slice(8).filter((_, index) => index % 2 === 0) as [string, ...string[]],
    root: parts.slice(0, 9).join('/'),
  };
}

const resourcePattern = new RegExp(
  `^${group}/providers/[a-z0-9]+(?:\\.[a-z0-9]+)+(?:/[a-z0-9]+/${resourceName})+$`,
  'i',
);

/** Checks the ARM id of a resource of any type. Throws `bad-input`. */
export function parseResourceId(id: string): { readonly subscriptionId: string; readonly name: string } {
  if (!resourcePattern.test(id)) throw malformed(id, 'resource');
  return { subscriptionId: id.split('/')[2] as string, name: id.split('/').at(-1) as string };
}

/** Checks the ARM id of a resource group. Throws `bad-input`. */
export function parseResourceGroupId(id: string): Pick<ArmId, 'subscriptionId' | 'resourceGroup'> {
  if (!groupPattern.test(id)) throw malformed(id, 'resource group');
  const parts = id.split('/');
  return { subscriptionId: parts[2] as string, resourceGroup: parts[4] as string };
}

function malformed(id: string, type: string): OpsError {
  return new OpsError('bad-input', `“${id.slice(0, 200)}” is not the ARM id of a ${type}.`, {
    hint: 'Correct the estate file: `/stamps estate check` compares it with Azure.',
    service: 'Azure',
  });
}
