import { setTimeout as delay } from 'node:timers/promises'
import { cutText } from '../../text.ts'
import { estimateRequest } from './estimate.ts'
import { conversation, systemText, textOf } from './message-text.ts'
import type { ModelEvent, ModelRequest, Provider } from './provider.ts'

const NOTE =
  'Not a model: it answers with what it was sent, so that the way there can be tried without a key.'
/** What a word takes, about as long as a model needs. */
const PAUSE_MS = 25
/** Models without pauses, for tests and measurements. */
const FAST = 'echo-fast'
/** An echo of a book helps nobody. */
const MOST_CHARACTERS = 2_000

/** Answers without a model: the same for the same request, word by word. */
export const echo: Provider = {
  id: 'echo',
  title: 'Echo',
  key: null,
  baseUrl: null,
  apis: [],
  note: NOTE,
  generate,
  listModels: () => Promise.resolve(['echo', FAST]),
  estimate: estimateRequest,
  refuses: (settings) =>
    (['temperature', 'top_p', 'stop', 'response_format', 'tools'] as const).flatMap((setting) =>
      settings[setting] === undefined ? [] : [{ setting, reason: 'The echo is no model' }],
    ),
}

async function* generate(
  _connection: unknown,
  request: ModelRequest,
  signal: AbortSignal,
): AsyncGenerator<ModelEvent> {
  signal.throwIfAborted()
  yield { type: 'started', requestId: undefined }
  const words = shortened(answerTo(request)).match(/\s*\S+\s*$|\s*\S+/g) ?? []
  const most = request.maxTokens ?? words.length
  for (const word of words.slice(0, most)) {
    if (request.model !== FAST) await delay(PAUSE_MS, undefined, { signal })
    signal.throwIfAborted()
    yield { type: 'text', text: word }
  }
  yield {
    type: 'finished',
    reason: most < words.length ? 'length' : 'stop',
    // It counts words, so that its figures can be foretold.
    tokens: { input: countWords(request), output: Math.min(most, words.length) },
  }
}

function answerTo(request: ModelRequest): string {
  const system = systemText(request)
  const heard = conversation(request).map((message) => `${message.role}: ${textOf(message)}`)
  return [
    `This is the echo provider. It is not a model; it repeats what it was sent for "${request.model}".`,
    system === '' ? '' : `system: ${system}`,
    ...heard,
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

function shortened(text: string): string {
  return text.length > MOST_CHARACTERS ? `${cutText(text, MOST_CHARACTERS)} …` : text
}

function countWords(request: ModelRequest): number {
  const texts = [systemText(request), ...conversation(request).map(textOf)]
  return texts.reduce((sum, text) => sum + wordsIn(text), 0)
}

/** Counted up to here; a longer text is taken to go on as it began. */
const COUNTED = 262_144

/** A list of the words of some megabytes would take long, and much memory. */
function wordsIn(text: string): number {
  const counted = Math.min(text.length, COUNTED)
  let words = 0
  let isInWord = false
  for (let at = 0; at < counted; at++) {
    const code = text.charCodeAt(at)
    // Other kinds of white space are rare enough to count as parts of words.
    const isWord = code > 32 && code !== 160
    if (isWord && !isInWord) words++
    isInWord = isWord
  }
  return counted === text.length ? words : Math.round((words / counted) * text.length)
}
