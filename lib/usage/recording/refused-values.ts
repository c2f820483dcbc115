import { scrub } from '../../log.ts'
import { cutText, mendText } from '../../text.ts'

/** Values that are kept of one refused render. */
const VALUES_MAX = 20
const NAME_LENGTH_MAX = 64
/** Names whose values are secrets, whatever they look like. */
const SECRET_NAME =
  /pass(?:word|phrase|wd)|secret|token|credential|api_?key|private_?key|authorization|cookie/i
const MASK = '***'

/**
 * What may be kept of the values of a refused render: texts by name, each cut, without what is or looks like a secret.
 * @returns JSON, or null where the configuration does not allow it
 */
export function keptValues(
  values: Readonly<Record<string, unknown>>,
  logging: { refused_values: boolean; refused_value_length: number },
): string | null {
  if (!logging.refused_values) return null
  const kept = Object.entries(values)
    .slice(0, VALUES_MAX)
    .map(([name, value]) => [
      mendText(cutText(name, NAME_LENGTH_MAX)),
      SECRET_NAME.test(name) ? MASK : keptText(value, logging.refused_value_length),
    ])
  return JSON.stringify(Object.fromEntries(kept))
}

/** It is scrubbed before it is cut: half a secret does not look like one. */
function keptText(value: unknown, most: number): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  // A text of megabytes is not looked through to its end.
  return mendText(cutText(scrub(cutText(text, SCRUBBED_MAX)), most))
}

const SCRUBBED_MAX = 100_000
