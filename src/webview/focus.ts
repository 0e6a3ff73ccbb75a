/** Puts the focus into the table. */
export function focusGrid(): void {
  document.querySelector<HTMLElement>('[role=grid]')?.focus();
}

/** Puts the focus where the columns are chosen from. */
export function focusColumnsButton(): void {
  document.querySelector<HTMLElement>('.toolbar [aria-expanded]')?.focus();
}
