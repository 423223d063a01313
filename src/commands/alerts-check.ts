import { type AlertRuleFinding, alertsCheckCard } from '../blocks/alerts-check-card.ts';
import { describeAlertRule, summary } from '../domain/alert-rule-difference.ts';
import { OpsError } from '../errors.ts';
import { type AlertRuleDrift, actionGroupExists, alertRuleDrift, needDeclared } from '../playbooks/alert-rule-drift.ts';
import type { Command } from './command.ts';
import { anyMember } from './may.ts';
import { readWithin } from './reading.ts';

const deadlineMs = 30_000;

export const alertsCheck: Command = {
  name: 'alerts check',
  usage: 'alerts check',
  summary: 'Compare the declared alert rules with those in Azure',
  examples: ['alerts check'],
  acts: false,
  may: anyMember,

  async run(_text, { azure, alertRules, clock }) {
    const declared = needDeclared(alertRules);
    if (azure === undefined) {
      throw new OpsError('misconfigured', 'Azure is not configured, so there is nothing to compare with.', {
        hint: 'Whoever runs Stamps sets `AZURE_SUBSCRIPTION_ID` and starts it again.',
      });
    }
    const findings = await readWithin(clock, deadlineMs, async ({ attempt, troubles }) => {
      const [drift, group] = await Promise.all([
        attempt('alert rules', (signal) => alertRuleDrift(declared, azure.alertRules, signal)),
        attempt('action group', (signal) => actionGroupExists(declared.actionGroupId, azure.inventory, signal)),
      ]);
      const unread = [...troubles].map((says): AlertRuleFinding => ({ kind: 'not-known', name: '', says }));
      const noGroup: AlertRuleFinding[] =
        group === false
          ? [{ kind: 'missing', name: lastPart(declared.actionGroupId), says: 'action group: the rules tell nobody' }]
          : [];
      return [...noGroup, ...(drift ?? []).map(findingOf), ...unread];
    });
    return alertsCheckCard(findings, declared.rules.length, new Date(clock.now()).toISOString());
  },
};

function findingOf({ kind, name, found, wanted }: AlertRuleDrift): AlertRuleFinding {
  const says = { missing: summary(wanted), differs: describeAlertRule(found, wanted), extra: summary(found) }[kind];
  return { kind, name, says };
}

function lastPart(id: string): string {
  return id.split('/').at(-1) ?? id;
}
