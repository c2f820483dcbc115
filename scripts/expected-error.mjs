/**
 * An error whose message is meant for the person at the terminal: what went wrong, then what to do.
 * The launcher prints it without a stack.
 * @param {string} message
 * @param {string} [hint] what to do about it
 * @param {unknown} [cause]
 */
export function expectedError(message, hint, cause) {
  return Object.assign(new Error(hint ? `${message}\n${hint}` : message, { cause }), { expected: true })
}
