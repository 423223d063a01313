import { z } from 'zod';
import { code } from '../blocks/escape-text.ts';
import { say } from '../blocks/message.ts';
import { componentField, keepComponent, statusLimits } from '../blocks/status-update-modal.ts';
import { viewIds } from '../blocks/view-ids.ts';
import { componentStatuses, pageImpacts, pageStatuses, type StatusUpdate } from '../domain/status-update.ts';
import { OpsError } from '../errors.ts';
import type { IncomingSubmission } from '../ports/incoming.ts';
import { faultsOf, metadata } from './form.ts';
import { incidentValue } from './incident-value.ts';
import type { SubmissionHandler } from './interaction.ts';

const Opened = z.object({ channel: z.string().min(1), incident: z.string() });
type Values = IncomingSubmission['values'];

export const statuspageSubmit: SubmissionHandler = {
  callbackId: viewIds.statusUpdate,
  acts: true,

  validate: (values) =>
    faultsOf({
      name: () => text(values.name, 'title', 5, statusLimits.name),
      status: () => one(pageStatuses, values.status),
      impact: () => one(pageImpacts, values.impact),
      body: () => text(values.body, 'text', 10, statusLimits.body),
      ...Object.fromEntries(componentFields(values).map((field) => [field, () => component(values[field])])),
    }),

  async run({ incoming, statusPage, member }) {
    const id = incidentValue(metadata(incoming.privateMetadata, Opened).incident);
    await statusPage.publish(`statuspage/${id}/${incoming.key}`.slice(0, 255), id, updateOf(incoming.values), member);
    return say(`📣 It goes to the status page now. The thread of ${code(id)} says when it stands there.`);
  },
};

function updateOf(values: Values): StatusUpdate {
  const changes = componentFields(values).flatMap((field) => {
    const status = component(values[field]);
    return status === undefined ? [] : [[field.slice(componentField.length), status] as const];
  });
  return {
    name: text(values.name, 'title', 5, statusLimits.name),
    status: one(pageStatuses, values.status),
    impact: one(pageImpacts, values.impact),
    body: text(values.body, 'text', 10, statusLimits.body),
    components: Object.fromEntries(changes),
  };
}

function componentFields(values: Values): string[] {
  return Object.keys(values).filter((field) => field.startsWith(componentField));
}

/** Undefined: it stays as it is. */
function component(value: string | undefined) {
  return value === undefined || value === '' || value === keepComponent ? undefined : one(componentStatuses, value);
}

function one<T extends string>(known: readonly T[], value: string | undefined): T {
  const found = known.find((each) => each === value);
  if (found !== undefined) return found;
  throw new OpsError('bad-input', 'Choose one of the list.');
}

/** Paragraphs stay; marks that hide or turn text do not: customers read it. */
function text(value: string | undefined, what: string, least: number, most: number): string {
  const clean = (value ?? '')
    .toWellFormed()
    .replace(/[^\P{C}\n]/gu, '')
    .trim();
  if (clean.length >= least && clean.length <= most) return clean;
  throw new OpsError(
    'bad-input',
    `The ${what} should have ${least} to ${most} characters; this one has ${clean.length}.`,
  );
}
