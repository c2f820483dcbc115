import { z } from 'zod'
import { cutText } from '../text.ts'
import { readNumber } from './rules.ts'

/** Most characters of a wrong text that its fault repeats. */
const SHOWN = 40

/**
 * A number that stands in an address. A text is read as people write numbers; an empty one and any other
 * notation is refused in words. Numbers of our own code pass as they are.
 * @param schema the number: `z.int()` or `z.number()` with its bounds
 */
export function WrittenNumber(schema: z.ZodNumber) {
  const kind = schema.format === 'safeint' ? 'whole' : 'decimal'
  const wanted =
    kind === 'whole' ? 'a whole number in digits, such as 50' : 'a number in digits, such as 0.05'
  return z.preprocess((given, { issues }) => {
    const fault = faultOf(given, kind, wanted)
    if (fault !== undefined) issues.push({ code: 'custom', message: fault, input: given })
    return typeof given === 'string' ? readNumber(given, kind) : given
  }, schema)
}

function faultOf(given: unknown, kind: 'whole' | 'decimal', wanted: string): string | undefined {
  if (Array.isArray(given)) return 'must be given once'
  if (typeof given !== 'string' || readNumber(given, kind) !== undefined) return undefined
  return notWritten(given, wanted)
}

/** What is said of a text that should have been a number. @param wanted what it must be */
export function notWritten(text: string, wanted: string): string {
  if (text === '') return `is empty: write ${wanted}, or leave it out`
  return `must be ${wanted}; "${cutText(text, SHOWN)}" stands there`
}
