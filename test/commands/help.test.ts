import { helpCard } from '../../src/blocks/help-card.ts';
import { commands } from '../../src/commands/index.ts';
import { faultsOfMessage } from '../support/block-limits.ts';
import { createDesk } from '../support/fakes/desk.ts';

describe('help', () => {
  it('shows only what the person may do', async () => {
    const desk = createDesk();
    const onCall = await desk.type('help');
    expect(onCall).toContain('`/stamps isolate');
    expect(onCall).toContain('`/stamps break-glass');
    expect(onCall).not.toContain('/stamps pause');
    const other = await desk.type('', 'U0NIA');
    expect(other).toContain('`/stamps status');
    expect(other).not.toContain('/stamps isolate');
    expect(other).not.toContain('/stamps audit');
  });

  it('shows all of them, however many there are', () => {
    const many = Array.from({ length: 90 }, (_, n) => ({
      name: `command-${n}`,
      usage: `command-${n} <cell> for <duration> because <reason>`,
      summary: 'Do something that takes a whole line to tell',
      examples: [],
    }));
    const card = helpCard(many);
    const shown = JSON.stringify(card.blocks);
    for (const { name } of many) expect(shown).toContain(`/stamps ${name} `);
    expect(faultsOfMessage(card)).toEqual([]);
  });

  it('shows one command with its examples', async () => {
    expect(await createDesk().type('help lease  extend')).toContain('`/stamps lease extend cell-banking 2h`');
  });

  it('answers a mistyped command with the nearest ones', async () => {
    const desk = createDesk();
    expect(await desk.type('isolte cell-banking')).toContain(
      'There is no command “isolte”.\nDid you mean `/stamps isolate`?',
    );
    expect(await desk.type('<!channel>')).toContain('There is no command “&lt;!channel&gt;”.');
    expect(await desk.type('help isolte')).toContain('Did you mean `/stamps isolate`?');
  });

  it('has an example for each command that the command line finds again', () => {
    for (const { name, examples, usage } of commands) {
      expect(usage.startsWith(name)).toBe(true);
      expect(examples.length).toBeGreaterThan(0);
      for (const example of examples) expect(example === name || example.startsWith(`${name} `)).toBe(true);
    }
  });
});
