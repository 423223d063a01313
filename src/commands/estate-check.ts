import { estateCheckCard } from '../blocks/estate-check-card.ts';
import { OpsError } from '../errors.ts';
import { checkEstate } from './check-estate.ts';
import type { Command } from './command.ts';
import { anyMember } from './may.ts';

export const estateCheck: Command = {
  name: 'estate check',
  usage: 'estate check',
  summary: 'Compare the estate file with what is really in Azure',
  examples: ['estate check'],
  acts: false,
  may: anyMember,

  async run(_text, { azure, estate, clock }) {
    if (azure === undefined) {
      throw new OpsError('misconfigured', 'Azure is not configured, so there is nothing to compare with.', {
        hint: 'Whoever runs Stamps sets `AZURE_SUBSCRIPTION_ID` and starts it again.',
      });
    }
    const findings = await checkEstate(azure, estate, clock);
    return estateCheckCard(findings, estate.cells.length, new Date(clock.now()).toISOString());
  },
};
