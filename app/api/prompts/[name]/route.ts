import { endpoint, resource } from '#lib/http/endpoint.ts'
import { route } from '#lib/http/route.ts'
import { archivePromptContract, getPromptContract, patchPromptContract } from '#lib/prompts/contract.ts'
import { archivePrompt } from '#lib/prompts/operations/archive-prompt.ts'
import { getPrompt } from '#lib/prompts/operations/get-prompt.ts'
import { patchPrompt } from '#lib/prompts/operations/patch-prompt.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route(
  resource(
    endpoint(getPromptContract, getPrompt),
    endpoint(patchPromptContract, patchPrompt),
    endpoint(archivePromptContract, archivePrompt),
  ),
)
