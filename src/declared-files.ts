import { readFile } from 'node:fs/promises';
import type { Config } from './config.ts';
import type { DeclaredRules } from './domain/alert-rule.ts';
import { parseAlertRules } from './domain/alert-rules-file.ts';
import type { Policy } from './domain/approval.ts';
import type { Estate } from './domain/estate.ts';
import { parseEstate } from './domain/estate-file.ts';
import { assertPolicyFits, parsePolicy } from './domain/policy-file.ts';
import { OpsError } from './errors.ts';
import { definitionsOf } from './kpis/definitions.ts';
import { playbooks } from './playbooks/index.ts';

/** What the operators of the estate wrote down: what there is, who may do what, what to be woken for. */
export interface Declared {
  readonly estate: Estate;
  readonly policy: Policy;
  /** Undefined: none were written down. */
  readonly alertRules: DeclaredRules | undefined;
}

/** Reads the files that the configuration names. Throws `misconfigured` that names the file and what is wrong in it. */
export async function readDeclared(config: Config): Promise<Declared> {
  const estate = parseEstate(await readText(config.estateFile, 'STAMPS_ESTATE'), config.azure);
  const policy = parsePolicy(await readText(config.policyFile, 'STAMPS_POLICY'));
  const alertRules =
    config.alertRulesFile === undefined
      ? undefined
      : parseAlertRules(
          await readText(config.alertRulesFile, 'STAMPS_ALERT_RULES'),
          estate,
          definitionsOf(estate),
          policy.scaling,
        );
  assertPolicyFits(
    policy,
    estate,
    playbooks.map(({ name }) => name),
  );
  return { estate, policy, alertRules };
}

async function readText(path: string, variable: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new OpsError('misconfigured', `${path} can’t be read.`, {
      hint: `Set ${variable} to the path of the file, or run \`npm run sandbox\`.`,
      cause,
    });
  }
}
