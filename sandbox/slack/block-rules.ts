/**
 * Block Kit's limits, as docs.slack.dev/reference/block-kit/blocks and the doc comments of @slack/types give them.
 * Slack answers `invalid_blocks` and says where; so does this.
 */
type Json = Record<string, unknown>;

const known = [
  'section',
  'header',
  'context',
  'divider',
  'actions',
  'input',
  'image',
  'rich_text',
  'markdown',
  'table',
  'video',
  'file',
];
const list = (value: unknown): Json[] => (Array.isArray(value) ? (value as Json[]) : []);
const textOf = (value: unknown): string => String((value as Json | undefined)?.text ?? '');

/** Faults of a message's or a view's blocks, each with its place; empty: Slack takes them. */
export function blockFaults(blocks: unknown, most: number): string[] {
  if (!Array.isArray(blocks)) return ['blocks is not an array'];
  const faults: string[] = [];
  if (blocks.length > most) faults.push(`no more than ${most} items allowed [json-pointer:/blocks]`);
  const ids = new Set<string>();
  let markdown = 0;

  for (const [index, block] of (blocks as Json[]).entries()) {
    const at = `[json-pointer:/blocks/${index}]`;
    const need = (holds: boolean, says: string) => void (holds || faults.push(`${says} ${at}`));
    const text = (value: unknown, limit: number, what: string) => {
      need(textOf(value).length > 0, `${what}: must not be empty`);
      need(textOf(value).length <= limit, `${what}: must be less than ${limit + 1} characters`);
    };
    const element = (one: Json) => void faults.push(...elementFaults(one).map((says) => `${says} ${at}`));

    need(known.includes(String(block.type)), `unsupported type: ${String(block.type)}`);
    if (block.block_id !== undefined) {
      need(String(block.block_id).length <= 255, 'block_id: must be less than 256 characters');
      need(!ids.has(String(block.block_id)), `block_id ${String(block.block_id)} already exists`);
      ids.add(String(block.block_id));
    }
    if (block.type === 'section') {
      need(block.text !== undefined || block.fields !== undefined, 'section: text or fields is required');
      if (block.text !== undefined) text(block.text, 3_000, 'text');
      need(list(block.fields).length <= 10, 'fields: no more than 10 items allowed');
      for (const field of list(block.fields)) text(field, 2_000, 'field');
      if (block.accessory) element(block.accessory as Json);
    }
    if (block.type === 'header') text(block.text, 150, 'header');
    if (block.type === 'context') {
      const elements = list(block.elements);
      need(elements.length >= 1 && elements.length <= 10, 'context: 1 to 10 elements');
      for (const one of elements) if (one.type !== 'image') text({ text: one.text }, 3_000, 'element');
    }
    if (block.type === 'actions') {
      const elements = list(block.elements);
      need(elements.length >= 1 && elements.length <= 25, 'actions: 1 to 25 elements');
      need(
        new Set(elements.map((one) => one.action_id)).size === elements.length,
        'action_id: must be unique within its block',
      );
      for (const one of elements) element(one);
    }
    if (block.type === 'input') {
      text(block.label, 2_000, 'label');
      if (block.hint) text(block.hint, 2_000, 'hint');
      element((block.element ?? {}) as Json);
    }
    if (block.type === 'image')
      need(
        Boolean(block.image_url ?? block.slack_file) && Boolean(block.alt_text),
        'image: an address and alt_text are required',
      );
    if (block.type === 'markdown') markdown += String(block.text ?? '').length;
  }
  if (markdown > 12_000) faults.push('markdown: no more than 12000 characters together');
  return faults;
}

function elementFaults(element: Json): string[] {
  const faults: string[] = [];
  const need = (holds: boolean, says: string) => void (holds || faults.push(says));
  const type = String(element.type);
  need(
    element.action_id === undefined || String(element.action_id).length <= 255,
    'action_id: must be less than 256 characters',
  );
  if (type === 'button') {
    need(textOf(element.text).length >= 1 && textOf(element.text).length <= 75, 'button text: 1 to 75 characters');
    need(String(element.value ?? '').length <= 2_000, 'button value: must be less than 2001 characters');
    need(String(element.url ?? '').length <= 3_000, 'button url: must be less than 3001 characters');
  }
  if (type.endsWith('static_select')) {
    const groups = list(element.option_groups);
    const options = [...list(element.options), ...groups.flatMap((group) => list(group.options))];
    need(options.length >= 1, 'select: at least one option');
    need(
      list(element.options).length <= 100 &&
        groups.length <= 100 &&
        groups.every((group) => list(group.options).length <= 100),
      'select: no more than 100 options, in no more than 100 groups',
    );
    need(
      groups.every((group) => textOf(group.label).length <= 75),
      'group label: must be less than 76 characters',
    );
    need(
      options.every(
        (option) =>
          textOf(option.text).length >= 1 &&
          textOf(option.text).length <= 75 &&
          String(option.value ?? '').length <= 150,
      ),
      'option: text of 1 to 75 characters, value of at most 150',
    );
  }
  if (type === 'overflow' || type === 'checkboxes' || type === 'radio_buttons')
    need(list(element.options).length <= 10, `${type}: no more than 10 options`);
  const confirm = element.confirm as Json | undefined;
  if (confirm) {
    need(textOf(confirm.title).length <= 100, 'confirm title: must be less than 101 characters');
    need(textOf(confirm.text).length <= 300, 'confirm text: must be less than 301 characters');
    need(
      textOf(confirm.confirm).length <= 30 && textOf(confirm.deny).length <= 30,
      'confirm buttons: must be less than 31 characters',
    );
  }
  return faults;
}
