import { tenantUsageCard } from '../blocks/tenant-usage-card.ts';
import { dayMs, hourMs, parseDuration } from '../domain/duration.ts';
import { shown } from '../domain/estate.ts';
import { OpsError } from '../errors.ts';
import { only, parseArguments } from './arguments.ts';
import type { Command } from './command.ts';
import { anyMember } from './may.ts';
import { readTenantUsage } from './read-tenant-usage.ts';

const usage = 'tenant usage <tenant> [24h]';
const limits = { leastMs: hourMs / 4, mostMs: 30 * dayMs };
const defaultMs = dayMs;
const deadlineMs = 20_000;

export const tenantUsage: Command = {
  name: 'tenant usage',
  usage,
  summary: 'Show a tenant’s calls, errors, 429s and share of its quota',
  examples: ['tenant usage northwind-bank', 'tenant usage northwind-bank 7d'],
  acts: false,
  may: anyMember,

  async run(text, { estate, azure, clock }) {
    const { words } = parseArguments(text);
    const timed = /^\d/.test(words.at(-1) ?? '') && words.length > 1;
    const windowMs = timed ? parseDuration(words.at(-1) as string, limits) : defaultMs;
    const tenantId = only(timed ? words.slice(0, -1) : words, 'tenant', usage).trim();
    if (!/^[\w-]{1,100}$/.test(tenantId))
      throw new OpsError('bad-input', `“${shown(tenantId)}” is not a tenant’s id.`, {
        hint: 'It has letters, digits and dashes: `northwind-bank`.',
      });
    if (azure === undefined)
      throw new OpsError('misconfigured', 'Azure is not configured, so nothing is known of tenants.', {});
    const found = await readTenantUsage({ estate, azure, clock }, tenantId, { windowMs, deadlineMs });
    return tenantUsageCard(found, new Date(clock.now()).toISOString());
  },
};
