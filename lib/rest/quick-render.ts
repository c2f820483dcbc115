import type { Input } from '../contract.ts'
import type { HttpRequest } from '../door/message.ts'
import { isPromptName } from '../prompts/name.ts'
import { quickRenderInput } from '../prompts/render-input.ts'
import { queryParameters } from './address.ts'

/** Reads an input without the schemas where that is plainly the same; undefined: ask the schemas. */
export type QuickInput = (request: HttpRequest, body: unknown) => Input | undefined

/** Contracts of what agents ask for all day, by their ids. */
export const HOT_READS: ReadonlySet<string> = new Set(['renderPromptByQuery', 'renderPrompt'])

/** By the ids of contracts. A render is asked for more often than anything else. */
export const QUICK_INPUTS: Readonly<Record<string, QuickInput>> = {
  renderPromptByQuery: quickQueryInput,
  renderPrompt: quickBodyInput,
}

const RENDER_PATH = /^\/api\/prompts\/([a-z0-9_-]{1,64})\/render$/

/** The same as the schemas for a query of variables alone. */
function quickQueryInput(request: HttpRequest): Input | undefined {
  const name = plainName(request)
  if (name === undefined) return undefined
  const variables = queryParameters(request.search)
  return '_label' in variables || '_version' in variables ? undefined : { name, variables }
}

/** The same as the schemas for a well-formed body. */
function quickBodyInput(request: HttpRequest, body: unknown): Input | undefined {
  const name = request.search === '' ? plainName(request) : undefined
  const input = name === undefined ? undefined : quickRenderInput(body)
  return input === undefined ? undefined : { ...input, name }
}

function plainName({ path }: HttpRequest): string | undefined {
  const name = RENDER_PATH.exec(path)?.[1]
  return name !== undefined && isPromptName(name) ? name : undefined
}
