/** Every text of a message or a view, as people would read it, one a line. */
export function shownText(shown: object): string {
  const texts: string[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) visit(item);
    else if (typeof value === 'object' && value !== null) {
      if ('text' in value && typeof value.text === 'string' && 'type' in value) texts.push(value.text);
      for (const inner of Object.values(value)) visit(inner);
    }
  };
  visit('blocks' in shown ? shown.blocks : shown);
  return texts.join('\n');
}

/** Texts of the buttons, in order, with their action ids. */
export function buttonsOf(shown: object): { text: string; actionId: string; value: string }[] {
  const buttons: { text: string; actionId: string; value: string }[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) visit(item);
    else if (typeof value === 'object' && value !== null) {
      const element = value as { type?: string; text?: { text: string }; action_id?: string; value?: string };
      if (element.type === 'button') {
        buttons.push({ text: element.text?.text ?? '', actionId: element.action_id ?? '', value: element.value ?? '' });
      }
      for (const inner of Object.values(value)) visit(inner);
    }
  };
  visit(shown);
  return buttons;
}
