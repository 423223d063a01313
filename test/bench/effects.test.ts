import { effectsOf } from '../../bench/effects.ts';
import type { Plan } from '../../src/domain/plan.ts';

const app = '/subscriptions/s/resourceGroups/rg-stamps-dr/providers/Microsoft.App/containerApps/app-cell-retail-dr';
const write = (path: string, changed = true) => ({ method: 'PATCH', path, changed });
const step = (id: string, resource: string) => ({ kind: 'change', id, resource: { kind: 'x', id: resource } });
const plan = (...steps: object[]) => ({ steps }) as unknown as Plan;
const none = { clean: new Map<string, number>(), plans: [plan()] };

describe('effects of a run that was killed', () => {
  it('are doubled where a write changed Azure more often than without a kill', () => {
    const clean = new Map([[`PATCH ${app}`, 1]]);
    expect(effectsOf([write(app)], { ...none, clean })).toEqual({ doubled: 0, harmlessRepeats: 0 });
    expect(effectsOf([write(app), write(app)], { ...none, clean })).toEqual({ doubled: 1, harmlessRepeats: 0 });
  });

  it('are as many as the run’s own plan has where the run without a kill had none: a load grew, and a drill scales there and back', () => {
    const drill = plan(step('scale-cell-retail-dr', app), step('put-back-scale-cell-retail-dr', app.toLowerCase()));
    expect(effectsOf([write(app), write(app)], { ...none, plans: [drill] }).doubled).toBe(0);
    expect(effectsOf([write(app), write(app), write(app)], { ...none, plans: [drill] }).doubled).toBe(1);
    expect(effectsOf([write(app), write(app)], none).doubled).toBe(1);
  });

  it('of a resource’s own parts are not those of the resource', () => {
    const both = plan(step('traffic', app), step('back', app), step('stop', `${app}/revisions/v1`));
    const stop = write(`${app}/revisions/v1/deactivate`);
    expect(effectsOf([stop, stop], { ...none, plans: [both] }).doubled).toBe(1);
  });

  it('that changed nothing are harmless, and marks are no effects', () => {
    const mark = write(`${app}/providers/Microsoft.Resources/tags/default`);
    expect(effectsOf([write(app), write(app, false), mark, mark], none)).toEqual({ doubled: 0, harmlessRepeats: 1 });
  });
});
