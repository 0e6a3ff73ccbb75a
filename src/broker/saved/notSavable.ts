/** Why a message cannot be saved, or a line not be read, as a short clause; caught within this folder. */
export class NotSavable extends Error {
  override readonly name = 'NotSavable';
}

/** What `make` returns, or why it cannot. */
export function orProblem<T extends object>(make: () => T): T | { readonly problem: string } {
  try {
    return make();
  } catch (error) {
    if (error instanceof NotSavable) return { problem: error.message };
    throw error;
  }
}
