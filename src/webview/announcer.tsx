import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { PanelModel } from './model.ts';
import { countsText } from './toolbar.tsx';

/** A screen reader is told how the tail stands at most so often, in milliseconds. */
const everyMs = 3_000;

/** Says how the tail stands to those who cannot see it change. */
export function Announcer({ model }: { readonly model: PanelModel }): JSX.Element {
  const [said, say] = useState('');
  const latest = useRef('');
  latest.current = [countsText(model), model.problem ?? ''].filter((part) => part !== '').join('. ');
  useEffect(() => {
    const timer = setInterval(() => say(latest.current), everyMs);
    return () => clearInterval(timer);
  }, []);
  return (
    <div class="unseen" role="status" aria-live="polite">
      {said}
    </div>
  );
}
