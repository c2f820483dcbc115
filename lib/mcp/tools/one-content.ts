/**
 * What an author says, without the empty text that models put beside messages when they fill in every field.
 */
export function withOneContent<T extends { template_content?: string | undefined; messages?: unknown }>(
  input: T,
): T {
  if (input.template_content !== '' || input.messages === undefined) return input
  const { template_content: _, ...rest } = input
  return rest as T
}
