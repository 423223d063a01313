import type { TextObject as Text } from '@slack/types';
import { Fragment } from 'react';
import { MrkdwnText } from '../text/mrkdwn-text.tsx';
import { plainWords } from '../text/plain-words.ts';

/** A text object: mrkdwn, or plain text, which knows emoji and line ends only. */
export function TextObject({ text }: { text: Text }) {
  if (text.type === 'mrkdwn') return <MrkdwnText text={text.text} />;
  return plainWords(text.text, text.emoji !== false)
    .split('\n')
    .map((line, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity but their place
      <Fragment key={index}>
        {index > 0 && <br />}
        {line}
      </Fragment>
    ));
}
