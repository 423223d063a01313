import { readFileSync } from 'node:fs';
import { groups } from '../../sandbox/slack/seed.ts';
import { parsePolicy } from '../../src/domain/policy-file.ts';

describe('the sandbox’s policy', () => {
  const policy = parsePolicy(readFileSync('sandbox/policy.yml', 'utf8'));

  it('names user groups that the workspace has', () => {
    const known: string[] = groups.map(({ id }) => id);
    expect(Object.values(policy.groups).map(({ slackGroup }) => slackGroup)).toEqual(expect.arrayContaining(known));
    expect(known).toEqual(expect.arrayContaining(Object.values(policy.groups).map(({ slackGroup }) => slackGroup)));
  });

  it('lets somebody approve whatever may be asked for', () => {
    for (const rule of policy.rules) expect(rule.approvers.length).toBeGreaterThanOrEqual(rule.approvals);
  });
});
