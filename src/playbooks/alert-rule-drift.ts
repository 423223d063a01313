import type { AlertRuleState, DeclaredRule, DeclaredRules } from '../domain/alert-rule.ts';
import { sameAlertRule } from '../domain/alert-rule-difference.ts';
import { OpsError } from '../errors.ts';
import type { AlertRulesPort, FoundAlertRule, InventoryPort } from '../ports/azure.ts';

/** A rule that is not as the file says. */
export interface AlertRuleDrift {
  readonly kind: 'missing' | 'differs' | 'extra';
  /** ARM id of the rule. */
  readonly id: string;
  readonly name: string;
  readonly cell?: string;
  readonly found: AlertRuleState | null;
  /** Null: the file has no such rule. */
  readonly wanted: AlertRuleState | null;
}

/**
 * Compares the declared rules with those of their resource groups: in the file's order, what it does not know last.
 * Those to `keep` are in the answer even when they are as declared.
 */
export async function alertRuleDrift(
  declared: DeclaredRules,
  azure: AlertRulesPort,
  signal: AbortSignal,
  keep: (id: string) => boolean = () => false,
): Promise<AlertRuleDrift[]> {
  const groups = [...new Set(declared.rules.map(({ id }) => groupOf(id)))];
  const [lists, bought] = await Promise.all([
    Promise.all(groups.map((group) => azure.list(group, signal))),
    databasesByVCore(declared, azure, signal),
  ]);
  const there = new Map(lists.flat().map((rule) => [rule.id.toLowerCase(), rule]));
  const drift = declared.rules.flatMap((rule) => {
    const found = there.get(rule.id.toLowerCase())?.state ?? null;
    const wanted = wantedState(rule, bought);
    if (found !== null && sameAlertRule(found, wanted) && !keep(rule.id)) return [];
    return [{ ...facts(rule), kind: found === null ? ('missing' as const) : ('differs' as const), found, wanted }];
  });
  const known = new Set(declared.rules.map(({ id }) => id.toLowerCase()));
  const extra = [...there.values()].filter(({ id }) => !known.has(id.toLowerCase())).map(extraOf);
  return [...drift, ...extra];
}

/** Databases that are bought by vCores, by id in small letters. */
async function databasesByVCore(
  { rules }: DeclaredRules,
  azure: AlertRulesPort,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const ids = [...new Set(rules.flatMap(({ onVCore, wanted }) => (onVCore ? [targetOf(wanted)] : [])))];
  const bought = await Promise.all(ids.map(async (id) => [id, await azure.boughtBy(id, signal)] as const));
  return new Set(bought.filter(([, by]) => by === 'vCore').map(([id]) => id.toLowerCase()));
}

function wantedState({ wanted, onVCore }: DeclaredRule, byVCore: ReadonlySet<string>): AlertRuleState {
  return onVCore && byVCore.has(targetOf(wanted).toLowerCase()) ? onVCore : wanted;
}

function targetOf(state: AlertRuleState): string {
  return state.signal === 'foreign' ? '' : state.target;
}

function facts({ id, name, cell }: DeclaredRule) {
  return { id, name, ...(cell !== undefined && { cell }) };
}

function extraOf({ id, state }: FoundAlertRule): AlertRuleDrift {
  return { kind: 'extra', id, name: id.split('/').at(-1) ?? id, found: state, wanted: null };
}

function groupOf(id: string): string {
  return id.slice(0, id.search(/\/providers\//i));
}

/** By the group's list: whoever reads an action group itself reads the secrets of its webhooks. */
export async function actionGroupExists(id: string, inventory: InventoryPort, signal: AbortSignal): Promise<boolean> {
  const all = await inventory.list(groupOf(id), 'Microsoft.Insights/actionGroups', signal);
  return all.some((one) => one.toLowerCase() === id.toLowerCase());
}

/** Throws `misconfigured` when there is no file of alert rules. */
export function needDeclared(declared: DeclaredRules | undefined): DeclaredRules {
  if (declared) return declared;
  throw new OpsError('misconfigured', 'No alert rules are declared here.', {
    hint: 'Whoever runs Stamps sets `STAMPS_ALERT_RULES` to the path of an alert-rules.yml and starts it again.',
  });
}
