/**
 * The regions' own `/health`, one path a region: 200 while one of its cells can be reached through its gateway, else
 * 503; of a region that is lost nothing comes at all.
 */
import type { Estate } from './estate.ts';
import type { Handler } from './json-server.ts';
import { isOnline } from './traffic.ts';

export function createProbeHandler(estate: Estate): Handler {
  return ({ method, url }) => {
    const region = /^\/([a-z0-9-]+)\/health$/.exec(url.pathname)?.[1];
    if (method !== 'GET' || !estate.regions.some(({ name }) => name === region)) return { status: 404 };
    if (!estate.regionWorks(region as string)) return 'reset';
    return { status: isOnline(estate, region as string, estate.now()) ? 200 : 503 };
  };
}
