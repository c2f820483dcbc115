import { endpoint, resource } from '#lib/http/endpoint.ts'
import { route } from '#lib/http/route.ts'
import { createPromptContract } from '#lib/prompts/contract.ts'
import { createPrompt } from '#lib/prompts/operations/create-prompt.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route(
  resource(endpoint(createPromptContract, createPrompt)),
)
