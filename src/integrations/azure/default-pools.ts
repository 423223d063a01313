import type { Gateway } from './application-gateway.ts';

/**
 * Names of the pools that get what no rule of the gateway claims: where a path map sends all other paths, and where a
 * basic rule sends every host, because its listener names none or a wildcard. Sorted.
 */
export function defaultPoolsOf({ properties }: Gateway): string[] {
  const { httpListeners, requestRoutingRules, urlPathMaps } = properties;
  const pools = requestRoutingRules.map(({ properties: rule }) => {
    const map = urlPathMaps.find(({ name }) => name.toLowerCase() === lastPart(rule.urlPathMap?.id));
    if (map) return map.properties.defaultBackendAddressPool?.id;
    const listener = httpListeners.find(({ name }) => name.toLowerCase() === lastPart(rule.httpListener?.id));
    const { hostName, hostNames } = listener?.properties ?? {};
    const hosts = [...(hostName ? [hostName] : []), ...(hostNames ?? [])];
    const claimed = hosts.length > 0 && hosts.every((host) => !/[*?]/.test(host));
    return claimed ? undefined : rule.backendAddressPool?.id;
  });
  const names = pools.filter((id) => id !== undefined).map((id) => id.split('/').at(-1) as string);
  return [...new Set(names)].sort();
}

function lastPart(id: string | undefined): string | undefined {
  return id?.split('/').at(-1)?.toLowerCase();
}
