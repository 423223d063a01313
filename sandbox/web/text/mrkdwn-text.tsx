import { Fragment, useMemo } from 'react';
import { useDirectory } from '../state/directory.tsx';
import { emojiCharacter } from './emoji.ts';
import { type Mrkdwn, parseMrkdwn } from './mrkdwn.ts';
import { SafeLink } from './safe-link.tsx';
import { SlackTime } from './slack-time.tsx';

/** Mrkdwn as React nodes: whatever was typed, it can only become text and the elements named here. */
export function MrkdwnText({ text }: { text: string }) {
  const pieces = useMemo(() => parseMrkdwn(text), [text]);
  return <Pieces pieces={pieces} />;
}

function Pieces({ pieces }: { pieces: readonly Mrkdwn[] }) {
  return pieces.map((piece, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no identity but their place
    <Fragment key={index}>
      <Piece piece={piece} />
    </Fragment>
  ));
}

function Piece({ piece }: { piece: Mrkdwn }) {
  const directory = useDirectory();
  switch (piece.is) {
    case 'text':
      return piece.text;
    case 'bold':
      return (
        <strong>
          <Pieces pieces={piece.children} />
        </strong>
      );
    case 'italic':
      return (
        <em>
          <Pieces pieces={piece.children} />
        </em>
      );
    case 'strike':
      return (
        <s>
          <Pieces pieces={piece.children} />
        </s>
      );
    case 'quote':
      return (
        <blockquote>
          <Pieces pieces={piece.children} />
        </blockquote>
      );
    case 'code':
      return <code>{piece.text}</code>;
    case 'pre':
      return <pre>{piece.text}</pre>;
    case 'link':
      return <SafeLink url={piece.url}>{piece.label}</SafeLink>;
    case 'user':
    case 'group':
      return (
        <span className={piece.id === directory.me ? 'mention mention-me' : 'mention'}>
          @{(directory.nameOf(piece.id) ?? piece.label ?? piece.id).replace(/^@/, '')}
        </span>
      );
    case 'channel':
      return <span className="mention">#{directory.nameOf(piece.id) ?? piece.label ?? piece.id}</span>;
    case 'broadcast':
      return <span className="mention mention-me">@{piece.name}</span>;
    case 'date':
      return <SlackTime {...piece} />;
    case 'emoji':
      return <Emoji name={piece.name} />;
    case 'break':
      return <br />;
  }
}

export function Emoji({ name }: { name: string }) {
  const character = emojiCharacter(name);
  if (character === undefined) return `:${name}:`;
  return (
    <span className="emoji" role="img" aria-label={name.replaceAll('_', ' ')}>
      {character}
    </span>
  );
}
