import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { Blocks } from '../../../../sandbox/web/blocks/blocks.tsx';

function html(...blocks: object[]): string {
  return renderToStaticMarkup(createElement(Blocks, { blocks }));
}

const mrkdwn = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text } });
const plain = (text: string) => ({ type: 'plain_text', text });

describe('blocks', () => {
  it('shows text, fields, header, context and divider', () => {
    const shown = html(
      { type: 'header', text: plain(':fire: Isolate') },
      { ...mrkdwn('*now*'), fields: [{ type: 'mrkdwn', text: 'a `b`' }] },
      { type: 'divider' },
      { type: 'context', elements: [{ type: 'mrkdwn', text: 'run _r-17_' }] },
    );
    expect(shown).toContain('🔥 Isolate');
    expect(shown).toContain('<strong>now</strong>');
    expect(shown).toContain('a <code>b</code>');
    expect(shown).toContain('<hr');
    expect(shown).toContain('run <em>r-17</em>');
  });

  it.each([
    '<script>alert(1)</script>',
    '<javascript:alert(1)|click>',
    '<img src=x onerror=alert(1)>',
    '<https://a.example/"onmouseover="x|y>',
    '`<b onclick=x>`',
    '&lt;script&gt;',
  ])('turns %s into text only', (text) => {
    const shown = html(mrkdwn(text), { type: 'header', text: plain(text) }, { type: 'markdown', text });
    const tags = [...shown.matchAll(/<([a-z]+)([^>]*)>/g)];
    expect(tags.map(([, tag]) => tag)).not.toEqual(expect.arrayContaining(['script']));
    expect(tags.map(([, tag]) => tag)).not.toEqual(expect.arrayContaining(['img']));
    expect(tags.map(([, , attributes]) => attributes).join(' ')).not.toMatch(/ on[a-z]+=|href="(?!https:)/);
  });

  it('loads no image from elsewhere', () => {
    const shown = html({ type: 'image', image_url: 'https://a.example/chart.png', alt_text: 'the chart' });
    expect(shown).not.toContain('<img');
    expect(shown).toContain('href="https://a.example/chart.png"');
    expect(shown).toContain('the chart');
  });

  it('shows a select with its groups and what is chosen', () => {
    const option = (value: string) => ({ text: plain(value), value });
    const shown = html({
      type: 'actions',
      elements: [
        {
          type: 'static_select',
          action_id: 'cell',
          placeholder: plain('Which cell?'),
          option_groups: [{ label: plain('eastus'), options: [option('cell-banking'), option('cell-retail')] }],
          initial_option: option('cell-retail'),
        },
      ],
    });
    expect(shown).toContain('<optgroup label="eastus">');
    expect(shown).toContain('<option value="cell-retail" selected="">');
    expect(shown).toContain('aria-label="Which cell?"');
  });

  it('ties a field to its label, hint and error', () => {
    const block = {
      type: 'input',
      block_id: 'reason',
      label: plain('Because'),
      hint: plain('Ten characters at least'),
      element: { type: 'plain_text_input', action_id: 'x' },
    };
    const shown = renderToStaticMarkup(createElement(Blocks, { blocks: [block], errors: { reason: 'Too short.' } }));
    const id = /<label for="([^"]+)"/.exec(shown)?.[1];
    const field = /<input [^>]*>/.exec(shown)?.[0];
    for (const attribute of [`id="${id}"`, 'name="reason"', 'aria-invalid="true"']) expect(field).toContain(attribute);
    expect(field).toContain(`aria-describedby="${id}-error ${id}-hint"`);
    expect(shown).toContain(`id="${id}-error">Too short.`);
  });

  it('shows rich text with its styles', () => {
    const shown = html({
      type: 'rich_text',
      elements: [
        {
          type: 'rich_text_list',
          style: 'ordered',
          elements: [
            { type: 'rich_text_section', elements: [{ type: 'text', text: 'one', style: { bold: true, code: true } }] },
          ],
        },
        { type: 'rich_text_preformatted', elements: [{ type: 'text', text: 'a <b>' }] },
      ],
    });
    expect(shown).toContain('<ol><li><strong><code>one</code></strong></li></ol>');
    expect(shown).toContain('<pre>a &lt;b&gt;</pre>');
  });

  it('says so when it does not know a block', () => {
    expect(html({ type: 'video' })).toContain('does not show blocks of the kind “video” yet');
  });
});
