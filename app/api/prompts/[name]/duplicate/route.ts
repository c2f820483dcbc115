import { endpoint, resource } from '#lib/http/endpoint.ts'
import { route } from '#lib/http/route.ts'
import { duplicatePromptContract } from '#lib/prompts/contract.ts'
import { duplicatePrompt } from '#lib/prompts/operations/duplicate-prompt.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route(
  resource(endpoint(duplicatePromptContract, duplicatePrompt)),
)
