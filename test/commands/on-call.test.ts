import { OpsError } from '../../src/errors.ts';
import { createDesk } from '../support/fakes/desk.ts';

describe('oncall', () => {
  it('shows who is on call now and next, in Slack’s names where they are known', async () => {
    const desk = createDesk();
    const shown = await desk.type('oncall', 'U0NIA');
    expect(shown).toContain('*Platform*');
    expect(shown).toMatch(/1\. <@U0ANA> until .*, then Eva &lt;Brandt&gt;$/m);
    expect(shown).toContain('2. *nobody*');
    expect(desk.onCall.asked).toEqual([undefined]);
  });

  it('says what is wrong with whom the policy’s ladder pages, beside nobody else’s policy', async () => {
    const desk = createDesk();
    desk.onCall.state.ladderFaults = ['The rung “managers” pages <!channel>. Write `managers` alone.'];
    expect(await desk.type('oncall')).toContain(
      '⚠️ The rung “managers” pages &lt;!channel&gt;. Write `managers` alone.',
    );
    expect(await desk.type('oncall plat')).not.toContain('⚠️');
  });

  it('shows who is on call though the ladder could not be checked', async () => {
    const { deps, type } = createDesk();
    deps.onCall.ladderFaults = () => Promise.reject(new OpsError('throttled', 'PagerDuty has had too many requests.'));
    const shown = await type('oncall');
    expect(shown).toContain('*Platform*');
    expect(shown).toContain('could not be checked: PagerDuty has had too many requests.');
  });

  it.each([['platform'], ['plat'], ['“Platform”']])('shows one policy for “%s”', async (named) => {
    const desk = createDesk();
    await desk.type(`oncall ${named}`);
    expect(desk.onCall.asked).toEqual(['PPLATFM']);
  });

  it.each([
    ['oncall platfrom', 'PagerDuty has no policy “platfrom”.', 'Did you mean Platform?'],
    ['oncall <!channel>', 'PagerDuty has no policy “&lt;!channel&gt;”.', 'There are Platform, Databases.'],
    ['oncall ben okafor', 'PagerDuty has no policy “ben okafor”.', ''],
  ])('answers “%s” with the nearest', async (typed, message, hint) => {
    const shown = await createDesk().type(typed);
    expect(shown).toContain(message);
    expect(shown).toContain(hint);
  });

  it('says that PagerDuty has no policies', async () => {
    const desk = createDesk();
    desk.onCall.state.turns = [];
    expect(await desk.type('oncall')).toContain('PagerDuty has no escalation policy.');
  });

  it('says what is missing when it is not configured', async () => {
    const desk = createDesk();
    desk.onCall.state.failure = new OpsError('misconfigured', 'PagerDuty’s REST API is not configured.', {
      hint: 'Set PAGERDUTY_API_TOKEN.',
    });
    expect(await desk.type('oncall')).toContain('PagerDuty’s REST API is not configured.\nSet PAGERDUTY_API_TOKEN.');
  });
});
