import type { RichTextBlockElement, RichTextElement, RichTextSection } from '@slack/types';
import type { ReactNode } from 'react';
import { useDirectory } from '../state/directory.tsx';
import { Emoji } from '../text/mrkdwn-text.tsx';
import { SafeLink } from '../text/safe-link.tsx';
import { SlackTime } from '../text/slack-time.tsx';

export function RichText({ elements }: { elements: readonly RichTextBlockElement[] }) {
  return (
    <div className="rich-text">
      {elements.map((element, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: elements have no identity but their place
        <Part key={index} element={element} />
      ))}
    </div>
  );
}

function Part({ element }: { element: RichTextBlockElement }) {
  switch (element.type) {
    case 'rich_text_section':
      return (
        <div>
          <Line elements={element.elements} />
        </div>
      );
    case 'rich_text_quote':
      return (
        <blockquote>
          <Line elements={element.elements} />
        </blockquote>
      );
    case 'rich_text_preformatted':
      return (
        <pre>
          <Line elements={element.elements} />
        </pre>
      );
    case 'rich_text_list': {
      const List = element.style === 'ordered' ? 'ol' : 'ul';
      return (
        <List>
          {element.elements.map((item: RichTextSection, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: items have no identity but their place
            <li key={index}>
              <Line elements={item.elements} />
            </li>
          ))}
        </List>
      );
    }
  }
}

function Line({ elements }: { elements: readonly RichTextElement[] }) {
  return elements.map((element, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: elements have no identity but their place
    <Styled key={index} element={element} />
  ));
}

function Styled({ element }: { element: RichTextElement }) {
  let node: ReactNode = <Bare element={element} />;
  const style = element.style;
  if (style?.code) node = <code>{node}</code>;
  if (style?.bold) node = <strong>{node}</strong>;
  if (style?.italic) node = <em>{node}</em>;
  if (style?.strike) node = <s>{node}</s>;
  return node;
}

function Bare({ element }: { element: RichTextElement }) {
  const { nameOf } = useDirectory();
  const mention = (sign: string, name: string) => <span className="mention">{`${sign}${name}`}</span>;
  switch (element.type) {
    case 'text':
      return element.text;
    case 'link':
      return <SafeLink url={element.url}>{element.text ?? element.url}</SafeLink>;
    case 'emoji':
      return <Emoji name={element.name} />;
    case 'user':
      return mention('@', nameOf(element.user_id) ?? element.user_id);
    case 'usergroup':
      return mention('@', nameOf(element.usergroup_id) ?? element.usergroup_id);
    case 'channel':
      return mention('#', nameOf(element.channel_id) ?? element.channel_id);
    case 'broadcast':
      return mention('@', element.range);
    case 'date':
      return <SlackTime unix={element.timestamp} format={element.format} fallback={element.fallback ?? ''} />;
    case 'color':
      return <code>{element.value}</code>;
    case 'team':
      return mention('@', element.team_id);
  }
}
