import type { Json } from '../../../liquid/json.ts'
import { asJson, type Fields, isFields } from './values.ts'

const SECRET =
  /(?:^|[_-])(?:api[_-]?key|key|secret|token|password|credential)s?$|apikey$|(?:Key|Secret|Token|Password)$/

/** What of an object can be kept, and the names of what looks like a secret. A reference to a variable of the environment is none. */
export function withoutSecrets(
  fields: Fields,
  path = '',
): { kept: { [key: string]: Json }; dropped: string[] } {
  const kept: { [key: string]: Json } = {}
  const dropped: string[] = []
  for (const [key, value] of Object.entries(fields)) {
    if (value === undefined || value === null) continue
    const at = path === '' ? key : `${path}.${key}`
    if (isFields(value)) {
      const inner = withoutSecrets(value, at)
      kept[key] = inner.kept
      dropped.push(...inner.dropped)
    } else if (SECRET.test(key) && typeof value === 'string' && !/^\$\{.*\}$/.test(value)) dropped.push(at)
    else kept[key] = asJson(value)
  }
  return { kept, dropped }
}
