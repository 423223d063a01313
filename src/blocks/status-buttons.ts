import type { KnownBlock } from '@slack/types';
import type { KpiSubject } from '../domain/kpi-report.ts';
import { actions, button } from './elements.ts';

/** Buttons of one row need ids of their own. */
export function statusButtonId(index: number): string {
  return `status_show_${index}`;
}
export const statusButtonIds = Array.from({ length: 12 }, (_, index) => statusButtonId(index));

/** One layer down, or up: what is typed behind `/stamps status` is each button's value. */
export function statusButtons(
  subject: KpiSubject,
  near: { readonly regions: readonly string[]; readonly cells: readonly string[]; readonly region?: string },
): KnownBlock[] {
  const ways =
    subject.of === 'estate'
      ? [
          ...near.regions
            .slice(0, statusButtonIds.length - 1)
            .map((region) => ({ text: region, value: `region ${region}` })),
          api,
        ]
      : subject.of === 'region'
        ? [
            { text: 'The estate', value: 'global' },
            ...near.cells.map((cell) => ({ text: cell, value: `cell ${cell}` })),
          ]
        : [
            { text: 'The estate', value: 'global' },
            ...(near.region === undefined ? [] : [{ text: near.region, value: `region ${near.region}` }]),
          ];
  return actions(
    ...ways
      .slice(0, statusButtonIds.length)
      .map(({ text, value }, index) => button({ text, value, actionId: statusButtonId(index) })),
  );
}

const api = { text: 'API Management', value: 'apim' };
