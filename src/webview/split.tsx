import type { ComponentChildren, JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { followPointer } from './followPointer.ts';
import { boundedSplit } from './grid/columns.ts';

interface SplitProps {
  readonly children: ComponentChildren;
  /** Undefined where there is but one part. */
  readonly second: JSX.Element | undefined;
  /** The share of the second part, 0 to 1. */
  readonly share: number;
  readonly setShare: (share: number) => void;
  /** It stays as it was set last. */
  readonly keepShare: () => void;
}

/** Narrower than this, in pixels, the second part goes below the first. */
const narrow = 640;
const step = 0.03;

/** Two parts beside or below each other, with an edge that can be moved by pointer and keys. */
export function Split({ children, second, share, setShare, keepShare }: SplitProps): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const [isNarrow, setNarrow] = useState(false);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setNarrow(element.clientWidth < narrow));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const percent = Math.round(share * 100);
  const drag = (event: PointerEvent): void => {
    const area = box.current?.getBoundingClientRect();
    if (!area) return;
    const move = ({ clientX, clientY }: PointerEvent): void =>
      setShare(boundedSplit(isNarrow ? (area.bottom - clientY) / area.height : (area.right - clientX) / area.width));
    followPointer(event, move, keepShare);
  };
  const key = (event: KeyboardEvent): void => {
    const change = { ArrowLeft: step, ArrowUp: step, ArrowRight: -step, ArrowDown: -step }[event.key];
    if (change === undefined) return;
    event.preventDefault();
    setShare(boundedSplit(share + change));
    keepShare();
  };
  return (
    <div class={`split ${isNarrow ? 'stacked' : ''}`} ref={box}>
      <div class="part">{children}</div>
      {second && (
        <div
          class="sash"
          role="separator"
          tabIndex={0}
          aria-label="Size of the message"
          aria-orientation={isNarrow ? 'horizontal' : 'vertical'}
          aria-valuenow={percent}
          aria-valuemin={15}
          aria-valuemax={85}
          onPointerDown={drag}
          onKeyDown={key}
        />
      )}
      {second && (
        <div class="part" style={{ flex: `0 0 ${percent}%` }}>
          {second}
        </div>
      )}
    </div>
  );
}
