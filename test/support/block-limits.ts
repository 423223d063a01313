import { limits } from '../../src/blocks/limits.ts';

type Json = Record<string, unknown>;

/** What Slack would refuse of a message, or what would be alive in it though nobody meant it; empty: nothing. */
export function faultsOfMessage(content: { text: string; blocks: readonly object[] }): string[] {
  return [
    ...tooLong('text', content.text, limits.messageText),
    ...liveFaults('text', content.text),
    ...faultsOfBlocks(content.blocks as Json[], limits.messageBlocks),
  ];
}

/** The same of a modal or of App Home. */
export function faultsOfView(view: object): string[] {
  const { type, title, submit, close, private_metadata, blocks } = view as Json;
  const hasInput = (blocks as Json[]).some((block) => block.type === 'input');
  return [
    ...[title, submit, close].flatMap((text) => (text ? faultsOfText('title', text as Json, limits.modalTitle) : [])),
    ...(type === 'modal' && !title ? ['a modal has no title'] : []),
    ...(hasInput && !submit ? ['a modal with inputs has no submit'] : []),
    ...tooLong('private_metadata', String(private_metadata ?? ''), limits.privateMetadata),
    ...(Buffer.byteLength(JSON.stringify(view)) > limits.viewBytes ? ['the view is too big'] : []),
    ...faultsOfBlocks(blocks as Json[], limits.viewBlocks),
  ];
}

function faultsOfBlocks(blocks: readonly Json[], most: number): string[] {
  const count = blocks.length > most ? [`${blocks.length} blocks, ${most} at most`] : [];
  const ids = blocks.map(({ block_id }) => block_id).filter((id) => id !== undefined);
  return [...count, ...(new Set(ids).size < ids.length ? ['a block id twice'] : []), ...blocks.flatMap(faultsOfBlock)];
}

function faultsOfBlock(block: Json): string[] {
  const elements = (block.elements ?? []) as Json[];
  switch (block.type) {
    case 'header':
      return faultsOfText('header', block.text as Json, limits.headerText, 'plain_text');
    case 'section':
      return [
        ...faultsOfText('section', block.text as Json, limits.sectionText),
        ...(block.accessory ? faultsOfElement(block.accessory as Json) : []),
      ];
    case 'context':
      return [
        ...(elements.length < 1 || elements.length > limits.contextElements ? ['context elements'] : []),
        ...elements.flatMap((text) => faultsOfText('context', text, limits.contextText)),
      ];
    case 'actions':
      return [
        ...(elements.length < 1 || elements.length > limits.actionElements ? ['action elements'] : []),
        ...elements.flatMap(faultsOfElement),
      ];
    case 'input':
      return [
        ...faultsOfText('label', block.label as Json, limits.inputLabel, 'plain_text'),
        ...(block.hint ? faultsOfText('hint', block.hint as Json, limits.inputHint, 'plain_text') : []),
        ...faultsOfElement(block.element as Json),
      ];
    case 'divider':
      return [];
    case 'image':
      return [
        ...(/^F[A-Z0-9]{8,}$/.test(String((block.slack_file as Json | undefined)?.id)) ? [] : ['no file of an image']),
        ...(block.alt_text
          ? tooLong('alt text', String(block.alt_text), limits.altText)
          : ['an image without alt text']),
      ];
    default:
      return [`an unknown block ${block.type}`];
  }
}

function faultsOfElement(element: Json): string[] {
  const id = tooLong('action_id', String(element.action_id), limits.id);
  switch (element.type) {
    case 'button':
      return [
        ...id,
        ...faultsOfText('button', element.text as Json, limits.buttonText, 'plain_text'),
        ...tooLong('value', String(element.value), limits.buttonValue),
        ...(element.confirm ? faultsOfConfirm(element.confirm as Json) : []),
      ];
    case 'static_select': {
      type Option = { text: Json; value: string };
      const groups = (element.option_groups ?? [
        { label: { type: 'plain_text', text: 'all', emoji: false }, options: element.options },
      ]) as { label: Json; options: Option[] }[];
      return [
        ...id,
        ...(groups.length < 1 || groups.length > limits.optionGroups ? ['option groups'] : []),
        ...groups.flatMap(({ label, options }) => [
          ...faultsOfText('option group', label, limits.optionText, 'plain_text'),
          ...(options.length < 1 || options.length > limits.options ? ['options'] : []),
          ...options.flatMap(({ text, value }) => [
            ...faultsOfText('option', text, limits.optionText, 'plain_text'),
            ...tooLong('option value', value, limits.optionValue),
          ]),
        ]),
      ];
    }
    case 'users_select':
      return [...id, ...faultsOfText('placeholder', element.placeholder as Json, limits.placeholder, 'plain_text')];
    case 'plain_text_input':
      return [...id, ...tooLong('initial value', String(element.initial_value ?? ''), Number(element.max_length))];
    default:
      return [`an unknown element ${element.type}`];
  }
}

function faultsOfConfirm({ title, text, confirm, deny }: Json): string[] {
  return [
    ...faultsOfText('confirm title', title as Json, limits.confirmTitle, 'plain_text'),
    ...faultsOfText('confirm text', text as Json, limits.confirmText),
    ...faultsOfText('confirm yes', confirm as Json, limits.confirmButton, 'plain_text'),
    ...faultsOfText('confirm no', deny as Json, limits.confirmButton, 'plain_text'),
  ];
}

function faultsOfText(where: string, object: Json, most: number, only?: 'plain_text'): string[] {
  const text = String(object.text);
  return [
    ...(only && object.type !== only ? [`${where} is not ${only}`] : []),
    ...(text.length < 1 ? [`${where} is empty`] : []),
    ...tooLong(where, text, most),
    ...hiddenFaults(where, text),
    ...(object.type === 'plain_text' ? (object.emoji === false ? [] : [`${where} would show :emoji:`]) : []),
    ...(object.type === 'mrkdwn' && object.verbatim !== true ? [`${where} would make links by itself`] : []),
    ...(object.type === 'mrkdwn' ? liveFaults(where, text) : []),
  ];
}

function tooLong(where: string, text: string, most: number): string[] {
  return text.length > most ? [`${where} has ${text.length} characters, ${most} at most`] : [];
}

/** Dates are harmless; a link is live only with a label of ours; people and groups are live only by an id of Slack's own form. */
const ours =
  /<!date\^\d+\^[^|<>]*\|[^<>]*>|<@[UW][A-Z0-9]{1,30}>|<#[CG][A-Z0-9]{1,30}>|<https:\/\/[^\s<>|]+\|canvas>|<!subteam\^S[A-Z0-9]{1,30}>/g;

function liveFaults(where: string, text: string): string[] {
  const rest = text.replace(ours, '');
  return [
    ...(/[<>]/.test(rest) ? [`${where} has a live or broken entity: ${rest.slice(0, 200)}`] : []),
    ...(/&(?!amp;|lt;|gt;)/.test(rest) ? [`${where} has a broken escape: ${rest.slice(0, 200)}`] : []),
    ...(text.split('`').length % 2 === 0 ? [`${where} has an open code span: ${text.slice(0, 200)}`] : []),
  ];
}

/** Our own marks end in a variation selector, which is no format character. */
function hiddenFaults(where: string, text: string): string[] {
  return [
    ...(/[\p{Cf}\p{Zl}\p{Zp}]/u.test(text) || /[^\P{Cc}\n]/u.test(text) ? [`${where} has a hidden character`] : []),
    ...(text.isWellFormed() ? [] : [`${where} has half a character`]),
  ];
}
