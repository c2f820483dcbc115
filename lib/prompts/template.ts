import { appError, isAppError } from '../errors.ts'
import { Budget, DEFAULT_LIMITS, WIDEST_TEXT_LIMITS } from '../liquid/budget.ts'
import type { Advice } from '../liquid/dialects/advice.ts'
import { explainUnknown } from '../liquid/dialects/unknown-values.ts'
import type { Frame } from '../liquid/evaluate.ts'
import { detailOf, ENGINE_LIMIT, isFault, LIMIT_KEYS, WORK_LIMIT_KEYS } from '../liquid/fault.ts'
import type { Json } from '../liquid/json.ts'
import { run } from '../liquid/run.ts'
import { utf8Length } from '../liquid/text.ts'
import type { Analysis, TemplateLimits, TextLimits } from '../liquid/types.ts'
import type { ValueLimits } from '../liquid/value-size.ts'
import type { Variable } from '../liquid/variable.ts'
import type { ContentPart, Message, PromptContent } from './content/content.ts'
import { analyseContent, check, infer } from './template/check.ts'
import { type CompiledField, type CompiledPrompt, compile } from './template/compile.ts'
import type {
  CheckedSource,
  CheckOptions,
  PromptCheck,
  PromptSource,
  RenderedPrompt,
} from './template/types.ts'
import { coerceValues } from './variables/variable-values.ts'

/*
 * Templates: parse, analyse, check, compile, render. Pure: no clock but the one of the last-resort limit,
 * no chance, no host locale, no I/O; runs alike in the browser, on the server and in a worker.
 *
 * The language is Liquid, read and evaluated by lib/liquid, so that a template can only ever read own
 * properties of plain JSON, and so that every step is charged to a budget before it is done.
 */

/**
 * Says what a content uses and what is wrong with it, with exact places. Never throws.
 * @param limits left out where the server has the last word, or had it when the content was saved
 */
export function analyse(content: PromptContent, limits: TextLimits = WIDEST_TEXT_LIMITS): Analysis {
  return analyseContent(content, limits)
}

/** What the uses of each variable propose, for an author who sees it and can choose another type. */
export function proposeVariables(analysis: Analysis): Variable[] {
  return infer(analysis)
}

/**
 * The variables of a version that names none. One that is only asked whether it is there stays a text: programs
 * give it any text, and every text is true.
 */
export function inferVariables(analysis: Analysis): Variable[] {
  return infer(analysis).map((variable) =>
    variable.type === 'boolean' ? { ...variable, type: 'string' } : variable,
  )
}

/** The rule at saving; see PromptCheck. Never throws. */
export function checkPrompt(
  source: CheckedSource,
  limits: TextLimits = DEFAULT_LIMITS.texts,
  options: CheckOptions = {},
): PromptCheck {
  const { fixes: _, ...checked } = check(source, limits, options)
  return checked
}

/**
 * The same for an editor, with what can be mended at the press of a button. Never throws. The limits are the
 * server's: it tells at saving.
 */
export function checkWithFixes(source: CheckedSource): PromptCheck & Pick<Advice, 'fixes'> {
  return check(source, WIDEST_TEXT_LIMITS)
}

/**
 * Parses a prompt and everything it includes, once for many renders.
 * @throws AppError unprocessable with every problem and its place; too_large for what no configuration allows
 */
export function compilePrompt(source: PromptSource): CompiledPrompt {
  return compile(source)
}

/**
 * Renders a prompt. The same compiled prompt and values always give the same result.
 * @param values by variable name; texts stand for numbers, booleans and JSON where the type says so
 * @throws AppError `unprocessable` (values that do not fit, a member that does not exist, too much work),
 *   `too_large` (values or result over a limit), `invalid_input` (text that cannot be stored)
 */
export function renderPrompt(
  compiled: CompiledPrompt,
  values: Readonly<Record<string, unknown>>,
  limits: TemplateLimits = DEFAULT_LIMITS,
): RenderedPrompt {
  const given = fitValues(compiled, values, limits.values)
  const budget = new Budget(limits)
  const render = (field: CompiledField) => renderField(field, given, budget)
  const messages = compiled.messages.flatMap((message): Message[] =>
    'placeholder' in message
      ? givenMessages(given.get(message.placeholder), budget)
      : [{ role: message.role, content: message.build(render) }],
  )
  return { content: readable(messages), messages, warnings: [] }
}

/** The messages of a placeholder, which were read as such; none where none were given. */
function givenMessages(value: Json | undefined, budget: Budget): Message[] {
  const messages = (value ?? []) as unknown as Message[]
  for (const { content } of messages)
    budget.spendOutput(utf8Length(typeof content === 'string' ? content : JSON.stringify(content)))
  return messages
}

/**
 * Checks and converts the values of one render, which need not follow at once.
 * @throws AppError as coerceValues does, with what the texts say about a value that no variable takes
 */
export function fitValues(
  compiled: CompiledPrompt,
  values: Readonly<Record<string, unknown>>,
  limits: ValueLimits,
): Map<string, Json> {
  try {
    return coerceValues(compiled.variables, values, limits)
  } catch (error) {
    throw isAppError(error) ? explainUnknown(error, compiled.texts) : error
  }
}

function renderField(field: CompiledField, values: Frame['values'], budget: Budget): string {
  const { unit } = field
  try {
    return run(unit, { values, locals: undefined, assigned: unit.assigned, loop: undefined, budget })
  } catch (error) {
    throw toAppError(error, field)
  }
}

function toAppError(error: unknown, field: CompiledField) {
  if (isFault(error)) {
    const detail = detailOf(error, field.path, field.text)
    const limit = LIMIT_KEYS.get(error.code) ?? WORK_LIMIT_KEYS.get(error.code)
    const code = LIMIT_KEYS.has(error.code) ? 'too_large' : 'unprocessable'
    const where = detail.range ? ` (line ${detail.range.line}, column ${detail.range.column})` : ''
    return appError(code, `The template cannot be rendered: ${error.message}${where}`, {
      details: [detail],
      ...(limit !== undefined && { extra: { limit: limit } }),
    })
  }
  // The engine's own limits: a call stack or a string that would be too big.
  if (error instanceof RangeError) {
    const message = 'The template is too deep or too large'
    return appError('unprocessable', message, {
      details: [{ path: field.path, code: ENGINE_LIMIT, message }],
    })
  }
  return appError('internal', 'The template cannot be rendered', { cause: error })
}

/** Messages as one readable text: the content itself when there is only one message. */
function readable(messages: Message[]): string {
  const [only] = messages
  if (messages.length === 1 && only) return readableContent(only.content)
  return messages.map(({ role, content }) => `[${role}]\n${readableContent(content)}`).join('\n\n')
}

function readableContent(content: Message['content']): string {
  return typeof content === 'string' ? content : content.map(readablePart).join('\n')
}

function readablePart(part: ContentPart): string {
  switch (part.type) {
    case 'text':
      return part.text
    case 'image':
    case 'audio':
      return `[${part.type} ${part.mimeType}]`
    case 'resource':
      return part.resource.text ?? `[resource ${part.resource.uri}]`
    case 'resource_link':
      return `[${part.title ?? part.name}](${part.uri})`
  }
}
