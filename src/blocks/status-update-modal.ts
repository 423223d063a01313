import type { InputBlock, ModalView } from '@slack/types';
import {
  type ComponentStatus,
  componentStatuses,
  pageImpacts,
  pageStatuses,
  type StatusComponent,
} from '../domain/status-update.ts';
import type { StatusDraft } from '../ports/status-page.ts';
import { context, plain, section } from './elements.ts';
import { code } from './escape-text.ts';
import { choice, textInput } from './inputs.ts';
import { limits } from './limits.ts';
import { viewIds } from './view-ids.ts';

/** Buttons that open this form; each carries the incident, `outage` also the regions: `i-17:eastus,westus`. */
export const statusActionIds = {
  open: 'statuspage_open',
  resolve: 'statuspage_resolve',
  outage: 'statuspage_outage',
} as const;

export const statusLimits = { name: 200, body: 2_500 } as const;

/** The value of a component that stays as it is, and what its block's id begins with. */
export const keepComponent = 'keep';
export const componentField = 'component:';

const mostComponents = 40;
const statusWords = {
  investigating: 'Investigating: the cause is not known',
  identified: 'Identified: the cause is known',
  monitoring: 'Monitoring: a fix is in place',
  resolved: 'Resolved: it is over',
} as const;
const impactWords = { none: 'None', minor: 'Minor', major: 'Major', critical: 'Critical' } as const;
const componentWords: Readonly<Record<ComponentStatus, string>> = {
  operational: 'Operational',
  degraded_performance: 'Degraded performance',
  partial_outage: 'Partial outage',
  major_outage: 'Major outage',
  under_maintenance: 'Under maintenance',
};

/** What customers will read, for a person to edit. `channel` is where it was opened. */
export function statusUpdateModal(
  { incident, update, components, published }: StatusDraft,
  channel: string,
): ModalView {
  const [concerned, others] = [
    components.filter(({ id }) => id in update.components),
    components.filter(({ id }) => !(id in update.components)),
  ];
  const shown = [...concerned, ...others].filter(({ id }) => fits(id)).slice(0, mostComponents);
  const left = components.length - shown.length;
  return {
    type: 'modal',
    callback_id: viewIds.statusUpdate,
    private_metadata: JSON.stringify({ channel, incident: incident.id }),
    title: plain('Status page', limits.modalTitle),
    submit: plain(published ? 'Publish update' : 'Publish', limits.modalTitle),
    close: plain('Close', limits.modalTitle),
    blocks: [
      section(
        `*Everybody can read this.* ${published ? 'It goes to what is on the page already' : 'It opens an incident on the page'}, for ${code(incident.id)}; subscribers get a message.`,
      ),
      textInput('name', 'Title', { initial: update.name, minLength: 5, maxLength: statusLimits.name }),
      choice(
        'status',
        'Status',
        pageStatuses.map((value) => ({ value, text: statusWords[value] })),
        update.status,
      ),
      choice(
        'impact',
        'Impact',
        pageImpacts.map((value) => ({ value, text: impactWords[value] })),
        update.impact,
      ),
      textInput('body', 'Text', { initial: update.body, multiline: true, minLength: 10, maxLength: statusLimits.body }),
      ...shown.map((component) => componentChoice(component, update.components[component.id])),
      ...(left > 0 ? [context(`${left} more components are left out here; change them on the page itself.`)] : []),
    ],
  };
}

function componentChoice({ id, name, status }: StatusComponent, proposed: ComponentStatus | undefined): InputBlock {
  const keep = { value: keepComponent, text: `Leave as it is (${componentWords[status]})` };
  const options = [keep, ...componentStatuses.map((value) => ({ value, text: componentWords[value] }))];
  return choice(`${componentField}${id}`, name, options, proposed ?? keepComponent);
}

function fits(id: string): boolean {
  return componentField.length + id.length <= limits.id;
}
