import { isPromptName, LATEST } from '../prompts/name.ts'
import { renderPrompt } from '../prompts/operations/render-prompt.ts'
import { renderPromptByQueryContract, renderPromptContract } from '../prompts/render-contract.ts'
import { endpoint, type Input, resource } from './endpoint.ts'
import { queryParameters } from './input.ts'
import type { HttpRequest } from './message.ts'

/** `/api/prompts/{name}/render`: mounted as a route, and served before Next's router in production. */
export const renderResource = resource(
  endpoint(renderPromptByQueryContract, renderPrompt, quickQueryInput),
  endpoint(renderPromptContract, renderPrompt, quickBodyInput),
)

const RENDER_PATH = /^\/api\/prompts\/([a-z0-9_-]{1,64})\/render$/
const LABEL = /^[a-z0-9][a-z0-9_-]{0,63}$/

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
  const name = plainName(request)
  if (name === undefined || request.search !== '' || !isObject(body)) return undefined
  for (const [key, value] of Object.entries(body)) {
    const fits =
      (key === 'variables' && isObject(value)) ||
      (key === 'label' && isSelector(value)) ||
      (key === 'version' && isVersionNumber(value))
    if (!fits) return undefined
  }
  return { ...body, name }
}

function plainName({ path }: HttpRequest): string | undefined {
  const name = RENDER_PATH.exec(path)?.[1]
  return name !== undefined && isPromptName(name) ? name : undefined
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isSelector(value: unknown): boolean {
  return value === LATEST || (typeof value === 'string' && LABEL.test(value) && !/^\d+$/.test(value))
}

function isVersionNumber(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 2_147_483_647
}
