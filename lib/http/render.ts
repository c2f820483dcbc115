import { isPromptName } from '../prompts/name.ts'
import { renderPrompt } from '../prompts/operations/render-prompt.ts'
import { renderPromptByQueryContract, renderPromptContract } from '../prompts/render-contract.ts'
import { quickRenderInput } from '../prompts/render-input.ts'
import { endpoint, type Input, resource } from './endpoint.ts'
import { queryParameters } from './input.ts'
import type { HttpRequest } from './message.ts'

/** `/api/prompts/{name}/render`: mounted as a route, and served before Next's router in production. */
export const renderResource = resource(
  endpoint(renderPromptByQueryContract, renderPrompt, quickQueryInput),
  endpoint(renderPromptContract, renderPrompt, quickBodyInput),
)

const RENDER_PATH = /^\/api\/prompts\/([a-z0-9_-]{1,64})\/render$/

/** Whether a path is a render of a plainly written name. */
export function isRenderPath(path: string): boolean {
  return RENDER_PATH.test(path)
}

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
