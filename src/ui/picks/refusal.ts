import { toAppError } from '../../common/errors.ts';
import { errorText } from '../errorText.ts';

/** Why a check refuses what was typed, as an input box shows it; undefined when it does not. */
export function refusal(check: () => void): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    return errorText(toAppError(error));
  }
}
