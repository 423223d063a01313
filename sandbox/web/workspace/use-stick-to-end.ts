import { type RefObject, useEffect, useRef, useState } from 'react';

const nearPx = 60;

/** Keeps a scroller at its end while new things come, unless the person has scrolled away from it. */
export function useStickToEnd<T extends HTMLElement>(): {
  ref: RefObject<T | null>;
  /** There is something below that the person does not see. */
  behind: boolean;
  toEnd: () => void;
} {
  const ref = useRef<T>(null);
  const [behind, setBehind] = useState(false);
  const toEnd = () => ref.current?.scrollTo({ top: ref.current.scrollHeight });

  useEffect(() => {
    const scroller = ref.current;
    if (!scroller) return;
    let sticks = true;
    const settle = () => {
      if (sticks) scroller.scrollTop = scroller.scrollHeight;
      setBehind(!sticks);
    };
    const scrolled = () => {
      sticks = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < nearPx;
      setBehind(!sticks);
    };
    settle();
    scroller.addEventListener('scroll', scrolled, { passive: true });
    const sizes = new ResizeObserver(settle);
    sizes.observe(scroller);
    const content = new MutationObserver(settle);
    content.observe(scroller, { childList: true, subtree: true, characterData: true });
    return () => {
      scroller.removeEventListener('scroll', scrolled);
      sizes.disconnect();
      content.disconnect();
    };
  }, []);
  return { ref, behind, toEnd };
}
