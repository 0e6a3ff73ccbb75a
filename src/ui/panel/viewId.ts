/** As package.json names it. */
export const messagesViewId = 'warren.messages';
