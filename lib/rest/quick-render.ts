import type { Input } from '../contract.ts'
import type { HttpRequest } from '../door/message.ts'
import { isPromptName } from '../prompts/name.ts'
import { quickRenderInput } from '../prompts/render-input.ts'
import { queryParameters } from './address.ts'

/** Reads an input without the schemas where the result is certainly the same; undefined: use the schemas. */
export type FastInput = (request: HttpRequest, body: unknown) => Input | undefined

/** The ids of the contracts that agents call all day. */
export const HOT_READS: ReadonlySet<string> = new Set(['renderPromptByQuery', 'renderPrompt'])

/** Fast paths by the ids of contracts. Renders are the most frequent calls. */
export const FAST_INPUTS: Readonly<Record<string, FastInput>> = {
  renderPromptByQuery: fastQueryInput,
  renderPrompt: fastBodyInput,
}

const RENDER_PATH = /^\/api\/prompts\/([a-z0-9_-]{1,64})\/render$/

/** What chooses the version in a query. */
const SELECTORS = ['_label', '_version', '_at']

/** The same as the schemas for a query of variables alone. */
function fastQueryInput(request: HttpRequest): Input | undefined {
  const name = plainName(request)
  if (name === undefined) return undefined
  const variables = queryParameters(request.search)
  return SELECTORS.some((key) => key in variables) ? undefined : { name, variables }
}

/** The same as the schemas for a well-formed body. */
function fastBodyInput(request: HttpRequest, body: unknown): Input | undefined {
  const name = request.search === '' ? plainName(request) : undefined
  const input = name === undefined ? undefined : quickRenderInput(body)
  return input === undefined ? undefined : { ...input, name }
}

function plainName({ path }: HttpRequest): string | undefined {
  const name = RENDER_PATH.exec(path)?.[1]
  return name !== undefined && isPromptName(name) ? name : undefined
}
