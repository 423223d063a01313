/** The callback ids of the views that people submit; `interactions` has a handler for each. */
export const viewIds = {
  isolate: 'isolate_submit',
  extend: 'extend_submit',
  scale: 'scale_submit',
  snoozeProposal: 'scaling_snooze_submit',
  dismissProposal: 'scaling_dismiss_submit',
  incidentUpdate: 'incident_update_submit',
  recover: 'recover_submit',
  swap: 'recover_swap_submit',
  statusUpdate: 'statuspage_submit',
} as const;
