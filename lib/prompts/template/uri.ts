import { appError } from '../../errors.ts'
import { cutText } from '../../text.ts'

/** RFC 3986: a scheme, and then only characters that a URI may hold; "%" begins two hexadecimal digits. */
const URI = /^[a-z][a-z0-9+.-]*:(?:[\w\-.~:/?#[\]@!$&'()*+,;=]|%[0-9a-f]{2})+$/i

/**
 * A rendered URI, as clients of the Model Context Protocol must get it.
 * @throws AppError unprocessable with the place
 */
export function checkedUri(uri: string, path: (string | number)[]): string {
  if (URI.test(uri)) return uri
  const message = `"${cutText(uri, 100)}" is no URI`
  throw appError('unprocessable', `The template renders a resource with a wrong address: ${message}`, {
    details: [
      {
        path,
        code: 'invalid_uri',
        message,
        hint: 'It begins with a scheme such as https: or file:, and holds no spaces',
      },
    ],
  })
}
