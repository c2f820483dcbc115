import { performance } from 'node:perf_hooks'
import type { Scope } from '../access/rules.ts'
import { type AppError, isAppError } from '../errors.ts'
import type { PublishedPage, PublishedTool } from '../prompts/list-schema.ts'
import { findPublishedTool } from '../prompts/operations/published/find-published-tool.ts'
import { listPublishedTools } from '../prompts/operations/published/list-published-tools.ts'
import { toJsonSchema } from '../prompts/variables/variables.ts'
import { alike, cutText } from '../text.ts'
import { recordUsage } from '../usage/recording/record.ts'
import { readCursor, readObject } from './arguments.ts'
import { textBlock } from './blocks.ts'
import type { Caller } from './caller.ts'
import { didYouMean, nearPrompts } from './did-you-mean.ts'
import { explain, invalidParams, type RpcError, toAppError } from './errors.ts'
import { formOf } from './form.ts'
import { generateTool } from './tools/generate.ts'
import { getGenerationTool } from './tools/generation-result.ts'
import { getPromptTool } from './tools/get-prompt.ts'
import { listCategoriesTool } from './tools/list-categories.ts'
import { renderAsTool } from './tools/render-as-tool.ts'
import { renderPromptTool } from './tools/render-prompt.ts'
import { reportOutcomeTool } from './tools/report-outcome.ts'
import { searchPromptsTool } from './tools/search-prompts.ts'
import { type BuiltInTool, READS } from './tools/tool.ts'
import { createPromptTemplateTool, updatePromptTemplateTool } from './tools/write-prompt.ts'
import { keepBytes, oncePer } from './transport/kept-bytes.ts'
import type { JsonObject } from './transport/message.ts'
import { visiblePrompt } from './visibility.ts'

/** The tools of the server itself, in the order of `tools/list`. */
export const BUILT_IN_TOOLS: readonly BuiltInTool[] = [
  searchPromptsTool,
  getPromptTool,
  renderPromptTool,
  createPromptTemplateTool,
  updatePromptTemplateTool,
  listCategoriesTool,
  generateTool,
  getGenerationTool,
  reportOutcomeTool,
]

const READING_TOOLS = BUILT_IN_TOOLS.filter(({ isReading }) => isReading)
const BY_NAME = new Map(BUILT_IN_TOOLS.map((each) => [each.name, each]))

/** `tools/list`: the built-in tools, then the prompts that are published as tools, by name. */
export async function listTools({ actor, scope }: Caller, params: JsonObject): Promise<JsonObject> {
  const cursor = readCursor(params)
  const page = await listPublishedTools(actor, { ...scope, cursor })
  if (cursor !== undefined) return laterPage(page)
  // A label or category never refuses the list: no notification would announce that the tools are back.
  return scope.readOnly ? firstReadingPage(page) : firstPage(page)
}

const firstPageOf = (builtIn: readonly BuiltInTool[]) =>
  oncePer((page: PublishedPage<PublishedTool>) =>
    pageResult([...builtIn.map(({ listed }) => listed), ...page.items.map(listedPrompt)], page),
  )
const firstPage = firstPageOf(BUILT_IN_TOOLS)
const firstReadingPage = firstPageOf(READING_TOOLS)
const laterPage = oncePer((page: PublishedPage<PublishedTool>) =>
  pageResult(page.items.map(listedPrompt), page),
)

/** The server's own tools that the address shows. */
function offered({ scope }: Caller): readonly BuiltInTool[] {
  return scope.readOnly ? READING_TOOLS : BUILT_IN_TOOLS
}

function pageResult(tools: JsonObject[], page: PublishedPage<PublishedTool>): JsonObject {
  return keepBytes({ tools, ...(page.next_cursor === null ? {} : { nextCursor: page.next_cursor }) })
}

function listedPrompt({ name, title, description, variables }: PublishedTool): JsonObject {
  return {
    name,
    ...(title === '' ? {} : { title }),
    description: description === '' ? `Renders the prompt ${name}.` : description,
    inputSchema: toJsonSchema(variables),
    annotations: { ...(title === '' ? {} : { title }), ...READS },
  }
}

/**
 * `tools/call`. A refusal of the tool itself is an answer with `isError` that a model can act on; only a
 * tool that does not exist is an error of the protocol.
 */
export async function callTool(caller: Caller, params: JsonObject): Promise<JsonObject> {
  const { name } = params
  if (typeof name !== 'string') throw invalidParams('tools/call needs the name of a tool')
  const given = readObject(params.arguments ?? {})
  if (given === undefined) throw invalidParams('The arguments of a tool are an object')
  const builtIn = BY_NAME.get(name)
  if (builtIn === undefined) return callPrompt(caller, name, given)
  if (caller.scope.readOnly && !builtIn.isReading)
    throw invalidParams(`The tool ${name} changes something or costs money, and this address has ?tools=read`)
  caller.http.record.isHot = builtIn.isReading
  const started = performance.now()
  let counted = false
  let refused: AppError | undefined
  try {
    const run = builtIn.readArguments(given)
    counted = builtIn.countsItself
    return await run(caller)
  } catch (error) {
    if (formOf(error) !== undefined) throw error
    refused = toAppError(error, caller.actor.request.id)
    return failed(explain(refused, builtIn.advice))
  } finally {
    if (!counted)
      recordUsage(caller.actor, {
        operation: 'tool',
        tool: name,
        outcome: refused?.code ?? 'ok',
        details: refused?.details,
        duration_us: (performance.now() - started) * 1000,
      })
  }
}

/** What a call of a tool needs; prompts that are published as tools are read. */
export function scopeOfTool(name: unknown): Scope {
  return (typeof name === 'string' ? BY_NAME.get(name)?.scope : undefined) ?? 'prompts:read'
}

/** Calls a prompt that is published as a tool: its rendered messages are the answer. */
async function callPrompt(caller: Caller, name: string, variables: JsonObject): Promise<JsonObject> {
  const published = await findPublishedTool(caller.actor, { ...caller.scope, name })
  if (published === undefined)
    throw await unknownTool(
      caller,
      name,
      offered(caller).map((each) => each.name),
    )
  caller.http.record.isHot = true
  try {
    return await renderAsTool(caller, { name: published.name, variables, tool: published.name })
  } catch (error) {
    return failed(explain(toAppError(error, caller.actor.request.id)))
  }
}

function failed(text: string): JsonObject {
  return { content: [textBlock(text)], isError: true }
}

const NAMES_MAX = 3

/**
 * The error for a tool that there is not: why, where a prompt has the name, else which tool may be meant.
 * @param builtIn the names of the server's own tools that the caller sees
 */
async function unknownTool(caller: Caller, name: string, builtIn: readonly string[]): Promise<RpcError> {
  const said = `Unknown tool: ${cutText(name, 100)}`
  const found = await whyNoTool(caller, name)
  if (found !== undefined) return invalidParams(`${said}. ${found.why}`, found.facts)
  const names = await nearTools(caller, name, builtIn)
  if (names.length === 0) return invalidParams(said)
  return invalidParams(`${said}. ${didYouMean(names)}`, { did_you_mean: names })
}

/** The hint about a prompt of that name; undefined when the caller sees none. */
async function whyNoTool(
  caller: Caller,
  name: string,
): Promise<{ why: string; facts?: Record<string, unknown> } | undefined> {
  try {
    const { name: current } = await visiblePrompt(caller, name)
    return { why: `The prompt "${current}" is not published as a tool: render_prompt renders it.` }
  } catch (error) {
    if (!isAppError(error) || error.code !== 'not_found') return undefined
    const { message, extra } = error
    return Object.keys(extra).length === 0 ? undefined : { why: message, facts: extra }
  }
}

async function nearTools(caller: Caller, name: string, builtIn: readonly string[]): Promise<string[]> {
  const near = await nearPrompts(caller, name)
  const published = await Promise.all(
    near.map((each) => findPublishedTool(caller.actor, { ...caller.scope, name: each })),
  )
  const prompts = near.filter((_, index) => published[index] !== undefined)
  return [...alike(builtIn, name), ...prompts].slice(0, NAMES_MAX)
}
