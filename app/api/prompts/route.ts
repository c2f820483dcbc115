import { endpoint, resource } from '#lib/http/endpoint.ts'
import { route } from '#lib/http/route.ts'
import { createPromptContract } from '#lib/prompts/contract.ts'
import { listPromptsContract } from '#lib/prompts/list-contract.ts'
import { createPrompt } from '#lib/prompts/operations/create-prompt.ts'
import { listPrompts } from '#lib/prompts/operations/list-prompts.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route(
  resource(endpoint(listPromptsContract, listPrompts), endpoint(createPromptContract, createPrompt)),
)
