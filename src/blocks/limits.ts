/**
 * What Slack takes, in characters (UTF-16 units) unless said otherwise. A message over a limit is refused as a whole
 * (`invalid_blocks`), so everything is cut to these before it is sent.
 * Source: the doc comments of @slack/types and docs.slack.dev/reference/block-kit.
 */
export const limits = {
  /** Blocks. */
  messageBlocks: 50,
  /** Blocks of a modal or of App Home. */
  viewBlocks: 100,
  /** Advised; Slack cuts silently only beyond 40,000. */
  messageText: 4000,
  sectionText: 3000,
  contextText: 3000,
  contextElements: 10,
  headerText: 150,
  actionElements: 25,
  buttonText: 75,
  buttonValue: 2000,
  /** `action_id`, `block_id`, `callback_id`. */
  id: 255,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  options: 100,
  optionGroups: 100,
  optionText: 75,
  optionValue: 75,
  /** Of an image block. */
  altText: 2000,
  /** A modal's title, submit and close. */
  modalTitle: 24,
  inputLabel: 2000,
  inputHint: 2000,
  placeholder: 150,
  inputValue: 3000,
  privateMetadata: 3000,
  /** Bytes of a whole view as JSON. */
  viewBytes: 250_000,
} as const;
