/** Puts the focus into the table. */
export function focusGrid(): void {
  document.querySelector<HTMLElement>('[role=grid]')?.focus();
}

/** Puts the focus into the filter, its text selected. */
export function focusFilter(): void {
  document.querySelector<HTMLInputElement>('.filter input')?.select();
}

/**
 * Called after each drawing: what had the focus may be gone from the page, or disabled, and keys would go nowhere. The table
 * gets it then, or else the button of an empty panel.
 */
export function keepFocus(): void {
  const { activeElement, body } = document;
  const isLost = activeElement === null || activeElement === body || activeElement.matches(':disabled');
  if (!isLost || !document.hasFocus()) return;
  document.querySelector<HTMLElement>('[role=grid], .empty button')?.focus();
}

/** Puts the focus where the columns are chosen from. */
export function focusColumnsButton(): void {
  document.querySelector<HTMLElement>('.toolbar [aria-expanded]')?.focus();
}
