/** How the double answers one call. */
export interface Behaviour {
  /** The pieces of the answer. */
  chunks?: string[]
  /** Milliseconds before the first piece, and between two. */
  firstDelayMs?: number
  delayMs?: number
  /** An error status instead of an answer, with what is said and further headers. */
  status?: number
  message?: string
  code?: string
  headers?: Record<string, string>
  /** Why the answer ended, as the API of the call names it. */
  finish?: unknown
  /** Whether tokens are told; by default they are. */
  usage?: boolean
  /** What is told in the place of tokens, whatever it is. */
  reported?: unknown
  /** Data of events that come before the end of the answer, whatever they are. */
  odd?: unknown[]
  /** The whole body of an answer with an error status. */
  body?: string
  fault?: Fault
}

export type Fault =
  /** Takes the request and never answers. */
  | 'hang'
  /** Falls silent after the first half. */
  | 'stall'
  /** Ends after the first half, politely; or with a broken connection. */
  | 'truncate'
  | 'disconnect'
  /** An error event after the first half. */
  | 'error_event'
  /** Falls silent once the text and its reason are sent; or breaks off there. */
  | 'stall_at_end'
  | 'disconnect_at_end'
  /** Events that are no JSON; a page of HTML. */
  | 'garbage'
  | 'html'
  /** 100 MB of text; 100 MB in one line. */
  | 'flood'
  | 'flood_line'
  /** Sends elsewhere: to the address in `message`. */
  | 'redirect'
  /** Quotes the key that it was given, in an error of status 401. */
  | 'quote_key'

const DEFAULT: Behaviour = { chunks: ['Hello', ' from', ' the', ' provider', ' double.'] }

/**
 * What a model's name asks for, when nothing else was arranged. Parts are separated by dots:
 * `words-200` pieces, `every-50` ms between them, `after-300` ms before them, `status-429`,
 * `retry-after-2`, `no-usage`, or a fault such as `stall`, `flood`, `quote-key`.
 * Any other name answers five words at once.
 */
export function behaviourOf(model: string): Behaviour {
  const behaviour: Behaviour = { ...DEFAULT }
  for (const part of model.split('.')) {
    const [, word = '', amount] = /^([a-z-]+?)(?:-(\d+))?$/.exec(part) ?? []
    const number = Number(amount)
    if (word === 'words') behaviour.chunks = Array.from({ length: number }, (_, n) => ` word${n + 1}`)
    else if (word === 'every') behaviour.delayMs = number
    else if (word === 'after') behaviour.firstDelayMs = number
    else if (word === 'status') behaviour.status = number
    else if (word === 'retry-after') behaviour.headers = { 'retry-after': String(number) }
    else if (word === 'no-usage') behaviour.usage = false
    else if (isFault(word.replaceAll('-', '_'))) behaviour.fault = word.replaceAll('-', '_') as Fault
  }
  return behaviour
}

const FAULTS: ReadonlySet<string> = new Set<Fault>([
  'hang',
  'stall',
  'truncate',
  'disconnect',
  'error_event',
  'stall_at_end',
  'disconnect_at_end',
  'garbage',
  'html',
  'flood',
  'flood_line',
  'redirect',
  'quote_key',
])

function isFault(word: string): boolean {
  return FAULTS.has(word)
}
