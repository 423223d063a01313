import { readFileSync } from 'node:fs';
import { parseEstate } from '../../../src/domain/estate-file.ts';
import { createAzure } from '../../../src/integrations/azure/create-azure.ts';
import { systemClock } from '../../../src/ports/clock.ts';
import { readContract } from './read-contract.ts';

/** Path of the estate file of a real account; whoever runs this is signed in (`az login`). It only reads. */
const estateFile = process.env.STAMPS_CONTRACT_ESTATE;

(estateFile === undefined ? describe.skip : describe)('a real account', () => {
  it('answers as the clients expect', async () => {
    const estate = parseEstate(readFileSync(estateFile ?? '', 'utf8'));
    await readContract(createAzure({ estate, clock: systemClock, deadlineMs: 30_000 }), estate);
  }, 600_000);
});
