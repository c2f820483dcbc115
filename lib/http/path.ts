import { appError } from '../errors.ts'

/**
 * The values of a path's parameters: `/api/prompts/{name}` and `/api/prompts/a%20b` give `{name: 'a b'}`.
 * @throws invalid_input for broken percent-encoding or a NUL, not_found when the path is another one
 */
export function pathParameters(template: string, path: string): Record<string, string> {
  const names = template.split('/')
  const parts = path.split('/')
  const found: Record<string, string> = {}
  if (names.length !== parts.length) throw unknownPath()
  for (const [index, name] of names.entries()) {
    const value = parts[index] ?? ''
    if (name.startsWith('{')) found[name.slice(1, -1)] = decode(value)
    else if (name !== value) throw unknownPath()
  }
  return found
}

/** The error for a path that leads nowhere. */
export function unknownPath(): Error {
  return appError('not_found', 'There is nothing at this path. /api/openapi.json lists what there is.')
}

function decode(value: string): string {
  let decoded: string
  try {
    decoded = decodeURIComponent(value)
  } catch (error) {
    throw appError('invalid_input', 'The path holds broken percent-encoding.', { cause: error })
  }
  if (decoded.includes('\0')) throw appError('invalid_input', 'The path holds a NUL character.')
  return decoded
}
