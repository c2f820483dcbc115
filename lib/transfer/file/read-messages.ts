import { isJsonObject, type Json } from '../../liquid/json.ts'
import type { ContentPart, Message, PromptMessage } from '../../prompts/content/content.ts'
import type { TextPlace } from '../source.ts'
import { PromptFileError } from './prompt-file.ts'

/** A marker line and the lines below it. */
interface Block {
  /** What stands behind the marker. */
  head: string
  line: number
  /** undefined: the next marker follows at once. */
  text: string | undefined
}

const ROLES = ['system', 'user', 'assistant'] as const

/**
 * Reads the messages of a chat out of the body of a file.
 * @param firstLine of the body in its file
 * @throws PromptFileError with the line
 */
export function readMessages(
  body: string,
  marker: string,
  firstLine: number,
): { messages: PromptMessage[]; places: TextPlace[] } {
  const messages: PromptMessage[] = []
  const places: TextPlace[] = []
  for (const block of blocksOf(body, marker, firstLine)) {
    const [word = ''] = block.head.split(' ', 1)
    if (word === 'part') readPart(block, messages, places)
    else if (word === 'placeholder') messages.push(readPlaceholder(block))
    else {
      const role = ROLES.find((each) => each === block.head)
      if (role === undefined) throw unknownMarker(block, marker)
      // Parts may follow; a message without a text has none otherwise.
      if (block.text !== undefined)
        places.push({ path: ['messages', messages.length, 'content'], line: block.line + 1 })
      messages.push({ role, content: block.text ?? [] })
    }
  }
  return { messages: messages.map((message) => asText(message)), places }
}

/** A message whose marker is followed by nothing at all says nothing. */
function asText(message: PromptMessage): PromptMessage {
  if ('type' in message || message.content.length > 0) return message
  return { ...message, content: '' }
}

function unknownMarker({ head, line }: Block, marker: string): PromptFileError {
  return new PromptFileError(
    line,
    `"${marker} ${head}" is no marker: write ${ROLES.map((role) => `"${marker} ${role}"`).join(', ')}, "${marker} placeholder NAME" or "${marker} part …"`,
  )
}

function blocksOf(body: string, marker: string, firstLine: number): Block[] {
  const blocks: Block[] = []
  let lines: string[] = []
  let head: { head: string; line: number } | undefined
  const close = () => {
    if (head !== undefined) blocks.push({ ...head, text: lines.length === 0 ? undefined : lines.join('\n') })
    lines = []
  }
  for (const [index, line] of body.split('\n').entries()) {
    const at = firstLine + index
    if (line.startsWith(marker)) {
      close()
      head = { head: line.slice(marker.length).trim(), line: at }
    } else if (head !== undefined) lines.push(line)
    else if (line.trim() !== '')
      throw new PromptFileError(
        at,
        `A chat begins with a message: write a line "${marker} user" before its text`,
      )
  }
  close()
  if (blocks.length === 0)
    throw new PromptFileError(
      firstLine,
      `A chat has a message at least: write a line "${marker} user" before its text`,
    )
  return blocks
}

function assertNoText({ text, head, line }: Block): void {
  if (text !== undefined && text.trim() !== '')
    throw new PromptFileError(line + 1, `No text can follow "${head.slice(0, 40)}"`)
}

function readPlaceholder(block: Block): PromptMessage {
  assertNoText(block)
  const [, name = '', said, more] = block.head.split(/ +/)
  if (name === '' || more !== undefined || (said !== undefined && said !== 'required' && said !== 'optional'))
    throw new PromptFileError(block.line, 'A placeholder has a name, and "required" or "optional" behind it')
  return { type: 'placeholder', name, ...(said !== undefined && { required: said === 'required' }) }
}

function readPart(block: Block, messages: PromptMessage[], places: TextPlace[]): void {
  const message = messages.at(-1)
  if (message === undefined || 'type' in message || typeof message.content === 'string')
    throw new PromptFileError(
      block.line,
      'A part stands right below the marker of its message, or below another part',
    )
  const { content } = message as Message & { content: ContentPart[] }
  const rest = block.head.slice('part'.length).trim()
  if (/^text(?: |$)/.test(rest)) {
    const said = rest.slice('text'.length).trim()
    places.push({
      path: ['messages', messages.length - 1, 'content', content.length, 'text'],
      line: block.line + 1,
    })
    const annotations = said === '' ? undefined : readJson(block, said)
    content.push({ type: 'text', text: block.text ?? '', ...(annotations && { annotations }) })
    return
  }
  assertNoText(block)
  // What a part holds is checked by the server, which names the place.
  content.push(readJson(block, rest) as unknown as ContentPart)
}

function readJson({ line }: Block, text: string): { [key: string]: Json } {
  try {
    const value: Json = JSON.parse(text)
    if (isJsonObject(value)) return value
  } catch {
    // Told below, as what is JSON and no object.
  }
  throw new PromptFileError(line, 'A part is "text", or JSON on its line: {"type": "image", …}')
}
