/**
 * Tells where a pointer goes, from where it was pressed until it is let go: also where what it was pressed on is drawn anew
 * meanwhile, and hears no end of it.
 */
export function followPointer(event: PointerEvent, moved: (event: PointerEvent) => void, ended: () => void): void {
  event.preventDefault();
  (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
  const over = new AbortController();
  const end = (): void => {
    over.abort();
    ended();
  };
  // It was let go where nobody heard of it.
  const move = (each: PointerEvent): void => (each.buttons === 0 ? end() : moved(each));
  window.addEventListener('pointermove', move, over);
  window.addEventListener('pointerup', end, over);
  window.addEventListener('pointercancel', end, over);
}
