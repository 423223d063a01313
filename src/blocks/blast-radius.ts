import type { Impact } from '../domain/impact.ts';
import type { Hurt } from '../domain/incident.ts';
import type { Plan } from '../domain/plan.ts';
import { cut, cutList } from './cut.ts';
import { escapeText } from './escape-text.ts';

/** Who is hurt, in three lines at most; escaped. */
export function blastRadius({ impact, target }: Pick<Plan, 'impact' | 'target'>): string[] {
  return [tenantsLine(impact), promisesLine(impact), restLine(impact, target)].filter((line) => line !== '');
}

/** Who is hurt by trouble that is there already. */
export function hurtLines(hurt: Hurt): string[] {
  return [tenantsLine(hurt), promisesLine({ ...hurt, byCompliance: {} })].filter((line) => line !== '');
}

/** The same in a few words of plain text, for dialogs and notifications. */
export function blastRadiusInShort(impact: Impact): string {
  return impact.tenants === 0 ? 'no active tenant' : `${impact.tenants} ${impact.tenants === 1 ? 'tenant' : 'tenants'}`;
}

function tenantsLine({ tenants, byTier }: Pick<Impact, 'tenants' | 'byTier'>): string {
  if (tenants === 0) return '*Tenants:* none active';
  return `*Tenants: ${tenants}* — ${counts(byTier, (count, tier) => `${count} ${tier}`)}`;
}

function promisesLine({ tenants, bySla, byCompliance }: Pick<Impact, 'tenants' | 'bySla' | 'byCompliance'>): string {
  if (tenants === 0) return '';
  const sla = counts(bySla, (count, level) => (level === 'none' ? `${count} without` : `${count} at ${level} %`));
  const compliance = counts(byCompliance, (count, name) => `${name} ${count}`);
  return [sla && `SLA: ${sla}`, compliance && `Compliance: ${compliance}`].filter(Boolean).join('  ·  ');
}

function restLine({ healthyCellsLeft, cellsOut }: Impact, { region, cell }: Plan['target']): string {
  // A cell that stays takes nothing away.
  if (cell !== undefined && healthyCellsLeft.includes(cell)) return '';
  // What concerns no region takes none of its cells away.
  if (region === undefined && healthyCellsLeft.length === 0 && cellsOut < 2) return '';
  const place = region === undefined ? 'in the region' : `in ${escapeText(region)}`;
  // Of a region that goes as a whole nothing is left there.
  const where = `Left ${region !== undefined && cell === undefined ? 'elsewhere' : place}`;
  const left = healthyCellsLeft.length === 0 ? '⚠️ no healthy cell' : cutList(healthyCellsLeft.map(short), 6);
  const out = cellsOut > 1 ? `  ·  ${cellsOut} cells out in all` : '';
  return `${where}: ${left}${out}`;
}

/** The strictest first: `99.99` before `99.9`, words after figures. */
function counts(by: Readonly<Record<string, number>>, words: (count: number, key: string) => string): string {
  const entries = Object.entries(by).sort(([a], [b]) => (Number(b) || 0) - (Number(a) || 0) || a.localeCompare(b));
  return cutList(
    entries.map(([key, count]) => words(count, short(key))),
    6,
  );
}

function short(text: string): string {
  return cut(escapeText(text), 60);
}
