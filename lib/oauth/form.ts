import { oauthError } from './errors.ts'

const PARAMETERS_MAX = 50

/**
 * The parameters of a query or form; one without a value is as good as none (OAuth 2.1, 3.1).
 * @throws OAuthError invalid_request when one stands twice: readers could disagree which one counts
 */
export function readForm(text: string): Map<string, string> {
  const form = new Map<string, string>()
  let count = 0
  for (const [name, value] of new URLSearchParams(text)) {
    count += 1
    if (form.has(name) || count > PARAMETERS_MAX)
      throw oauthError('invalid_request', 'The request has a parameter twice, or too many.')
    if (/[\0\uFFFD]/.test(value))
      throw oauthError('invalid_request', 'The request holds characters that are none.')
    if (value !== '') form.set(name, value)
  }
  return form
}
