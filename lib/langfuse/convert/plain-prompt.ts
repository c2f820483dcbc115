import type { ErrorDetail } from '../../errors.ts'
import { Budget, DEFAULT_LIMITS } from '../../liquid/budget.ts'
import type { IncludeTree } from '../../liquid/types.ts'
import type { ContentPart, PromptContent, PromptMessage } from '../../prompts/content/content.ts'
import { type PlainText, plainText } from './plain-text.ts'

/** A message as Langfuse has it, or the place of messages that are given at each call. */
export type LangfuseMessage =
  | { type: 'chatmessage'; role: string; content: string }
  | { type: 'placeholder'; name: string }

/** A content as Langfuse has it. */
export type LangfuseContent = { type: 'text'; prompt: string } | { type: 'chat'; prompt: LangfuseMessage[] }

/** How much of it may be written out, as for a render. */
interface PlainLimits {
  work: number
  /** In bytes of UTF-8. */
  output: number
}

/** @returns the content, or everything in it that Langfuse’s clients cannot be told */
export function plainPrompt(
  content: PromptContent,
  includes: IncludeTree,
  limits: PlainLimits,
): { content: LangfuseContent; problems: ErrorDetail[] } {
  const isLiteral = content.format === 'text'
  // Work alone bounds it: the same prompt is always told, or never.
  const budget = new Budget({ ...DEFAULT_LIMITS, ...limits, timeMs: Number.POSITIVE_INFINITY })
  const read = (text: string, path: (string | number)[]) =>
    plainText({ text, isLiteral, includes, path, budget })
  if (content.kind === 'text') {
    const { text, problems } = read(content.template_content, ['template_content'])
    return { content: { type: 'text', prompt: text }, problems }
  }
  const problems: ErrorDetail[] = []
  const prompt = content.messages.map((message, index): LangfuseMessage => {
    if ('type' in message) return { type: 'placeholder', name: message.name }
    const read1 = messageText(message, index, read)
    problems.push(...read1.problems)
    return { type: 'chatmessage', role: message.role, content: read1.text }
  })
  return { content: { type: 'chat', prompt }, problems }
}

type Read = (text: string, path: (string | number)[]) => PlainText

function messageText(
  { content }: Exclude<PromptMessage, { type: 'placeholder' }>,
  index: number,
  read: Read,
): PlainText {
  const path = ['messages', index, 'content']
  if (typeof content === 'string') return read(content, path)
  const parts = content.map((part, place) => partText(part, [...path, place], read))
  return {
    text: parts.map(({ text }) => text).join('\n'),
    problems: parts.flatMap(({ problems }) => problems),
  }
}

function partText(part: ContentPart, path: (string | number)[], read: Read): PlainText {
  if (part.type === 'text') return read(part.text, [...path, 'text'])
  const message = 'Pictures, sounds, files and links cannot be said to Langfuse’s clients'
  const hint = 'Take the part out, or get the prompt over MCP or by POST /api/prompts/{name}/render.'
  return { text: '', problems: [{ path, code: 'langfuse_part', message, hint }] }
}
