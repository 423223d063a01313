/** The path of a request to ARM, read as a resource id. Everything but the names is in small letters: ids ignore case. */
export interface ArmPath {
  readonly subscription: string;
  /** Absent for what belongs to the whole subscription. */
  readonly group?: string;
  /** `microsoft.app/containerapps/revisions`; of a list, with the type that is listed; `''` for a group’s `resources`. */
  readonly type: string;
  /** As the caller spelled them, outermost first; of a list, without a last one. */
  readonly names: readonly string[];
  /** What comes after the id in a POST: `activate`. */
  readonly action?: string;
  readonly isList: boolean;
  /** Of an extension, which stands behind another resource: the id of that one. */
  readonly scope?: string;
}

const shape = /^\/subscriptions\/([^/]+)(?:\/resourcegroups\/([^/]+))?(?:\/providers\/([^/]+)\/(.+)|\/(resources))$/i;

/** Undefined: the path is no resource's. */
export function parseArmPath(pathname: string, method: string): ArmPath | undefined {
  let path: string;
  try {
    path = decodeURIComponent(pathname).replace(/\/+$/, '');
  } catch {
    return undefined;
  }
  const [, scope, own = ''] = /^(.+\/providers\/.+)(\/providers\/.+)$/i.exec(path) ?? [];
  if (scope === undefined) return parse(path, method);
  const [base = ''] = /^\/subscriptions\/[^/]+(?:\/resourcegroups\/[^/]+)?/i.exec(scope) ?? [];
  const extension = parse(base + own, method);
  return extension && { ...extension, scope };
}

function parse(path: string, method: string): ArmPath | undefined {
  const [, subscription = '', group, provider, rest, resources] = shape.exec(path) ?? [];
  const where = { subscription: subscription.toLowerCase(), ...(group !== undefined && { group }) };
  if (resources !== undefined) return { ...where, type: '', names: [], isList: true };
  if (provider === undefined || rest === undefined) return undefined;
  const segments = rest.split('/');
  const names = segments.filter((_, index) => index % 2 === 1);
  const types = segments.filter((_, index) => index % 2 === 0);
  const open = segments.length % 2 === 1;
  const action = open && method === 'POST' ? types.pop()?.toLowerCase() : undefined;
  return {
    ...where,
    type: [provider, ...types].join('/').toLowerCase(),
    names,
    isList: open && action === undefined,
    ...(action !== undefined && { action }),
  };
}
