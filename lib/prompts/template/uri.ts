import { appError, type ErrorDetail } from '../../errors.ts'
import { cutText } from '../../text.ts'

/** RFC 3986: a scheme, and then only characters that a URI may hold; "%" begins two hexadecimal digits. */
const URI = /^[a-z][a-z0-9+.-]*:(?:[\w\-.~:/?#[\]@!$&'()*+,;=]|%[0-9a-f]{2})+$/i

/** What is wrong with a URI; undefined when it is one. */
export function uriProblem(uri: string, path: (string | number)[]): ErrorDetail | undefined {
  if (URI.test(uri)) return undefined
  return {
    path,
    code: 'invalid_uri',
    message: `"${cutText(uri, 100)}" is no URI`,
    hint: 'It begins with a scheme such as https: or file:, and holds no spaces',
  }
}

/**
 * A rendered URI, as clients of the Model Context Protocol must get it.
 * @throws AppError unprocessable with the place
 */
export function checkedUri(uri: string, path: (string | number)[]): string {
  const problem = uriProblem(uri, path)
  if (problem === undefined) return uri
  throw appError(
    'unprocessable',
    `The template renders a resource with a wrong address: ${problem.message}`,
    {
      details: [problem],
    },
  )
}
